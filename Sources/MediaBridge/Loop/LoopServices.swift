internal import Pipeline

/// What a loop does for the handler that lives on it; used on the loop only.
final class LoopServices {
    private let context: WebSocketContext
    private let loop: EventLoop
    /// Which of the loops this is, from 0.
    let index: Int

    init(index: Int, context: WebSocketContext, loop: EventLoop) {
        self.index = index
        self.context = context
        self.loop = loop
    }

    /// The time of this wake-up.
    var now: MonotonicTime { loop.now }

    /// Opens a WebSocket as a client, `ws://` or `wss://`; its frames arrive on this loop.
    ///
    /// - Parameters:
    ///   - target: whose host may be a name or an IP address.
    ///   - headers: sent with the request.
    ///   - opened: called when the handshake is done; its result owns the socket.
    ///   - failed: called instead of `opened`, with what went wrong in words.
    func connect<Connection: ConnectionHandler>(
        to target: ConnectTarget, headers: [(name: String, value: String)] = [],
        opened: @escaping (UpgradeRequest, WebSocket) -> Connection,
        failed: @escaping (String, MonotonicTime) -> Void
    ) {
        let context = context
        loop.resolve(target.host) { [loop] address in
            guard let address else { return failed("no address for \(target.host)", loop.now) }
            let socket = BoundSocket<Connection>(
                context: context, isAccepted: false, headers: headers, open: opened, fail: failed)
            context.connect(to: target, address: address, as: socket)
        }
    }
}
