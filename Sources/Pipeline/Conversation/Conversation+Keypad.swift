internal import Events

/// The caller's keys (`DigitCollector`): a key takes the floor, a complete input is a turn.
///
/// While digits are collected the call is in `userSpeaking`, silence does not end the turn, and what
/// is said belongs to the same turn. An answer under way is interrupted by the first digit, a
/// guarded one is not: there the input waits until the answer was heard, as overheard speech does.
extension Conversation {
    mutating func keyPressed(_ digit: Character, at now: MonotonicTime) {
        emit(.dtmf(DTMFRecord(digit: String(digit))))
        noteSign(at: now)
        guard !ignoresCaller else { return }
        follow(keypad.handle(.pressed(digit), expecting: hints.expecting, at: now), at: now)
    }

    mutating func tickKeypad(at now: MonotonicTime) {
        guard keypad.isCollecting, !isEnded else { return }
        follow(keypad.handle(.tick, expecting: hints.expecting, at: now), at: now)
    }

    private mutating func follow(_ action: DigitCollector.Action, at now: MonotonicTime) {
        switch action {
        case .none: break
        case .began: takeFloor(at: now)
        case .cleared: typingCleared(at: now)
        case .completed(let input): take(input, asksForHuman: false, at: now)
        case .humanRequested: take("0", asksForHuman: true, at: now)
        }
    }

    /// The caller is listened to, unless the answer under way is guarded.
    private mutating func takeFloor(at now: MonotonicTime) {
        switch state {
        case .idle: move(to: .userSpeaking(nextTurn(voiceEnd: now)))
        case .processing(let answer): goOnListening(insteadOf: answer, from: nil, at: now)
        case .agentSpeaking(let answer) where playout.isPlayed(at: now):
            // Only a mark is missing: the keys answer the agent and interrupt nobody.
            finish(answer, at: now)
            takeFloor(at: now)
        case .agentSpeaking(let answer) where !answer.isGuarded:
            playout.pause(at: now)
            act(.sendClear)
            let turn = CallerTurn(number: turnCount + 1, voiceEnd: now)
            let suspension = Suspension(onset: now, turn: turn)
            move(to: .interrupted(answer, suspension))
            giveFloor(from: answer, to: suspension, at: now)
        case .interrupted(let answer, let suspension):
            if suspension.awaitsWords { emit(.speechEnded) }
            giveFloor(from: answer, to: suspension, at: now)
        case .agentSpeaking, .userSpeaking, .ended: break
        }
    }

    private mutating func take(_ input: String, asksForHuman: Bool, at now: MonotonicTime) {
        emit(.dtmf(DTMFRecord(input: input)))
        failedTranscripts = 0  // keys are understood
        takeFloor(at: now)
        switch state {
        case .userSpeaking(var turn):
            turn.type(input, asksForHuman: asksForHuman)
            // Who still speaks ends the turn by falling silent.
            guard !(turn.isOpen && activity.isSpeaking) else {
                return move(to: .userSpeaking(turn))
            }
            end(turn, at: now)
        case .agentSpeaking(var answer):
            var overheard =
                answer.overheard
                ?? Overheard(
                    turn: CallerTurn(number: turnCount + 1, voiceEnd: now), awaitsWords: true)
            overheard.turn.type(input, asksForHuman: asksForHuman)
            answer.overheard = overheard
            replaceAnswer(answer)
        case .idle, .processing, .interrupted, .ended: break
        }
    }

    private mutating func typingCleared(at now: MonotonicTime) {
        guard case .userSpeaking(let turn) = state, !turn.isOpen else { return }
        guard turn.text.isEmpty, turn.isTranscribed, displaced == nil else {
            return end(turn, at: now)
        }
        turnCount -= 1  // nobody took a turn
        move(to: .idle)
    }

    /// The keys have ended the turn; what was said in it may still have to be transcribed.
    private mutating func end(_ typed: CallerTurn, at now: MonotonicTime) {
        var turn = typed
        // Waiting for further keys was no silence of ours, and no pause of speech to learn from.
        turn.ledger = TurnLedger(voiceEnd: now)
        if turn.isOpen, bargeIn.verdict(afterSpeaking: turn.voiced) == .noise {
            if let utterance = turn.openUtterance { act(.cancelUtterance(utterance)) }
            turn.closeUtterance()
            turn.abandonTranscripts()
            emit(.speechEnded)
        } else if turn.isOpen {
            finish(utteranceOf: &turn, at: now)
            emit(.speechEnded)
        }
        turn.ledger.endpoint = now
        let isTranscribed = turn.isTranscribed
        if !isTranscribed { turn.transcriptAskedAt = turn.transcriptAskedAt ?? now }
        move(to: .processing(startAnswer(to: turn)))
        if isTranscribed { transcriptKnown(at: now) }
    }
}

extension Conversation.Overheard {
    /// Its sound was no speech: what was keyed in is left, if anything.
    var withoutSound: Self? {
        guard !turn.typed.isEmpty else { return nil }
        var rest = self
        rest.turn.closeUtterance()
        rest.turn.abandonTranscripts()
        rest.awaitsWords = true
        return rest
    }
}
