internal import Codecs
internal import Pipeline
internal import Synchronization

/// One call's recognition by a chain: feeds the recogniser in use, and keeps what it owes.
///
/// The loop that owns the call calls everything but `arrived`, which comes on any thread.
@safe final class ChainedRecognition: RecognitionSession {
    /// Words that take longer to come are given up; the next one has as long again before the
    /// conversation gives them up as well (2 s).
    private static let wordLimit = Duration.seconds(1)
    private static let longestUtterance = Duration.seconds(15)

    /// What came from recognisers and waits for the loop.
    private struct Mail: Sendable {
        /// Results of any other are late.
        var session = 0
        var settled: [Utterance.ID] = []
        var failure: EngineError?
    }

    /// A recogniser that was opened, and the audio it reads.
    private struct Opened {
        let number: Int
        let session: any RecognitionSession
        let ring: AudioRing
    }

    /// What only the loop touches.
    private struct Feed {
        var kept: KeptUtterances
        var race = RequestRace()
        var attempt: RequestRace.Attempt?
        var inUse: Opened?
        /// Opened in the race that is being decided.
        var opened: [RequestRace.Attempt: Opened] = [:]
        var count = 0
        /// Audio on its way from one ring to the other.
        var scratch: [UInt8]
    }

    private let chain: ProviderChain<any SpeechRecognizer>
    private let request: RecognitionRequest
    private let audio: AudioRing
    private let deliver: @Sendable (RecognitionResult) -> Void
    /// Recognisers that are opened later work for the same call.
    private let context: EngineContext?
    private let octetsPerSecond: Int
    private let mail = Mutex(Mail())
    private let lastError = Mutex(EngineError.failed("no recogniser"))
    // Touched on the call's loop only, as the protocol promises.
    nonisolated(unsafe) private var feed: Feed

    init(
        _ chain: ProviderChain<any SpeechRecognizer>, _ request: RecognitionRequest,
        audio: AudioRing, deliver: @escaping @Sendable (RecognitionResult) -> Void,
        context: EngineContext?
    ) {
        self.chain = chain
        self.request = request
        self.audio = audio
        self.deliver = deliver
        self.context = context
        octetsPerSecond = request.format.rate.rawValue * (request.format.octetsPerSample ?? 2)
        let longest = octetsPerSecond * Int(Self.longestUtterance.components.seconds)
        unsafe feed = Feed(
            kept: KeptUtterances(capacity: longest),
            scratch: Array(repeating: 0, count: octetsPerSecond / 5))
    }

    /// Why nobody could be opened.
    var error: EngineError { lastError.withLock { $0 } }

    /// Opens the first recogniser that can be opened.
    func open() -> Bool {
        handle(.begin)
        return unsafe feed.inUse != nil
    }

    // MARK: The call

    func begin(_ utterance: Utterance, from start: AudioRing.Position) {
        audio.discard(before: start)
        if unsafe feed.inUse == nil {  // nobody was left; that may be over
            unsafe feed.race = RequestRace()
            handle(.begin)
        }
        unsafe feed.kept.begin(utterance)
        guard let inUse = unsafe feed.inUse else { return }
        inUse.session.begin(utterance, from: inUse.ring.end)
    }

    func audioArrived() {
        pump()
        unsafe feed.inUse?.session.audioArrived()
    }

