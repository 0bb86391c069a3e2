internal import ControlAPI
internal import Foundation
internal import Logging
internal import Pipeline
internal import Records
internal import ServiceLifecycle
internal import UnixSignals

/// The whole gateway: engines, media loops, control API, wired and run until SIGTERM or SIGINT.
struct Gateway: Sendable {
    let configuration: GatewayConfiguration
    let logger: Logger
    /// What the media port takes before it refuses, closes or drops.
    var limits = EdgeSettings.Limits()
    /// Each of them starts the drain; a graceful shutdown of the task that runs the gateway does too.
    var shutdownSignals: [UnixSignal] = [.sigterm, .sigint]
    /// Told once that both ports listen.
    var onListening: @Sendable (Ports) async -> Void = { _ in }

    /// Where a gateway listens.
    struct Ports: Sendable {
        let media: Int
        let api: Int
    }

    /// Serves until asked to stop, then drains.
    ///
    /// - Throws: when a port cannot be bound.
    func run() async throws {
        guard configuration.lacks.isEmpty else {
            throw ConfigurationError.providers(configuration.lacks)
        }
        raiseDescriptorLimit()
        if configuration.isRealTime, !RealTime.isPermitted {
            logger.notice("\(RealTime.advice)")
        }
        let store = try SQLiteStore(configuration.storeConfiguration)
        try await controlConfiguration.check(store)
        let journal = try await openJournal(store)
        let people = peopleServices(store)
        let engineSet = try EngineSet(configuration, customers: people.directory)
        do {
            try await serve(engineSet, store, journal, people)
        } catch {
            await engineSet.shutdown()
            throw error
        }
        await engineSet.shutdown()
        try await store.close()
        logger.notice("stopped")
    }

    private func serve(
        _ engineSet: EngineSet, _ store: SQLiteStore, _ journal: EventJournal,
        _ people: PeopleServices
    ) async throws {
        logger.notice("preparing engines")
        let engineReadiness = await engineSet.prepare()
        for part in engineReadiness.parts {
            guard let lack = part.lack else { continue }
            logger.error(
                "engine not ready",
                metadata: [
                    "part": "\(part.stage)", "engine": "\(part.name)", "why": "\(lack.text)",
                ])
        }
        let flights = try flightService()
        let gate = AdmissionGate(maxCalls: configuration.maxCalls)
        let isReady = EngineStage.allCases.allSatisfy { engineReadiness.failure(of: $0) == nil }
        let twilio = twilioService(
            journal, http: engineSet.http, contacts: people.directory
        ) { isReady && gate.hasRoom }
        let media = try startMedia(engineSet, flights?.outlet, gate, twilio, people.callers)
        let turns = TurnFigures(budget: configuration.latencyBudget)
        let records = RecordMetrics(journal: journal, store: store)
        let outbox = try await outboxService(store, people)
        let vapi = vapiService(records, tools: engineSet.engines.tools, outbox)
        let alerts = alertService(records, media.loops, engineSet)
        let tracing = tracing()
        let api = controlServer(
            ControlParts(
                media: media, records: records, turns: turns, flights: flights?.outlet,
                readiness: engineReadiness, engines: engineSet, outbox: outbox, twilio: twilio,
                vapi: vapi, people: people, alerts: alerts?.watch, spans: tracing?.queue))
        logger.notice(
            "media listens",
            metadata: [
                "address": "\(configuration.bind)", "port": "\(media.loops[0].port)",
                "loops": "\(media.loops.count)",
            ])
        let recording: [ServiceGroupConfiguration.ServiceConfiguration] =
            flights.map { [.init(service: $0, successTerminationBehavior: .ignore)] } ?? []
        let asking: [ServiceGroupConfiguration.ServiceConfiguration] =
            people.contacts.map { [.init(service: $0, successTerminationBehavior: .ignore)] } ?? []
        let group = ServiceGroup(
            configuration: .init(
                // Stopped from last to first, each after the one before has ended by itself: the
                // group takes a service that ends before its turn for a failure.
                services: recording + observers(alerts, tracing) + [
                    .init(
                        service: RetentionService(
                            store: store, policy: configuration.retention,
                            interval: configuration.retentionInterval, logger: logger),
                        successTerminationBehavior: .ignore),
                    .init(service: outbox, successTerminationBehavior: .ignore),
                ] + asking + [
                    .init(service: vapi, successTerminationBehavior: .ignore),
                    .init(
                        service: WorkerService(workers: media.workers),
                        successTerminationBehavior: .ignore),
                    .init(service: api),
                    .init(
                        service: EventService(
                            batches: media.batches, source: media.events, journal: journal,
                            figures: turns, logger: logger,
                            traces: tracing.map { _ in CallTraceWriter() }),
                        successTerminationBehavior: .ignore),
                    .init(service: media.service, successTerminationBehavior: .ignore),
                    .init(
                        service: PhraseService(engines: engineSet, logger: logger),
                        successTerminationBehavior: .ignore),
                ],
                gracefulShutdownSignals: shutdownSignals, logger: logger))
        try await group.run()
    }

