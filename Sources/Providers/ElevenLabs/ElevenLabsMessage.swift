internal import Codecs
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
        // What a caller waits for: one pass, and no tree.
        do { try read(octets.span) } catch { throw .garbage }
    }

    private mutating func read(_ text: Span<UInt8>) throws {
        var scanner = JSONScanner()
        var (error, message) = ("", "")
        var isError = false
        var normalized: CharacterAlignment?
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            // Both spellings of names have been seen on the wire.
            if key.equals("audio", in: text) {
                audio = try scanner.stringIfPresent(in: text)?.decodedBase64(in: text) ?? []
            } else if key.equals("contextId", in: text) || key.equals("context_id", in: text) {
                context = try scanner.stringIfPresent(in: text)?.decoded(in: text) ?? ""
            } else if key.equals("isFinal", in: text) || key.equals("is_final", in: text) {
                isFinal = try scanner.isTrue(in: text)
            } else if key.equals("alignment", in: text) {
                alignment = try CharacterAlignment(reading: &scanner, in: text)
            } else if key.equals("normalizedAlignment", in: text) {
                normalized = try CharacterAlignment(reading: &scanner, in: text)
            } else if key.equals("message", in: text) {
                message = try scanner.stringIfPresent(in: text)?.decoded(in: text) ?? ""
            } else if key.equals("error", in: text) {
                isError = true
                error = try scanner.stringIfPresent(in: text)?.decoded(in: text) ?? ""
            } else {
                isError = isError || key.equals("code", in: text)
                try scanner.skipValue(in: text)
            }
        }
        try scanner.end(in: text)
        alignment = alignment ?? normalized
        if audio.isEmpty, !isFinal, isError {
            failure = Self.failure(error: error, message: message)
        }
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
