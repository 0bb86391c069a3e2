package import Pipeline

/// Claude over the Messages API, streamed.
///
/// Make one per call: it is a configuration and a reference to the connections all calls share.
/// Ending the iteration of an answer closes its exchange, which is how the API is cancelled.
package struct AnthropicModel: LanguageModel {
    package static let defaultBaseURL = "https://api.anthropic.com"
    private static let provider = "anthropic"

    private let configuration: ModelConfiguration
    private let http: ProviderHTTP
    private let usage: UsageReport
    private let memory = ThinkingMemory()

    /// - Parameters:
    ///   - configuration: where it is, and what it is told.
    ///   - http: shared by all engines.
    ///   - usage: takes what each exchange used.
    package init(
        _ configuration: ModelConfiguration, http: ProviderHTTP,
        usage: @escaping UsageReport = { _, _ in }
    ) {
        self.configuration = configuration
        self.http = http
        self.usage = usage
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let prompt = configuration.prompt.text(for: request)
        let history = configuration.window.bounded(request.history, systemPrompt: prompt)
        let turns = ModelTurns(history)
        let exchange = ModelExchange<AnthropicStream>(
            http: http, request: message(body: body(prompt, turns)), history: request.history,
            engine: Usage.Engine(
                stage: .model, provider: Self.provider, model: configuration.model),
            estimatedInputTokens: turns.tokens + ContextWindow.tokens(in: prompt),
            report: usage, failure: { ProviderFailure(anthropic: $0, $1) })
        return exchange.events { [memory] in AnthropicStream(memory: memory) }
    }

    /// Asks for one token: tells a wrong key (`.unauthorised`), a wrong model
    /// (`.rejected(status: 404)`) and a setting the model refuses (400) before a call meets them.
    package func check() async throws(ProviderFailure) {
        var short = configuration
        short.extra["max_tokens"] = 1
        let turns = ModelTurns([.user("Hi")])
        let body = Self(short, http: http).body("Answer in one word.", turns)
        try await http.check(message(body: body)) { ProviderFailure(anthropic: $0, $1) }
    }

    /// Opens a connection for the first answer to use.
    package func warmUp() async throws(ProviderFailure) {
        try await http.warmUp(
            ProviderHTTPRequest(
                method: "GET", url: configuration.url("models"), headers: headers))
    }

    private var headers: [(name: String, value: String)] {
        var headers = [
            (name: "content-type", value: "application/json"),
            (name: "accept", value: "text/event-stream"),
            (name: "anthropic-version", value: "2023-06-01"),
        ]
        if let key = configuration.key { headers.append((name: "x-api-key", value: key)) }
        return headers + configuration.headers
    }

    private func message(body: [UInt8]) -> ProviderHTTPRequest {
        ProviderHTTPRequest(url: configuration.url("messages"), headers: headers, body: body)
    }

    /// The tools and the prompt come first and are marked: the provider caches what a request
    /// begins with, and only these are the same in every request of every call.
    private func body(_ prompt: String, _ turns: ModelTurns) -> [UInt8] {
        let traits = AnthropicTraits(model: configuration.model)
        var fields: [String: JSONValue] = [
            "model": .string(configuration.model),
            "max_tokens": .integer(configuration.maxTokens),
            "stream": true,
            "system": [
                [
                    "type": "text", "text": .string(prompt),
                    "cache_control": ["type": "ephemeral"],
                ]
            ],
            "messages": .array(turns.turns.map { message($0) }),
        ]
        fields.merge(traits.fastest) { _, new in new }
        if traits.takesTemperature, let temperature = configuration.temperature {
            fields["temperature"] = .number(min(max(temperature, 0), 1))
        }
        if !configuration.tools.isEmpty {
            fields["tools"] = .array(
                configuration.tools.map { tool in
                    [
                        "name": .string(tool.name), "description": .string(tool.description),
                        "input_schema": tool.parameters,
                    ]
                })
        }
        return configuration.body(fields)
    }

    private func message(_ turn: ModelTurns.Turn) -> JSONValue {
        var blocks: [JSONValue] = []
        func add(_ text: String) {
            if !text.isEmpty { blocks.append(["type": "text", "text": .string(text)]) }
        }
        switch turn {
        case .caller(let results, let text):
            blocks = results.map { result in
                [
                    "type": "tool_result", "tool_use_id": .string(Self.id(result.callID)),
                    "content": .string(result.content), "is_error": .bool(!result.succeeded),
                ]
            }
            add(text)
            return ["role": "user", "content": .array(blocks)]
        case .model(let text, let calls):
            blocks = calls.first.map { memory.blocks(for: $0.id) } ?? []
            add(text)
            blocks += calls.map { call in
                [
                    "type": "tool_use", "id": .string(Self.id(call.id)),
                    "name": .string(call.name),
                    "input": JSONValue(parsing: call.arguments) ?? [:],
                ]
            }
            return ["role": "assistant", "content": .array(blocks)]
        }
    }

    /// The API takes letters, digits, `_` and `-`; other providers' identifiers have more.
    private static func id(_ text: String) -> String {
        String(
            text.map { character in
                let isTaken =
                    character.isASCII
                    && (character.isLetter || character.isNumber || "_-".contains(character))
                return isTaken ? character : "_"
            })
    }
}
