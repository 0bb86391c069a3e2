package import Pipeline

/// What a language model behind HTTP is told apart from the conversation.
package struct ModelConfiguration: Sendable {
    /// With or without its version and a slash at the end, as people write it.
    package var baseURL: String
    /// `nil` for servers that ask for none; never logged.
    package var key: String?
    package var model: String
    /// An answer for the ear is short (contract §6).
    package var maxTokens = 150
    /// Sent where the model is known to take it; `nil`: never.
    package var temperature: Double? = 0.7
    /// Sent with every request, beside those of the protocol.
    package var headers: [(name: String, value: String)] = []
    /// Fields of the request body that are passed through; they win over ours, and `null` takes
    /// one away.
    package var extra: [String: JSONValue] = [:]
    package var tools: [ToolDefinition] = []
    package var prompt: SystemPrompt
    package var window = ContextWindow()

    package init(baseURL: String, key: String? = nil, model: String, prompt: SystemPrompt) {
        self.baseURL = baseURL
        self.key = key
        self.model = model
        self.prompt = prompt
    }

    /// `fields` with those passed through.
    func body(_ fields: [String: JSONValue]) -> [UInt8] {
        var fields = fields
        for (name, value) in extra { fields[name] = value == .null ? nil : value }
        return JSONValue.object(fields).octets
    }

    /// The URL of a path such as `chat/completions` below the base.
    func url(_ path: String) -> String { ProviderAddress.url(path, below: baseURL) }
}

extension ModelConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the key and the headers, which may hold one.
    package var description: String { "\(model) at \(baseURL)" }
    package var debugDescription: String { description }
}

/// Takes what one exchange with a provider used; called once for each, from any thread, at its end
/// whichever way it ended.
///
/// Where a stream was cut before the provider counted, the amounts are estimated from the text.
package typealias UsageReport = @Sendable (UsageAmount, Usage.Engine) -> Void
