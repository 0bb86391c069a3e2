internal import Foundation
internal import Pipeline

/// What OpenAI says on a Realtime socket, as far as anybody here listens.
enum RealtimeMessage: Equatable {
    struct Usage: Equatable {
        var inputTokens = 0
        var cachedTokens = 0
        var outputTokens = 0
    }

    struct Done: Equatable {
        let id: String
        /// `completed`, `cancelled`, `failed` or `incomplete`.
        let status: String
        /// Of a failure.
        var code: String?
        /// Asked for in it.
        var calls: [ToolCall] = []
        var usage: Usage?
    }

    case sessionCreated
    case sessionUpdated
    case speechStarted
    case speechStopped
    /// A turn of the caller became an item of the conversation.
    case committed(item: String)
    case transcriptDelta(item: String, String)
    case transcript(item: String, String)
    case transcriptionFailed(item: String)
    case responseCreated(id: String)
    case audio([UInt8], item: String, contentIndex: Int, response: String)
    case audioDone(item: String)
    case text(String, item: String, response: String)
    case toolCall(ToolCall)
    case responseDone(Done)
    /// Most are not fatal.
    case error(type: String, code: String)
    /// A type that is not known here, or not needed.
    case other

    /// Reads one text message; `nil` when it is no JSON object.
    ///
    /// What lacks what it must have is `other`; the names of the beta are understood too.
    init?(parsing octets: [UInt8]) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(octets)),
            let fields = value as? [String: Any]
        else { return nil }
        self = .other
        func text(_ name: String) -> String? { fields[name] as? String }
        let item = text("item_id")
        switch text("type") ?? "" {
        case "session.created": self = .sessionCreated
        case "session.updated": self = .sessionUpdated
        case "input_audio_buffer.speech_started": self = .speechStarted
        case "input_audio_buffer.speech_stopped": self = .speechStopped
        case "input_audio_buffer.committed":
            if let item { self = .committed(item: item) }
        case "conversation.item.input_audio_transcription.delta":
            if let item, let delta = text("delta") { self = .transcriptDelta(item: item, delta) }
        case "conversation.item.input_audio_transcription.completed":
            if let item, let words = text("transcript") { self = .transcript(item: item, words) }
        case "conversation.item.input_audio_transcription.failed":
            if let item { self = .transcriptionFailed(item: item) }
        case "response.created":
            let response = fields["response"] as? [String: Any]
            self = .responseCreated(id: response?["id"] as? String ?? "")
        case "response.output_audio.delta", "response.audio.delta":
            guard let item, let delta = text("delta"), let audio = Data(base64Encoded: delta)
            else { return }
            self = .audio(
                [UInt8](audio), item: item, contentIndex: fields["content_index"] as? Int ?? 0,
                response: text("response_id") ?? "")
        case "response.output_audio.done", "response.audio.done":
            if let item { self = .audioDone(item: item) }
        case "response.output_audio_transcript.delta", "response.audio_transcript.delta":
            guard let item, let delta = text("delta") else { return }
            self = .text(delta, item: item, response: text("response_id") ?? "")
        case "response.function_call_arguments.done":
            guard let name = text("name"), let id = text("call_id") else { return }
            self = .toolCall(ToolCall(id: id, name: name, arguments: text("arguments") ?? "{}"))
        case "response.done":
            if let response = fields["response"] as? [String: Any] {
                self = .responseDone(Self.done(response))
            }
        case "error":
            let error = fields["error"] as? [String: Any]
            self = .error(
                type: error?["type"] as? String ?? "", code: error?["code"] as? String ?? "")
        default: break  // types of a peer
        }
    }

    private static func done(_ fields: [String: Any]) -> Done {
        var done = Done(
            id: fields["id"] as? String ?? "", status: fields["status"] as? String ?? "")
        let details = fields["status_details"] as? [String: Any]
        done.code = (details?["error"] as? [String: Any])?["code"] as? String
        for item in fields["output"] as? [[String: Any]] ?? []
        where item["type"] as? String == "function_call" {
            guard let id = item["call_id"] as? String, let name = item["name"] as? String else {
                continue
            }
            done.calls.append(
                ToolCall(id: id, name: name, arguments: item["arguments"] as? String ?? "{}"))
        }
        if let counts = fields["usage"] as? [String: Any] {
            let details = counts["input_token_details"] as? [String: Any]
            let cached = details?["cached_tokens"] as? Int ?? 0
            done.usage = Usage(
                inputTokens: max(0, (counts["input_tokens"] as? Int ?? 0) - cached),
                cachedTokens: cached, outputTokens: counts["output_tokens"] as? Int ?? 0)
        }
        return done
    }
}
