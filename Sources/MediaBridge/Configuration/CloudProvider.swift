internal import Pipeline

/// A provider that is reached over a network, or brings models of its own as sherpa-onnx does: what
/// its settings are called and what it must have.
///
/// The names in `stt`, `agent` and `tts` are these.
enum CloudProvider: String, CaseIterable, Sendable {
    case anthropic, openai, openrouter, ollama, vllm, llamacpp, lmstudio, rasa
    case deepgram, elevenlabs
    case sherpa
    case heygen

    /// What it does when its settings do not say for which of its jobs they are.
    var mainStage: EngineStage {
        switch self {
        case .anthropic, .openai, .openrouter, .ollama, .vllm, .llamacpp, .lmstudio, .rasa: .model
        case .deepgram, .sherpa: .recognition
        case .elevenlabs, .heygen: .speech
        }
    }

    /// Answers nobody without a key, at its own address.
    var needsKey: Bool {
        switch self {
        case .anthropic, .openai, .openrouter, .deepgram, .elevenlabs, .heygen: true
        case .ollama, .vllm, .llamacpp, .lmstudio, .rasa, .sherpa: false
        }
    }

    /// Without a voice it says nothing; the others have one that they take by default.
    func needsVoice(for stage: EngineStage) -> Bool { self == .elevenlabs && stage == .speech }

    /// The environment's name of its key; `MEDIABRIDGE_` before it wins, `_FILE` behind it names a
    /// file that holds the key.
    var keyVariable: String { "\(rawValue.uppercased())_API_KEY" }

    /// Names that the environment has for other settings, without our prefix.
    var aliases: (baseURL: String?, model: String?) {
        switch self {
        case .rasa: ("RASA_URL", nil)
        case .openrouter: (nil, "OPENROUTER_MODEL")
        case .anthropic, .openai, .ollama, .vllm, .llamacpp, .lmstudio, .deepgram, .elevenlabs,
            .sherpa, .heygen:
            (nil, nil)
        }
    }
}

/// What a provider is asked with; what is `nil`, its engine knows better.
struct ProviderSettings: Equatable, Sendable {
    var baseURL: String?
    var key: Secret?
    var model: String?
    /// The provider's own name of the language it is to hear or speak, such as `es-419`.
    var language: String?
    /// Of every language that has none of its own.
    var voice: String?
    var voices: [Language: String] = [:]

    func voice(in language: Language) -> String? { voices[language] ?? voice }

    /// What `provider` lacks for `stage`, as advice; `nil`: nothing that can be seen from here.
    func lack(of provider: CloudProvider, for stage: EngineStage) -> String? {
        if provider.needsKey, key == nil, baseURL == nil {
            let name = provider.keyVariable
            return "\(provider.rawValue) has no key: set \(name), or \(name)_FILE to a file with it"
        }
        if provider == .sherpa { return lackOfSherpa(for: stage) }
        if provider.needsVoice(for: stage), voice == nil, voices.isEmpty {
            let name = "MEDIABRIDGE_\(provider.rawValue.uppercased())_VOICE"
            return "\(provider.rawValue) has no voice: set \(name)"
        }
        return nil
    }

    private func lackOfSherpa(for stage: EngineStage) -> String? {
        let name = "MEDIABRIDGE_SHERPA_\(stage.rawValue.uppercased())"
        guard model != nil else {
            return "sherpa has no model: set \(name)_MODEL to the folder of one"
        }
        let numbers = [voice].compactMap(\.self) + voices.values
        guard stage == .recognition || numbers.allSatisfy({ Int($0).map { $0 >= 0 } == true })
        else { return "sherpa's voices are numbers from 0 on: set \(name)_VOICE to one" }
        return nil
    }
}

/// Text that no log, error or dump shows.
struct Secret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// For the request it is meant for, and nothing else.
    let value: String

    var description: String { "<secret>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
