internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOWebSocket

/// One open WebSocket: frames on the wire's side, bodies on the route's.
///
/// A text message of the peer becomes a piece of the request's body, a piece of the answer's body a
/// text message, and the answer's end a close frame with the code and reason of its trailers. It
/// pings, and cuts off peers that are gone or take nothing. Used on its connection's event loop.
final class WebSocketBridge: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = WebSocketFrame

    private enum State {
        case open
        /// Our close frame is out; the peer's is awaited.
        case closing
        case closed
    }

    private let limits: WebSocketLimits
    private var state = State.open
    private var awaitsPong = false
    private var hasEnded = false
    private var ping: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    init(limits: WebSocketLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { schedulePing(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        ping?.cancel()
        stall?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        ping?.cancel()
        stall?.cancel()
        endRequest(context)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return refuse(context) }
        switch frame.opcode {
        case .text, .binary: pass(frame.unmaskedData, context)
        case .ping:
            send(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData), context)
        case .pong:
            awaitsPong = false
            // Nothing to read, but a sign that the connection is in use.
            pass(ByteBuffer(), context)
        case .connectionClose:
            if case .open = state {
                sendClose(.peer(frame.unmaskedData), context)
            }
            finish(context)
        default: refuse(context)  // reserved opcodes, and fragments of nothing
        }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        guard case .open = state else { return finish(context) }
        sendClose(.code(1_002, "no WebSocket frame"), context)
        closeSoon(context)
    }

    /// Octets that nobody has read would turn a close at once into a reset, which may overtake the
    /// close frame.
    private func closeSoon(_ context: ChannelHandlerContext) {
        endRequest(context)
        _ = context.eventLoop.assumeIsolated().scheduleTask(in: .init(limits.closeLimit)) {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .open = state else { return context.close(promise: nil) }
        switch error {
        case NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
            NIOWebSocketFrameAggregator.Error.tooManyFragments:
            sendClose(.code(1_009, "the message is too long"), context)
            closeSoon(context)
        default: refuse(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { return finish(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(
                in: .init(limits.writeLimit)
            ) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head: promise?.succeed(())  // the one there is went out before the frames
        case .body(let message):
            guard case .open = state else {
                promise?.fail(ChannelError.ioOnClosedChannel)
                return
            }
            let frame = WebSocketFrame(fin: true, opcode: .text, data: message)
            context.write(wrapOutboundOut(frame), promise: promise)
        case .end(let trailers):
            promise?.succeed(())
            guard case .open = state else { return }
            let code = trailers?[.closeCode].flatMap { UInt16($0) } ?? 1_000
            sendClose(.code(code, trailers?[.closeReason] ?? ""), context)
            closeSoon(context)
        }
    }

    private func pass(_ message: ByteBuffer, _ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        context.fireChannelRead(wrapInboundOut(.body(message)))
        context.fireChannelReadComplete()
    }

    /// The route reads no further.
    private func endRequest(_ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        hasEnded = true
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        context.fireChannelReadComplete()
    }

    /// Both sides have said what they had to.
    private func finish(_ context: ChannelHandlerContext) {
        state = .closed
        endRequest(context)
        context.close(promise: nil)
    }

    private func schedulePing(_ context: ChannelHandlerContext) {
        ping = context.eventLoop.assumeIsolated().scheduleTask(in: .init(limits.pingInterval)) {
            guard case .open = self.state else { return }
            guard !self.awaitsPong else { return context.close(promise: nil) }
            self.awaitsPong = true
            self.send(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()), context)
            self.schedulePing(context)
        }
    }

    private func send(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private enum Close {
        case code(UInt16, String)
        /// What the peer said, returned.
        case peer(ByteBuffer)
    }

    private func sendClose(_ close: Close, _ context: ChannelHandlerContext) {
        state = .closing
        var payload: ByteBuffer
        switch close {
        case .peer(let data):
            let code = data.getSlice(at: data.readerIndex, length: min(2, data.readableBytes))
            payload = code ?? ByteBuffer()
        case .code(let code, let reason):
            payload = ByteBuffer(integer: code)
            payload.writeString(String(reason.prefix(100)))  // RFC 6455 §5.5: 125 octets in all
        }
        send(WebSocketFrame(fin: true, opcode: .connectionClose, data: payload), context)
    }
}

extension HTTPField.Name {
    /// Trailers of an answer whose body was a WebSocket: its close code and reason.
    static let closeCode = Self.named("Websocket-Close-Code")
    static let closeReason = Self.named("Websocket-Close-Reason")

    private static func named(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is a token") }
        return name
    }
}
