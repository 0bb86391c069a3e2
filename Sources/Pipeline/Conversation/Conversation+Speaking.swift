internal import Events

/// The agent's voice: synthesis, playout, interruptions, fillers and the end of the call.
extension Conversation {
    mutating func tick(at now: MonotonicTime) {
        hearGap(at: now)
        giveUpOnTranscript(at: now)
        switch state {
        case .processing, .agentSpeaking:
            guard var answer = answerInHand else { return }
            coverSilence(of: &answer, at: now)
            guard case .some = answerInHand else { return }  // handed over
            continueAnswer(at: now)
        case .idle, .userSpeaking, .interrupted, .ended: break
        }
    }

    /// Asks for speech, sends what is due, ends what is over.
    private mutating func continueAnswer(at now: MonotonicTime) {
        guard var answer = answerInHand else { return }
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
        if case .processing = state, answer.isShown { move(to: .agentSpeaking(answer)) }
        sendDueAudio(at: now)
        if playout.isFinished(at: now), case .agentSpeaking(let answer) = state {
            finish(answer, at: now)
        }
    }

    /// Hands the next chunk to the synthesiser, one at a time and not too far ahead of the ear.
    mutating func speakNext(of answer: inout Answer, at now: MonotonicTime) {
        guard answer.synthesising == nil, !answer.unspoken.isEmpty,
            playout.backlog(at: now) < settings.speechAhead
        else { return }
        if answer.usesFace { return showNext(of: &answer, at: now) }
        let number = answer.chunkCount - answer.unspoken.count
        let text = answer.unspoken.removeFirst()
        answer.synthesising = Answer.Synthesis(number: number, text: text, since: now)
        emit(.agentSpeech(AgentSpeech(text: text, turn: answer.turn.number, filler: false)))
        act(.speak(text, chunk: ChunkID(generation: answer.generation, index: number)))
    }

    mutating func speechReady(
        _ block: SpeechBlock, chunk: ChunkID, timing: EngineTiming, at now: MonotonicTime
    ) {
        guard var answer = currentAnswer(chunk.generation),
            answer.synthesising?.number == chunk.index, let synthesis = answer.synthesising,
            !block.octets.isEmpty
        else { return }
        if !synthesis.hasSound {
            answer.spoken.begin(synthesis.text, number: synthesis.number, at: playout.end)
            answer.synthesising?.hasSound = true
        }
        if answer.turn.ledger.ttsFirstByte == nil {
            answer.turn.ledger.ttsFirstByte = now
            answer.turn.ledger.addEngineTime(from: timing.askedAt, to: timing.readyAt)
        }
        answer.spoken.append(
            octetCount: block.octets.count, words: block.words, levels: block.levels)
        playout.append(block.octets)
        replaceAnswer(answer)
        if case .processing = state { move(to: .agentSpeaking(answer)) }
        sendDueAudio(at: now)
    }

    mutating func speechEnded(chunk: ChunkID, at now: MonotonicTime) {
        guard var answer = currentAnswer(chunk.generation),
            answer.synthesising?.number == chunk.index
        else { return }
        if answer.synthesising?.hasSound == true { answer.spoken.completeChunk() }
        answer.synthesising = nil
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
        answerIsWhole(answer, at: now)
    }

    mutating func speechFailed(_ error: EngineError, chunk: ChunkID, at now: MonotonicTime) {
        guard let answer = currentAnswer(chunk.generation),
            answer.synthesising?.number == chunk.index
        else { return }
        emit(.error(ErrorRecord(stage: "tts", errorMessage: error.text)))
        handOver(answer, because: "speech synthesis failed", at: now)
    }

    /// Once nothing more will be synthesised, playout may end.
    mutating func answerIsWhole(_ answer: Answer, at now: MonotonicTime) {
        guard answer.isComplete, !answer.isHandedOver else { return }
        if answer.closing == nil, !answer.spoken.hasSpeech {
            let (stage, what) =
                answer.chunkCount == 0
                ? ("llm", "the language model gave no answer")
                : ("tts", "speech synthesis gave no sound")
            emit(.error(ErrorRecord(stage: stage, errorMessage: what)))
            return handOver(answer, because: what, at: now)
        }
        playout.complete()
        if case .processing = state {
            // Nothing to say, only to do; a filler is heard to its end.
            guard playout.hasSentAudio else { return finish(answer, at: now) }
            move(to: .agentSpeaking(answer))
        }
        sendDueAudio(at: now)
    }

