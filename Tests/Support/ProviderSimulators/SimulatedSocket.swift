internal import NIOCore
internal import NIOWebSocket

/// A server's side of one WebSocket, for the integration tests.
package final class SimulatedSocket: Sendable {
    package enum Message: Equatable, Sendable {
        case text(String)
        case binary([UInt8])
        /// The peer's close frame; the stream of messages ends after it.
        case closed(code: UInt16?)
    }

    /// A message, and when the event loop had read its last octet.
    package struct Arrival: Sendable {
        package let message: Message
        package let arrivedAt: ContinuousClock.Instant
    }

    /// What the peer says; ends when the connection does.
    package let arrivals: AsyncStream<Arrival>
    private let received: AsyncStream<Arrival>.Continuation
    private let channel: any Channel

    init(_ channel: any Channel) {
        self.channel = channel
        (arrivals, received) = AsyncStream.makeStream()
    }

    /// The messages of `arrivals`, for who does not mind when they came.
    package var messages: some AsyncSequence<Message, Never> { arrivals.map(\.message) }

    package func send(_ text: String) async throws {
        try await channel.send(Self.frame(text))
    }

    /// Sends when it is due.
    ///
    /// - Returns: the moment before the octets went out.
    func send(
        _ text: String, at due: ContinuousClock.Instant
    ) async throws -> ContinuousClock.Instant {
        try await channel.send(Self.frame(text), at: due)
    }

    /// Begins to wait; messages go out in the order they are due, and then in that of the calls.
    func write(
        _ text: String, at due: ContinuousClock.Instant
    ) -> Scheduled<ContinuousClock.Instant> {
        channel.write(Self.frame(text), at: due)
    }

    private static func frame(_ text: String) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
    }

    package func send(_ octets: [UInt8]) async throws {
        try await channel.send(
            WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: octets)))
    }

    package func close(code: UInt16 = 1_000, reason: String = "") async throws {
        var data = ByteBuffer()
        data.writeInteger(code)
        data.writeString(reason)
        try await channel.send(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    /// Cuts the connection with a reset.
    package func abort() async { await channel.reset() }

    /// Octets that are no frame.
    package func sendGarbage(_ octets: [UInt8]) async throws {
        // A frame with reserved bits set, which RFC 6455 §5.2 has the peer fail the connection for.
        var frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: octets))
        frame.rsv1 = true
        frame.rsv2 = true
        try await channel.send(frame)
    }

    /// Reads frames until the connection ends.
    func receive(_ frames: NIOAsyncChannelInboundStream<ArrivedFrame>) async {
        var partial: (isText: Bool, octets: [UInt8])?
        defer { received.finish() }
        do {
            for try await arrived in frames {
                let frame = arrived.frame
                let octets = Array(frame.unmaskedData.readableBytesView)
                switch frame.opcode {
                case .text, .binary: partial = (frame.opcode == .text, octets)
                case .continuation: partial?.octets += octets
                case .ping:
                    try await channel.send(
                        WebSocketFrame(
                            fin: true, opcode: .pong, data: ByteBuffer(bytes: octets)))
                    continue
                case .connectionClose:
                    let code = octets.count >= 2 ? UInt16(octets[0]) << 8 | UInt16(octets[1]) : nil
                    received.yield(
                        Arrival(message: .closed(code: code), arrivedAt: arrived.arrivedAt))
                    // Answers the peer's, or is ignored where ours came first (RFC 6455 §5.5.1).
                    try? await channel.send(
                        WebSocketFrame(
                            fin: true, opcode: .connectionClose,
                            data: ByteBuffer(bytes: octets.prefix(2))))
                    return
                default: continue  // pongs, and opcodes that mean nothing yet
                }
                guard frame.fin, let whole = partial else { continue }
                partial = nil
                let message: Message =
                    whole.isText
                    ? .text(String(decoding: whole.octets, as: UTF8.self))
                    : .binary(whole.octets)
                received.yield(Arrival(message: message, arrivedAt: arrived.arrivedAt))
            }
        } catch {}
    }

    /// Gives the peer a moment to answer a close frame before the connection goes.
    func linger() async { try? await Task.sleep(for: .milliseconds(50)) }
}
