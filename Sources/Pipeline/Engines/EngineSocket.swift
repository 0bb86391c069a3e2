/// Opens WebSockets for engines; the media loops do it, so that a call's audio goes out on the
/// thread it came in on (DESIGN §3).
package protocol EngineConnector: Sendable {
    /// Starts to connect and returns at once; what is sent before `.opened` waits for it.
    ///
    /// - Parameters:
    ///   - endpoint: where to, with what the provider wants to know.
    ///   - receive: called on the socket's loop, in order, the last time with `.ended`; it must not
    ///     block.
    /// - Returns: the socket, which may be used from any thread.
    func connect(
        to endpoint: EngineEndpoint, receive: @escaping @Sendable (EngineSocketEvent) -> Void
    ) -> any EngineSocket
}

/// One WebSocket of an engine.
package protocol EngineSocket: AnyObject, Sendable {
    func send(text: String)
    /// Without a copy when called on the socket's loop; UTF-8.
    func send(text octets: Span<UInt8>)
    /// Without a copy when called on the socket's loop.
    func send(binary octets: Span<UInt8>)
    /// Sends what waits, then a close frame; nothing but `.ended` is told any more.
    func close()
}

/// A WebSocket address with its request headers.
package struct EngineEndpoint: Sendable {
    /// `ws://` or `wss://`, with its query.
    package var url: String
    /// Sent with the request; they hold the key and are never logged.
    package var headers: [(name: String, value: String)]
    package var subprotocol: String?

    package init(
        url: String, headers: [(name: String, value: String)] = [], subprotocol: String? = nil
    ) {
        self.url = url
        self.headers = headers
        self.subprotocol = subprotocol
    }
}

package enum EngineSocketEvent: Equatable, Sendable {
    case opened
    case text([UInt8])
    case binary([UInt8])
    case ended(EngineSocketEnd)
}

/// Why an engine's socket is over.
package enum EngineSocketEnd: Equatable, Sendable {
    /// The address is none, or the loop takes no more orders.
    case impossible(String)
    /// No connection came about; the text says why and names no secret.
    case unreachable(String)
    /// The server answered the handshake with another HTTP status than 101.
    case refused(status: Int)
    /// The provider closed with this code; 1005 when it gave none (RFC 6455 §7.1.5).
    case peerClosed(code: UInt16)
    /// The connection went away without a close frame, or the provider read nothing for seconds.
    case vanished
    /// The provider broke RFC 6455 or sent a message that is too big.
    case misbehaved
    /// We closed it, or the loop has ended.
    case closedHere
}