    mutating func sendDueAudio(at now: MonotonicTime) {
        let quiet = gaps.isEmpty ? nil : heardNothingSince(now)
        while let output = playout.nextOutput(at: now) {
            switch output {
            case .audio(let octets):
                act(.sendAudio(octets))
                endGaps(quietSince: quiet, at: now)
                noteFirstAudio()
            case .mark(let mark): act(.sendMark(mark))
            }
        }
    }

    private mutating func noteFirstAudio() {
        guard var answer = answerInHand, answer.turn.ledger.firstAudioSent == nil else { return }
        answer.beganWithFiller = answer.turn.ledger.ttsFirstByte == nil
        replaceAnswer(answer)
        owedStamps.insert(.firstAudioSent)
    }

    mutating func markReturned(_ mark: PlayoutMark, at now: MonotonicTime) {
        let playedSince = playout.markReturned(mark, at: now)
        guard var answer = answerInHand else { return }
        if let playedSince, answer.turn.ledger.firstAudioHeard == nil {
            answer.turn.ledger.firstAudioHeard = playedSince
            replaceAnswer(answer)
        }
        switch state {
        case .processing, .agentSpeaking: continueAnswer(at: now)
        case .idle, .userSpeaking, .interrupted, .ended: break
        }
    }

    // MARK: Interruptions

    /// The caller meant it: the answer ends at the last word they heard.
    mutating func cut(_ spoken: Answer, by suspension: Suspension, at now: MonotonicTime) {
        let answer = spoken.heardFromFace(at: now)
        act(.cancelAnswer(generation: answer.generation))
        endGaps(at: now)
        interruptionCount += 1
        let heard = recordHeard(of: answer, upTo: playout.heardPosition(at: now))
        let cleared = suspension.clearedAt ?? now
        emit(
            .interruption(
                Interruption(
                    turn: answer.turn.number, heard: heard,
                    onsetToClearMilliseconds: suspension.onset.duration(to: cleared).milliseconds)))
        complete(answer, heard: heard, interrupted: true)
    }

    /// Somebody asked for quiet outright: no doubt to be settled, the floor is free.
    mutating func silence(at now: MonotonicTime) {
        switch state {
        case .agentSpeaking(let answer):
            playout.pause(at: now)
            act(.sendClear)
            let turn = CallerTurn(number: turnCount, voiceEnd: now)
            cut(answer, by: Suspension(onset: now, turn: turn), at: now)
            move(to: .idle)
        case .interrupted(let answer, let suspension):
            cut(answer, by: suspension, at: now)
            turnCount = suspension.turn.number
            if suspension.awaitsWords {
                emit(.speechEnded)
                move(to: .processing(startAnswer(to: suspension.turn)))
            } else {
                move(to: .userSpeaking(suspension.turn))
            }
        case .idle, .userSpeaking, .processing, .ended: break
        }
    }

    /// It was a cough or an "ajá": the answer goes on at the word where it stopped.
    mutating func resume(_ answer: Answer, at now: MonotonicTime) {
        playout.resume { answer.spoken.resumption(stoppedAt: $0, longestRewind: $1) }
        move(to: .agentSpeaking(answer))
        sendDueAudio(at: now)
    }

    // MARK: Silence and failure

    /// Promise 1: a wait is covered by a filler, and a wait without end by a human.
    private mutating func coverSilence(of answer: inout Answer, at now: MonotonicTime) {
        guard !answer.isComplete, !isMuted, let quiet = quietSince(answer, at: now) else { return }
        let silence = quiet.duration(to: now)
        let stalled = answer.synthesising?.hasSound ?? false
        if stalled || settings.fillers.isEmpty || answer.fillerCount >= settings.fillerLimit {
            guard silence >= settings.longestWait else { return }
            handOver(answer, because: "no answer in time", at: now)
        } else if silence >= min(settings.fillerDelay, settings.longestWait) {
            let filler = settings.fillers[answer.fillerCount % settings.fillers.count]
            say(filler, in: &answer)
            answer.fillerCount += 1
            replaceAnswer(answer)
        }
    }

