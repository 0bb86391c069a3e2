internal import Events

/// The caller's side: frames, turns, interruptions and what was recognised.
extension Conversation {
    static let frameLength = Duration.milliseconds(20)
    /// Frames missing for longer than this count as silence.
    private static let frameGap = Duration.milliseconds(100)

    mutating func hear(_ probability: Float, at now: MonotonicTime) {
        lastFrameAt = now
        let edge = activity.hear(probability, lasting: Self.frameLength, at: now)
        let before = lastVoice
        if let voice = activity.lastVoice { lastVoice = voice }
        switch edge {
        case .none: if let start = unjudged { speechStarted(start, at: now) }
        case .started(let onset):
            speechStarted(SpeechStart(onset: onset, lastVoice: before), at: now)
        case .stopped(let voiced):
            unjudged = nil
            speechStopped(voiced: voiced, at: now)
        }
        judgeSilence(at: now)
    }

    /// A carrier that stops sending must not keep a turn open.
    mutating func hearGap(at now: MonotonicTime) {
        guard lastFrameAt.duration(to: now) > Self.frameGap else { return }
        guard activity.isSpeaking else { return judgeSilence(at: now) }
        let resumed = lastFrameAt
        hear(0, at: now)
        lastFrameAt = resumed
    }

    /// What a frame decides by itself: voice that went on, or silence that did.
    private mutating func judgeSilence(at now: MonotonicTime) {
        switch state {
        case .userSpeaking:
            guard !keypad.isCollecting else { return }
            judgeSpeculation(at: now)
            guard !activity.isSpeaking, endpointer.isOver(lastVoice: lastVoice, at: now)
            else { return }
            endTurn(at: now)
        case .interrupted:
            judgeInterruption(at: now)
        case .agentSpeaking(let answer): judgeOverheard(during: answer, at: now)
        case .idle, .processing, .ended: break
        }
    }

    private mutating func speechStarted(_ start: SpeechStart, at now: MonotonicTime) {
        unjudged = nil
        guard !ignoresCaller else { return }
        switch state {
        case .idle:
            emit(.speechStarted)
            var turn = nextTurn(voiceEnd: now)
            endpointer.begin(expecting: hints.expecting)
            begin(utteranceOf: &turn)
            move(to: .userSpeaking(turn))
        case .processing(let answer):
            guard bargeIn.reopens(after: activity.voicedDuration) else {
                unjudged = start
                return
            }
            emit(.speechStarted)
            goOnListening(insteadOf: answer, from: start, at: now)
        case .agentSpeaking(let answer) where playout.isPlayed(at: now):
            // Only a mark is missing: these words answer the agent and interrupt nobody.
            finish(answer, at: now)
            guard !isEnded else { return }
            speechStarted(start, at: now)
        case .agentSpeaking(let answer) where answer.isGuarded:
            overhear(during: answer, at: now)
        case .agentSpeaking(let answer):
            guard bargeIn.pauses(after: activity.voicedDuration) else {
                unjudged = start
                return
            }
            emit(.speechStarted)
            if !answer.isShown {  // a face cannot go on inside a sentence: it is not paused
                playout.pause(at: now)
                act(.sendClear)
                owedStamps.insert(.cleared)
            }
            var turn = CallerTurn(number: turnCount + 1, voiceEnd: now)
            endpointer.begin(expecting: hints.expecting)
            begin(utteranceOf: &turn)
            move(to: .interrupted(answer, Suspension(onset: start.onset, turn: turn)))
        case .interrupted(let answer, var suspension):
            guard suspension.awaitsWords else { return }  // a gap inside the same utterance
            suspension.awaitsWords = false
            begin(utteranceOf: &suspension.turn)
            move(to: .interrupted(answer, suspension))
        case .userSpeaking(var turn):
            guard !turn.isOpen else { return noteResumption(start) }
            emit(.speechStarted)  // over the keys
            endpointer.begin(expecting: hints.expecting)
            begin(utteranceOf: &turn)
            move(to: .userSpeaking(turn))
        case .ended: break
        }
    }

    /// The caller paused inside a turn.
    private mutating func noteResumption(_ start: SpeechStart) {
        endpointer.resumed(
            after: start.lastVoice.duration(to: start.onset), lastVoice: start.lastVoice)
    }

    private mutating func speechStopped(voiced: Duration, at now: MonotonicTime) {
        switch state {
        case .userSpeaking(var turn):
            turn.voiced += voiced
            if bargeIn.verdict(afterSpeaking: voiced) != .noise { endpointer.confirmResumption() }
            move(to: .userSpeaking(turn))
        case .interrupted(let answer, var suspension):
            suspension.turn.voiced += voiced
            guard bargeIn.verdict(afterSpeaking: suspension.turn.voiced) != .noise else {
                return dismiss(suspension, during: answer, at: now)
            }
            move(to: .interrupted(answer, suspension))
        case .agentSpeaking(let answer): overheardStopped(voiced: voiced, during: answer)
        case .idle, .processing, .ended: break
        }
    }

