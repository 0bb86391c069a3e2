/// A fault that somebody wants to happen to a provider of the simulated cloud.
struct FaultOrder: Decodable, Sendable {
    enum Kind: String, Codable, Sendable {
        /// Nobody listens for `seconds`; what is open is cut.
        case refused
        /// What is open is cut with a reset, and new connections are welcome.
        case cut
        case unauthorised
        case rateLimited
        case serverError
        case overloaded
        case stallBeforeFirst
        case stallMidStream
        case garbage
        /// The connection ends in the middle of a word.
        case closeMidWord
        /// One direction ends in good order before its time; the other stays open.
        case halfClosed

        /// The status of an answer or of a refused handshake.
        var status: Int? {
            switch self {
            case .unauthorised: 401
            case .rateLimited: 429
            case .serverError: 500
            case .overloaded: 529
            case .refused, .cut, .stallBeforeFirst, .stallMidStream, .garbage, .closeMidWord,
                .halfClosed:
                nil
            }
        }
    }

    let provider: CloudService
    let kind: Kind
    /// Requests it happens to; by default one, 0: all that come.
    var count: Int?
    /// Tokens of a model, or milliseconds of speech, that come before it.
    var after: Int?
    /// What `rateLimited` asks for; and how long `refused` lasts, 0: until `/reset`.
    var seconds: Int?
    /// What is open is cut as well, so that sockets meet it at their next handshake.
    var cut: Bool?
}

/// Who is simulated.
enum CloudService: String, Codable, CaseIterable, Sendable {
    case deepgram, transcription
    case anthropic, openai, ollama, rasa
    case elevenlabs, aura, speech
}
