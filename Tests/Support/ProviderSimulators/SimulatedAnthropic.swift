/// The Messages API for the integration tests and for calls without a cloud, as its documents
/// describe it: strict about requests, streamed answers, every documented fault.
package final class SimulatedAnthropic: Sendable {
    package typealias Script = @Sendable (SimulatedModelRequest) -> SimulatedModelAnswer

    private let server: SimulatedModelServer
    /// One for each request, when it is over.
    package var ends: AsyncStream<SimulatedModelEnd> { server.ends }

    package var url: String { server.url }
    package var requests: [SimulatedModelRequest] { server.log.all }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - key: the one it takes.
    ///   - models: those it knows.
    ///   - script: answers each request that is in order.
    /// - Throws: when the port cannot be bound.
    package init(
        port: Int = 0, key: String = "simulated-key",
        models: Set<String> = ["claude-haiku-4-5", "claude-haiku-5-5"],
        script: @escaping Script
    ) async throws {
        server = try await SimulatedModelServer(port: port) { request, exchange, log in
            try await Self.serve(
                request, exchange, key: key, models: models, log: log, script: script)
        }
    }

    package func stop() async { await server.stop() }

    private static func serve(
        _ request: SimulatedRequest, _ exchange: SimulatedExchange, key: String,
        models: Set<String>, log: SimulatedModelServer.Log, script: Script
    ) async throws -> Bool {
        let body = SimulatedJSON.object(request.body)
        if let refusal = refusal(of: request, body, key: key, models: models) {
            try await exchange.refuse(refusal.status, refusal.type, refusal.message)
            return false
        }
        let asked = asked(request, body ?? [:])
        log.note(asked)
        let answer = script(asked)
        if case .status(let status, let retryAfter) = answer.fault {
            let types = [
                401: "authentication_error", 429: "rate_limit_error", 500: "api_error",
                529: "overloaded_error",
            ]
            try await exchange.refuse(
                status, types[status, default: "invalid_request_error"], "scripted",
                retryAfter: retryAfter)
            return false
        }
        let model = body?["model"] as? String ?? ""
        try await stream(answer, model, exchange, askedAt: request.arrivedAt)
        return true
    }

    // MARK: The request

    private typealias Refusal = (status: Int, type: String, message: String)

    private static func refusal(
        of request: SimulatedRequest, _ body: [String: Any]?, key: String, models: Set<String>
    ) -> Refusal? {
        func invalid(_ message: String) -> Refusal { (400, "invalid_request_error", message) }
        guard request.header("x-api-key") == key else {
            return (401, "authentication_error", "invalid x-api-key")
        }
        guard request.header("anthropic-version") == "2023-06-01" else {
            return invalid("anthropic-version: header is required")
        }
        guard request.method == "POST", request.path == "/v1/messages" else {
            return (404, "not_found_error", "Not found")
        }
        guard let body else { return invalid("The request body is not valid JSON") }
        guard let model = body["model"] as? String, models.contains(model) else {
            return (404, "not_found_error", "model: \(body["model"] ?? "")")
        }
        guard let most = body["max_tokens"] as? Int, most > 0 else {
            return invalid("max_tokens: Field required")
        }
        if body["temperature"] != nil, model != "claude-haiku-4-5" {
            return invalid("temperature is deprecated for this model")
        }
        guard let messages = body["messages"] as? [[String: Any]], !messages.isEmpty else {
            return invalid("messages: at least one message is required")
        }
        return problem(in: messages).map { invalid($0) }
    }

    private static func problem(in messages: [[String: Any]]) -> String? {
        guard messages.first?["role"] as? String == "user" else {
            return "messages: first message must use the \"user\" role"
        }
        guard messages.last?["role"] as? String == "user" else {
            return "This model does not support assistant message prefill."
        }
        var open: [String] = []
        var seen: Set<String> = []
        for (index, message) in messages.enumerated() {
            let blocks = blocks(of: message)
            let results = blocks.filter { $0["type"] as? String == "tool_result" }
            let answered = results.compactMap { $0["tool_use_id"] as? String }
            guard open.isEmpty ? answered.isEmpty : Set(answered) == Set(open) else {
                return "messages.\(index): `tool_use` ids without `tool_result` blocks"
            }
            if blocks.prefix(results.count).contains(where: {
                $0["type"] as? String != "tool_result"
            }) {
                return "messages.\(index): tool_result blocks come first"
            }
            if blocks.isEmpty || blocks.contains(where: { $0["text"] as? String == "" }) {
                return "messages.\(index): text content blocks must be non-empty"
            }
            let calls = blocks.filter { $0["type"] as? String == "tool_use" }
            open = calls.compactMap { $0["id"] as? String }
            for call in calls {
                guard call["input"] is [String: Any] else { return "tool_use.input: no object" }
            }
            for id in open where !seen.insert(id).inserted {
                return "messages: `tool_use` ids must be unique"
            }
        }
        return open.isEmpty ? nil : "messages: `tool_use` ids without `tool_result` blocks"
    }

    private static func blocks(of message: [String: Any]) -> [[String: Any]] {
        if let text = message["content"] as? String { return [["type": "text", "text": text]] }
        return message["content"] as? [[String: Any]] ?? []
    }

    private static func asked(
        _ request: SimulatedRequest, _ body: [String: Any]
    ) -> SimulatedModelRequest {
        let last = (body["messages"] as? [[String: Any]] ?? []).last ?? [:]
        let blocks = blocks(of: last)
        return SimulatedModelRequest(
            body: String(decoding: request.body, as: UTF8.self), headers: request.headers,
            lastWords: blocks.compactMap { $0["text"] as? String }.joined(separator: "\n"),
            toolResults: blocks.filter { $0["type"] as? String == "tool_result" }
                .compactMap { $0["content"] as? String },
            arrivedAt: request.arrivedAt)
    }

    // MARK: The answer

    private static func event(_ name: String, _ members: [String: Any]) -> String {
        var members = members
        members["type"] = name
        return "event: \(name)\ndata: \(SimulatedJSON.text(members))\n\n"
    }

    private static func stream(
        _ answer: SimulatedModelAnswer, _ model: String, _ exchange: SimulatedExchange,
        askedAt: ContinuousClock.Instant
    ) async throws {
        var writer = SimulatedModelWriter(exchange, answer, askedAt: askedAt) { type in
            event(
                "error", ["error": ["type": type, "message": "scripted"], "request_id": "req_1"])
        }
        try await writer.begin(headers: [("request-id", "req_1")])
        try await writer.send(
            event(
                "message_start",
                [
                    "message": [
                        "id": "msg_1", "type": "message", "role": "assistant",
                        "model": model, "content": [Any](),
                        "usage": [
                            "input_tokens": 40, "cache_read_input_tokens": 700,
                            "cache_creation_input_tokens": 60, "output_tokens": 1,
                        ],
                    ] as [String: Any]
                ]))
        try await writer.send(event("ping", [:]))
        var outputTokens = 0
        var hasTool = false
        for (index, part) in answer.parts.enumerated() {
            let (block, deltas): ([String: Any], [[String: Any]])
            switch part {
            case .text(let text):
                block = ["type": "text", "text": ""]
                deltas = answer.pieces(of: text).map { ["type": "text_delta", "text": $0] }
            case .thinking(let text):
                block = ["type": "thinking", "thinking": "", "signature": ""]
                deltas =
                    answer.pieces(of: text).map { ["type": "thinking_delta", "thinking": $0] }
                    + [["type": "signature_delta", "signature": "c2ln"]]
            case .tool(let id, let name, let arguments):
                hasTool = true
                block = ["type": "tool_use", "id": id, "name": name, "input": [String: Any]()]
                deltas = ([""] + answer.pieces(of: arguments)).map {
                    ["type": "input_json_delta", "partial_json": $0]
                }
            }
            try await writer.send(
                event("content_block_start", ["index": index, "content_block": block]))
            for delta in deltas {
                outputTokens += 1
                try await writer.sendPiece(
                    event("content_block_delta", ["index": index, "delta": delta]))
            }
            try await writer.send(event("content_block_stop", ["index": index]))
        }
        try await writer.send(
            event(
                "message_delta",
                [
                    "delta": [
                        "stop_reason": hasTool ? "tool_use" : "end_turn",
                        "stop_sequence": SimulatedJSON.null,
                    ],
                    "usage": ["output_tokens": outputTokens],
                ]))
        try await writer.end(event("message_stop", [:]))
    }
}

extension SimulatedExchange {
    fileprivate func refuse(
        _ status: Int, _ type: String, _ message: String, retryAfter: String? = nil
    ) async throws {
        try await answer(
            status: status,
            headers: [("Content-Type", "application/json"), ("request-id", "req_1")]
                + (retryAfter.map { [("retry-after", $0)] } ?? []),
            body: SimulatedJSON.text([
                "type": "error", "error": ["type": type, "message": message],
                "request_id": "req_1",
            ]))
    }
}
