internal import Events

/// What the agent says of its own accord: an answer like any other, but no model is asked for it.
extension Conversation {
    /// The agent takes the floor that nobody has.
    mutating func speakUp(_ words: OwnWords, at now: MonotonicTime) {
        guard case .idle = state, !isMuted else { return }
        // Nothing the caller said is answered: the number of the call's opening.
        move(to: .processing(startAnswer(to: CallerTurn(number: 0, voiceEnd: now))))
        say(words, at: now)
    }

    /// The answer that is due consists of these words.
    mutating func say(_ words: OwnWords, at now: MonotonicTime) {
        guard case .processing(var answer) = state else { return }
        answer.isUnasked = true
        answer.isGuarded = words.isGuarded
        answer.closing = words.closing
        answer.endReason = words.endReason
        answer.stepText = words.text
        answer.model = .done
        answer.unspoken = pieces(of: words.text)
        answer.chunkCount = answer.unspoken.count
        closeStep(of: &answer)
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
    }

    /// Short words are synthesised as one, as no stream of tokens has to be waited for.
    private func pieces(of text: String) -> [String] {
        var cutting = SentenceChunker.Settings()
        guard text.count > cutting.target else { return [text] }
        cutting.chunkedFirst = false
        var chunker = SentenceChunker(language: settings.language, settings: cutting)
        chunker.append(text)
        var pieces: [String] = []
        while let piece = chunker.nextChunk() { pieces.append(piece) }
        if let rest = chunker.finish() { pieces.append(rest) }
        return pieces
    }

    /// What the caller says now is neither answered nor an interruption.
    var ignoresCaller: Bool {
        if answering.isAwaitingBeep { return true }
        return switch state {
        case .processing(let answer), .agentSpeaking(let answer), .interrupted(let answer, _):
            answer.isUnasked && answer.isGuarded
        case .idle, .userSpeaking, .ended: false
        }
    }

    /// Turns that need no model: a 0 for a human, and "yes" to "Are you still there?".
    ///
    /// - Returns: whether the turn is answered.
    mutating func answersItself(_ turn: CallerTurn, at now: MonotonicTime) -> Bool {
        let wasAsked = idle.hasAsked
        noteSign(turn.text, at: now)
        if turn.wantsHuman {
            history.append(.user(turn.text))
            say(
                OwnWords(
                    text: phrases.toHuman, closing: .transfer(reason: "the caller pressed 0"),
                    isGuarded: true), at: now)
            return true
        }
        guard wasAsked, turn.typed.isEmpty, presence.matches(turn.text) else { return false }
        // Not in the history: there it would answer what the model asked before.
        say(OwnWords(text: lastQuestion ?? phrases.goAhead), at: now)
        return true
    }

    /// What the model asked last, if its last words were a question that was heard to its end.
    private var lastQuestion: String? {
        for message in history.reversed() {
            switch message {
            case .agent(let text, _) where phrases.areOwn(text): continue
            case .agent(let text, false):
                guard text.last == "?" else { return nil }
                let before = text.dropLast().lastIndex { ".!?…".contains($0) }
                let start = before.map { text.index(after: $0) } ?? text.startIndex
                return String(text[start...]).trimmed
            case .agent(_, true), .user, .toolCall, .toolResult: return nil
            case .context: continue
            }
        }
        return nil
    }
}

/// Words of the agent that no model gave.
struct OwnWords: Sendable {
    let text: String
    var closing: Closing?
    /// Why the call is over when `closing` hangs up.
    var endReason = EndReason.agentHungUp
    /// Nothing the caller does stops them.
    var isGuarded = false
}
