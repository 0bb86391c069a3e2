internal import Codecs
package import Pipeline

/// OpenAI's Realtime API as the agent of a call: it hears, thinks and speaks over one socket.
///
/// µ-law and A-law pass through as they come; anything else is brought to 24 kHz. A connection that
/// breaks takes its conversation with it: nothing resumes one.
package struct RealtimeAgent: SpeechAgent {
    package struct Settings: Sendable {
        /// With or without `https://`.
        package var baseURL = "https://api.openai.com"
        /// Never logged; `nil`: for servers that ask for none.
        package var key: String?
        package var model = "gpt-realtime-2.1"
        package var voices: [Language: String] = [:]
        package var transcriptionModel = "gpt-transcribe"
        package var prompt: SystemPrompt
        package var tools: [ToolDefinition] = []
        /// What the agent is to say first; `nil`: the prompt tells.
        package var greeting: String?
        /// Silence that ends the caller's turn.
        package var endpointing = Duration.milliseconds(500)
        /// A caller who says nothing for so long after an answer is asked; `.zero`: never.
        package var idlePrompt = Duration.zero

        package init(key: String?, prompt: SystemPrompt) {
            self.key = key
            self.prompt = prompt
        }
    }

    package let name = "openai"
    package let tellsResponseEnds = true
    private let settings: Settings
    private let http: ProviderHTTP

    package init(settings: Settings, http: ProviderHTTP) {
        self.settings = settings
        self.http = http
    }

    /// Tries the key and the model by asking what the model is.
    ///
    /// - Throws: `EngineError` that names what to change.
    package func check() async throws(EngineError) {
        var base = WebSocketBase.normalized(settings.baseURL)
        base.replaceSubrange(
            base.startIndex..<base.index(base.startIndex, offsetBy: 2), with: "http")
        do throws(ProviderFailure) {
            try await http.check(
                ProviderHTTPRequest(
                    method: "GET", url: base + "/v1/models/" + URLQuery.encoded(settings.model),
                    headers: headers)
            ) { answer, _ in
                ProviderFailure(status: answer.status, retryAfter: answer.retryAfter)
            }
        } catch {
            switch error {
            case .unauthorised:
                throw .unavailable("OpenAI refuses the key: check OPENAI_API_KEY and its credit")
            case .rejected(status: 404):
                throw .unavailable(
                    "OpenAI has no model \(settings.model): set MEDIABRIDGE_OPENAI_AGENT_MODEL")
            case .rejected, .dns, .refused, .rateLimited, .server, .overloaded,
                .stalledBeforeFirst, .stalledMidStream, .garbage, .closedEarly, .timedOut:
                throw .failed("no agent at OpenAI: \(error.name)")
            }
        }
    }

    private var headers: [(name: String, value: String)] {
        settings.key.map { [("Authorization", "Bearer " + $0)] } ?? []
    }

    package func makeSession(
        _ request: SpeechAgentRequest, deliver: @escaping @Sendable (SpeechAgentEvent) -> Void
    ) throws(EngineError) -> any SpeechAgentSession {
        var address = URLQuery(WebSocketBase.normalized(settings.baseURL) + "/v1/realtime")
        address.add("model", settings.model)
        let engine = Usage.Engine(stage: .agent, provider: name, model: settings.model)
        let call = EngineContext.current?.call
        let session = RealtimeSession(
            request, greeting: settings.greeting,
            configuration: configuration(request).text, deliver: deliver
        ) { used in
            var amount = UsageAmount()
            amount.requests = 1
            amount.inputTokens = used.inputTokens
            amount.cachedTokens = used.cachedTokens
            amount.outputTokens = used.outputTokens
            call?.used(amount, of: engine)
        }
        try session.start(EngineEndpoint(url: address.url, headers: headers))
        return session
    }

    private func configuration(_ request: SpeechAgentRequest) -> JSONValue {
        var instructions = settings.prompt.text(
            for: ModelRequest(
                language: request.language, history: [],
                agent: AgentOverride(variables: request.variables)))
        if let caller = request.variables["caller_number"] {
            instructions += "\n<note>The caller's number is \(caller).</note>"
        }
        if let name = request.variables["name"], !name.isEmpty {
            instructions += "\n<note>That is the number of \(name): greet them by name.</note>"
        }
        var detection: [String: JSONValue] = [
            "type": "server_vad", "threshold": .number(0.5), "prefix_padding_ms": 300,
            "silence_duration_ms": .integer(Int(settings.endpointing.milliseconds)),
            "create_response": true, "interrupt_response": true,
        ]
        if settings.idlePrompt > .zero {
            detection["idle_timeout_ms"] = .integer(Int(settings.idlePrompt.milliseconds))
        }
        var output: [String: JSONValue] = [
            "format": RealtimeSession.format(for: request.outbound).json
        ]
        if let voice = settings.voices[request.language] { output["voice"] = .string(voice) }
        var session: [String: JSONValue] = [
            "type": "realtime", "instructions": .string(instructions),
            "output_modalities": ["audio"],
            "audio": [
                "input": [
                    "format": RealtimeSession.format(for: request.inbound).json,
                    "transcription": [
                        "model": .string(settings.transcriptionModel),
                        "language": .string(request.language.rawValue),
                    ],
                    "noise_reduction": ["type": "far_field"],
                    "turn_detection": .object(detection),
                ], "output": .object(output),
            ],
        ]
        if !settings.tools.isEmpty {
            session["tools"] = .array(
                settings.tools.map { tool in
                    [
                        "type": "function", "name": .string(tool.name),
                        "description": .string(tool.description), "parameters": tool.parameters,
                    ]
                })
            session["tool_choice"] = "auto"
        }
        return ["type": "session.update", "session": .object(session)]
    }
}

extension AudioFormat {
    /// The protocol's name of it.
    fileprivate var json: JSONValue {
        switch encoding {
        case .muLaw: ["type": "audio/pcmu"]
        case .aLaw: ["type": "audio/pcma"]
        case .linear16, .opus: ["type": "audio/pcm", "rate": .integer(rate.rawValue)]
        }
    }
}
