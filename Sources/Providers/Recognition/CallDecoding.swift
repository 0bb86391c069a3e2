internal import Codecs
internal import Pipeline

/// What a worker needs to know of a call.
struct CallSetup: Sendable {
    let request: RecognitionRequest
    let gate: RingGate
    let deliver: @Sendable (RecognitionResult) -> Void
    /// Octets taken at once: 100 ms.
    let pieceLength: Int
    /// Octets after which an utterance is heard no further.
    let utteranceLimit: Int
}

/// An engine's ear for one call: octets in, words out, one utterance at a time.
///
/// It is made anywhere and then used by one worker's thread alone.
protocol CallDecoder: AnyObject, Sendable {
    /// Opens an utterance.
    ///
    /// - Throws: `EngineError`, which is told when the utterance is over.
    func start(
        _ utterance: Utterance, of request: RecognitionRequest
    ) throws(EngineError)
    /// Hears the next octets of the utterance, in the call's format, cut anywhere.
    func take(_ octets: [UInt8])
    /// The words so far; empty when there are none.
    var text: String { get }
    /// Ends the utterance and returns its words; empty when nothing was understood.
    func finish() -> String
    /// Ends the utterance, whose words nobody wants any more.
    func drop()
}

/// One call's recognition on its worker's thread: one utterance at a time through one decoder.
final class CallDecoding<Decoder: CallDecoder> {
    private enum State {
        case idle
        case open(OpenUtterance)
        /// Could not be started; told when the utterance is finished.
        case failed(Utterance.ID, EngineError)
    }

    private let setup: CallSetup
    private var decoder: Decoder?
    private var failure: EngineError?
    /// What came before the decoder.
    private var waiting: [RecognizerCommand<Decoder>] = []
    private var state = State.idle

    init(_ setup: CallSetup) { self.setup = setup }

    var hasOpenUtterance: Bool {
        switch state {
        case .open: true
        case .idle, .failed: false
        }
    }

    func handle(_ command: RecognizerCommand<Decoder>) {
        switch command {
        case .decoder(.success(let decoder)):
            self.decoder = decoder
            handleWaiting()
        case .decoder(.failure(let error)):
            failure = error
            handleWaiting()
        case .begin, .finish, .cancel:
            if decoder == nil, failure == nil {
                waiting.append(command)
            } else {
                handleUtterance(command)
            }
        case .open, .close: break
        }
    }

    private func handleWaiting() {
        let commands = waiting
        waiting = []
        for command in commands { handleUtterance(command) }
    }

    private func handleUtterance(_ command: RecognizerCommand<Decoder>) {
        switch command {
        case .begin(let utterance, let start):
            // A finished utterance is owed its result; its audio is all there.
            if isFinishing { while decodeSome() {} }
            drop()
            begin(utterance, from: start)
        case .finish(let id, let end): finish(id, at: end)
        case .cancel(let id):
            if id == openID { drop() }
        case .open, .decoder, .close: break
        }
    }

    private var isFinishing: Bool {
        if case .open(let utterance) = state { utterance.end != nil } else { false }
    }

    private var openID: Utterance.ID? {
        switch state {
        case .idle: nil
        case .open(let utterance): utterance.id
        case .failed(let id, _): id
        }
    }

    private func begin(_ utterance: Utterance, from start: AudioRing.Position) {
        setup.gate.discard(before: start)
        do throws(EngineError) {
            guard let decoder else {
                throw failure ?? .failed("the call has no decoder")
            }
            try decoder.start(utterance, of: setup.request)
            state = .open(OpenUtterance(id: utterance.id, start: start))
        } catch {
            state = .failed(utterance.id, error)
        }
    }

    private func finish(_ id: Utterance.ID, at end: AudioRing.Position) {
        switch state {
        case .open(let utterance) where utterance.id == id: utterance.end = end
        case .failed(id, let error):
            state = .idle
            deliver(id, .failed(error))
        case .idle, .open, .failed: break
        }
    }

    private func drop() {
        if hasOpenUtterance { decoder?.drop() }
        state = .idle
    }

    /// Decodes at most one piece of audio.
    ///
    /// - Returns: whether there may be more to do at once.
    func decodeSome() -> Bool {
        guard let decoder, case .open(let utterance) = state else { return false }
        let left = utterance.end.map { max(0, $0 - utterance.position) } ?? setup.pieceLength
        let (start, octets) = setup.gate.read(atMost: min(left, setup.pieceLength))
        if !octets.isEmpty {
            utterance.position = start + octets.count
            utterance.octetCount += octets.count
            if utterance.octetCount <= setup.utteranceLimit { decoder.take(octets) }
            reportInterim(of: utterance, from: decoder)
        } else if utterance.end != nil {
            // All that was written before `finish` has been read.
            state = .idle
            deliver(utterance.id, .final(decoder.finish()))
            return false
        }
        return !octets.isEmpty
    }

    private func reportInterim(of utterance: OpenUtterance, from decoder: Decoder) {
        guard utterance.end == nil else { return }
        let now = MonotonicTime.now()
        if let last = utterance.interimAt, last.duration(to: now) < Self.interimInterval { return }
        let text = decoder.text
        guard !text.isEmpty, text != utterance.interim else { return }
        utterance.interim = text
        utterance.interimAt = now
        deliver(utterance.id, .interim(text))
    }

    private func deliver(_ id: Utterance.ID, _ outcome: RecognitionResult.Outcome) {
        setup.deliver(RecognitionResult(utterance: id, outcome: outcome, readyAt: .now()))
    }

    private static var interimInterval: Duration { .milliseconds(100) }
}

/// The utterance being heard.
private final class OpenUtterance {
    let id: Utterance.ID
    /// Where the next octet read should stand.
    var position: AudioRing.Position
    var end: AudioRing.Position?
    var octetCount = 0
    var interim = ""
    var interimAt: MonotonicTime?

    init(id: Utterance.ID, start: AudioRing.Position) {
        self.id = id
        position = start
    }
}
