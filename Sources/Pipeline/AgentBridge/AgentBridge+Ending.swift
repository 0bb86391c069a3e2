internal import Events

/// Time that goes by, silence, failure, and the end of answers and of the call.
extension AgentBridge {
    /// Without a provider's word an answer is whole once nothing came for so long.
    private static let quietEnd = Duration.seconds(1)
    /// A closing for which no last words come is carried out after this.
    private static let closingLimit = Duration.seconds(3)
    /// The caller's words may come so long after the answer to them.
    private static let recordLimit = Duration.seconds(2)

    mutating func tick(at now: MonotonicTime) {
        tickKeypad(at: now)
        tickPause(at: now)
        if let owed = owedRecord, owed.since.duration(to: now) >= Self.recordLimit {
            settleRecord()
        }
        if !isReady, startedAt.duration(to: now) >= Self.readyLimit {
            return agentFailed(.timedOut, since: startedAt, at: now)
        }
        switch state {
        case .awaiting, .answering: tickAnswer(at: now)
        case .listening: tickListening(at: now)
        case .paused, .handingOver, .ended: break
        }
    }

    private mutating func tickAnswer(at now: MonotonicTime) {
        guard var answer = answerInHand else { return }
        if !tellsResponseEnds, answer.sequel == nil, !answer.awaitsResponse,
            answer.outstandingTools == 0, answer.lastAudioAt != nil,
            let quiet = playout.quietSince(at: now),
            quiet.duration(to: now) >= Self.quietEnd
        {
            endParts(of: &answer)
            replaceAnswer(answer)
            return answerIsWhole(at: now)
        }
        coverSilence(at: now)
        sendDueAudio(at: now)
        guard case .answering = state else { return followClosing(at: now) }
        guard playout.isFinished(at: now), let answer = answerInHand else { return }
        finish(answer, at: now)
    }

    private mutating func tickListening(at now: MonotonicTime) {
        followClosing(at: now)
        // An agent that gave no sign of life since a voice began has not heard it.
        guard let unheard, unheard.end.duration(to: now) >= settings.fillerDelay,
            !activity.isSpeaking
        else { return }
        self.unheard = nil
        guard lastSignAt < unheard.onset else { return }
        turnCount += 1
        agentFailed(.stalledBeforeFirst, since: unheard.end, at: now)
    }

    // MARK: Silence

    /// Promise 1: a wait is covered by a filler, and a wait without end by somebody else.
    private mutating func coverSilence(at now: MonotonicTime) {
        guard var answer = answerInHand, answer.sequel == nil,
            !answer.isComplete || answer.lastAudioAt == nil,  // words alone are not heard
            let quiet = quietSince(answer, at: now)
        else { return }
        // The end of the last part may still have to be told by a second of quiet.
        if !tellsResponseEnds, answer.lastAudioAt != nil, !answer.awaitsResponse,
            answer.outstandingTools == 0
        {
            return
        }
        let silence = quiet.duration(to: now)
        let isStalled = !answer.awaitsResponse && answer.outstandingTools == 0
        if settings.fillers.isEmpty || answer.fillerCount >= settings.fillerLimit {
            guard silence >= settings.longestWait else { return }
            agentFailed(
                isStalled ? .stalledMidStream : .stalledBeforeFirst, since: quiet, at: now)
        } else if silence >= min(settings.fillerDelay, settings.longestWait) {
            let filler = settings.fillers[answer.fillerCount % settings.fillers.count]
            answer.fillerCount += 1
            replaceAnswer(answer)
            say(filler, in: answer)
            sendDueAudio(at: now)
        }
    }

    private func quietSince(_ answer: AgentAnswer, at now: MonotonicTime) -> MonotonicTime? {
        guard playout.hasSentAudio else { return max(answer.ledger.voiceEnd, lastVoice) }
        guard let quiet = playout.quietSince(at: now) else { return nil }
        return max(quiet, lastVoice)
    }

    private mutating func say(_ filler: Filler, in answer: AgentAnswer) {
        emit(.agentSpeech(AgentSpeech(text: filler.text, turn: answer.turn, filler: true)))
        playout.append(filler.octets)
    }

    // MARK: The agent goes

