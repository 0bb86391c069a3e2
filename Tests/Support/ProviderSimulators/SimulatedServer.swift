internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
package import Synchronization

/// A real HTTP/1.1 and WebSocket server on a free loopback port, for the integration tests of
/// providers' clients and for calls without a cloud.
///
/// What it says is up to the handlers; it knows no provider. One connection is one task.
package final class SimulatedServer: Sendable {
    /// Answers a request, all of whose body has come.
    package typealias HTTPHandler =
        @Sendable (SimulatedRequest, SimulatedExchange) async throws -> Void
    /// What becomes of a WebSocket handshake.
    package enum Upgrade: Sendable {
        /// Answered with 101 and this subprotocol, then handed to the function.
        case accept(
            subprotocol: String? = nil,
            @Sendable (SimulatedRequest, SimulatedSocket) async throws -> Void)
        /// Answered by the HTTP handler.
        case refuse
    }
    package typealias UpgradeHandler = @Sendable (SimulatedRequest) -> Upgrade

    /// Before the first answer on every connection of this process: a long way, as far as a client
    /// can tell.
    package static let handshakeDelay = Mutex(Duration.zero)

    private let channel: any Channel
    private let task: Task<Void, Never>

    package var port: Int { channel.localAddress?.port ?? 0 }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - upgrade: judges WebSocket handshakes; by default none is welcome.
    ///   - http: answers everything else.
    /// - Throws: when the port cannot be bound.
    package init(
        port: Int = 0, upgrade: @escaping UpgradeHandler = { _ in .refuse },
        http: @escaping HTTPHandler = { _, exchange in try await exchange.answer(status: 404) }
    ) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel, upgrade: upgrade)
                }
            }
        channel = server.channel
        task = Task {
            // A server that was stopped ends its clients by error; nobody is told.
            try? await server.executeThenClose { clients in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await client in clients {
                            group.addTask { try? await Self.serve(client, http: http) }
                        }
                    } catch {}
                    group.cancelAll()
                }
            }
        }
    }

    /// Cuts every connection and stops listening.
    package func stop() async {
        task.cancel()
        try? await channel.close()
        await task.value
    }

    private typealias HTTPChannel = NIOAsyncChannel<
        SimulatedRequest, HTTPPart<HTTPResponseHead, ByteBuffer>
    >
    private typealias SocketChannel = NIOAsyncChannel<ArrivedFrame, WebSocketFrame>
    private enum Client: Sendable {
        /// `refused`: a handshake that is yet to be answered, whose head the upgrader has kept.
        case http(HTTPChannel, refused: SimulatedRequest?)
        case socket(
            SocketChannel, SimulatedRequest,
            @Sendable (SimulatedRequest, SimulatedSocket) async throws -> Void)
    }

    private static func configure(
        _ channel: any Channel, upgrade: @escaping UpgradeHandler
    ) throws -> EventLoopFuture<Client> {
        let handshake = Handshake()
        let upgrader = NIOTypedWebSocketServerUpgrader<Client>(
            maxFrameSize: 1 << 24,
            shouldUpgrade: { channel, head in
                let promise = channel.eventLoop.makePromise(of: HTTPHeaders?.self)
                let request = SimulatedRequest(head)
                let decision = upgrade(request)
                handshake.judged.withLock { $0 = (request, decision) }
                switch decision {
                case .accept(let subprotocol, _):
                    let headers = HTTPHeaders(
                        subprotocol.map { [("Sec-WebSocket-Protocol", $0)] } ?? [])
                    let delay = Self.handshakeDelay.withLock { $0 }
                    guard delay > .zero else {
                        promise.succeed(headers)
                        break
                    }
                    channel.eventLoop.scheduleTask(in: TimeAmount(delay)) {
                        promise.succeed(headers)
                    }
                case .refuse: promise.succeed(nil)
                }
                return promise.futureResult
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard let (request, decision) = handshake.judged.withLock({ $0 }),
                        case .accept(_, let handler) = decision
                    else { throw ChannelError.inappropriateOperationForState }
                    try channel.pipeline.syncOperations.addHandler(FrameClock())
                    return .socket(
                        try SocketChannel(wrappingChannelSynchronously: channel), request, handler)
                }
            })
        let configuration = NIOTypedHTTPServerUpgradeConfiguration<Client>(
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        HTTPByteBufferResponseHandler(), RequestAssembler())
                    return .http(
                        try HTTPChannel(wrappingChannelSynchronously: channel),
                        refused: handshake.judged.withLock { $0?.0 })
                }
            })
        return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(upgradeConfiguration: configuration))
    }

    private static func serve(
        _ client: EventLoopFuture<Client>, http: @escaping HTTPHandler
    ) async throws {
        switch try await client.get() {
        case .http(let channel, let refused):
            try await channel.executeThenClose { requests, _ in
                if let refused {
                    let exchange = SimulatedExchange(channel.channel)
                    try await http(refused, exchange)
                    guard try await exchange.finish() else { return }
                }
                let delay = handshakeDelay.withLock { $0 }
                if delay > .zero { try await Task.sleep(for: delay) }
                for try await request in requests {
                    let exchange = SimulatedExchange(channel.channel)
                    try await http(request, exchange)
                    guard try await exchange.finish() else { return }
                }
            }
        case .socket(let channel, let request, let handler):
            try await channel.executeThenClose { frames, _ in
                let socket = SimulatedSocket(channel.channel)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await handler(request, socket) }
                    group.addTask { await socket.receive(frames) }
                    try await group.next()
                    await socket.linger()
                    group.cancelAll()
                }
            }
        }
    }
}

