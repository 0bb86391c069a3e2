internal import Glibc
internal import Pipeline

/// Opens engines' WebSockets on one media loop.
///
/// Orders from the loop's own thread are carried out at once, those of other threads are posted.
final class LoopConnector: EngineConnector, @unchecked Sendable {
    // Invariant: `sockets` is touched on the thread it was made on, which `onLoop` asks.
    private let sockets: EngineSockets?
    private let thread = pthread_self()
    private let post: @Sendable (EngineOrder) -> Bool

    /// Posts every order, for a loop that is another's.
    init(post: @escaping @Sendable (EngineOrder) -> Bool) {
        sockets = nil
        self.post = post
    }

    /// Made on the loop's thread.
    ///
    /// - Parameters:
    ///   - sockets: the loop's.
    ///   - post: takes an order to the loop from any thread; `false` when it takes no more.
    init(_ sockets: EngineSockets, post: @escaping @Sendable (EngineOrder) -> Bool) {
        self.sockets = sockets
        self.post = post
    }

    func connect(
        to endpoint: EngineEndpoint, receive: @escaping @Sendable (EngineSocketEvent) -> Void
    ) -> any EngineSocket {
        let line = EngineLine(self)
        if let sockets = onLoop {
            sockets.dial(line, endpoint, receive)
        } else if !post(.dial(line, endpoint, receive: receive)) {
            receive(.ended(.impossible("the media loop takes no more orders")))
        }
        return line
    }

    fileprivate func send(_ line: EngineLine, _ octets: Span<UInt8>, isText: Bool) {
        if let sockets = onLoop {
            sockets.send(line, octets, isText: isText)
        } else {
            _ = post(.send(line, Array(octets), isText: isText))
        }
    }

    fileprivate func close(_ line: EngineLine) {
        if let sockets = onLoop { sockets.close(line) } else { _ = post(.close(line)) }
    }

    /// The loop's sockets, on the loop's thread.
    private var onLoop: EngineSockets? {
        pthread_equal(thread, pthread_self()) != 0 ? sockets : nil
    }
}

/// An engine's handle on its socket.
final class EngineLine: EngineSocket {
    private let connector: LoopConnector

    fileprivate init(_ connector: LoopConnector) { self.connector = connector }

    func send(text: String) { connector.send(self, text.utf8.span, isText: true) }
    func send(text octets: Span<UInt8>) { connector.send(self, octets, isText: true) }
    func send(binary octets: Span<UInt8>) { connector.send(self, octets, isText: false) }
    func close() { connector.close(self) }
}
