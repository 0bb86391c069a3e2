internal import Pipeline

/// What engines on other threads want of a loop's sockets.
enum EngineOrder: Sendable {
    case dial(
        EngineLine, EngineEndpoint, receive: @Sendable (EngineSocketEvent) -> Void)
    case send(EngineLine, [UInt8], isText: Bool)
    case close(EngineLine)
}

/// The WebSockets that one loop keeps for engines; used on the loop's thread only.
final class EngineSockets {
    private let services: LoopServices
    private var connections: [ObjectIdentifier: EngineConnection] = [:]

    init(services: LoopServices) { self.services = services }

    func perform(_ order: EngineOrder) {
        switch order {
        case .dial(let line, let endpoint, let receive): dial(line, endpoint, receive)
        case .send(let line, let octets, let isText): send(line, octets.span, isText: isText)
        case .close(let line): close(line)
        }
    }

    func dial(
        _ line: EngineLine, _ endpoint: EngineEndpoint,
        _ receive: @escaping @Sendable (EngineSocketEvent) -> Void
    ) {
        guard let target = ConnectTarget(endpoint.url, subprotocol: endpoint.subprotocol) else {
            return receive(.ended(.impossible("no ws:// or wss:// address")))
        }
        let id = ObjectIdentifier(line)
        let connection = EngineConnection(line, receive: receive) { [weak self] in
            self?.connections[id] = nil
        }
        connections[id] = connection
        services.connect(to: target, headers: endpoint.headers) { _, socket in
            connection.opened(socket)
            return connection
        } failed: { reason, _ in
            connection.failed(reason)
        }
    }

    func send(_ line: EngineLine, _ octets: Span<UInt8>, isText: Bool) {
        connections[ObjectIdentifier(line)]?.send(octets, isText: isText)
    }

    func close(_ line: EngineLine) { connections[ObjectIdentifier(line)]?.close() }
}

/// One of them, from the dial to its end.
final class EngineConnection: ConnectionHandler {
    private enum State {
        case connecting(waiting: [(octets: [UInt8], isText: Bool)])
        case open(WebSocket)
        /// Closed by the engine before it was open.
        case unwanted
        case over
    }
    /// Octets that may wait for the connection; four seconds of telephone audio.
    private static let waitingLimit = 32_768

    private var state = State.connecting(waiting: [])
    private var waitingCount = 0
    /// Kept alive: its identity is the socket's name.
    private let line: EngineLine
    private let receive: @Sendable (EngineSocketEvent) -> Void
    private let ended: () -> Void

    init(
        _ line: EngineLine, receive: @escaping @Sendable (EngineSocketEvent) -> Void,
        ended: @escaping () -> Void
    ) {
        self.line = line
        self.receive = receive
        self.ended = ended
    }

    func opened(_ socket: WebSocket) {
        guard case .connecting(let waiting) = state else { return socket.close() }
        state = .open(socket)
        receive(.opened)
        for (octets, isText) in waiting { send(octets.span, isText: isText) }
    }

    func failed(_ reason: String) {
        if case .unwanted = state { return end(.closedHere) }
        // "HS: ws upgrade response not 101", with the status added by the context.
        if let status = reason.split(separator: " ").last.flatMap({ Int($0) }),
            reason.hasPrefix(WebSocketContext.refusalText)
        {
            return end(.refused(status: status))
        }
        end(.unreachable(reason))
    }

    func send(_ octets: Span<UInt8>, isText: Bool) {
        switch state {
        case .open(let socket):
            _ = isText ? socket.send(text: octets) : socket.send(binary: octets)
        case .connecting(var waiting):
            waitingCount += octets.count
            guard waitingCount <= Self.waitingLimit else { return }
            state = .over  // lets `waiting` grow in place
            waiting.append((Array(octets), isText))
            state = .connecting(waiting: waiting)
        case .unwanted, .over: break
        }
    }

    func close() {
        switch state {
        case .open(let socket): socket.close()
        case .connecting: state = .unwanted
        case .unwanted, .over: break
        }
    }

    // MARK: ConnectionHandler

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        receive(isText ? .text(Array(message)) : .binary(Array(message)))
    }

    func closed(_ reason: CloseReason, at now: MonotonicTime) {
        switch reason {
        case .peerClosed(let code): end(.peerClosed(code: code))
        case .peerVanished, .idle, .stalled: end(.vanished)
        case .closedHere, .loopStopped: end(.closedHere)
        case .peerMisbehaved: end(.misbehaved)
        }
    }

    private func end(_ reason: EngineSocketEnd) {
        if case .over = state { return }
        state = .over
        receive(.ended(reason))
        ended()
    }
}

extension [UInt8] {
    /// A copy of the octets of a span.
    init(_ span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