    /// The caller went on before a word of the answer was sent: it was no end of turn.
    ///
    /// - Parameters:
    ///   - answer: what was being prepared.
    ///   - start: of the voice; `nil`: a key was pressed.
    ///   - now: when.
    mutating func goOnListening(
        insteadOf answer: Answer, from start: SpeechStart?, at now: MonotonicTime
    ) {
        act(.cancelAnswer(generation: answer.generation))
        speculation.waste()
        if playout.hasSentAudio {  // a filler
            playout.pause(at: now)
            act(.sendClear)
        }
        _ = recordHeard(of: answer, upTo: 0)
        var turn = answer.turn
        if turn.number == 0 || answer.hasRunTools {
            displaced = answer.isUnasked ? nil : answer
            displaced?.steps = []
            turn = nextTurn(voiceEnd: now)
            endpointer.begin(expecting: hints.expecting)
        } else {
            if let start { noteResumption(start) }
            // Context may have been added behind the words.
            if answer.model != .awaitingTranscript, !answer.isUnasked,
                let last = history.lastIndex(where: { !$0.isContext }), case .user = history[last]
            {
                history.remove(at: last)
            }
            turn.reopen(at: now)
        }
        if start != nil { begin(utteranceOf: &turn) }
        move(to: .userSpeaking(turn))
    }

    private mutating func endTurn(at now: MonotonicTime) {
        guard case .userSpeaking(var turn) = state else { return }
        turn.ledger = TurnLedger(voiceEnd: lastVoice)
        finish(utteranceOf: &turn, at: now)
        endpointer.turnEnded()
        emit(.speechEnded)
        speculateAtEnd(at: now)
        let answer = startAnswer(to: turn, speculated: speculatedGeneration)
        move(to: .processing(answer))
    }

    private mutating func judgeInterruption(at now: MonotonicTime) {
        guard case .interrupted(let answer, var suspension) = state, !suspension.awaitsWords
        else { return }
        if activity.isSpeaking {
            let verdict = bargeIn.verdict(
                whileSpeaking: activity.voicedDuration, isBackchannel: suspension.isBackchannel,
                lacksWords: settings.interimsAreStable && !suspension.hasWords)
            switch verdict {
            case .interruption: giveFloor(from: answer, to: suspension, at: now)
            case .noise: dismiss(suspension, during: answer, at: now)
            case .undecided: break
            }
        } else if endpointer.isOver(lastVoice: lastVoice, at: now) {
            suspension.turn.ledger = TurnLedger(voiceEnd: lastVoice)
            finish(utteranceOf: &suspension.turn, at: now)
            suspension.awaitsWords = true
            move(to: .interrupted(answer, suspension))
        }
    }

    /// What paused the answer was no speech: nobody need recognise it.
    private mutating func dismiss(
        _ suspension: Suspension, during answer: Answer, at now: MonotonicTime
    ) {
        if let utterance = suspension.turn.openUtterance { act(.cancelUtterance(utterance)) }
        emit(.speechEnded)
        resume(answer, at: now)
    }

    mutating func giveFloor(
        from answer: Answer, to suspension: Suspension, at now: MonotonicTime
    ) {
        cut(answer, by: suspension, at: now)
        turnCount = suspension.turn.number
        move(to: .userSpeaking(suspension.turn))
    }

    // MARK: What was recognised

    mutating func recognised(_ result: RecognitionResult, at now: MonotonicTime) {
        switch result.outcome {
        case .interim(let text): interim(text, of: result.utterance, at: now)
        case .final(let text):
            failedTranscripts = 0
            transcribed(result.utterance, as: text, readyAt: result.readyAt, at: now)
        case .failed(let error):
            failedTranscripts += 1
            emit(.error(ErrorRecord(stage: "stt", errorMessage: error.text)))
            transcribed(result.utterance, as: "", readyAt: result.readyAt, at: now)
        }
    }

    private mutating func interim(_ text: String, of utterance: Utterance.ID, at now: MonotonicTime)
    {
        guard !text.isEmpty, let turn = turnBeingHeard, turn.openUtterance == utterance
        else { return }
        endpointer.heard(turn.text(withInterim: text), at: now)
        emit(.transcript(Transcript(text: text, isFinal: false, turn: turn.number)))
        noteInterim(text, of: turn, at: now)
        if case .userSpeaking = state { return judgeSilence(at: now) }
        guard settings.interimsAreStable, case .interrupted(let answer, var suspension) = state,
            !suspension.awaitsWords
        else { return }
        let verdict = bargeIn.verdict(interimWords: turn.text(withInterim: text))
        if verdict == .interruption { return giveFloor(from: answer, to: suspension, at: now) }
        suspension.isBackchannel = verdict == .noise
        suspension.hasWords = true
        move(to: .interrupted(answer, suspension))
    }

