internal import Events

/// What the caller says during an answer that may not be interrupted (`ModelEvent.guarded`).
extension Conversation {
    mutating func overhear(during guarded: Answer, at now: MonotonicTime) {
        var answer = guarded
        if answer.overheard?.awaitsWords == false { return }  // a gap inside the same utterance
        emit(.speechStarted)
        var overheard =
            answer.overheard
            ?? Overheard(turn: CallerTurn(number: turnCount + 1, voiceEnd: now))
        if answer.overheard == nil { endpointer.begin(expecting: hints.expecting) }
        overheard.awaitsWords = false
        begin(utteranceOf: &overheard.turn)
        answer.overheard = overheard
        replaceAnswer(answer)
    }

    mutating func overheardStopped(voiced: Duration, during guarded: Answer) {
        var answer = guarded
        guard var overheard = answer.overheard, !overheard.awaitsWords else { return }
        overheard.turn.voiced += voiced
        answer.overheard = overheard
        if bargeIn.verdict(afterSpeaking: overheard.turn.voiced) == .noise {
            if let utterance = overheard.turn.openUtterance { act(.cancelUtterance(utterance)) }
            emit(.speechEnded)
            answer.overheard = overheard.withoutSound
        }
        replaceAnswer(answer)
    }

    /// Asks for the words once the caller has been quiet for long enough.
    mutating func judgeOverheard(during guarded: Answer, at now: MonotonicTime) {
        var answer = guarded
        guard var overheard = answer.overheard, !overheard.awaitsWords, !activity.isSpeaking,
            endpointer.isOver(lastVoice: lastVoice, at: now)
        else { return }
        finish(utteranceOf: &overheard.turn, at: now)
        overheard.awaitsWords = true
        answer.overheard = overheard
        emit(.speechEnded)
        replaceAnswer(answer)
    }

    /// The guarded answer was heard; what was said meanwhile is the caller's turn.
    mutating func answerOverheard(_ overheard: Overheard?, at now: MonotonicTime) {
        guard case .idle = state, let overheard else { return }
        var turn = overheard.turn
        guard overheard.awaitsWords else {
            turnCount = turn.number
            return move(to: .userSpeaking(turn))
        }
        if turn.isTranscribed, bargeIn.verdict(words: turn.text) == .noise { return }
        turnCount = turn.number
        // Nobody was kept waiting while the agent spoke.
        turn.ledger = TurnLedger(voiceEnd: now)
        turn.ledger.endpoint = now
        turn.transcriptAskedAt = now
        let isTranscribed = turn.isTranscribed
        move(to: .processing(startAnswer(to: turn)))
        if isTranscribed { transcriptKnown(at: now) }
    }
}
