/// One chunk of a chat completion, as far as servers agree on it; everything may be missing.
///
/// A whole completion, from a server that does not stream, reads as one chunk with everything.
struct ChatChunk: Decodable {
    struct Choice: Decodable {
        var delta: Delta?
        var finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finishReason = "finish_reason"
        }

        init(from decoder: any Decoder) throws {
            let choice = try decoder.container(keyedBy: CodingKeys.self)
            delta =
                try choice.decodeIfPresent(Delta.self, forKey: .delta)
                ?? choice.decodeIfPresent(Delta.self, forKey: .message)
            finishReason = try choice.decodeIfPresent(String.self, forKey: .finishReason)
        }
    }

    struct Delta: Decodable {
        var content: String?
        /// The model's own words why it will not answer.
        var refusal: String?
        var toolCalls: [CallPiece]?

        private enum CodingKeys: String, CodingKey {
            case content, refusal
            case toolCalls = "tool_calls"
        }
    }

    struct CallPiece: Decodable {
        struct Function: Decodable {
            var name: String?
            /// A string by the protocol; some servers give the object itself.
            var arguments: JSONValue?
        }
        var index: Int?
        var id: String?
        var function: Function?
    }

    struct Tokens: Decodable {
        struct Details: Decodable {
            var cached: Int?
            private enum CodingKeys: String, CodingKey { case cached = "cached_tokens" }
        }
        /// With those from the cache.
        var prompt: Int?
        var completion: Int?
        var promptDetails: Details?

        private enum CodingKeys: String, CodingKey {
            case prompt = "prompt_tokens"
            case completion = "completion_tokens"
            case promptDetails = "prompt_tokens_details"
        }
    }

    var choices: [Choice]?
    var usage: Tokens?
    /// Of a chunk that is an error; looked at before anything else.
    var error: ChatError?

    private enum CodingKeys: String, CodingKey { case object, choices, usage, error }

    init(from decoder: any Decoder) throws {
        let chunk = try decoder.container(keyedBy: CodingKeys.self)
        error = try chunk.decodeIfPresent(ChatError.self, forKey: .error)
        if error == nil, (try? chunk.decode(String.self, forKey: .object)) == "error" {
            error = try ChatError(from: decoder)
        }
        guard error == nil else { return }
        choices = try chunk.decodeIfPresent([Choice].self, forKey: .choices)
        usage = try? chunk.decodeIfPresent(Tokens.self, forKey: .usage)
    }
}