    /// The turn whose words come in, while it may still go on.
    private var turnBeingHeard: CallerTurn? {
        switch state {
        case .userSpeaking(let turn): turn
        case .interrupted(_, let suspension): suspension.turn
        case .agentSpeaking(let answer): answer.overheard?.turn
        case .idle, .processing, .ended: nil
        }
    }

    private mutating func transcribed(
        _ utterance: Utterance.ID, as text: String, readyAt: MonotonicTime, at now: MonotonicTime
    ) {
        switch state {
        case .userSpeaking(var turn):
            guard turn.transcribed(utterance, as: text) else { return countStale() }
            move(to: .userSpeaking(turn))
        case .processing(var answer):
            guard answer.turn.transcribed(utterance, as: text) else { return countStale() }
            guard answer.turn.isTranscribed else { return replaceAnswer(answer) }
            answer.turn.ledger.addEngineTime(from: answer.turn.transcriptAskedAt, to: readyAt)
            replaceAnswer(answer)
            transcriptKnown(at: now)
        case .interrupted(let answer, var suspension):
            guard suspension.turn.transcribed(utterance, as: text) else { return countStale() }
            guard suspension.awaitsWords, suspension.turn.isTranscribed else {
                return move(to: .interrupted(answer, suspension))
            }
            suspension.turn.ledger.addEngineTime(
                from: suspension.turn.transcriptAskedAt, to: readyAt)
            wordsKnown(answer, suspension, at: now)
        case .agentSpeaking(var answer):
            guard answer.overheard?.turn.transcribed(utterance, as: text) == true
            else { return countStale() }
            replaceAnswer(answer)
        case .idle, .ended: countStale()
        }
    }

    /// The words of a sound that paused the answer are known: they tell whether it was meant.
    private mutating func wordsKnown(
        _ answer: Answer, _ suspension: Suspension, at now: MonotonicTime
    ) {
        emit(.speechEnded)
        let words = suspension.turn.text
        let rest = answer.isComplete ? playout.backlog(at: now) : nil
        // "Yes" is a backchannel, but not when the agent asks whether somebody is there.
        let isReply = answer.isUnasked && idle.hasAsked && presence.matches(words)
        guard isReply || bargeIn.verdict(words: words, rest: rest) == .interruption else {
            noteSign(words, at: now)
            return resume(answer, at: now)
        }
        cut(answer, by: suspension, at: now)
        turnCount = suspension.turn.number
        move(to: .processing(startAnswer(to: suspension.turn)))
        transcriptKnown(at: now)
    }

    /// Gives up on a transcript that does not come.
    mutating func giveUpOnTranscript(at now: MonotonicTime) {
        switch state {
        case .processing(var answer):
            guard answer.model == .awaitingTranscript, let asked = answer.turn.transcriptAskedAt,
                asked.duration(to: now) >= settings.transcriptLimit
            else { return }
            noteMissingTranscript(of: answer.turn)
            answer.turn.abandonTranscripts()
            replaceAnswer(answer)
            transcriptKnown(at: now)
        case .interrupted(let answer, var suspension):
            guard suspension.awaitsWords, let asked = suspension.turn.transcriptAskedAt,
                asked.duration(to: now) >= settings.transcriptLimit
                    || lastVoice.duration(to: now) >= settings.longestWait
            else { return }
            noteMissingTranscript(of: suspension.turn)
            suspension.turn.abandonTranscripts()
            wordsKnown(answer, suspension, at: now)
        case .idle, .userSpeaking, .agentSpeaking, .ended: break
        }
    }

    private mutating func noteMissingTranscript(of turn: CallerTurn) {
        failedTranscripts += 1
        if let utterance = turn.openUtterance { act(.cancelUtterance(utterance)) }
        emit(.error(ErrorRecord(stage: "stt", errorMessage: "no final transcript in time")))
    }

    private mutating func countStale() { staleResultCount += 1 }

    mutating func nextTurn(voiceEnd now: MonotonicTime) -> CallerTurn {
        turnCount += 1
        return CallerTurn(number: turnCount, voiceEnd: now)
    }

    mutating func begin(utteranceOf turn: inout CallerTurn) {
        utteranceCount += 1
        turn.begin(utteranceCount)
        speculation.utteranceBegan()
        act(.beginUtterance(Utterance(id: utteranceCount, hints: hints)))
    }

    mutating func finish(utteranceOf turn: inout CallerTurn, at now: MonotonicTime) {
        turn.ledger.endpoint = now
        turn.closeUtterance()
        guard let utterance = turn.openUtterance else { return }
        act(.finishUtterance(utterance))
        owedStamps.insert(.transcriptAsked)
    }
}

extension EngineError {
    /// What went wrong, for the journal; holds no secret.
    package var text: String {
        switch self {
        case .unavailable(let text), .timedOut(let text), .failed(let text), .overloaded(let text):
            text
        }
    }
}
