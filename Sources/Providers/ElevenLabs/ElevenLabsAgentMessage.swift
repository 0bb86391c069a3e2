internal import Foundation
internal import Pipeline

/// What an ElevenLabs agent says on its socket, as far as anybody here listens.
enum ElevenLabsAgentMessage: Equatable {
    /// The formats as the agent's settings name them, such as `ulaw_8000`.
    case metadata(agentFormat: String, userFormat: String)
    case audio([UInt8], eventID: Int, alignment: CharacterAlignment?)
    /// The whole text of a response.
    case response(String)
    case responseComplete
    case correction(original: String, corrected: String)
    case userTranscript(String)
    case tentativeTranscript(String)
    case interruption(eventID: Int)
    case ping(eventID: Int)
    case toolCall(ToolCall)
    case error(String)
    /// A type that is not known here, or not needed.
    case other

    /// Reads one text message; `nil` when it is no JSON object.
    ///
    /// What lacks what it must have is `other`.
    init?(parsing octets: [UInt8]) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(octets)),
            let fields = value as? [String: Any]
        else { return nil }
        self = .other
        let type = fields["type"] as? String ?? ""
        func part(_ name: String) -> [String: Any] { fields[name] as? [String: Any] ?? [:] }
        switch type {
        case "conversation_initiation_metadata":
            let event = part("conversation_initiation_metadata_event")
            self = .metadata(
                agentFormat: event["agent_output_audio_format"] as? String ?? "pcm_16000",
                userFormat: event["user_input_audio_format"] as? String ?? "pcm_16000")
        case "audio":
            let event = part("audio_event")
            guard let text = event["audio_base_64"] as? String,
                let audio = Data(base64Encoded: text), let id = event["event_id"] as? Int
            else { return }
            self = .audio(
                [UInt8](audio), eventID: id, alignment: Self.alignment(event["alignment"]))
        case "agent_response":
            guard let text = part("agent_response_event")["agent_response"] as? String else {
                return
            }
            self = .response(text)
        case "agent_response_complete": self = .responseComplete
        case "agent_response_correction":
            let event = part("agent_response_correction_event")
            guard let corrected = event["corrected_agent_response"] as? String else { return }
            self = .correction(
                original: event["original_agent_response"] as? String ?? "", corrected: corrected)
        case "user_transcript":
            guard let text = part("user_transcription_event")["user_transcript"] as? String else {
                return
            }
            self = .userTranscript(text)
        case "tentative_user_transcript":
            let event = part("tentative_user_transcription_event")
            // The newest payloads are not documented.
            guard let text = event["user_transcript"] as? String else { return }
            self = .tentativeTranscript(text)
        case "interruption":
            guard let id = part("interruption_event")["event_id"] as? Int else { return }
            self = .interruption(eventID: id)
        case "ping":
            guard let id = part("ping_event")["event_id"] as? Int else { return }
            self = .ping(eventID: id)
        case "client_tool_call":
            let call = part("client_tool_call")
            guard let name = call["tool_name"] as? String,
                let id = call["tool_call_id"] as? String
            else { return }
            self = .toolCall(
                ToolCall(id: id, name: name, arguments: Self.json(call["parameters"])))
        case "client_error":
            let error = part("client_error_event")
            let code = error["code"].map { "\($0)" } ?? error["error_type"] as? String
            self = .error(code ?? "no code")
        default: break  // types of a peer
        }
    }

    private static func json(_ value: Any?) -> String {
        guard let object = value as? [String: Any],
            let data = try? JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func alignment(_ value: Any?) -> CharacterAlignment? {
        guard let fields = value as? [String: Any], let characters = fields["chars"] as? [String],
            let times = fields["char_start_times_ms"] as? [Double],
            characters.count == times.count, times.allSatisfy({ (0...3_600_000).contains($0) })
        else { return nil }
        return CharacterAlignment(
            characters: characters, starts: times.map { .microseconds(Int($0 * 1_000)) })
    }
}
