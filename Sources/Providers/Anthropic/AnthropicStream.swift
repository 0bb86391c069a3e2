internal import FoundationEssentials
internal import Pipeline

/// Reads a Messages API stream: blocks of text, tool calls and thinking, by their index.
struct AnthropicStream: ModelStreamDecoder {
    private enum Block: Sendable {
        case text
        case toolUse(id: String, name: String, json: String)
        case thinking([String: JSONValue])
        case other
    }

    private var blocks: [Int: Block] = [:]
    private var tokens: AnthropicEvent.Tokens?
    /// Blocks of thinking so far: a tool call's result must be sent with them.
    private var thinking: [JSONValue] = []
    private let memory: ThinkingMemory
    private(set) var isFinished = false
    private(set) var isComplete = false

    /// - Parameter memory: takes the thinking that led to a tool call.
    init(memory: ThinkingMemory = ThinkingMemory()) { self.memory = memory }

    var usage: UsageAmount? {
        guard let tokens else { return nil }
        var amount = UsageAmount()
        amount.inputTokens = tokens.input ?? 0
        amount.cachedTokens = tokens.cacheRead ?? 0
        amount.cacheWriteTokens = tokens.cacheWritten ?? 0
        amount.outputTokens = tokens.output ?? 0
        return amount
    }

    mutating func take(
        _ event: ServerSentEvents.Event
    ) throws(ProviderFailure) -> [ModelEvent] {
        if let text = AnthropicEvent(textDelta: event.data) { return try take(text) }
        let data = Data(event.data.utf8)
        guard let event = try? JSONDecoder().decode(AnthropicEvent.self, from: data) else {
            throw .garbage
        }
        return try take(event)
    }

    mutating func finish() throws(ProviderFailure) -> [ModelEvent] {
        guard isFinished else { throw .closedEarly }
        return []
    }

    private mutating func take(_ event: AnthropicEvent) throws(ProviderFailure) -> [ModelEvent] {
        switch event {
        case .messageStart(let tokens): count(tokens)
        case .blockStart(let index, let block): return start(block, index)
        case .blockDelta(let index, let delta): return add(delta, index)
        case .blockStop(let index): return try stop(index)
        case .messageDelta(let stopReason, let tokens):
            count(tokens)
            isComplete = stopReason != nil
            // The model will not say this; another one is asked.
            if stopReason == "refusal" { throw .rejected(status: 400) }
        case .messageStop: isFinished = true
        case .error(let type): throw ProviderFailure(anthropicType: type)
        case .other: break
        }
        return []
    }

    private mutating func count(_ new: AnthropicEvent.Tokens) {
        var sum = tokens ?? AnthropicEvent.Tokens()
        sum.input = new.input ?? sum.input
        sum.cacheRead = new.cacheRead ?? sum.cacheRead
        sum.cacheWritten = new.cacheWritten ?? sum.cacheWritten
        sum.output = new.output ?? sum.output
        tokens = sum
    }

    private mutating func start(_ block: AnthropicEvent.Block, _ index: Int) -> [ModelEvent] {
        switch block {
        case .text(let text):
            blocks[index] = .text
            return text.isEmpty ? [] : [.text(text)]
        case .toolUse(let id, let name): blocks[index] = .toolUse(id: id, name: name, json: "")
        case .thinking(let value): blocks[index] = .thinking(value.object ?? [:])
        case .other: blocks[index] = .other
        }
        return []
    }

    private mutating func add(_ delta: AnthropicEvent.Delta, _ index: Int) -> [ModelEvent] {
        switch (blocks[index], delta) {
        case (.text, .text(let text)): return text.isEmpty ? [] : [.text(text)]
        case (.toolUse(let id, let name, let json), .partialJSON(let more)):
            blocks[index] = .toolUse(id: id, name: name, json: json + more)
        case (.thinking(var members), .thinking(let more)):
            members["thinking"] = .string((members["thinking"]?.string ?? "") + more)
            blocks[index] = .thinking(members)
        case (.thinking(var members), .signature(let signature)):
            members["signature"] = .string((members["signature"]?.string ?? "") + signature)
            blocks[index] = .thinking(members)
        case (.text, _), (.toolUse, _), (.thinking, _), (.other, _), (nil, _): break
        }
        return []
    }

    private mutating func stop(_ index: Int) throws(ProviderFailure) -> [ModelEvent] {
        switch blocks.removeValue(forKey: index) {
        case .toolUse(let id, let name, let json):
            guard let call = ToolCall(id: id, name: name, streamed: json) else { throw .garbage }
            memory.keep(thinking, for: id)
            return [.toolCall(call)]
        case .thinking(let members): thinking.append(.object(members))
        case .text, .other, nil: break
        }
        return []
    }
}

extension ToolCall {
    /// Puts a call together from a stream; `nil` when its arguments are no JSON object, as when
    /// the answer was cut at its most tokens.
    init?(id: String, name: String, streamed json: String) {
        let json = json.trimmed
        if json.isEmpty {
            self.init(id: id, name: name, arguments: "{}")
        } else {
            guard JSONValue(parsing: json)?.object != nil else { return nil }
            self.init(id: id, name: name, arguments: json)
        }
    }
}
