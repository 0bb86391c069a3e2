internal import Pipeline
internal import Synchronization

/// What a request on a line hears of it, in order.
enum SpeechPiece: Sendable {
    case audio([UInt8], [WordTiming])
}

/// One WebSocket to a voice, with the requests that are at work on it.
///
/// Messages are read by a task of its own and not on the media loop that the socket lives on.
final class SpeechLine<Wire: SpeechWire>: Sendable {
    typealias Pieces = AsyncThrowingStream<SpeechPiece, any Error>
    struct Request: Sendable {
        let number: Int
        let pieces: Pieces
    }

    private enum Phase { case connecting, open, over }
    private struct State {
        var wire: Wire
        var phase = Phase.connecting
        var socket: (any EngineSocket)?
        /// `nil`: cancelled, its slot not free yet.
        var requests: [Int: Pieces.Continuation?] = [:]
        var requestCount = 0
        /// Until the socket is open.
        var waiting: [(number: Int, text: String)] = []
        var isRetired = false
        var idleSince: MonotonicTime
    }

    /// Messages that may wait to be read; a provider that sends faster is cut off.
    private static var waitingLimit: Int { 4_096 }

    private let state: Mutex<State>
    private let startedAt: MonotonicTime
    private let limits: SpeechLimits

    /// Starts to connect.
    init(
        _ wire: Wire, to endpoint: EngineEndpoint, over connector: any EngineConnector,
        limits: SpeechLimits
    ) {
        startedAt = .now()
        self.limits = limits
        state = Mutex(State(wire: wire, idleSince: startedAt))
        let (events, arrived) = AsyncStream.makeStream(
            of: EngineSocketEvent.self, bufferingPolicy: .bufferingOldest(Self.waitingLimit))
        let socket = connector.connect(to: endpoint) { event in
            if case .dropped = arrived.yield(event) { arrived.finish() }
            if case .ended = event { arrived.finish() }
        }
        state.withLock { $0.socket = socket }
        Task { [weak self] in
            for await event in events {
                guard let self else { break }
                self.take(event)
            }
            socket.close()
            self?.end(.closedEarly)
        }
        let interval = limits.keepAliveInterval
        Task { [weak self] in
            repeat {
                try await Task.sleep(for: interval)
            } while self?.keepAlive() == true
        }
    }

    /// A request that is listened to is at work.
    private static func isBusy(_ state: State) -> Bool {
        state.requests.values.contains { $0 != nil }
    }

    deinit { state.withLock { $0.socket }?.close() }

    var isOpen: Bool { state.withLock { $0.phase == .open } }
    var isOver: Bool { state.withLock { $0.phase == .over } }
    var hasRoom: Bool { state.withLock { takesMore($0, at: .now()) } }

    /// Asks for a text to be spoken; `nil` when this line takes no more now.
    func begin(_ text: String) -> Request? {
        let now = MonotonicTime.now()
        return state.withLock { state in
            guard takesMore(state, at: now) else { return nil }
            state.requestCount += 1
            let number = state.requestCount
            let (pieces, continuation) = Pieces.makeStream()
            state.requests[number] = .some(continuation)
            continuation.onTermination = { [weak self] reason in
                if case .cancelled = reason { self?.cancel(number) }
            }
            if state.phase == .open {
                send(state.wire.begin(number, text, at: now), &state)
            } else {
                state.waiting.append((number, text))
            }
            return Request(number: number, pieces: pieces)
        }
    }

    /// Nobody listens any more, or it took too long.
    func cancel(_ number: Int, because failure: ProviderFailure? = nil) {
        let (reply, pieces) = state.withLock {
            state -> (SpeechWireReply, Pieces.Continuation?) in
            guard state.phase != .over, let entry = state.requests[number], let pieces = entry
            else { return (SpeechWireReply(), nil) }
            state.idleSince = .now()
            guard state.phase == .open else {
                // Nothing was sent of it yet, and nothing will be.
                state.waiting.removeAll { $0.number == number }
                state.requests[number] = nil
                return (SpeechWireReply(), pieces)
            }
            state.requests[number] = .some(nil)
            let reply = state.wire.cancel(number)
            send(reply.send, &state)
            return (reply, pieces)
        }
        if let failure { pieces?.finish(throwing: failure) }
        settle(reply)
    }

    /// Takes no more requests and goes when the last that is listened to is over.
    func retire() {
        let isIdle = state.withLock { state in
            state.isRetired = true
            return !Self.isBusy(state)
        }
        if isIdle { close() }
    }

    /// Says good-bye; requests that are still at work fail.
    func close() {
        state.withLock { state in
            guard state.phase == .open else { return }
            send(state.wire.closing(), &state)
        }
        end(.closedEarly)
    }

    private func take(_ event: EngineSocketEvent) {
        let reply = state.withLock { state -> SpeechWireReply in
            guard state.phase != .over else { return SpeechWireReply() }
            switch event {
            case .opened:
                state.phase = .open
                send(state.wire.opening(), &state)
                let now = MonotonicTime.now()
                for (number, text) in state.waiting {
                    send(state.wire.begin(number, text, at: now), &state)
                }
                state.waiting = []
                return SpeechWireReply()
            case .text(let octets): return state.wire.take(text: octets)
            case .binary(let octets): return state.wire.take(audio: octets)
            case .ended(let reason): return SpeechWireReply(end: ProviderFailure(socket: reason))
            }
        }
        state.withLock { send(reply.send, &$0) }
        settle(reply)
    }

    /// Tells requests what came; outside the lock, for ending a stream runs its termination.
    private func settle(_ reply: SpeechWireReply) {
        for news in reply.news {
            switch news {
            case .audio(let number, let octets, let words):
                let pieces = state.withLock { $0.requests[number] ?? nil }
                pieces?.yield(.audio(octets, words))
            case .done(let number): release(number)?.finish()
            case .failed(let number, let failure): release(number)?.finish(throwing: failure)
            }
        }
        if let failure = reply.end { end(failure) }
    }

    private func release(_ number: Int) -> Pieces.Continuation? {
        state.withLock { state in
            state.idleSince = .now()
            return state.requests.removeValue(forKey: number) ?? nil
        }
    }

    private func takesMore(_ state: State, at now: MonotonicTime) -> Bool {
        state.phase != .over && !state.isRetired && startedAt.duration(to: now) < limits.age
            && state.requests.count < state.wire.capacity && state.wire.admits(at: now)
    }

    private func end(_ failure: ProviderFailure) {
        let (requests, socket) = state.withLock { state in
            state.phase = .over
            defer {
                state.requests = [:]
                state.socket = nil
            }
            return (state.requests.values.compactMap(\.self), state.socket)
        }
        socket?.close()
        for request in requests { request.finish(throwing: failure) }
    }

    /// - Returns: whether the line lives on.
    private func keepAlive() -> Bool {
        let now = MonotonicTime.now()
        let isWanted = state.withLock { state in
            guard state.phase != .over else { return false }
            guard !Self.isBusy(state) else { return true }
            guard !state.isRetired, state.idleSince.duration(to: now) < limits.idle,
                startedAt.duration(to: now) < limits.age
            else { return false }
            if state.phase == .open { send(state.wire.keepAlive(), &state) }
            return true
        }
        if !isWanted { close() }
        return isWanted
    }

    /// Under the lock, so that messages keep their order.
    private func send(_ texts: [String], _ state: inout State) {
        guard state.phase == .open else { return }
        for text in texts { state.socket?.send(text: text) }
    }
}
