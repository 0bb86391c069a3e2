internal import Pipeline

/// The loop's end of one call's recognition: does what `DeepgramStream` decides.
final class DeepgramSession: RecognitionSession, @unchecked Sendable {
    static let closeStream = #"{"type":"CloseStream"}"#
    private static let finalize = #"{"type":"Finalize"}"#
    private static let keepAlive = #"{"type":"KeepAlive"}"#

    // Invariant: everything is used on the call's media loop alone; the call calls there, and there
    // its sockets are heard.
    private var stream: DeepgramStream
    private var history: AudioHistory
    private let ring: AudioRing
    private let connector: any EngineConnector
    private let deliver: @Sendable (RecognitionResult) -> Void
    private let endpoint: (_ phrases: [String]) -> EngineEndpoint
    private let usage: @Sendable (_ octets: Int, _ connections: Int) -> Void
    /// Of audio; what was sent again after a lost connection is paid for again.
    private var sentOctets = 0
    private var connectionCount = 0
    /// What the agent expects; told to the next connection.
    private var phrases: [String] = []
    private var socket: (any EngineSocket)?
    /// Of the newest connection; what older ones say is of no interest.
    private var connectionNumber = 0

    init(
        _ stream: DeepgramStream, _ history: AudioHistory, _ ring: AudioRing,
        _ connector: any EngineConnector,
        _ deliver: @escaping @Sendable (RecognitionResult) -> Void,
        usage: @escaping @Sendable (_ octets: Int, _ connections: Int) -> Void,
        endpoint: @escaping (_ phrases: [String]) -> EngineEndpoint
    ) {
        self.usage = usage
        self.stream = stream
        self.history = history
        self.ring = ring
        self.connector = connector
        self.deliver = deliver
        self.endpoint = endpoint
    }

    func start() { handle(.started) }

    // MARK: RecognitionSession

    func begin(_ utterance: Utterance, from start: AudioRing.Position) {
        history.take(from: ring)
        phrases = utterance.hints.phrases
        handle(.began(utterance.id, from: start))
    }

    func audioArrived() {
        history.take(from: ring)
        handle(.audioArrived(until: history.end))
    }

    func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
        audioArrived()
        handle(.finished(utterance, at: end))
    }

    func cancel(_ utterance: Utterance.ID) { handle(.cancelled(utterance)) }

    func tick(at now: MonotonicTime) { handle(.tick) }

    func close() {
        handle(.closed)
        usage(sentOctets, connectionCount)
        (sentOctets, connectionCount) = (0, 0)
    }

    // MARK: Doing

    private func handle(_ event: DeepgramStream.Event) {
        let now = MonotonicTime.now()
        stream.handle(event, at: now)
        while let action = stream.nextAction() { perform(action, at: now) }
    }

    private func perform(_ action: DeepgramStream.Action, at now: MonotonicTime) {
        switch action {
        case .connect: connect()
        case .disconnect:
            connectionNumber += 1
            socket?.close()
            socket = nil
        case .send(let range):
            sentOctets += range.count
            history.withOctets(at: range) { socket?.send(binary: $0) }
        case .keepAlive: socket?.send(text: Self.keepAlive)
        case .finalize: socket?.send(text: Self.finalize)
        case .closeStream: socket?.send(text: Self.closeStream)
        case .deliver(let utterance, let outcome):
            deliver(RecognitionResult(utterance: utterance, outcome: outcome, readyAt: now))
        }
    }

    private func connect() {
        connectionNumber += 1
        connectionCount += 1
        let number = connectionNumber
        socket = connector.connect(to: endpoint(phrases)) { [weak self] event in
            guard let self, number == self.connectionNumber else { return }
            switch event {
            case .opened: self.handle(.opened)
            case .text(let octets):
                self.handle(DeepgramMessage(parsing: octets).map { .said($0) } ?? .garbage)
            case .binary: self.handle(.garbage)
            case .ended(let end): self.handle(.ended(end))
            }
        }
    }
}
