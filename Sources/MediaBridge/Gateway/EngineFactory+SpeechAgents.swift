internal import Pipeline
internal import Providers

extension EngineFactory {
    /// The agent that leads calls; `nil`: our own conversation does.
    func speechAgent() -> EngineSource<any SpeechAgent>? {
        let chosen = configuration.speechAgent
        switch chosen.choice {
        case .none: return nil
        case .elevenlabs:
            let own = configuration.providers.settings(of: .elevenlabs, for: .agent)
            var settings = ElevenLabsAgent.Settings(
                agentID: chosen.agentID ?? "", key: own.key?.value)
            settings.baseURL = own.baseURL ?? settings.baseURL
            settings.overrides.prompt = chosen.prompt
            settings.overrides.firstMessage = chosen.greeting
            settings.overrides.voice = own.voice
            settings.overrides.sendsLanguage = chosen.overridesLanguage
            let agent = ElevenLabsAgent(settings: settings, http: http)
            return cloud(.elevenlabs, .agent, agent) { try await agent.check() }
        case .openai:
            let own = configuration.providers.settings(of: .openai, for: .agent)
            var settings = RealtimeAgent.Settings(key: own.key?.value, prompt: prompt)
            settings.baseURL = own.baseURL ?? settings.baseURL
            settings.model = own.model ?? settings.model
            for language in Language.allCases {
                settings.voices[language] = own.voice(in: language)
            }
            settings.tools = tools
            settings.greeting = chosen.greeting
            settings.idlePrompt = configuration.idlePrompt
            let agent = RealtimeAgent(settings: settings, http: http)
            return cloud(.openai, .agent, agent) { try await agent.check() }
        }
    }
}
