internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import Records
internal import ServiceLifecycle

/// The HTTP side of the gateway: probes, figures, calls and their control.
///
/// Without configuration only this machine can reach it. It has no access control of its own yet,
/// so whoever binds it elsewhere puts a proxy before it.
package struct ControlServer: Service {
    package struct Configuration: Sendable {
        package var host = "127.0.0.1"
        /// 0: any free port, told to `onListening`.
        package var port = 8080
        /// Beyond it, connections wait in the kernel's queue.
        package var connectionLimit = 512
        package var bodyOctetLimit = 16 * 1024
        /// Of a connection without a request, or in the middle of one.
        package var idleLimit = Duration.seconds(60)
        /// Of WebSockets; one that is not answered before the next ends the connection.
        package var pingInterval = Duration.seconds(20)
        /// A WebSocket's peer that takes nothing for so long is cut off.
        package var writeLimit = Duration.seconds(10)

        package init() {}
    }

    private let configuration: Configuration
    private let calls: CallRoutes
    private let steering: SteeringRoutes
    private let live: LiveRoutes
    private let probes: ProbeRoutes
    private let webhooks: WebhookRoutes?
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// Wires a server that does nothing until `run()`.
    ///
    /// - Parameters:
    ///   - configuration: where it listens and what it takes.
    ///   - journal: what happened in calls.
    ///   - control: steers live calls.
    ///   - readiness: asks the real parts, once per request.
    ///   - metrics: takes a copy of the figures, once per request.
    ///   - webhooks: who is told of events by HTTP; without it there are no routes for them.
    ///   - logger: for failures; requests are not logged.
    ///   - onListening: called once, with the bound port.
    package init(
        configuration: Configuration = Configuration(),
        journal: EventJournal,
        control: any CallControl,
        readiness: @escaping ReadinessProbe,
        metrics: @escaping MetricsSnapshot,
        webhooks: WebhookServices? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        calls = CallRoutes(journal: journal)
        steering = SteeringRoutes(
            journal: journal, control: control, bodyOctetLimit: configuration.bodyOctetLimit)
        live = LiveRoutes(journal: journal, figures: DashboardFigures(metrics: metrics))
        probes = ProbeRoutes(readiness: readiness, metrics: metrics)
        self.webhooks = webhooks.map {
            WebhookRoutes(services: $0, bodyOctetLimit: configuration.bodyOctetLimit)
        }
    }

    /// Serves until graceful shutdown or cancellation; requests under way are answered first.
    ///
    /// - Throws: if the address cannot be bound.
    package func run() async throws {
        // Pings at half of it at most: a connection's pongs keep it from being idle.
        let webSockets = WebSocketLimits(
            pingInterval: min(configuration.pingInterval, configuration.idleLimit / 2),
            writeLimit: configuration.writeLimit)
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [WebSocketTunnel(limits: webSockets)],
            idleTimeout: .init(configuration.idleLimit),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 32 * 1024,
                maxHeaderFieldCount: 100))
        let application = Application(
            router: router(),
            server: .http1(configuration: channel),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(
                    configuration.connectionLimit, logger: logger)),
            onServerRunning: { [configuration, onListening] channel in
                await onListening(channel.localAddress?.port ?? configuration.port)
            },
            logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw ControlServerError.cannotListen(
                host: configuration.host, port: configuration.port, reason: error.description)
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ProblemResponses())
        router.add(middleware: RequestGuard(bodyOctetLimit: configuration.bodyOctetLimit))
        probes.add(to: router)
        calls.add(to: router)
        webhooks?.add(to: router)
        steering.add(to: router)
        live.add(to: router)
        return router
    }
}

/// Why the control API cannot serve.
package enum ControlServerError: Error, Equatable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "the control API cannot listen on \(host):\(port) (\(reason)); "
                + "set MEDIABRIDGE_API_PORT to a free port"
        }
    }
}