/// A request as it came.
package struct SimulatedRequest: Sendable {
    package let method: String
    /// Path and query, still encoded.
    package let target: String
    package let headers: [(name: String, value: String)]
    package internal(set) var body: [UInt8] = []
    /// When the event loop had read the last octet of it.
    package internal(set) var arrivedAt = ContinuousClock.now

    init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        target = head.uri
        headers = head.headers.map { ($0.name, $0.value) }
    }

    /// Without the query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The values of a query parameter, in order, percent-decoded.
    package func query(_ name: String) -> [String] {
        guard let start = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: start)...].split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0] == name else { return nil }
            return parts.count < 2 ? "" : Self.decoded(parts[1])
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            let digits = rest.prefix(2)
            if octet == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                octets.append(value)
                rest = rest.dropFirst(2)
            } else {
                octets.append(octet == UInt8(ascii: "+") ? UInt8(ascii: " ") : octet)
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}

/// Puts requests together on the event loop, which knows best when they came.
private final class RequestAssembler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = SimulatedRequest
    private var request: SimulatedRequest?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = SimulatedRequest(head)
        case .body(let buffer): request?.body += buffer.readableBytesView
        case .end:
            guard var whole = request else { return }
            request = nil
            whole.arrivedAt = .now
            context.fireChannelRead(wrapInboundOut(whole))
        }
    }
}

/// A frame, and when the event loop had read it.
struct ArrivedFrame: Sendable {
    let frame: WebSocketFrame
    let arrivedAt: ContinuousClock.Instant
}

private final class FrameClock: ChannelInboundHandler, Sendable {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = ArrivedFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireChannelRead(
            wrapInboundOut(ArrivedFrame(frame: unwrapInboundIn(data), arrivedAt: .now)))
    }
}

/// Lets response bodies be plain buffers.
private final class HTTPByteBufferResponseHandler: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: HTTPServerResponsePart =
            switch unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let buffer): .body(.byteBuffer(buffer))
            case .end(let trailers): .end(trailers)
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}

/// A handshake on its way from the upgrader that judged it, once, to whoever answers it.
private final class Handshake: Sendable {
    let judged = Mutex<(SimulatedRequest, SimulatedServer.Upgrade)?>(nil)
}