    func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
        pump()
        unsafe feed.kept.finish(utterance, dueAt: chain.clock.now().advanced(by: Self.wordLimit))
        guard let inUse = unsafe feed.inUse else { return settleAll() }
        inUse.session.finish(utterance, at: inUse.ring.end)
    }

    func cancel(_ utterance: Utterance.ID) {
        pump()
        unsafe feed.kept.remove(utterance)
        unsafe feed.inUse?.session.cancel(utterance)
    }

    func tick(at now: MonotonicTime) {
        unsafe feed.inUse?.session.tick(at: now)
        let (settled, failure) = mail.withLock { mail in
            defer { (mail.settled, mail.failure) = ([], nil) }
            return (mail.settled, mail.failure)
        }
        for id in settled {
            unsafe feed.kept.remove(id)
            if let provider = unsafe feed.attempt?.provider { chain.succeeded(provider) }
        }
        if let failure {
            goOn(after: ProviderFailure(failure, hasDelivered: false))
        } else if unsafe feed.kept.isOverdue(at: chain.clock.now()) {
            goOn(after: .stalledBeforeFirst)
        }
    }

    func close() {
        mail.withLock { $0.session = -1 }
        unsafe feed.inUse?.session.close()
        unsafe feed.inUse = nil
    }

    // MARK: Recognisers

    /// On any thread: words go on at once, failures wait for the loop.
    private func arrived(_ result: RecognitionResult, from session: Int) {
        let isPassed = mail.withLock { mail in
            guard mail.session == session else { return false }
            switch result.outcome {
            case .interim: return true
            case .final:
                mail.settled.append(result.utterance)
                return true
            case .failed(let error):
                mail.failure = mail.failure ?? error
                return false
            }
        }
        if isPassed { deliver(result) }
    }

    /// From one ring to the other, and into memory.
    private func pump() {
        var scratch: [UInt8] = []
        unsafe swap(&scratch, &feed.scratch)
        while true {
            let count = unsafe scratch.withUnsafeMutableBufferPointer { buffer in
                var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
                audio.read(into: &output)
                return unsafe output.finalize(for: buffer)
            }
            guard count > 0 else { break }
            unsafe feed.kept.append(scratch.span.extracting(0..<count))
            unsafe feed.inUse?.ring.write(scratch.span.extracting(0..<count))
        }
        unsafe swap(&scratch, &feed.scratch)
    }

    private func goOn(after failure: ProviderFailure) {
        guard let attempt = unsafe feed.attempt else { return settleAll() }
        handle(.failed(attempt, failure))
    }

    /// Does what the race decides; a recogniser that opens is one that delivers.
    private func handle(_ first: RequestRace.Event) {
        var events = [first]
        while !events.isEmpty {
            let actions = unsafe chain.handle(events.removeFirst(), by: &feed.race)
            var chosen: RequestRace.Attempt?
            for action in actions {
                switch action {
                case .start(let attempt): events.append(start(attempt))
                case .use(let attempt): chosen = attempt
                case .cancel(let attempt):
                    unsafe feed.opened.removeValue(forKey: attempt)?.session.close()
                case .switched(let change): context?.report(change)
                case .broken(let broken):
                    unsafe feed.attempt = nil
                    unsafe feed.race = RequestRace(continuing: broken)
                    events.append(.begin)
                case .exhausted(let failure):
                    giveUp(EngineError(exhausted: failure, .recognition))
                }
            }
            // Told of before it speaks.
            if let chosen { use(chosen) }
        }
        unsafe feed.opened = [:]
    }

    private func start(_ attempt: RequestRace.Attempt) -> RequestRace.Event {
        unsafe feed.count += 1
        let number = unsafe feed.count
        // What is heard again comes at once, and what is said meanwhile behind it.
        let ring = unsafe AudioRing(capacity: feed.kept.octets.count + octetsPerSecond * 2)
        let result = EngineContext.$current.withValue(context) {
            () -> Result<any RecognitionSession, EngineError> in
            do throws(EngineError) {
                return .success(
                    try chain.links[attempt.provider].engine.makeSession(request, audio: ring) {
                        [weak self] in self?.arrived($0, from: number)
                    })
            } catch {
                return .failure(error)
            }
        }
        do throws(EngineError) {
            let session = try result.get()
            unsafe feed.opened[attempt] = Opened(number: number, session: session, ring: ring)
            return .delivered(attempt)
        } catch {
            return .failed(attempt, ProviderFailure(error, hasDelivered: false))
        }
    }

    /// From now on this one hears the call, and first what is owed.
    private func use(_ attempt: RequestRace.Attempt) {
        guard let opened = unsafe feed.opened[attempt] else { return }
        unsafe feed.inUse?.session.close()
        unsafe feed.attempt = attempt
        unsafe feed.inUse = opened
        mail.withLock { mail in
            mail.session = opened.number
            mail.failure = nil
        }
        unsafe feed.kept.postpone(to: chain.clock.now().advanced(by: Self.wordLimit))
        let kept = unsafe feed.kept
        for owed in kept.outstanding {
            opened.session.begin(owed.utterance, from: opened.ring.end)
            let end = owed.end ?? kept.octets.count
            if !kept.isTooLong { opened.ring.write(kept.octets.span.extracting(owed.start..<end)) }
            opened.session.audioArrived()
            guard owed.end != nil else { continue }
            opened.session.finish(owed.utterance.id, at: opened.ring.end)
        }
    }

    private func giveUp(_ error: EngineError) {
        unsafe feed.inUse?.session.close()
        unsafe feed.inUse = nil
        unsafe feed.attempt = nil
        lastError.withLock { $0 = error }
        settleAll()
    }

    /// Nobody will say what is owed.
    private func settleAll() {
        let error = error
        for owed in unsafe feed.kept.outstanding where owed.end != nil {
            unsafe feed.kept.remove(owed.utterance.id)
            deliver(
                RecognitionResult(
                    utterance: owed.utterance.id, outcome: .failed(error),
                    readyAt: chain.clock.now()))
        }
    }
}
