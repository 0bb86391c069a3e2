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

    /// What the peer says; ends when the connection does.
    package let messages: AsyncStream<Message>
    private let received: AsyncStream<Message>.Continuation
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    init(_ channel: any Channel, _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>) {
        self.channel = channel
        self.outbound = outbound
        (messages, received) = AsyncStream.makeStream()
    }

    package func send(_ text: String) async throws {
        try await outbound.write(
            WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text)))
    }

    package func send(_ octets: [UInt8]) async throws {
        try await outbound.write(
            WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: octets)))
    }

    package func close(code: UInt16 = 1_000, reason: String = "") async throws {
        var data = ByteBuffer()
        data.writeInteger(code)
        data.writeString(reason)
        try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    /// Cuts the connection with a reset.
    package func abort() async { await channel.reset() }

    /// Octets that are no frame.
    package func sendGarbage(_ octets: [UInt8]) async throws {
        // A frame with reserved bits set, which RFC 6455 §5.2 has the peer fail the connection for.
        var frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: octets))
        frame.rsv1 = true
        frame.rsv2 = true
        try await outbound.write(frame)
    }

    /// Reads frames until the connection ends.
    func receive(_ frames: NIOAsyncChannelInboundStream<WebSocketFrame>) async {
        var partial: (isText: Bool, octets: [UInt8])?
        defer { received.finish() }
        do {
            for try await frame in frames {
                let octets = Array(frame.unmaskedData.readableBytesView)
                switch frame.opcode {
                case .text, .binary: partial = (frame.opcode == .text, octets)
                case .continuation: partial?.octets += octets
                case .ping:
                    try await outbound.write(
                        WebSocketFrame(
                            fin: true, opcode: .pong, data: ByteBuffer(bytes: octets)))
                    continue
                case .connectionClose:
                    received.yield(
                        .closed(
                            code: octets.count >= 2
                                ? UInt16(octets[0]) << 8 | UInt16(octets[1]) : nil))
                    // Answers the peer's, or is ignored where ours came first (RFC 6455 §5.5.1).
                    try? await outbound.write(
                        WebSocketFrame(
                            fin: true, opcode: .connectionClose,
                            data: ByteBuffer(bytes: octets.prefix(2))))
                    return
                default: continue  // pongs, and opcodes that mean nothing yet
                }
                guard frame.fin, let whole = partial else { continue }
                partial = nil
                received.yield(
                    whole.isText
                        ? .text(String(decoding: whole.octets, as: UTF8.self))
                        : .binary(whole.octets))
            }
        } catch {}
    }

    /// Gives the peer a moment to answer a close frame before the connection goes.
    func linger() async { try? await Task.sleep(for: .milliseconds(50)) }
}
