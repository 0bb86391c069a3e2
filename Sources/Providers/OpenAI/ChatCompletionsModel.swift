internal import FoundationEssentials
package import Pipeline

/// A language model over chat completions, streamed: OpenAI, OpenRouter, Ollama, vLLM, llama.cpp.
///
/// Make one per call: it is a configuration and a reference to the connections all calls share.
/// Ending the iteration of an answer closes its exchange, at which servers stop generating.
package struct ChatCompletionsModel: LanguageModel {
    private let configuration: ModelConfiguration
    private let server: ChatServer
    private let http: ProviderHTTP
    private let usage: UsageReport

    /// - Parameters:
    ///   - configuration: where it is, and what it is told.
    ///   - server: what it takes.
    ///   - http: shared by all engines.
    ///   - usage: takes what each exchange used; the provider's name is the server's.
    package init(
        _ configuration: ModelConfiguration, server: ChatServer, http: ProviderHTTP,
        usage: @escaping UsageReport = { _, _ in }
    ) {
        self.configuration = configuration
        self.server = server
        self.http = http
        self.usage = usage
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let prompt = configuration.prompt.text(for: request)
        let history = configuration.window.bounded(request.history, systemPrompt: prompt)
        let turns = ModelTurns(history)
        let earlierCalls = request.history.count { if case .toolCall = $0 { true } else { false } }
        let exchange = ModelExchange<ChatCompletionsStream>(
            http: http, request: completion(body: body(prompt, turns)), history: request.history,
            engine: Usage.Engine(
                stage: .model, provider: server.rawValue, model: configuration.model),
            estimatedInputTokens: turns.tokens + ContextWindow.tokens(in: prompt),
            report: usage, failure: { Self.failure($0, $1) })
        return exchange.events { ChatCompletionsStream(earlierCalls: earlierCalls) }
    }

    /// Asks for one token: tells a wrong key (`.unauthorised`), a wrong model
    /// (`.rejected(status: 404)`) and a setting the server refuses (400, 422) before a call does.
    ///
    /// At Ollama and llama.cpp it loads the model, which may take minutes.
    package func check() async throws(ProviderFailure) {
        var short = configuration
        short.extra[server.maxTokensField] = 1
        let body = Self(short, server: server, http: http)
            .body("Answer in one word.", ModelTurns([.user("Hi")]))
        try await http.check(completion(body: body)) { Self.failure($0, $1) }
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
        ]
        if let key = configuration.key {
            headers.append((name: "authorization", value: "Bearer \(key)"))
        }
        return headers + configuration.headers
    }

    private func completion(body: [UInt8]) -> ProviderHTTPRequest {
        ProviderHTTPRequest(
            url: configuration.url("chat/completions"), headers: headers, body: body)
    }

    private static func failure(_ head: ProviderHTTPResponse, _ body: [UInt8]) -> ProviderFailure {
        if head.status == 429,
            let body = try? JSONDecoder().decode(ChatError.Body.self, from: Data(body)),
            body.error.isOutOfCredit
        {
            return .unauthorised
        }
        return ProviderFailure(status: head.status, retryAfter: head.retryDelay)
    }

    private func body(_ prompt: String, _ turns: ModelTurns) -> [UInt8] {
        let system: JSONValue = ["role": "system", "content": .string(prompt)]
        var fields: [String: JSONValue] = [
            "model": .string(configuration.model),
            server.maxTokensField: .integer(configuration.maxTokens),
            "stream": true,
            "messages": .array([system] + turns.turns.flatMap { Self.messages($0) }),
        ]
        if let options = server.streamOptions { fields["stream_options"] = options }
        if let temperature = configuration.temperature,
            server.takesTemperature(model: configuration.model)
        {
            fields["temperature"] = .number(temperature)
        }
        if !configuration.tools.isEmpty {
            fields["tools"] = .array(
                configuration.tools.map { tool in
                    [
                        "type": "function",
                        "function": [
                            "name": .string(tool.name), "description": .string(tool.description),
                            "parameters": tool.parameters,
                        ],
                    ]
                })
        }
        return configuration.body(fields)
    }

    private static func messages(_ turn: ModelTurns.Turn) -> [JSONValue] {
        switch turn {
        case .caller(let results, let text):
            let answers: [JSONValue] = results.map { result in
                [
                    "role": "tool", "tool_call_id": .string(result.callID),
                    "content": .string(result.content),
                ]
            }
            guard !text.isEmpty else { return answers }
            return answers + [["role": "user", "content": .string(text)]]
        case .model(let text, let calls):
            var message: [String: JSONValue] = [
                "role": "assistant", "content": text.isEmpty ? .null : .string(text),
            ]
            if !calls.isEmpty {
                message["tool_calls"] = .array(
                    calls.map { call in
                        [
                            "id": .string(call.id), "type": "function",
                            "function": [
                                "name": .string(call.name), "arguments": .string(call.arguments),
                            ],
                        ]
                    })
            }
            return [.object(message)]
        }
    }
}
