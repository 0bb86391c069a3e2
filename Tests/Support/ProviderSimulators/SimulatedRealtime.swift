internal import Foundation

/// OpenAI's Realtime API on loopback, for integration tests and for calls without a cloud.
///
/// It detects turns itself (`server_vad`), in µ-law. What it takes and says follows OpenAI's
/// documentation alone.
package final class SimulatedRealtime: Sendable {
    package let log = SimulatedAgentLog()
    private let server: SimulatedServer

    package var url: String { "http://127.0.0.1:\(server.port)" }

    package init(port: Int = 0, _ script: SimulatedAgentScript) async throws {
        let log = log
        server = try await SimulatedServer(
            port: port,
            upgrade: { request in
                Self.refusal(request, script) == nil
                    ? .accept { request, socket in
                        log.note { $0.requests.append(request) }
                        defer { log.note { $0.endedCount += 1 } }
                        try await RealtimeConversation(socket, script, log).run()
                    } : .refuse
            },
            http: { request, exchange in
                log.note { $0.requests.append(request) }
                let isModel = request.path.hasPrefix("/v1/models/")
                let refusal =
                    Self.refusal(request, script, path: request.path)
                    ?? (isModel ? 200 : 404)
                try await exchange.answer(
                    status: refusal,
                    body: refusal == 200
                        ? #"{"id":"gpt-realtime-2.1","object":"model"}"#
                        : #"{"error":{"type":"invalid_request_error","code":"scripted"}}"#)
            })
    }

    package func stop() async { await server.stop() }

    private static func refusal(
        _ request: SimulatedRequest, _ script: SimulatedAgentScript,
        path: String = "/v1/realtime"
    ) -> Int? {
        if path == "/v1/realtime", let status = script.refusal { return status }
        guard request.header("Authorization") == "Bearer \(script.key)" else { return 401 }
        // Selects the shapes of the beta.
        guard request.header("OpenAI-Beta") == nil else { return 400 }
        return request.path == path ? nil : 404
    }
}

/// One session; one task reads, another speaks.
private actor RealtimeConversation {
    private let socket: SimulatedSocket
    private let script: SimulatedAgentScript
    private let log: SimulatedAgentLog
    private let voice = SimulatedVoice(.muLaw, hertz: 8_000)
    private var ear = SimulatedTurnEdges()
    private var isConfigured = false
    private var heardMilliseconds = 0
    private var turn = 0
    private var itemNumber = 0
    private var responding: (id: String, task: Task<Void, Never>)?
    /// The answer that is due when a response is asked for.
    private var due = 0
    private var awaitedTools: Set<String> = []
    private var knowsToolResult = false
    /// Generated audio of each item, in milliseconds.
    private var generated: [String: Int] = [:]

    init(_ socket: SimulatedSocket, _ script: SimulatedAgentScript, _ log: SimulatedAgentLog) {
        self.socket = socket
        self.script = script
        self.log = log
    }

    func run() async throws {
        if !script.isMute {
            try await send("session.created", ["session": ["type": "realtime", "id": "sess_1"]])
        }
        for await message in socket.messages {
            guard case .text(let text) = message else { break }
            guard !script.isMute else { continue }
            let fields = SimulatedJSON.object(text)
            if fields["type"] as? String == "input_audio_buffer.append" {
                guard isConfigured, let audio = (fields["audio"] as? String).flatMap(octets) else {
                    try await complain("invalid_value")
                    continue
                }
                log.note { $0.audio += audio }
                try await hear(audio)
                continue
            }
            log.note { $0.messages.append(text) }
            try await take(fields)
        }
        responding?.task.cancel()
    }

    private func octets(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text).map { [UInt8]($0) }
    }

    private func take(_ fields: [String: Any]) async throws {
        switch fields["type"] as? String {
        case "session.update":
            let session = fields["session"] as? [String: Any] ?? [:]
            let audio = session["audio"] as? [String: Any] ?? [:]
            let formats = ["input", "output"].compactMap { name in
                let side = audio[name] as? [String: Any]
                return (side?["format"] as? [String: Any])?["type"] as? String
            }
            guard session["type"] as? String == "realtime",
                formats == ["audio/pcmu", "audio/pcmu"]
            else { return try await complain("invalid_value") }
            isConfigured = true
            try await send("session.updated", ["session": session])
        case "response.create":
            guard responding == nil else {
                return try await complain("conversation_already_has_active_response")
            }
            try await respond()
        case "response.cancel":
            guard responding != nil else {
                return try await complain("response_cancel_not_active")
            }
            try await cancel("client_cancelled")
        case "conversation.item.create":
            let item = fields["item"] as? [String: Any] ?? [:]
            if item["type"] as? String == "function_call_output" {
                guard let id = item["call_id"] as? String, awaitedTools.remove(id) != nil,
                    item["output"] is String
                else { return try await complain("invalid_tool_call_id") }
                knowsToolResult = true
            }
            try await send("conversation.item.added", ["item": item])
        case "conversation.item.truncate":
            guard let id = fields["item_id"] as? String, let known = generated[id],
                let end = fields["audio_end_ms"] as? Int, end <= known
            else { return try await complain("invalid_value") }
            try await send(
                "conversation.item.truncated",
                ["item_id": id, "audio_end_ms": end, "content_index": 0])
        default: try await complain("unknown_event")  // texts of a client
        }
    }

    private func hear(_ audio: [UInt8]) async throws {
        heardMilliseconds += audio.count / 8
        switch ear.hear(audio) {
        case .none: break
        case .began:
            itemNumber += 1
            try await send(
                "input_audio_buffer.speech_started",
                ["audio_start_ms": heardMilliseconds, "item_id": "item_\(itemNumber)"])
            if responding != nil { try await cancel("turn_detected") }
        case .ended:
            let item = "item_\(itemNumber)"
            let words = script.words(ofTurn: turn)
            turn += 1
            due = turn
            knowsToolResult = false
            try await send(
                "input_audio_buffer.speech_stopped",
                ["audio_end_ms": heardMilliseconds, "item_id": item])
            try await send("input_audio_buffer.committed", ["item_id": item])
            try await respond()
            // The words come when they come: here after the answer has begun.
            try await Task.sleep(for: script.latency * 2)
            try await send(
                "conversation.item.input_audio_transcription.delta",
                ["item_id": item, "delta": words])
            try await send(
                "conversation.item.input_audio_transcription.completed",
                ["item_id": item, "transcript": words])
        }
    }

    private func respond() async throws {
        itemNumber += 1
        let (id, item) = ("resp_\(itemNumber)", "item_\(itemNumber)")
        try await send("response.created", ["response": ["id": id, "status": "in_progress"]])
        let answer = script.answer(due)
        let wantsTool = knowsToolResult ? nil : answer.tool
        let task = Task {
            do {
                if let wantsTool {
                    try await call(wantsTool, item: item, response: id)
                } else {
                    try await speak(answer, item: item, response: id)
                }
            } catch {}
        }
        responding = (id, task)
    }

    private func call(
        _ tool: (id: String, name: String, arguments: String), item: String, response: String
    ) async throws {
        awaitedTools.insert(tool.id)
        let call: [String: Any] = [
            "call_id": tool.id, "name": tool.name, "arguments": tool.arguments,
        ]
        try await send(
            "response.function_call_arguments.done",
            call.merging(["item_id": item, "response_id": response]) { $1 })
        try await done(
            response, "completed",
            output: [call.merging(["type": "function_call", "id": item]) { $1 }])
    }

    private func speak(
        _ answer: SimulatedAgentScript.Answer, item: String, response: String
    ) async throws {
        try await Task.sleep(for: script.latency)
        let octets = voice.octets(of: answer.text)
        let words = answer.text.split(separator: " ")
        let limit = answer.fault.map { $0.afterMilliseconds * 8 } ?? Int.max
        var (start, said) = (0, 0)
        while start < octets.count, start < limit {
            try Task.checkCancellation()
            let end = min(start + script.pieceMilliseconds * 8, octets.count)
            if said < words.count {
                try await send(
                    "response.output_audio_transcript.delta",
                    [
                        "item_id": item, "response_id": response,
                        "delta": (said > 0 ? " " : "") + words[said],
                    ])
                said += 1
            }
            generated[item, default: 0] += (end - start) / 8
            try await send(
                "response.output_audio.delta",
                [
                    "item_id": item, "response_id": response, "content_index": 0,
                    "delta": Data(octets[start..<end]).base64EncodedString(),
                ])
            start = end
            try await Task.sleep(for: script.interval)
        }
        switch answer.fault {
        case nil:
            try await send(
                "response.output_audio.done", ["item_id": item, "response_id": response])
            try await done(response, "completed", output: [])
        case .drop: await socket.abort()
        case .close(let code, _): try await socket.close(code: code, reason: "scripted")
        case .nonsense: try await socket.send("<html>502</html>")
        case .stall: try await Task.sleep(for: .seconds(60))
        }
    }

    private func cancel(_ reason: String) async throws {
        guard let (id, task) = responding else { return }
        task.cancel()
        try await done(id, "cancelled", output: [], reason: reason)
    }

    private func done(
        _ id: String, _ status: String, output: [[String: Any]], reason: String? = nil
    ) async throws {
        responding = nil
        try await send(
            "response.done",
            [
                "response": [
                    "id": id, "status": status, "output": output,
                    "status_details": reason.map { ["type": status, "reason": $0] as Any }
                        ?? SimulatedJSON.null,
                    "usage": [
                        "input_tokens": 120, "output_tokens": 40,
                        "input_token_details": ["cached_tokens": 100],
                    ],
                ]
            ])
    }

    private func complain(_ code: String) async throws {
        try await send(
            "error",
            [
                "error": [
                    "type": "invalid_request_error", "code": code, "message": "scripted",
                    "param": SimulatedJSON.null,
                ]
            ])
    }

    private func send(_ type: String, _ fields: [String: Any]) async throws {
        try await socket.send(SimulatedJSON.text(fields.merging(["type": type]) { $1 }))
    }
}
