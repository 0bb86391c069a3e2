internal import ControlAPI
internal import Pipeline
internal import Records

extension Gateway {
    /// The side of Vapi's calls that is not audio.
    func vapiService(
        _ records: RecordMetrics, tools: any ToolRunner, _ outbox: OutboxService
    ) -> VapiService {
        var settings = configuration.remoteCalls.vapi
        settings.language = configuration.language.rawValue
        return VapiService(
            settings: settings, signature: configuration.remoteCalls.signature,
            journal: records.journal, store: records.store, tools: GatewayTools(tools: tools),
            transport: outbox.http, logger: logger)
    }

    /// Takes what ElevenLabs tells of calls afterwards.
    func elevenLabsService(_ records: RecordMetrics) -> ElevenLabsService {
        var settings = configuration.remoteCalls.elevenLabs
        settings.language = configuration.language.rawValue
        return ElevenLabsService(
            settings: settings, journal: records.journal, store: records.store, logger: logger)
    }
}

/// The tools that our own calls use, for assistants that run elsewhere.
private struct GatewayTools: RemoteToolRunner {
    let tools: any ToolRunner

    func run(
        _ name: String, arguments: String, id: String, callID: String
    ) async -> RemoteToolOutcome {
        let result = await tools.run(
            ToolCall(id: id, name: name, arguments: arguments), callID: callID)
        return RemoteToolOutcome(succeeded: result.succeeded, content: result.content)
    }
}
