internal import ControlAPI
internal import Logging
internal import Pipeline
internal import Providers

extension Gateway {
    /// What the control API shows and steers.
    struct ControlParts {
        let media: Media
        let records: RecordMetrics
        let turns: TurnFigures
        let flights: FlightOutlet?
        let readiness: EngineReadiness
        let engines: EngineSet
        let outbox: OutboxService
        let twilio: TwilioService
        let vapi: VapiService
        let people: PeopleServices
        let alerts: AlertWatch?
        let spans: SpanQueue?
    }

    func controlServer(_ parts: ControlParts) -> ControlServer {
        let elevenLabs = elevenLabsService(parts.records)
        let media = parts.media
        let loops = LoopMetrics(
            loops: media.loops, figures: media.figures, liveCalls: media.liveCalls,
            flights: parts.flights)
        let gate = media.gate
        let logger = logger
        let onListening = onListening
        let mediaPort = Int(media.loops[0].port)
        return ControlServer(
            configuration: controlConfiguration, journal: parts.records.journal,
            store: parts.records.store,
            control: VapiCallControl(
                parts.vapi,
                others: LoopCallControl(
                    liveCalls: media.liveCalls, posters: media.loops.map(\.poster),
                    engines: parts.engines.names)),
            readiness: {
                Readiness(
                    media: gate.isAdmitting ? .ready : .unready(reason: "draining"),
                    stt: Readiness.Part(parts.readiness.failure(of: .recognition)),
                    llm: Readiness.Part(parts.readiness.failure(of: .model)),
                    tts: Readiness.Part(
                        parts.readiness.failure(of: .speech) ?? parts.engines.fillers.failure),
                    store: await parts.records.readiness())
            },
            metrics: { await parts.metrics() + loops.metrics() + elevenLabs.metrics() },
            webhooks: parts.outbox.routes, twilio: parts.twilio,
            remoteCalls: RemoteCallServices(vapi: parts.vapi, elevenLabs: elevenLabs),
            contacts: parts.people.directory,
            logger: logger,
            onListening: { port in
                logger.notice("control API listens", metadata: ["port": "\(port)"])
                await onListening(Ports(media: mediaPort, api: port))
            })
    }

    var controlConfiguration: ControlServer.Configuration {
        var server = ControlServer.Configuration()
        server.host = configuration.bind
        server.port = configuration.apiPort
        server.access = configuration.access.settings
        return server
    }
}

extension Gateway.ControlParts {
    fileprivate func metrics() async -> [Metric] {
        var metrics = await turns.metrics() + records.metrics()
        metrics += await engines.metrics() + outbox.metrics() + twilio.metrics() + vapi.metrics()
        if let contacts = people.contacts { metrics += await contacts.metrics() }
        if let alerts { metrics += await alerts.metrics() }
        return metrics + (spans?.metrics ?? [])
    }
}

extension Readiness.Part {
    fileprivate init(_ error: EngineError?) {
        self = error.map { .unready(reason: $0.text) } ?? .ready
    }
}
