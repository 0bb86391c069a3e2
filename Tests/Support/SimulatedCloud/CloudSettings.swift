/// The settings that make a gateway use the simulated cloud.
enum CloudSettings {
    /// By the names of environment variables; the choice of engines is left to whoever starts it.
    static func settings(for urls: [CloudService: String]) -> [String: String] {
        var settings = [
            "DEEPGRAM_API_KEY": CloudService.key,
            "ELEVENLABS_API_KEY": CloudService.key,
            "ANTHROPIC_API_KEY": CloudService.key,
            "OPENAI_API_KEY": CloudService.key,
            "MEDIABRIDGE_ELEVENLABS_VOICE": CloudService.voice,
            "MEDIABRIDGE_OLLAMA_MODEL": "llama3.2",
        ]
        for (service, url) in urls { settings["MEDIABRIDGE_\(name(of: service))_BASE_URL"] = url }
        return settings
    }

    private static func name(of service: CloudService) -> String {
        switch service {
        case .deepgram: "DEEPGRAM_STT"
        case .aura: "DEEPGRAM_TTS"
        case .transcription: "OPENAI_STT"
        case .speech: "OPENAI_TTS"
        case .openai: "OPENAI_LLM"
        case .anthropic: "ANTHROPIC"
        case .ollama: "OLLAMA"
        case .rasa: "RASA"
        case .elevenlabs: "ELEVENLABS"
        }
    }
}
