internal import Pipeline

/// A WebSocket and the connection that owns it, so that a frame reaches its handler without an
/// existential in between.
final class BoundSocket<Connection: ConnectionHandler>: WebSocket {
    private var connection: Connection?
    private let open: (UpgradeRequest, WebSocket) -> Connection
    private let fail: (String, MonotonicTime) -> Void
    private let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - context: the loop's.
    ///   - isAccepted: whether the peer opened the connection.
    ///   - headers: sent with our request when we open the connection.
    ///   - open: called once, when the handshake is done.
    ///   - fail: called once instead of `open` when our connection attempt fails.
    init(
        context: WebSocketContext, isAccepted: Bool, headers: [(name: String, value: String)] = [],
        open: @escaping (UpgradeRequest, WebSocket) -> Connection,
        fail: @escaping (String, MonotonicTime) -> Void = { _, _ in }
    ) {
        self.open = open
        self.fail = fail
        self.headers = headers
        super.init(context: context, isAccepted: isAccepted)
    }

    override func opened(_ request: UpgradeRequest) { connection = open(request, self) }

    override func deliver(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        connection?.received(message, isText: isText, at: now)
    }

    override func deliverPong(at now: MonotonicTime) { connection?.ponged(at: now) }

    override func notifyClosed(_ reason: CloseReason, at now: MonotonicTime) {
        guard let connection else { return }
        self.connection = nil
        connection.closed(reason, at: now)
    }

    override func notifyFailed(_ reason: String, at now: MonotonicTime) { fail(reason, now) }

    override var requestHeaders: [(name: String, value: String)] { headers }
}
