internal import Foundation
internal import Pipeline

/// What ElevenLabs sends on its text-to-speech sockets; unknown fields are skipped.
struct ElevenLabsMessage: Equatable {
    /// Empty on the socket without contexts.
    var context = ""
    var audio: [UInt8] = []
    var alignment: CharacterAlignment?
    var isFinal = false
    /// An error message; a close frame with 1008 follows most.
    var failure: ProviderFailure?

    /// - Throws: `ProviderFailure.garbage` when it is no message of that kind.
    init(parsing octets: [UInt8]) throws(ProviderFailure) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(octets)),
            let fields = value as? [String: Any]
        else { throw .garbage }
        // Both spellings have been seen on the wire.
        context = (fields["contextId"] ?? fields["context_id"]) as? String ?? ""
        isFinal = (fields["isFinal"] ?? fields["is_final"]) as? Bool ?? false
        if let text = fields["audio"] as? String {
            guard let decoded = Data(base64Encoded: text) else { throw .garbage }
            audio = [UInt8](decoded)
        }
        alignment =
            Self.alignment(fields["alignment"]) ?? Self.alignment(fields["normalizedAlignment"])
        if audio.isEmpty, !isFinal, fields["error"] != nil || fields["code"] != nil {
            failure = Self.failure(
                error: fields["error"] as? String ?? "",
                message: fields["message"] as? String ?? "")
        }
    }

    private static func alignment(_ value: Any?) -> CharacterAlignment? {
        guard let fields = value as? [String: Any],
            let characters = (fields["chars"] ?? fields["characters"]) as? [String],
            let times = (fields["charStartTimesMs"] ?? fields["charsStartTimesMs"])
                as? [Double],
            characters.count == times.count, times.allSatisfy({ (0...3_600_000).contains($0) })
        else { return nil }
        return CharacterAlignment(
            characters: characters, starts: times.map { .microseconds(Int($0 * 1_000)) })
    }

    /// Close code 1008 stands for nearly everything; only the words tell causes apart.
    private static func failure(error: String, message: String) -> ProviderFailure {
        let words = "\(error) \(message)".lowercased()
        func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
        if says("quota", "api_key", "api key", "unauthor", "permission", "unusual_activity") {
            return .unauthorised
        }
        if says("voice_not_found", "voice_id", "model_id", "model_not", "does not exist") {
            return .rejected(status: 404)
        }
        if says("too_many_concurrent", "rate_limit") { return .rateLimited(retryAfter: nil) }
        if says("system_busy") { return .overloaded }
        if says("input_timeout") { return .closedEarly }
        if says("invalid_input", "voice_settings", "invalid_message") {
            return .rejected(status: 400)
        }
        return .server(status: 500)
    }
}

/// What is sent on these sockets.
struct ElevenLabsRequest: Encodable {
    struct VoiceSettings: Encodable, Equatable, Sendable {
        var stability: Double?
        var similarityBoost: Double?
        var style: Double?
        var useSpeakerBoost: Bool?
        var speed: Double?

        private enum CodingKeys: String, CodingKey {
            case stability
            case similarityBoost = "similarity_boost"
            case style
            case useSpeakerBoost = "use_speaker_boost"
            case speed
        }
    }

    var text: String?
    var context: String?
    var voiceSettings: VoiceSettings?
    var flush: Bool?
    var closeContext: Bool?
    var closeSocket: Bool?

    private enum CodingKeys: String, CodingKey {
        case text
        case context = "context_id"
        case voiceSettings = "voice_settings"
        case flush
        case closeContext = "close_context"
        case closeSocket = "close_socket"
    }

    /// As JSON; absent fields are left out.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
