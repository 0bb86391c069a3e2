internal import Foundation

/// ElevenLabs' agents on loopback, for integration tests and for calls without a cloud: signed
/// addresses, and the socket of a conversation in µ-law.
///
/// What it takes and says follows ElevenLabs' documentation alone.
package final class SimulatedElevenLabsAgent: Sendable {
    package let log = SimulatedAgentLog()
    private let server: SimulatedServer

    package var url: String { "http://127.0.0.1:\(server.port)" }

    package init(port: Int = 0, _ script: SimulatedAgentScript) async throws {
        let log = log
        server = try await SimulatedServer(
            port: port,
            upgrade: { request in
                guard request.path == "/v1/convai/conversation", script.refusal == nil,
                    request.query("conversation_signature") == ["signed-for-one-call"]
                else { return .refuse }
                return .accept { request, socket in
                    log.note { $0.requests.append(request) }
                    defer { log.note { $0.endedCount += 1 } }
                    try await Conversation(socket, script, log).run()
                }
            },
            http: { request, exchange in
                log.note { $0.requests.append(request) }
                guard request.path == "/v1/convai/conversation/get-signed-url" else {
                    return try await exchange.answer(
                        status: script.refusal ?? 404, body: #"{"detail":"not found"}"#)
                }
                guard request.header("xi-api-key") == script.key else {
                    return try await exchange.answer(
                        status: 401, body: #"{"detail":{"status":"invalid_api_key"}}"#)
                }
                let host = request.header("Host") ?? ""
                let agent = request.query("agent_id").first ?? ""
                try await exchange.answer(
                    status: 200,
                    body: SimulatedJSON.text([
                        "signed_url": "ws://\(host)/v1/convai/conversation?agent_id=\(agent)"
                            + "&conversation_signature=signed-for-one-call"
                    ]))
            })
    }

    package func stop() async { await server.stop() }
}

/// One conversation; one task reads, another speaks.
private actor Conversation {
    private let socket: SimulatedSocket
    private let script: SimulatedAgentScript
    private let log: SimulatedAgentLog
    private let voice = SimulatedVoice(.muLaw, hertz: 8_000)
    private var ear = SimulatedTurnEdges()
    private var eventID = 0
    private var turn = 0
    private var speaking: Task<Void, Never>?
    /// What is said is heard until then, by this side's count.
    private var playedUntil = ContinuousClock.now
    private var saidLast = ""
    private var awaitedTool: (id: String, answer: Int)?

    init(_ socket: SimulatedSocket, _ script: SimulatedAgentScript, _ log: SimulatedAgentLog) {
        self.socket = socket
        self.script = script
        self.log = log
    }

    func run() async throws {
        for await message in socket.messages {
            guard case .text(let text) = message else { break }
            guard !script.isMute else { continue }
            let fields = SimulatedJSON.object(text)
            if let chunk = fields["user_audio_chunk"] as? String {
                let audio = Data(base64Encoded: chunk).map { [UInt8]($0) } ?? []
                log.note { $0.audio += audio }
                try await hear(audio)
                continue
            }
            log.note { $0.messages.append(text) }
            switch fields["type"] as? String {
            case "conversation_initiation_client_data": try await begin()
            case "client_tool_result":
                guard let awaited = awaitedTool,
                    fields["tool_call_id"] as? String == awaited.id,
                    fields["result"] is String, fields["is_error"] is Bool
                else { return try await socket.close(code: 1_008, reason: "no such tool call") }
                awaitedTool = nil
                say(script.answer(awaited.answer))
            case "pong", "contextual_update", "user_message", "user_activity": break
            default:  // texts of a client
                return try await socket.close(code: 1_008, reason: "invalid message")
            }
        }
        speaking?.cancel()
    }

    private func begin() async throws {
        try await send(
            "conversation_initiation_metadata",
            "conversation_initiation_metadata_event",
            [
                "conversation_id": "conv_1", "agent_output_audio_format": "ulaw_8000",
                "user_input_audio_format": "ulaw_8000",
            ])
        try await send("ping", "ping_event", ["event_id": 77, "ping_ms": SimulatedJSON.null])
        answer(0)
    }

    private func hear(_ audio: [UInt8]) async throws {
        switch ear.hear(audio) {
        case .none: break
        case .began:
            guard speaking != nil || ContinuousClock.now < playedUntil else { return }
            speaking?.cancel()
            speaking = nil
            playedUntil = .now
            let late = eventID
            try await send("interruption", "interruption_event", ["event_id": late])
            // Late audio of what was interrupted does arrive.
            try await sendAudio(voice.octets(of: "late"), eventID: late)
            let heard = saidLast.split(separator: " ").prefix(1).joined()
            try await send(
                "agent_response_correction", "agent_response_correction_event",
                ["original_agent_response": saidLast, "corrected_agent_response": heard + "..."])
        case .ended:
            let words = script.words(ofTurn: turn)
            turn += 1
            try await send(
                "user_transcript", "user_transcription_event", ["user_transcript": words])
            answer(turn)
        }
    }

    private func answer(_ index: Int) {
        let answer = script.answer(index)
        guard let tool = answer.tool else { return say(answer) }
        awaitedTool = (tool.id, index)
        let parameters = SimulatedJSON.object(tool.arguments)
        speaking = Task {
            try? await send(
                "client_tool_call", "client_tool_call",
                ["tool_name": tool.name, "tool_call_id": tool.id, "parameters": parameters])
            speaking = nil
        }
    }

    private func say(_ answer: SimulatedAgentScript.Answer) {
        speaking = Task {
            try? await speak(answer)
            if !Task.isCancelled { speaking = nil }
        }
    }

    private func speak(_ answer: SimulatedAgentScript.Answer) async throws {
        try await Task.sleep(for: script.latency)
        saidLast = answer.text
        try await send(
            "agent_response", "agent_response_event", ["agent_response": answer.text])
        let octets = voice.octets(of: answer.text)
        let limit = answer.fault.map { $0.afterMilliseconds * 8 } ?? Int.max
        var start = 0
        while start < octets.count, start < limit {
            let end = min(start + script.pieceMilliseconds * 8, octets.count)
            eventID += 1
            try await sendAudio(Array(octets[start..<end]), eventID: eventID)
            playedUntil = max(playedUntil, .now).advanced(by: .milliseconds((end - start) / 8))
            start = end
            try await Task.sleep(for: script.interval)
        }
        switch answer.fault {
        case nil: break
        case .drop: await socket.abort()
        case .close(let code, _): try await socket.close(code: code, reason: "scripted")
        case .nonsense: try await socket.send("<html>502</html>")
        case .stall: try await Task.sleep(for: .seconds(60))
        }
    }

    private func sendAudio(_ octets: [UInt8], eventID: Int) async throws {
        try await send(
            "audio", "audio_event",
            ["audio_base_64": Data(octets).base64EncodedString(), "event_id": eventID])
    }

    private func send(_ type: String, _ name: String, _ event: [String: Any]) async throws {
        try await socket.send(SimulatedJSON.text(["type": type, name: event]))
    }
}
