internal import Pipeline

/// Which speech-to-speech agent leads calls, and what it is set up with beside the provider's own
/// settings (stage `agent`).
struct SpeechAgentConfiguration: Equatable, Sendable {
    /// `speechAgent`; the chains of `stt`, `agent` and `tts` take a call over when it fails.
    enum Choice: String, CaseIterable, Sendable { case none, elevenlabs, openai }

    var choice = Choice.none
    /// `elevenlabs.agent.id`.
    var agentID: String?
    /// `elevenlabs.agent.public`: anybody may talk to the agent, without a key.
    var isPublic = false
    /// `elevenlabs.agent.prompt`, in place of the one that is set there.
    var prompt: String?
    /// `<provider>.agent.greeting`: what the agent is to say first.
    var greeting: String?
    /// `elevenlabs.agent.overridesLanguage`: the agent is told each call's language.
    var overridesLanguage = false

    init() {}

    init(_ reader: SettingReader) throws(ConfigurationError) {
        choice = try reader.choice("speechAgent") ?? choice
        agentID = reader.text("elevenlabs.agent.id")
        isPublic = try reader.flag("elevenlabs.agent.public") ?? isPublic
        prompt = reader.text("elevenlabs.agent.prompt")
        greeting = reader.text("\(choice.rawValue).agent.greeting")
        overridesLanguage =
            try reader.flag("elevenlabs.agent.overridesLanguage") ?? overridesLanguage
    }

    var provider: CloudProvider? {
        switch choice {
        case .none: nil
        case .elevenlabs: .elevenlabs
        case .openai: .openai
        }
    }

    /// What it lacks, as advice; `nil`: nothing that can be seen from here.
    func lack(_ settings: ProviderSettings) -> String? {
        switch choice {
        case .none: nil
        case .elevenlabs:
            if agentID == nil {
                "elevenlabs has no agent: set MEDIABRIDGE_ELEVENLABS_AGENT_ID"
            } else {
                isPublic ? nil : settings.lack(of: .elevenlabs, for: .agent)
            }
        case .openai: settings.lack(of: .openai, for: .agent)
        }
    }
}
