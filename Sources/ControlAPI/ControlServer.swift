internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import Records
internal import ServiceLifecycle

/// The HTTP side of the gateway: probes, figures, calls and their control.
///
/// Without configuration only this machine can reach it, and needs no key; it refuses to listen
/// elsewhere as long as there are none.
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
        package var access = AccessSettings()

        package init() {}
    }

    private let configuration: Configuration
    private let calls: CallRoutes
    private let steering: SteeringRoutes
    private let live: LiveRoutes
    private let webhooks: WebhookRoutes?
    private let remoteCalls: RemoteCallRoutes?
    private let conversations: ConversationRoutes
    private let analytics: AnalyticsRoutes
    private let mappings: MappingRoutes
    private let keys: KeyRoutes
    private let contacts: ContactRoutes
    private let probes: ProbeRoutes
    private let twilio: TwilioService?
    private let store: any RecordStore
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// Wires a server that does nothing until `run()`.
    ///
    /// - Parameters:
    ///   - configuration: where it listens and what it takes.
    ///   - journal: what happens in calls.
    ///   - store: what is kept of them, with keys and what was done with those.
    ///   - control: steers live calls.
    ///   - readiness: asks the real parts, once per request.
    ///   - metrics: takes a copy of the figures, once per request.
    ///   - webhooks: who is told of events by HTTP; without it there are no routes for them.
    ///   - twilio: answers the carrier's webhooks and makes calls; `nil`: there are none.
    ///   - remoteCalls: those who run calls elsewhere; without it there are no routes for them.
    ///   - contacts: who looks callers up; `nil`: nobody does.
    ///   - logger: for failures; requests are not logged.
    ///   - onListening: called once, with the bound port.
    package init(
        configuration: Configuration = Configuration(),
        journal: EventJournal,
        store: any RecordStore,
        control: any CallControl,
        readiness: @escaping ReadinessProbe,
        metrics: @escaping MetricsSnapshot,
        webhooks: WebhookServices? = nil,
        twilio: TwilioService? = nil,
        remoteCalls: RemoteCallServices? = nil,
        contacts: ContactDirectory? = nil,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        self.store = store
        self.twilio = twilio
        let limit = configuration.bodyOctetLimit
        calls = CallRoutes(journal: journal, store: store)
        steering = SteeringRoutes(journal: journal, control: control, bodyOctetLimit: limit)
        live = LiveRoutes(journal: journal, figures: DashboardFigures(metrics: metrics))
        self.webhooks = webhooks.map { WebhookRoutes(services: $0, bodyOctetLimit: limit) }
        self.remoteCalls = remoteCalls.map { RemoteCallRoutes(services: $0) }
        conversations = ConversationRoutes(
            store: store, journal: journal, control: control, bodyOctetLimit: limit)
        analytics = AnalyticsRoutes(store: store)
        mappings = MappingRoutes(store: store, bodyOctetLimit: limit)
        keys = KeyRoutes(store: store, bodyOctetLimit: limit)
        self.contacts = ContactRoutes(store: store, directory: contacts)
        probes = ProbeRoutes(readiness: readiness, metrics: metrics)
    }

    /// Serves until graceful shutdown or cancellation; requests under way are answered first.
    ///
    /// - Throws: `ControlServerError` if the address cannot be bound, or must not without a key.
    package func run() async throws {
        let began = ContinuousClock.now
        let now: @Sendable () -> Duration = { began.duration(to: .now) }
        let ring = try await configuration.keyRing(store, now: now)
        let audit = AuditTrail(store: store, logger: logger)
        let gate = AccessGate(
            ring: ring, audit: audit, settings: configuration.access,
            isLocal: configuration.isLocal, now: now)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await audit.run() }
            defer { audit.finish() }
            try await serve(gate)
        }
    }

    private func serve(_ gate: AccessGate) async throws {
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
            router: router(gate),
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

    private func router(_ gate: AccessGate) -> Router<ControlContext> {
        let router = ControlRouter()
        router.add(middleware: RequestTracing())
        router.add(middleware: RequestNames())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: CrossOrigin(origins: configuration.access.corsOrigins))
        router.add(middleware: ProblemResponses())
        router.add(
            middleware: BodyLimit(
                bodyOctetLimit: configuration.bodyOctetLimit,
                pathLimits: remoteCalls?.bodyOctetLimits ?? [:]))
        router.add(middleware: gate)
        addRoutes(to: router)
        return router.finished()
    }

    /// Every route there is; the OpenAPI document is held against it.
    func addRoutes(to router: ControlRouter) {
        probes.add(to: router)
        calls.add(to: router)
        twilio?.addRoutes(to: router, bodyOctetLimit: configuration.bodyOctetLimit)
        webhooks?.add(to: router)
        remoteCalls?.add(to: router)
        steering.add(to: router)
        live.add(to: router)
        conversations.add(to: router)
        analytics.add(to: router)
        mappings.add(to: router)
        keys.add(to: router)
        contacts.add(to: router)
        OpenAPIDocument(
            of: router.routes + [ControlRouter.Route(method: .get, path: "/openapi.json")]
        ).add(to: router)
    }
}

extension ControlServer.Configuration {
    var isLocal: Bool { Loopback.holds(host: host) }

    /// Tells before anything is started whether the server may listen where it should.
    ///
    /// - Throws: `ControlServerError` for a network without keys, and for keys that cannot be read.
    package func check(_ store: any RecordStore) async throws {
        _ = try await keyRing(store, now: { .zero })
    }

    fileprivate func keyRing(
        _ store: any RecordStore, now: @escaping @Sendable () -> Duration
    ) async throws -> KeyRing {
        let ring = KeyRing(
            store: store, adminKey: access.adminKey, tokens: try await TokenVerifier(access),
            now: now)
        if !isLocal {
            guard try await ring.hasKeys() else { throw ControlServerError.needsKey(host: host) }
        }
        return ring
    }
}

/// Why the control API cannot serve.
package enum ControlServerError: Error, Equatable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)
    case needsKey(host: String)
    case tokenKeySet

    package var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "the control API cannot listen on \(host):\(port) (\(reason)); "
                + "set MEDIABRIDGE_API_PORT to a free port"
        case .needsKey(let host):
            "the control API will not listen on \(host) for everybody: set MEDIABRIDGE_ADMIN_KEY, "
                + "make a key with `mediabridge key create`, or set MEDIABRIDGE_BIND to 127.0.0.1"
        case .tokenKeySet: "the file of jwtKeySet is no JSON Web Key Set (RFC 7517)"
        }
    }
}