    func quietSince(_ answer: Answer, at now: MonotonicTime) -> MonotonicTime? {
        guard !answer.isShown else { return nil }
        let heard = max(lastVoice, answer.faceSilentSince ?? lastVoice)
        guard playout.hasSentAudio else { return max(answer.turn.ledger.voiceEnd, heard) }
        guard let quiet = playout.quietSince(at: now) else { return nil }
        return max(quiet, heard)
    }

    /// When the audio that the caller heard last was over; `nil`: it is not.
    private func heardNothingSince(_ now: MonotonicTime) -> MonotonicTime? {
        guard let answer = answerInHand, !playout.hasSentAudio else {
            return playout.ranDry(at: now).map { max($0, lastVoice) }
        }
        return max(answer.turn.ledger.voiceEnd, lastVoice)
    }

    private mutating func say(_ filler: Filler, in answer: inout Answer) {
        emit(
            .agentSpeech(AgentSpeech(text: filler.text, turn: answer.turn.number, filler: true)))
        answer.spoken.begin(filler.text, number: nil, at: playout.end)
        answer.spoken.append(octetCount: filler.octets.count)
        answer.spoken.completeChunk()
        playout.append(filler.octets)
    }

    /// Gives the caller to a human, with a word of apology when its audio is at hand.
    mutating func handOver(_ failed: Answer, because reason: String, at now: MonotonicTime) {
        if failed.isUnasked, case .hangUp = failed.closing {
            return hangUp(failed.endReason, at: now)  // nobody is there to be apologised to
        }
        var answer = failed.heardFromFace(at: now)
        act(.cancelAnswer(generation: answer.generation))
        speculation.waste()
        answer.model = .done
        answer.unspoken = []
        answer.synthesising = nil
        answer.isHandedOver = true
        answer.closing = .transfer(reason: reason)
        if let apology = settings.apology { say(apology, in: &answer) }
        playout.complete()
        switch state {
        case .processing: move(to: .agentSpeaking(answer))
        // In an interruption the caller has the floor; it all comes when they give it back.
        case .idle, .userSpeaking, .agentSpeaking, .interrupted, .ended: replaceAnswer(answer)
        }
        sendDueAudio(at: now)
        if playout.isFinished(at: now) { finish(answer, at: now) }
    }

    // MARK: Ends

    /// The caller has heard the whole answer.
    mutating func finish(_ answer: Answer, at now: MonotonicTime) {
        endGaps(at: now)
        let heard =
            answer.isHandedOver || answer.isCutShort
            ? recordHeard(of: answer, upTo: playout.end)
            : answer.spoken.text(heardUpTo: Int.max)
        complete(answer, heard: heard, interrupted: false)
        move(to: .idle)
        switch answer.closing {
        case .transfer(let reason): transfer(reason)
        case .hangUp: hangUp(answer.endReason, at: now)
        case nil: answerOverheard(answer.overheard, at: now)
        }
    }

    mutating func complete(_ answer: Answer, heard: String, interrupted: Bool) {
        guard answer.turn.number > 0 else { return }
        var record = TurnRecord(turn: answer.turn.number, user: answer.turn.text)
        record.agent = answer.text
        record.heard = heard
        record.interrupted = interrupted
        record.filler = answer.beganWithFiller
        record.speculated = answer.isSpeculated ? true : nil
        answer.turn.ledger.fill(&record)
        if record.filler {  // sent while engines were still at work
            record.bridge = nil
            record.send = nil
        }
        emit(.turnCompleted(record))
    }

    private mutating func transfer(_ reason: String) {
        let target = TransferTarget(reason: reason)
        emit(.transferRequested(target.event))
        act(.transfer(target))
        move(to: .ended)
    }

    mutating func hangUp(_ reason: EndReason, at now: MonotonicTime) {
        close(at: now)
        act(.hangUp(reason))
    }

    /// The call is over: what was under way is recorded as far as it was heard.
    mutating func close(at now: MonotonicTime) {
        endGaps(at: now)
        if let answer = answerInHand?.heardFromFace(at: now) {
            act(.cancelAnswer(generation: answer.generation))
            speculation.waste()
            let heard = recordHeard(of: answer, upTo: playout.heardPosition(at: now))
            complete(
                answer, heard: heard,
                interrupted: !answer.isComplete || heard.wordsOnly != answer.text.wordsOnly)
        }
        move(to: .ended)
    }
}
