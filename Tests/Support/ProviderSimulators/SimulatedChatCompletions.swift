/// A server of chat completions for the integration tests and for calls without a cloud, in the
/// dialect of any of the usual ones.
package final class SimulatedChatCompletions: Sendable {
    package typealias Script = @Sendable (SimulatedModelRequest) -> SimulatedModelAnswer

    private let server: SimulatedModelServer
    /// One for each request, when it is over.
    package var ends: AsyncStream<SimulatedModelEnd> { server.ends }

    /// Without the version, which clients add.
    package var url: String { server.url }
    package var requests: [SimulatedModelRequest] { server.log.all }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - dialect: whose server it is.
    ///   - key: the one it takes; `nil`: any, or none.
    ///   - models: those it knows.
    ///   - script: answers each request that is in order.
    /// - Throws: when the port cannot be bound.
    package init(
        port: Int = 0, dialect: SimulatedChatDialect = .openAI, key: String? = "simulated-key",
        models: Set<String> = ["gpt-4.1-mini"], script: @escaping Script
    ) async throws {
        server = try await SimulatedModelServer(port: port) { request, exchange, log in
            try await Self.serve(
                request, exchange, dialect, key: key, models: models, log: log, script: script)
        }
    }

    package func stop() async { await server.stop() }

    private static func serve(
        _ request: SimulatedRequest, _ exchange: SimulatedExchange,
        _ dialect: SimulatedChatDialect, key: String?, models: Set<String>,
        log: SimulatedModelServer.Log,
        script: Script
    ) async throws -> Bool {
        if let refusal = refusal(of: request, dialect, key: key, models: models) {
            try await exchange.refuse(refusal.status, refusal.code)
            return false
        }
        let asked = asked(request)
        log.note(asked)
        let answer = script(asked)
        if case .status(let status, let retryAfter) = answer.fault {
            try await exchange.refuse(status, "scripted", retryAfter: retryAfter)
            return false
        }
        try await stream(answer, request, exchange, dialect)
        return true
    }

    // MARK: The request

    private static func refusal(
        of request: SimulatedRequest, _ dialect: SimulatedChatDialect, key: String?,
        models: Set<String>
    ) -> (status: Int, code: String)? {
        if let key, request.header("authorization") != "Bearer \(key)" {
            return (401, "invalid_api_key")
        }
        guard request.method == "POST", request.path == "/v1/chat/completions" else {
            return (404, "unknown_url")
        }
        guard let body = SimulatedJSON.object(request.body) else { return (400, "invalid_json") }
        guard let model = body["model"] as? String, models.contains(model) else {
            return (404, "model_not_found")
        }
        guard dialect.refusedFields.isDisjoint(with: body.keys) else {
            return (400, "unsupported_parameter")
        }
        guard let messages = body["messages"] as? [[String: Any]], isInOrder(messages) else {
            return (400, "invalid_messages")
        }
        return nil
    }

    /// As the templates of the strictest models want it: system first, then in turns, and behind
    /// calls a result for each.
    private static func isInOrder(_ messages: [[String: Any]]) -> Bool {
        var last = ""
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            guard let role = message["role"] as? String else { return false }
            switch role {
            case "system": guard index == 0 else { return false }
            case "tool":
                guard let id = message["tool_call_id"] as? String,
                    let known = open.firstIndex(of: id)
                else { return false }
                open.remove(at: known)
            case "user", "assistant":
                guard open.isEmpty, role != last else { return false }
                if last == "" || last == "system" { guard role == "user" else { return false } }
                let calls = message["tool_calls"] as? [[String: Any]] ?? []
                for call in calls {
                    let function = call["function"] as? [String: Any]
                    guard let id = call["id"] as? String, function?["arguments"] is String else {
                        return false
                    }
                    open.append(id)
                }
            default: return false
            }
            last = role
        }
        return open.isEmpty && last != "assistant"
    }

    private static func asked(_ request: SimulatedRequest) -> SimulatedModelRequest {
        let body = SimulatedJSON.object(request.body) ?? [:]
        let messages = body["messages"] as? [[String: Any]] ?? []
        let results = messages.reversed().prefix { $0["role"] as? String == "tool" }.reversed()
        let last = messages.last { $0["role"] as? String == "user" }
        return SimulatedModelRequest(
            body: String(decoding: request.body, as: UTF8.self), headers: request.headers,
            lastWords: results.isEmpty ? last?["content"] as? String ?? "" : "",
            toolResults: results.compactMap { $0["content"] as? String },
            arrivedAt: request.arrivedAt)
    }

    // MARK: The answer

    private static func stream(
        _ answer: SimulatedModelAnswer, _ request: SimulatedRequest,
        _ exchange: SimulatedExchange, _ dialect: SimulatedChatDialect
    ) async throws {
        let body = SimulatedJSON.object(request.body) ?? [:]
        let end = dialect.sendsCarriageReturns ? "\r\n" : "\n"
        func event(_ members: [String: Any]) -> String {
            var members = members
            members["id"] = "chatcmpl-1"
            members["object"] = "chat.completion.chunk"
            members["created"] = 1_795_251_600
            members["model"] = body["model"]
            return "data: \(SimulatedJSON.text(members))\(end)\(end)"
        }
        func chunk(
            _ delta: [String: Any], reason: String? = nil, usage: [String: Any]? = nil
        ) -> String {
            let choice: [String: Any] = [
                "index": 0, "delta": delta, "finish_reason": reason ?? SimulatedJSON.null,
            ]
            return event(["choices": [choice], "usage": usage ?? SimulatedJSON.null])
        }
        var writer = SimulatedModelWriter(
            exchange, answer, askedAt: request.arrivedAt
        ) { type in
            let code: Any = dialect.hasNumericErrorCodes ? Int(type) ?? 502 : type
            return event(["error": ["message": "scripted", "code": code]])
        }
        try await writer.begin()
        if dialect.sendsComments { try await writer.send(": OPENROUTER PROCESSING\n\n") }
        try await writer.send(chunk(["role": "assistant", "content": ""]))
        var pieceCount = 0
        var toolCount = 0
        for part in answer.parts {
            let deltas: [[String: Any]]
            switch part {
            case .text(let text): deltas = answer.pieces(of: text).map { ["content": $0] }
            case .thinking(let text):
                if let field = dialect.thoughtField {
                    deltas = answer.pieces(of: text).map { [field: $0] }
                } else {
                    deltas = answer.pieces(of: "<think>\(text)</think>\n").map { ["content": $0] }
                }
            case .tool(let id, let name, let arguments):
                deltas = Self.deltas(
                    ofCall: toolCount, id, name, arguments, answer.pieces(of: arguments), dialect)
                toolCount += 1
            }
            for delta in deltas {
                pieceCount += 1
                if dialect.sendsComments { try await writer.send(": OPENROUTER PROCESSING\n\n") }
                try await writer.sendPiece(chunk(delta))
            }
        }
        let usage: [String: Any] = [
            "prompt_tokens": 800, "completion_tokens": pieceCount,
            "total_tokens": 800 + pieceCount, "prompt_tokens_details": ["cached_tokens": 700],
        ]
        let reason = toolCount > 0 && !dialect.sendsWholeToolCalls ? "tool_calls" : "stop"
        let last = chunk([:], reason: reason, usage: dialect.countsInLastChunk ? usage : nil)
        // Whoever ends its stream with a reason alone ends it here.
        guard dialect.sendsDone else { return try await writer.end(last) }
        if let fault = answer.fault, fault != .stallAtEnd { return try await writer.end(last) }
        try await writer.send(last)
        let options = body["stream_options"] as? [String: Any]
        if options?["include_usage"] as? Bool == true, !dialect.countsInLastChunk {
            try await writer.send(event(["choices": [Any](), "usage": usage]))
        }
        try await writer.end("data: [DONE]\(end)\(end)")
    }

    private static func deltas(
        ofCall index: Int, _ id: String, _ name: String, _ arguments: String, _ pieces: [String],
        _ dialect: SimulatedChatDialect
    ) -> [[String: Any]] {
        func delta(_ function: [String: Any], isFirst: Bool) -> [String: Any] {
            var call: [String: Any] = ["index": index, "function": function]
            if isFirst {
                call["type"] = "function"
                if dialect.sendsToolCallIDs { call["id"] = id }
            }
            return ["tool_calls": [call]]
        }
        guard dialect.sendsWholeToolCalls else {
            return [delta(["name": name, "arguments": ""], isFirst: true)]
                + pieces.map { delta(["arguments": $0], isFirst: false) }
        }
        let value: Any =
            dialect.sendsArgumentsAsObject ? SimulatedJSON.object(arguments) : arguments
        return [delta(["name": name, "arguments": value], isFirst: true)]
    }
}

extension SimulatedExchange {
    fileprivate func refuse(_ status: Int, _ code: String, retryAfter: String? = nil) async throws {
        try await answer(
            status: status,
            headers: [("Content-Type", "application/json")]
                + (retryAfter.map { [("retry-after", $0)] } ?? []),
            body: SimulatedJSON.text([
                "error": ["message": "scripted", "type": "invalid_request_error", "code": code]
            ]))
    }
}
