/// One event of a Messages API stream, as its JSON says (Anthropic, API version 2023-06-01).
///
/// Unknown events, blocks and deltas are read as `other` and skipped, as the API asks.
enum AnthropicEvent: Equatable {
    case messageStart(Tokens)
    case blockStart(index: Int, Block)
    case blockDelta(index: Int, Delta)
    case blockStop(index: Int)
    /// Counts are of the whole message so far.
    case messageDelta(stopReason: String?, Tokens)
    case messageStop
    /// The type of what went wrong, such as `overloaded_error`.
    case error(type: String)
    case other

    enum Block: Equatable {
        case text(String)
        case toolUse(id: String, name: String)
        /// The whole block as it came, to be sent back.
        case thinking(JSONValue)
        case other
    }

    enum Delta: Equatable {
        case text(String)
        case partialJSON(String)
        case thinking(String)
        case signature(String)
        case other
    }

    /// `nil`: not counted in this event.
    struct Tokens: Equatable, Decodable {
        var input: Int?
        var cacheRead: Int?
        var cacheWritten: Int?
        var output: Int?

        private enum CodingKeys: String, CodingKey {
            case input = "input_tokens"
            case cacheRead = "cache_read_input_tokens"
            case cacheWritten = "cache_creation_input_tokens"
            case output = "output_tokens"
        }
    }
}

extension AnthropicEvent: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type, index, message, delta, usage, error
        case contentBlock = "content_block"
        case stopReason = "stop_reason"
    }

    init(from decoder: any Decoder) throws {
        let event = try decoder.container(keyedBy: CodingKeys.self)
        switch try event.decode(String.self, forKey: .type) {
        case "message_start":
            let message = try event.nestedContainer(keyedBy: CodingKeys.self, forKey: .message)
            self = .messageStart(
                try message.decodeIfPresent(Tokens.self, forKey: .usage) ?? Tokens())
        case "content_block_start":
            self = .blockStart(
                index: try event.decode(Int.self, forKey: .index),
                try event.decode(Block.self, forKey: .contentBlock))
        case "content_block_delta":
            self = .blockDelta(
                index: try event.decode(Int.self, forKey: .index),
                try event.decode(Delta.self, forKey: .delta))
        case "content_block_stop":
            self = .blockStop(index: try event.decode(Int.self, forKey: .index))
        case "message_delta":
            let delta = try event.nestedContainer(keyedBy: CodingKeys.self, forKey: .delta)
            self = .messageDelta(
                stopReason: try delta.decodeIfPresent(String.self, forKey: .stopReason),
                try event.decodeIfPresent(Tokens.self, forKey: .usage) ?? Tokens())
        case "message_stop": self = .messageStop
        case "error":
            let error = try? event.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
            self = .error(type: (try? error?.decode(String.self, forKey: .type)) ?? "")
        default: self = .other
        }
    }
}

extension AnthropicEvent.Block: Decodable {
    private enum CodingKeys: String, CodingKey { case type, text, id, name }

    init(from decoder: any Decoder) throws {
        let block = try decoder.container(keyedBy: CodingKeys.self)
        switch try block.decode(String.self, forKey: .type) {
        case "text": self = .text(try block.decodeIfPresent(String.self, forKey: .text) ?? "")
        case "tool_use":
            self = .toolUse(
                id: try block.decode(String.self, forKey: .id),
                name: try block.decode(String.self, forKey: .name))
        case "thinking", "redacted_thinking": self = .thinking(try JSONValue(from: decoder))
        default: self = .other
        }
    }
}

extension AnthropicEvent.Delta: Decodable {
    private enum CodingKeys: String, CodingKey {
        case type, text, thinking, signature
        case partialJSON = "partial_json"
    }

    init(from decoder: any Decoder) throws {
        let delta = try decoder.container(keyedBy: CodingKeys.self)
        switch try delta.decode(String.self, forKey: .type) {
        case "text_delta": self = .text(try delta.decode(String.self, forKey: .text))
        case "input_json_delta":
            self = .partialJSON(try delta.decode(String.self, forKey: .partialJSON))
        case "thinking_delta":
            self = .thinking(try delta.decode(String.self, forKey: .thinking))
        case "signature_delta":
            self = .signature(try delta.decode(String.self, forKey: .signature))
        default: self = .other
        }
    }
}