    /// It closed the conversation in good order: the caller hears it out.
    mutating func agentLeft(at now: MonotonicTime) {
        guard isReady else { return agentFailed(.closedEarly, since: now, at: now) }
        guard var answer = answerInHand else { return leave(.hangUp(.agentHungUp), at: now) }
        let isDue = answer.awaitsResponse && closing == nil
        guard !isDue else { return agentFailed(.closedEarly, since: now, at: now) }
        answer.sequel = answer.sequel ?? .hangUp(.agentHungUp)
        hearOut(answer, at: now)
    }

    /// It is gone: what it said is heard, then our own conversation takes the call.
    mutating func agentFailed(
        _ failure: ProviderFailure, since: MonotonicTime, at now: MonotonicTime
    ) {
        if case .handOver = answerInHand?.sequel { return }  // it fails once
        deafThrough = Int.max
        emit(
            .error(
                ErrorRecord(
                    stage: EngineStage.agent.rawValue,
                    errorMessage: "the speech agent failed: \(failure.name)")))
        guard var answer = answerInHand else {
            let isUnanswered = failure == .stalledBeforeFirst
            return handOver(
                isUnanswered ? .apologise : .listen, because: failure, since: since, at: now)
        }
        if let next = heldTurn {
            // What answers the newest turn is lost; our own conversation answers it.
            heldTurn = nil
            held = []
            let heard = recordHeard(of: answer, upTo: playout.heardPosition(at: now))
            complete(answer, heard: heard, interrupted: true, at: now)
            state = .listening
            return handOver(
                opening(for: next.turn), because: failure, since: since, at: now)
        }
        if answer.parts.isEmpty {
            let opening: ConversationContinuation.Opening =
                answer.turn == 0 && history.messages.isEmpty ? .greet : opening(for: answer.turn)
            state = .listening
            return handOver(opening, because: failure, since: since, at: now)
        }
        answer.isBroken = !answer.isComplete || answer.lastAudioAt == nil
        answer.sequel = .handOver(failure)
        if case .paused(_, let pause) = state, activity.isSpeaking {
            return cut(
                answer, onset: pause.onset, cleared: pause.clearedAt ?? now, at: now)
        }
        hearOut(answer, at: now)
    }

    private func opening(for turn: Int) -> ConversationContinuation.Opening {
        let words = words(of: turn)
        return words.isEmpty ? .apologise : .answer(words)
    }

    private mutating func hearOut(_ left: AgentAnswer, at now: MonotonicTime) {
        var answer = left
        answer.awaitsResponse = false
        answer.outstandingTools = 0
        if !answer.isBroken { endParts(of: &answer) }
        playout.complete()
        switch state {
        case .paused:
            playout.resume()
            state = .answering(answer)
        case .awaiting where playout.hasSentAudio || answer.lastAudioAt != nil:
            state = .answering(answer)
        case .awaiting:
            state = .answering(answer)
            return finish(answer, at: now)
        case .answering, .listening, .handingOver, .ended: replaceAnswer(answer)
        }
        sendDueAudio(at: now)
        if playout.isFinished(at: now) { finish(answer, at: now) }
    }

    mutating func handOver(
        _ opening: ConversationContinuation.Opening, because failure: ProviderFailure,
        since: MonotonicTime, at now: MonotonicTime
    ) {
        settleRecord()
        if case .answer(let words) = opening {
            // One message in place of what the turn consists of, and behind its tools.
            for utterance in utterances where utterance.turn == turnCount {
                history.replace(utterance.historyID, by: .user(""))
            }
            _ = history.append(.user(words))
        }
        state = .handingOver
        act(
            .handOver(
                ConversationContinuation(
                    opening, history: history.messages, generation: generation,
                    turnCount: turnCount,
                    interruptionCount: interruptionCount, voiceEnd: max(lastVoice, startedAt),
                    change: ProviderSwitch(
                        stage: .agent, from: agentName, to: "pipeline", cause: failure,
                        since: since))))
    }

    /// Not even our own conversation is there: a word of apology, then a human.
    mutating func apologise(at now: MonotonicTime) {
        guard case .handingOver = state else { return }
        var answer = startAnswer(turn: 0, voiceEnd: now, awaitsResponse: false)
        answer.sequel = .transfer(reason: "the speech agent failed")
        state = .answering(answer)
        if let apology = settings.apology { say(apology, in: answer) }
        playout.complete()
        sendDueAudio(at: now)
        if playout.isFinished(at: now) { finish(answer, at: now) }
    }

