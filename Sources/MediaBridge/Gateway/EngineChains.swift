internal import Pipeline

/// The chains as they are served: with the built-in agent and voice behind every other, or with the
/// most wanted one alone.
///
/// No recogniser is added: the built-in one is far worse than asking the caller again.
struct EngineChains: Equatable {
    var stt: [GatewayConfiguration.Recognizer]
    var agent: [GatewayConfiguration.Agent]
    var tts: [GatewayConfiguration.Synthesizer]

    init(_ configuration: GatewayConfiguration) {
        stt = configuration.stt
        agent = configuration.agent
        tts = configuration.tts
        guard configuration.providers.autoFallback else {
            stt = Array(stt.prefix(1))
            agent = Array(agent.prefix(1))
            tts = Array(tts.prefix(1))
            return
        }
        // An instant engine cannot fail.
        if !agent.contains(.intent), agent.last != .instant { agent.append(.intent) }
        if !tts.contains(.espeak), tts.last != .instant { tts.append(.espeak) }
    }

    /// Where the engines that need WebSockets have them.
    func socketBases(_ configuration: GatewayConfiguration) -> [String] {
        var bases: [String] = []
        func add(_ provider: CloudProvider, _ stage: EngineStage) {
            let own = configuration.providers.settings(of: provider, for: stage)
            bases.append(own.baseURL ?? "wss://")
        }
        if let provider = configuration.speechAgent.provider { add(provider, .agent) }
        if stt.contains(.deepgram) { add(.deepgram, .recognition) }
        if tts.contains(.deepgram) { add(.deepgram, .speech) }
        if tts.contains(.elevenlabs) { add(.elevenlabs, .speech) }
        return bases
    }
}
