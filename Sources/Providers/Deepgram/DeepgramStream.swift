package import Pipeline

/// One call's recognition at Deepgram: which octets go out when, and whose words come back.
///
/// Only the audio of utterances is sent, one after the other without a gap, so that a second of the
/// provider's stream is a position of the call's audio. At the end of an utterance `Finalize` draws
/// out its last word. When a connection goes, the next one is sent everything from the last final
/// window on.
package struct DeepgramStream: Sendable {
    package enum Event: Equatable, Sendable {
        case started
        case began(Utterance.ID, from: AudioRing.Position)
        /// The call's audio up to this position can be sent.
        case audioArrived(until: AudioRing.Position)
        case finished(Utterance.ID, at: AudioRing.Position)
        case cancelled(Utterance.ID)
        case opened
        case said(DeepgramMessage)
        /// A message that cannot be read.
        case garbage
        case ended(EngineSocketEnd)
        case tick
        case closed
    }
    package enum Action: Equatable, Sendable {
        /// Open a connection; the one before is over.
        case connect
        /// Close it, and hear nothing of it any more.
        case disconnect
        case send(Range<AudioRing.Position>)
        case keepAlive
        case finalize
        case closeStream
        case deliver(Utterance.ID, RecognitionResult.Outcome)
    }
    package struct Settings: Equatable, Sendable {
        package var octetsPerSecond: Int
        package var octetsPerSample: Int
        /// Octets that can be sent again.
        package var historyCapacity: Int
        /// Nothing sent for this long: the provider is told that we are still there (it gives up
        /// after 10 s).
        package var keepAlive = Duration.seconds(4)
        /// A connection that takes longer is given up.
        package var connectLimit = Duration.seconds(3)
        /// An answer to `Finalize` that takes longer does not come.
        package var finalizeLimit = Duration.milliseconds(900)
        /// A finished utterance is answered within this, come what may; below the conversation's
        /// `transcriptLimit`.
        package var finalLimit = Duration.milliseconds(1_800)
        /// So much speech sent without a message back: the connection is dead (interims come once a
        /// second).
        package var muteLimit = Duration.seconds(4)
        /// Waits before the connections after a lost one; the last one lost, recognition is down
        /// until the next utterance.
        package var reconnectDelays: [Duration] = [
            .zero, .milliseconds(500), .seconds(1), .seconds(2), .seconds(4),
        ]
        /// A connection that gives text after so long forgives those that were lost before it.
        package var provenAfter = Duration.seconds(2)
        /// After a refusal for too many connections the wait is no shorter than this.
        package var crowdedDelay = Duration.seconds(2)
        /// What waits is sent so many times as fast as it was spoken.
        package var replaySpeed = 4

        package init(octetsPerSecond: Int, octetsPerSample: Int, historyCapacity: Int) {
            self.octetsPerSecond = octetsPerSecond
            self.octetsPerSample = octetsPerSample
            self.historyCapacity = historyCapacity
        }
    }

    /// An open connection.
    struct Flow: Sendable {
        /// The position that second 0 of the provider's stream stands for.
        var base: AudioRing.Position
        /// What lies before was sent.
        var sent: AudioRing.Position
        let openedAt: MonotonicTime
        var pumpedAt: MonotonicTime
        var sentAt: MonotonicTime
        /// Octets sent since the provider said something.
        var unansweredOctets = 0
    }
    enum Link: Sendable {
        case connecting(since: MonotonicTime)
        case open(Flow)
        case waiting(until: MonotonicTime)
        /// Given up; the next utterance tries again, unless the cause lasts.
        case down(ProviderFailure)
        case closed
    }

    let settings: Settings
    var link = Link.waiting(until: MonotonicTime(sinceStart: .zero))
    /// Those without their last word, oldest first.
    var utterances: [DeepgramUtterance] = []
    /// The end of the call's audio.
    var available: AudioRing.Position = 0
    /// Connections lost since there was a good one.
    private var losses = 0
    private var jitter: JitterGenerator
    private var actions: [Action] = []
    private var performed = 0

    /// - Parameters:
    ///   - settings: of the call.
    ///   - seed: decides the jitter of waits.
    package init(settings: Settings, seed: UInt64) {
        self.settings = settings
        jitter = JitterGenerator(seed: seed)
        actions.reserveCapacity(32)
    }

    /// Connections lost in a row, for metrics and tests.
    package var lossCount: Int { losses }

    package mutating func nextAction() -> Action? {
        guard performed < actions.count else {
            actions.removeAll(keepingCapacity: true)
            performed = 0
            return nil
        }
        performed += 1
        return actions[performed - 1]
    }

    /// Takes what happens; `now` never decreases.
    package mutating func handle(_ event: Event, at now: MonotonicTime) {
        if case .closed = link { return }
        switch event {
        case .started: connect(at: now)
        case .began(let id, let start): begin(id, from: start, at: now)
        case .audioArrived(let end):
            available = max(available, end)
            pump(at: now)
        case .finished(let id, let end): finish(id, at: end, now)
        case .cancelled(let id): cancel(id)
        case .opened: open(at: now)
        case .said(let message):
            guard case .open(var flow) = link else { return }
            flow.unansweredOctets = 0
            link = .open(flow)
            guard case .results(let results) = message else { return }
            // One that is lost again and again is no better for a word in between.
            if flow.openedAt.duration(to: now) >= settings.provenAfter { losses = 0 }
            take(results, flow, at: now)
        case .garbage:
            act(.disconnect)
            lose(.garbage, at: now)
        case .ended(let end): lose(ProviderFailure(socket: end), at: now)
        case .tick: tick(at: now)
        case .closed: close()
        }
    }

    mutating func act(_ action: Action) { actions.append(action) }

    // MARK: Utterances

    private mutating func begin(
        _ id: Utterance.ID, from start: AudioRing.Position, at now: MonotonicTime
    ) {
        available = max(available, start)
        if case .open(var flow) = link, utterances.isEmpty, flow.sent < start {
            // What nobody waits for is not sent.
            flow.base += start - flow.sent
            flow.sent = start
            link = .open(flow)
        }
        utterances.append(DeepgramUtterance(id: id, start: start))
        if case .down(let failure) = link, !failure.isLasting {
            losses = 0
            connect(at: now)
        }
    }

    private mutating func finish(
        _ id: Utterance.ID, at end: AudioRing.Position, _ now: MonotonicTime
    ) {
        available = max(available, end)
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return }
        utterances[index].finish(at: end, now)
        if case .down(let failure) = link { return fail(utterances.remove(at: index).id, failure) }
        settle(through: utterances[...index].lastIndex { $0.isCovered(tolerance: tolerance) })
        pump(at: now)
    }

    private mutating func cancel(_ id: Utterance.ID) {
        guard let index = utterances.firstIndex(where: { $0.id == id }) else { return }
        let utterance = utterances.remove(at: index)
        guard case .open(let flow) = link, flow.sent > utterance.covered,
            utterance.finalizedAt == nil
        else { return }
        // Its words must not stand in one window with those of the next.
        act(.finalize)
    }

    /// Delivers what there is of all finished utterances up to `index`.
    mutating func settle(through index: Int?) {
        guard let index else { return }
        for utterance in utterances[...index] where utterance.isFinished {
            act(.deliver(utterance.id, .final(utterance.text)))
        }
        utterances.removeSubrange(...index)
    }

    mutating func fail(_ id: Utterance.ID, _ failure: ProviderFailure) {
        act(.deliver(id, .failed(EngineError(deepgram: failure))))
    }

    // MARK: Connections

    private mutating func connect(at now: MonotonicTime) {
        link = .connecting(since: now)
        act(.connect)
    }

    private mutating func open(at now: MonotonicTime) {
        guard case .connecting = link else { return }
        let first = utterances.first.map(\.covered) ?? available
        let base = max(first, available - settings.historyCapacity)
        link = .open(Flow(base: base, sent: base, openedAt: now, pumpedAt: now, sentAt: now))
        pump(at: now)
    }

    /// The connection is gone, or was not to be had.
    mutating func lose(_ failure: ProviderFailure, at now: MonotonicTime) {
        switch link {
        case .connecting, .open: break
        case .waiting, .down, .closed: return
        }
        for index in utterances.indices { utterances[index].finalizedAt = nil }
        losses += 1
        guard losses <= settings.reconnectDelays.count, !failure.isLasting else {
            link = .down(failure)
            for utterance in utterances where utterance.isFinished { fail(utterance.id, failure) }
            return utterances.removeAll(where: \.isFinished)
        }
        var delay = settings.reconnectDelays[losses - 1]
        if case .rateLimited = failure { delay = max(delay, settings.crowdedDelay) }
        guard delay > .zero else { return connect(at: now) }
        let percent = Int.random(in: 80...120, using: &jitter)
        link = .waiting(until: now.advanced(by: delay * percent / 100))
    }

    private mutating func tick(at now: MonotonicTime) {
        switch link {
        case .connecting(let since):
            if since.duration(to: now) >= settings.connectLimit {
                act(.disconnect)
                lose(.timedOut, at: now)
            }
        case .waiting(let until): if now >= until { connect(at: now) }
        case .open:
            pump(at: now)
            watch(at: now)
        case .down, .closed: break
        }
        giveUpLateOnes(at: now)
    }

    private mutating func close() {
        if case .open = link { act(.closeStream) }
        act(.disconnect)
        link = .closed
        utterances = []
    }
}

extension ProviderFailure {
    /// Another connection would fail alike.
    fileprivate var isLasting: Bool {
        switch self {
        case .unauthorised, .rejected: true
        case .dns, .refused, .rateLimited, .server, .overloaded, .stalledBeforeFirst,
            .stalledMidStream, .garbage, .closedEarly, .timedOut:
            false
        }
    }
}