    // MARK: Ends

    /// The caller has heard the whole answer.
    mutating func finish(_ heardOut: AgentAnswer, at now: MonotonicTime) {
        var answer = heardOut
        if !answer.isBroken { endParts(of: &answer) }
        let heard = answer.isBroken ? recordHeard(of: answer, upTo: playout.end) : answer.text
        complete(answer, heard: heard, interrupted: answer.isBroken, at: now)
        state = .listening
        lastCompletedAt = now
        switch answer.sequel {
        case nil:
            takeHeldTurn(at: now)
            followClosing(at: now)
        case .handOver(let failure):
            handOver(
                answer.isBroken ? .apologise : .listen, because: failure, since: now, at: now)
        case .hangUp, .transfer: if let sequel = answer.sequel { leave(sequel, at: now) }
        }
    }

    /// Carries out what the agent wants done with the call, once its last words were heard.
    mutating func followClosing(at now: MonotonicTime) {
        guard let (closing, since) = closing else { return }
        let isOverdue = since.duration(to: now) >= Self.closingLimit
        switch state {
        case .listening:
            let isSaid = lastCompletedAt.map { $0 >= since } ?? false
            guard isOverdue || isSaid else { return }
        case .awaiting(let answer): guard isOverdue, answer.parts.isEmpty else { return }
        case .answering, .paused, .handingOver, .ended: return
        }
        switch closing {
        case .hangUp: leave(.hangUp(.agentHungUp), at: now)
        case .transfer(let reason): leave(.transfer(reason: reason), at: now)
        }
    }

    private mutating func leave(_ sequel: AgentAnswer.Sequel, at now: MonotonicTime) {
        switch sequel {
        case .hangUp(let reason): hangUp(reason, at: now)
        case .transfer(let reason):
            settleRecord()
            let target = Conversation.TransferTarget(reason: reason)
            emit(.transferRequested(target.event))
            act(.transfer(target))
            state = .ended
        case .handOver(let failure): handOver(.listen, because: failure, since: now, at: now)
        }
    }

    mutating func hangUp(_ reason: EndReason, at now: MonotonicTime) {
        close(at: now)
        act(.hangUp(reason))
    }

    /// The call is over: what was under way is recorded as far as it was heard.
    mutating func close(at now: MonotonicTime) {
        if let answer = answerInHand {
            let heard = recordHeard(of: answer, upTo: playout.heardPosition(at: now))
            complete(
                answer, heard: heard,
                interrupted: !answer.isComplete || heard.wordsOnly != answer.text.wordsOnly,
                at: now)
        }
        settleRecord()
        state = .ended
    }

    // MARK: Records

    /// Corrects the history to what the caller heard (promise 2).
    mutating func recordHeard(of answer: AgentAnswer, upTo position: Int) -> String {
        var heardParts: [String] = []
        lastCutWasTimed = answer.parts.last.map { !$0.words.isEmpty } ?? false
        for part in answer.parts {
            let heard = part.heardText(
                upTo: position, octetsPerSecond: settings.octetsPerSecond)
            let isWhole = heard.wordsOnly == part.text.wordsOnly
            if let id = part.historyID {
                history.replace(
                    id, by: .agent(isWhole ? part.text.trimmed : heard, interrupted: !isWhole))
            }
            if !heard.isEmpty { heardParts.append(heard) }
        }
        return heardParts.joined(separator: " ")
    }

    mutating func complete(
        _ answer: AgentAnswer, heard: String, interrupted: Bool, at now: MonotonicTime
    ) {
        guard answer.turn > 0 else { return }
        settleRecord()
        var record = TurnRecord(turn: answer.turn, user: "")
        record.agent = answer.text
        record.heard = heard
        record.interrupted = interrupted
        record.filler = answer.beganWithFiller
        answer.ledger.fill(&record)
        if record.filler {  // sent while the agent was still at work
            record.bridge = nil
            record.send = nil
        }
        owedRecord = (record, now)
        if !lacksWords(of: answer.turn) { settleRecord() }
    }

    /// Tells of the turn that was completed last, with the words that are known.
    mutating func settleRecord() {
        guard var (record, _) = owedRecord else { return }
        owedRecord = nil
        record.user = words(of: record.turn)
        emit(.turnCompleted(record))
    }
}
