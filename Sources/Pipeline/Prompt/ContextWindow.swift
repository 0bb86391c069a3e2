/// Keeps what a language model is sent in bounds, however long the call.
///
/// The history falls into turns, each from a caller's words to the next ones, so that a tool's
/// call and its result stay together. The oldest turns go first, some at a time: a history that
/// changed its beginning with every turn would never be found in the provider's prompt cache.
/// What operators and the CRM added stays. If the turns that must stay are still too much, results
/// of tools are cut, the oldest first, and at last the words themselves.
package struct ContextWindow: Equatable, Sendable {
    /// For history and system prompt together, by the estimate.
    package var mostTokens = 8_000
    /// So many turns, with the newest one, stay if they can.
    package var leastTurns = 4
    /// Turns go in groups of so many.
    package var turnsAtATime = 4

    /// What a text cut for room ends with.
    private static let ellipsis = "…"
    /// What stands around every message: role and delimiters.
    private static let tokensPerMessage = 6

    package init() {}

    /// An estimate on the safe side: Spanish and English have 3.5 to 4.5 octets a token.
    package static func tokens(in text: String) -> Int { (text.utf8.count + 2) / 3 }

    package static func tokens(in message: Message) -> Int {
        let texts =
            switch message {
            case .user(let text), .agent(let text, _), .context(let text): [text]
            case .toolCall(let call): [call.id, call.name, call.arguments]
            case .toolResult(let result): [result.callID, result.content]
            }
        return texts.reduce(tokensPerMessage) { $0 + tokens(in: $1) }
    }

    /// The part of a history that is sent.
    ///
    /// - Parameters:
    ///   - history: of the whole call.
    ///   - systemPrompt: is sent with it and takes its room first.
    /// - Returns: at most `mostTokens` less those of the prompt, unless messages alone, emptied
    ///   of their text, are more.
    package func bounded(_ history: [Message], systemPrompt: String = "") -> [Message] {
        let room = max(0, mostTokens - Self.tokens(in: systemPrompt))
        guard Self.tokens(in: history) > room else { return history }
        let turns = Self.turns(of: history)
        let most = max(0, turns.count - max(1, leastTurns))
        var dropped = 0
        var kept = history
        while dropped < most, Self.tokens(in: kept) > room {
            dropped = min(most, dropped + max(1, turnsAtATime))
            kept = Self.without(first: dropped, of: turns)
        }
        // The turns that should stay are too much: all but the newest may go as well.
        while dropped < turns.count - 1, Self.tokens(in: kept) > room {
            dropped += 1
            kept = Self.without(first: dropped, of: turns)
        }
        return Self.shortened(kept, to: room)
    }

    private static func tokens(in history: [Message]) -> Int {
        history.reduce(0) { $0 + tokens(in: $1) }
    }

    private static func turns(of history: [Message]) -> [ArraySlice<Message>] {
        let starts = history.indices.filter { index in
            // Words that stand between a call and its result belong to the call's turn.
            if case .user = history[index] {
                !isBetweenCallAndResult(index, history)
            } else {
                false
            }
        }
        let bounds = ([0] + starts + [history.count])
        return zip(bounds, bounds.dropFirst()).map { history[$0..<$1] }.filter { !$0.isEmpty }
    }

    private static func isBetweenCallAndResult(_ index: Int, _ history: [Message]) -> Bool {
        var open: Set<String> = []
        for message in history[..<index] {
            switch message {
            case .toolCall(let call): open.insert(call.id)
            case .toolResult(let result): open.remove(result.callID)
            case .user, .agent, .context: break
            }
        }
        guard !open.isEmpty else { return false }
        return history[index...].contains {
            if case .toolResult(let result) = $0 { open.contains(result.callID) } else { false }
        }
    }

    private static func without(first count: Int, of turns: [ArraySlice<Message>]) -> [Message] {
        let context = turns.prefix(count).joined().filter {
            if case .context = $0 { true } else { false }
        }
        return context + turns.dropFirst(count).joined()
    }

    /// Cuts texts until they fit: results of tools, then added context, then words, oldest first.
    private static func shortened(_ history: [Message], to room: Int) -> [Message] {
        var result = history
        var excess = tokens(in: result) - room
        for rank in 0..<3 {
            for index in result.indices where excess > 0 && result[index].cutRank == rank {
                let before = tokens(in: result[index])
                result[index] = result[index].cut(byTokens: excess, ellipsis)
                excess -= before - tokens(in: result[index])
            }
        }
        return result
    }
}

extension Message {
    /// What is cut first; `nil`: never, for arguments cut short are no JSON.
    fileprivate var cutRank: Int? {
        switch self {
        case .toolResult: 0
        case .context: 1
        case .user, .agent: 2
        case .toolCall: nil
        }
    }

    fileprivate func cut(byTokens excess: Int, _ ellipsis: String) -> Message {
        func cut(_ text: String) -> String {
            let octets = text.utf8.count - excess * 3 - ellipsis.utf8.count - 2
            guard octets > 0 else { return "" }
            var room = octets
            let kept = text.prefix { character in
                room -= character.utf8.count
                return room >= 0
            }
            return kept + ellipsis
        }
        return switch self {
        case .user(let text): .user(cut(text))
        case .agent(let text, let interrupted): .agent(cut(text), interrupted: interrupted)
        case .context(let text): .context(cut(text))
        case .toolResult(let result):
            .toolResult(
                ToolResult(
                    callID: result.callID, succeeded: result.succeeded,
                    content: cut(result.content)))
        case .toolCall: self
        }
    }
}
