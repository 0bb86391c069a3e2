internal import FoundationEssentials
internal import Pipeline

/// Reads a stream of chat completion chunks, tolerant of what servers do differently.
struct ChatCompletionsStream: ModelStreamDecoder {
    private struct Call: Sendable {
        var index: Int
        var id: String
        var name: String
        var arguments: String
    }

    private var calls: [Call] = []
    private var thoughts = ThoughtFilter()
    private(set) var isComplete = false
    private var tokens: ChatChunk.Tokens?
    private(set) var isFinished = false
    /// How many calls the history has: ours are told apart from those.
    private let earlierCalls: Int

    init(earlierCalls: Int = 0) { self.earlierCalls = earlierCalls }

    var usage: UsageAmount? {
        guard let tokens else { return nil }
        var amount = UsageAmount()
        let cached = tokens.promptDetails?.cached ?? 0
        amount.inputTokens = max(0, (tokens.prompt ?? 0) - cached)
        amount.cachedTokens = cached
        amount.outputTokens = tokens.completion ?? 0
        return amount
    }

    mutating func take(
        _ event: ServerSentEvents.Event
    ) throws(ProviderFailure) -> [ModelEvent] {
        guard let chunk = Self.chunk(event.data) else {
            // Servers that forget the blank line between events make one of many.
            let lines = event.data.split(separator: "\n")
            guard lines.count > 1 else { return try end(event.data) }
            var events: [ModelEvent] = []
            for line in lines where !isFinished {
                events += try take(.init(data: String(line)))
            }
            return events
        }
        return try take(chunk)
    }

    mutating func finish() throws(ProviderFailure) -> [ModelEvent] {
        guard isFinished || isComplete else { throw .closedEarly }
        isFinished = true
        return try flush()
    }

    private static func chunk(_ text: String) -> ChatChunk? {
        try? JSONDecoder().decode(ChatChunk.self, from: Data(text.utf8))
    }

    private mutating func end(_ text: String) throws(ProviderFailure) -> [ModelEvent] {
        switch text.trimmed {
        case "[DONE]":
            isFinished = true
            return try flush()
        case "": return []
        default: throw .garbage
        }
    }

    private mutating func take(_ chunk: ChatChunk) throws(ProviderFailure) -> [ModelEvent] {
        if let error = chunk.error { throw ProviderFailure(error) }
        // Counts are of the whole answer so far, wherever they come.
        if let counted = chunk.usage { tokens = counted }
        guard let choice = chunk.choices?.first else { return [] }
        var events: [ModelEvent] = []
        for text in [choice.delta?.content, choice.delta?.refusal].compactMap({ $0 }) {
            let spoken = thoughts.take(text)
            if !spoken.isEmpty { events.append(.text(spoken)) }
        }
        for piece in choice.delta?.toolCalls ?? [] { add(piece) }
        guard let reason = choice.finishReason, !reason.isEmpty else { return events }
        isComplete = true
        switch reason {
        case "content_filter": throw .rejected(status: 400)
        case "error": throw .server(status: 500)
        default:  // "stop" although tools were called, or names of the server's own
            return events + (try flush())
        }
    }

    private mutating func add(_ piece: ChatChunk.CallPiece) {
        let index = piece.index ?? 0
        let id = piece.id ?? ""
        let name = piece.function?.name ?? ""
        let arguments =
            switch piece.function?.arguments {
            case .string(let text): text
            case .null, nil: ""
            case .some(let value): value.text
            }
        if let known = calls.lastIndex(where: { $0.index == index }),
            continues(calls[known], id: id, name: name)
        {
            if calls[known].id.isEmpty { calls[known].id = id }
            if calls[known].name.isEmpty { calls[known].name = name }
            calls[known].arguments += arguments
        } else {
            calls.append(Call(index: index, id: id, name: name, arguments: arguments))
        }
    }

    /// Another identifier is another call even under the same index; without identifiers, a name
    /// behind whole arguments begins another one.
    private func continues(_ call: Call, id: String, name: String) -> Bool {
        if !id.isEmpty { return call.id.isEmpty || call.id == id }
        return name.isEmpty || JSONValue(parsing: call.arguments)?.object == nil
    }

    private mutating func flush() throws(ProviderFailure) -> [ModelEvent] {
        var events: [ModelEvent] = []
        let rest = thoughts.finish()
        if !rest.isEmpty { events.append(.text(rest)) }
        for (number, call) in calls.enumerated() {
            let id = call.id.isEmpty ? "bridge-call-\(earlierCalls + number + 1)" : call.id
            guard !call.name.isEmpty,
                let call = ToolCall(id: id, name: call.name, streamed: call.arguments)
            else { throw .garbage }
            events.append(.toolCall(call))
        }
        calls = []
        return events
    }
}
