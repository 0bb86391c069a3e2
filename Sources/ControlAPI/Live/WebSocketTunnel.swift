internal import Foundation
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket

/// Lets routes speak WebSocket: stands between the HTTP codec and whoever answers requests.
///
/// An upgrade to a path under `/ws/` is a request like any other, so access, guards and refusals
/// are those of the router. Its end is held back; once a route answers with 101 the codec gives
/// way to frames and `WebSocketBridge`, and the bodies of the request and of the answer carry
/// messages both ways. Used on its connection's event loop only.
final class WebSocketTunnel: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    static let pathPrefix = "/ws/"
    /// What is chosen of the protocols a browser offers.
    static let subprotocol = "mediabridge"
    /// A browser cannot set headers: it offers its key as a protocol with this before it.
    private static let bearerPrefix = "bearer."

    private enum State {
        case plain
        /// The route has not answered yet.
        case asked(end: HTTPRequestPart?, offersSubprotocol: Bool)
        /// It answered with something else; the decoder has stopped, so the connection ends.
        case refused
    }

    private let limits: WebSocketLimits
    private var state = State.plain
    /// What RFC 6455 §4.2.2 wants in the answer.
    private var handshake: HTTPHeaders?

    init(limits: WebSocketLimits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let request), .plain) where Self.isUpgrade(request):
            ask(request, context)
        case (.end, .asked(_, let offers)):
            state = .asked(end: unwrapInboundIn(data), offersSubprotocol: offers)
        case (.head, _), (.body, _), (.end, _): context.fireChannelRead(data)
        }
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        switch (unwrapOutboundIn(data), state) {
        case (.head(var answer), .asked(let end, let offersSubprotocol)):
            guard answer.status == .switchingProtocols, let handshake else {
                return refuse(answer, end, context, promise)
            }
            for (name, value) in handshake {
                guard let name = HTTPField.Name(name) else { continue }
                answer.headerFields[name] = value
            }
            if offersSubprotocol { answer.headerFields[.secWebSocketProtocol] = Self.subprotocol }
            context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: promise)
            becomeWebSocket(context)
        case (.end, .refused):
            context.writeAndFlush(data).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
            promise?.succeed(())
        case (.head, _), (.body, _), (.end, _): context.write(data, promise: promise)
        }
    }

    private static func isUpgrade(_ request: HTTPRequest) -> Bool {
        request.method == .get && request.path?.hasPrefix(pathPrefix) == true
            && request.headerFields[.upgrade]?.lowercased() == "websocket"
    }

    private func ask(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        var request = request
        let offered =
            request.headerFields[.secWebSocketProtocol]?
            .split(separator: ",").map { Self.trimmed($0) } ?? []
        state = .asked(end: nil, offersSubprotocol: offered.contains { $0 == Self.subprotocol })
        Self.moveKey(offered, into: &request)
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: request.path ?? "/")
        for field in request.headerFields {
            head.headers.add(name: field.name.canonicalName, value: field.value)
        }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let forwarded = request
        upgrader.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: head,
            initialResponseHeaders: ["Connection": "Upgrade", "Upgrade": "websocket"]
        ).hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
            var forwarded = forwarded
            switch result {
            case .success(let headers): self.handshake = headers
            case .failure: forwarded.headerFields[.upgrade] = nil  // no route takes it for one
            }
            context.fireChannelRead(self.wrapInboundOut(.head(forwarded)))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split { $0 == " " || $0 == "\t" }.joined()
    }

    /// A key from the query or the offered protocols is what `Authorization` would have said; it
    /// leaves the path, so that nobody writes it down.
    private static func moveKey(_ offered: [String], into request: inout HTTPRequest) {
        let path = request.path ?? "/"
        var key = offered.first { $0.hasPrefix(bearerPrefix) }?.dropFirst(bearerPrefix.count)
        if let mark = path.firstIndex(of: "?") {
            let pairs = path[path.index(after: mark)...].split(separator: "&")
            if key == nil {
                key = pairs.first { $0.hasPrefix("token=") }?.dropFirst("token=".count)
            }
            let rest = pairs.filter { !$0.hasPrefix("token=") }.joined(separator: "&")
            request.path = path[..<mark] + (rest.isEmpty ? "" : "?" + rest)
        }
        guard let key, !key.isEmpty, request.headerFields[.authorization] == nil else { return }
        request.headerFields[.authorization] =
            "Bearer " + (String(key).removingPercentEncoding ?? "")
    }

    private func refuse(
        _ answer: HTTPResponse, _ end: HTTPRequestPart?, _ context: ChannelHandlerContext,
        _ promise: EventLoopPromise<Void>?
    ) {
        var answer = answer
        answer.headerFields[.connection] = "close"
        state = .refused
        context.write(wrapOutboundOut(.head(answer)), promise: promise)
        if let end { context.fireChannelRead(wrapInboundOut(end)) }
    }

    private func becomeWebSocket(_ context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let old = try [
                pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self),
                pipeline.context(handlerType: HTTPResponseEncoder.self),
                pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self),
            ]
            try pipeline.addHandlers(
                [
                    WebSocketFrameEncoder(),
                    ByteToMessageHandler(
                        WebSocketFrameDecoder(maxFrameSize: limits.longestMessage)),
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 16,
                        maxAccumulatedFrameSize: limits.longestMessage),
                    WebSocketBridge(limits: limits),
                ], position: .before(self))
            for handler in old { pipeline.removeHandler(context: handler, promise: nil) }
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.close(promise: nil)  // a pipeline without its codec serves nobody
        }
    }
}

/// What one WebSocket may cost.
struct WebSocketLimits: Sendable {
    /// Octets of a message to us.
    var longestMessage = 16 * 1_024
    /// A ping that is not answered before the next one ends the connection.
    var pingInterval = Duration.seconds(20)
    /// A peer that takes nothing for so long is cut off.
    var writeLimit = Duration.seconds(10)
    /// For the close frame to be answered.
    var closeLimit = Duration.seconds(2)
}