    struct Media {
        let loops: [MediaLoop<GatewayLoop>]
        let figures: [LoopFigures]
        let liveCalls: LiveCalls
        let gate: AdmissionGate
        let batches: AsyncStream<EventOutlet.Batch>
        let events: AsyncStream<EventOutlet.Batch>.Continuation
        let workers: CallWorkers
        let service: MediaService
    }

    private func startMedia(
        _ engineSet: EngineSet, _ flights: FlightOutlet?, _ gate: AdmissionGate,
        _ twilio: TwilioService, _ callers: CallerLookup?
    ) throws -> Media {
        let configuration = configuration
        let workers = CallWorkers(
            executor: try CallExecutor(
                threadCount: ProcessInfo.processInfo.activeProcessorCount,
                isRealTime: configuration.isRealTime))
        let services = CallServices(
            engines: engineSet.engines, agent: engineSet.speechAgent?.engine, workers: workers,
            fillers: engineSet.fillers,
            detection: engineSet.detection, protectsFromEcho: configuration.echoProtection,
            defaultLanguage: configuration.language,
            flights: flights.map {
                FlightRecording(
                    outlet: $0,
                    audio: configuration.recordAudio ? configuration.recordingConsent : nil,
                    limit: configuration.flightCallMegabytes * 1_048_576)
            },
            prices: configuration.providers.prices, twilio: twilio, callers: callers
        ) { configuration.apply(to: &$0) }
        let (batches, events) = AsyncStream.makeStream(
            of: EventOutlet.Batch.self, bufferingPolicy: .bufferingOldest(4_096))
        let liveCalls = LiveCalls()
        var settings = EdgeSettings()
        settings.address = configuration.bind
        settings.port = UInt16(configuration.mediaPort)
        settings.limits = limits
        settings.admitsUpgrade = { path, signature, host in
            path != "/twilio" || twilio.admitsUpgrade(signature, host: host, path: path)
        }
        settings.trustsPublicRoots = engineSet.usesSecureSockets
        settings.isRealTime = configuration.isRealTime
        let count =
            configuration.loops > 0
            ? configuration.loops : ProcessInfo.processInfo.activeProcessorCount
        var loops: [MediaLoop<GatewayLoop>] = []
        var figures: [LoopFigures] = []
        for index in 0..<count {
            let loopFigures = LoopFigures()
            let loop = try MediaLoop<GatewayLoop>(index: index, settings: settings, gate: gate) {
                loopServices, poster in
                GatewayLoop(
                    on: loopServices, services: services, events: events, poster: poster,
                    figures: loopFigures, liveCalls: liveCalls)
            }
            settings.port = loop.port  // the first may have been given any free port
            loops.append(loop)
            figures.append(loopFigures)
        }
        let service = MediaService(
            loops: loops, gate: gate, liveCalls: liveCalls, drainLimit: configuration.drainLimit,
            logger: logger)
        return Media(
            loops: loops, figures: figures, liveCalls: liveCalls, gate: gate, batches: batches,
            events: events, workers: workers, service: service)
    }

    private func flightService() throws -> FlightService? {
        guard let path = configuration.flightDirectory else { return nil }
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let retention = FlightRetention(
            longestAge: .seconds(configuration.flightDays * 86_400),
            mostOctets: configuration.flightMegabytes * 1_048_576)
        return FlightService(
            outlet: FlightOutlet(),
            files: FlightFiles(folder: path, retention: retention), logger: logger)
    }

    func journalConfiguration() throws -> EventJournal.Configuration {
        guard let path = configuration.journalDirectory else { return .init() }
        let directory = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true)
        return .init(directory: directory)
    }
}
