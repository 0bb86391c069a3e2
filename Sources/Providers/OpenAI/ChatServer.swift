/// Who serves chat completions: the format is one, what each takes differs.
package enum ChatServer: String, CaseIterable, Sendable {
    case openAI = "openai"
    case openRouter = "openrouter"
    case ollama
    case vLLM = "vllm"
    case llamaCpp = "llama.cpp"
    case lmStudio = "lmstudio"
    /// Is sent only what every server takes.
    case other

    package var defaultBaseURL: String? {
        switch self {
        case .openAI: "https://api.openai.com/v1"
        case .openRouter: "https://openrouter.ai/api/v1"
        case .ollama: "http://127.0.0.1:11434/v1"
        case .vLLM: "http://127.0.0.1:8000/v1"
        case .llamaCpp: "http://127.0.0.1:8080/v1"
        case .lmStudio: "http://127.0.0.1:1234/v1"
        case .other: nil
        }
    }

    /// Answers nobody without a key.
    package var needsKey: Bool {
        switch self {
        case .openAI, .openRouter: true
        case .ollama, .vLLM, .llamaCpp, .lmStudio, .other: false
        }
    }

    /// OpenAI's newer models refuse the older name; nobody else knows the newer one for sure.
    var maxTokensField: String {
        switch self {
        case .openAI: "max_completion_tokens"
        case .openRouter, .ollama, .vLLM, .llamaCpp, .lmStudio, .other: "max_tokens"
        }
    }

    /// `nil`: the server counts without being asked, or may refuse the field.
    var streamOptions: JSONValue? {
        switch self {
        // The padding against listeners on the wire costs octets and is of no use inside TLS
        // to a caller whose answer is spoken anyway.
        case .openAI: ["include_usage": true, "include_obfuscation": false]
        case .ollama, .vLLM, .llamaCpp, .lmStudio: ["include_usage": true]
        case .openRouter, .other: nil
        }
    }

    /// OpenAI's reasoning models take no temperature but their own.
    func takesTemperature(model: String) -> Bool {
        let name = model.split(separator: "/").last ?? ""
        let isReasoning = ["o1", "o3", "o4", "gpt-5", "gpt-6"].contains { name.hasPrefix($0) }
        return switch self {
        case .openAI, .openRouter: !isReasoning
        case .ollama, .vLLM, .llamaCpp, .lmStudio, .other: true
        }
    }
}
