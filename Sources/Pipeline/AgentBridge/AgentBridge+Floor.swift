internal import Events

/// Whose turn it is: the caller's voice, what the agent makes of it, interruptions.
extension AgentBridge {
    private static let frame = Duration.milliseconds(20)
    /// Voice that long is speech that an agent must notice.
    private static let unmistakableVoice = Duration.milliseconds(500)
    /// An agent takes no longer to see that a turn is over.
    private static let longestEndpoint = Duration.seconds(4)
    /// An answer that a voice stopped goes on this long after it, unless the agent gives way.
    static let confirmationLimit = Duration.milliseconds(700)
    /// So long does a voice stop an answer that the agent goes on with.
    static let longestDoubt = Duration.milliseconds(1_500)

    mutating func hear(_ probability: Float, at now: MonotonicTime) {
        switch activity.hear(probability, lasting: Self.frame, at: now) {
        case .started(let onset):
            emit(.speechStarted)
            lastVoice = now
            voiceBegan(onset, at: now)
        case .stopped(let voiced):
            emit(.speechEnded)
            ignoresVoice = false
            if case .paused(let answer, var pause) = state {
                pause.voiceEnd = lastVoice
                state = .paused(answer, pause)
            } else if voiced >= Self.unmistakableVoice, heldTurn == nil {
                unheard = (lastVoice.advanced(by: .zero - voiced), lastVoice)
            }
        case .none:
            if let end = activity.lastVoice { lastVoice = end }
        }
    }

    /// Playback stops at once; whether it was an interruption the agent decides.
    private mutating func voiceBegan(_ onset: MonotonicTime, at now: MonotonicTime) {
        guard case .answering(let answer) = state, playout.hasSentAudio,
            !isHeardOut(answer, at: now), !ignoresVoice
        else { return }
        if case .handOver = answer.sequel {  // nobody is left who could go on
            playout.pause(at: now)
            act(.sendClear)
            return cut(answer, onset: onset, cleared: now, at: now)
        }
        playout.pause(at: now)
        act(.sendClear)
        owedStamps.insert(.cleared)
        state = .paused(answer, Pause(onset: onset))
    }

    /// All that is there was played, and as far as it is known nothing follows.
    private func isHeardOut(_ answer: AgentAnswer, at now: MonotonicTime) -> Bool {
        guard playout.quietSince(at: now) != nil else { return false }
        if answer.isComplete { return true }
        return !tellsResponseEnds && !answer.awaitsResponse && answer.outstandingTools == 0
    }

    /// The doubt is over without a word of the agent: the answer goes on.
    mutating func tickPause(at now: MonotonicTime) {
        guard case .paused(let answer, let pause) = state else { return }
        if let end = pause.voiceEnd {
            guard end.duration(to: now) >= Self.confirmationLimit, !activity.isSpeaking else {
                return
            }
        } else {
            guard pause.onset.duration(to: now) >= Self.longestDoubt else { return }
            ignoresVoice = true
        }
        playout.resume()
        state = .answering(answer)
        sendDueAudio(at: now)
    }

    // MARK: What the agent decides

    mutating func interrupted(through response: Int, at now: MonotonicTime) {
        deafThrough = max(deafThrough, response)
        held.removeAll { ($0.response ?? Int.max) <= response }
        switch state {
        case .paused(let answer, let pause):
            cut(answer, onset: pause.onset, cleared: pause.clearedAt ?? now, at: now)
        case .answering(let answer) where isHeardOut(answer, at: now): finish(answer, at: now)
        case .answering(let answer):
            let onset = activity.isSpeaking ? lastVoice.advanced(by: .zero - voicedNow) : now
            playout.pause(at: now)
            act(.sendClear)
            cut(answer, onset: onset, cleared: now, at: now)
        case .awaiting(var answer) where !answer.parts.isEmpty:
            // Its words came and none of its sound.
            for id in answer.parts.compactMap(\.historyID) {
                history.replace(id, by: .agent("", interrupted: true))
            }
            guard heldTurn == nil else {
                state = .listening
                return takeHeldTurn(at: now)
            }
            answer.parts = []
            answer.awaitsResponse = true
            state = .awaiting(answer)
        case .awaiting, .listening, .handingOver, .ended: break
        }
    }

    private var voicedNow: Duration { activity.voicedDuration }

    mutating func turnEnded(_ id: Int, at now: MonotonicTime) {
        guard !utterances.contains(where: { $0.id == id }) else { return }
        unheard = nil
        // Where our own detector heard no voice of late, the agent's word is all there is.
        let isKnown = lastVoice > startedAt && lastVoice.duration(to: now) < Self.longestEndpoint
        var ledger = TurnLedger(voiceEnd: isKnown ? lastVoice : now)
        ledger.endpoint = now
        switch state {
        case .awaiting(var answer) where answer.parts.isEmpty && !playout.hasSentAudio:
            // The caller went on before a word was said; a greeting nobody heard is none.
            if answer.turn == 0 {
                turnCount += 1
                answer.turn = turnCount
            }
            answer.ledger = ledger
            answer.awaitsResponse = true
            state = .awaiting(answer)
            register(id, turn: answer.turn)
        case .paused(let answer, let pause):
            cut(answer, onset: pause.onset, cleared: pause.clearedAt ?? now, at: now)
            awaitAnswer(ledger, of: id)
        case .answering(let answer) where isHeardOut(answer, at: now):
            finish(answer, at: now)
            guard case .listening = state else { return }
            awaitAnswer(ledger, of: id)
        case .answering, .awaiting:
            let turn = heldTurn?.turn ?? turnCount + 1
            turnCount = max(turnCount, turn)
            heldTurn = (turn, ledger)
            register(id, turn: turn)
        case .listening: awaitAnswer(ledger, of: id)
        case .handingOver, .ended: break
        }
    }

    private mutating func awaitAnswer(_ ledger: TurnLedger, of utterance: Int) {
        turnCount += 1
        register(utterance, turn: turnCount)
        awaitAnswer(turnCount, ledger)
    }

    private mutating func awaitAnswer(_ turn: Int, _ ledger: TurnLedger) {
        var answer = startAnswer(turn: turn, voiceEnd: ledger.voiceEnd, awaitsResponse: true)
        answer.ledger = ledger
        state = .awaiting(answer)
    }

    private mutating func register(_ id: Int, turn: Int) {
        if utterances.count >= 16 { utterances.removeFirst() }
        utterances.append(
            Utterance(id: id, turn: turn, text: nil, historyID: history.append(.user(""))))
    }

    mutating func heard(_ text: String, utterance id: Int, isFinal: Bool, at now: MonotonicTime) {
        let index = utterances.lastIndex { $0.id == id }
        let turn = index.map { utterances[$0].turn } ?? turnCount + 1
        emit(.transcript(Transcript(text: text, isFinal: isFinal, turn: turn)))
        guard isFinal, let index, utterances[index].text == nil else { return }
        utterances[index].text = text
        history.replace(utterances[index].historyID, by: .user(text))
        // Words that came before the answer are one of its stages; later ones held nothing up.
        if var answer = answerInHand, answer.turn == turn, answer.parts.isEmpty {
            answer.ledger.transcriptFinal = now
            replaceAnswer(answer)
        }
        if let owed = owedRecord, owed.record.turn == turn, !lacksWords(of: turn) {
            settleRecord()
        }
    }

    /// The caller's words of a turn, as far as they are known.
    func words(of turn: Int) -> String {
        utterances.filter { $0.turn == turn }.compactMap(\.text).joined(separator: " ")
    }

    func lacksWords(of turn: Int) -> Bool {
        utterances.contains { $0.turn == turn && $0.text == nil }
    }

    // MARK: Interruptions

    /// Somebody asked for quiet outright.
    mutating func silence(at now: MonotonicTime) {
        switch state {
        case .answering(let answer):
            playout.pause(at: now)
            act(.sendClear)
            act(.stopAgent)
            cut(answer, onset: now, cleared: now, at: now)
        case .paused(let answer, let pause):
            act(.stopAgent)
            cut(answer, onset: pause.onset, cleared: pause.clearedAt ?? now, at: now)
        case .listening, .awaiting, .handingOver, .ended: break
        }
    }

    /// The answer ends at the last word that was heard; the caller has the floor.
    mutating func cut(
        _ answer: AgentAnswer, onset: MonotonicTime, cleared: MonotonicTime, at now: MonotonicTime
    ) {
        interruptionCount += 1
        let position = playout.heardPosition(at: now)
        deafThrough = max(deafThrough, answer.lastResponse)
        let isAgentThere: Bool
        if case .handOver = answer.sequel { isAgentThere = false } else { isAgentThere = true }
        for part in answer.parts where isAgentThere && part.octetCount > 0 {
            let octets = part.heardOctets(upTo: position)
            guard !part.isEnded || octets < part.octetCount else { continue }
            act(
                .truncate(
                    response: part.response,
                    heardMilliseconds: octets * 1_000 / settings.octetsPerSecond))
        }
        let heard = recordHeard(of: answer, upTo: position)
        emit(
            .interruption(
                Interruption(
                    turn: answer.turn, heard: heard,
                    onsetToClearMilliseconds: onset.duration(to: cleared).milliseconds)))
        complete(answer, heard: heard, interrupted: true, at: now)
        state = .listening
        if case .hangUp = closing?.closing { closing = nil }  // who speaks up keeps the call
        if case .handOver(let failure) = answer.sequel {
            return handOver(.listen, because: failure, since: now, at: now)
        }
        takeHeldTurn(at: now)
    }

    /// What the agent has said to a turn that it took early is its answer now.
    mutating func takeHeldTurn(at now: MonotonicTime) {
        guard case .listening = state, let next = heldTurn else { return }
        heldTurn = nil
        awaitAnswer(next.turn, next.ledger)
        let events = held
        held = []
        for event in events { agentSaid(event, at: now) }
    }
}

extension SpeechAgentEvent {
    /// Of the caller's ear; `nil`: it belongs to none.
    var response: Int? {
        switch self {
        case .text(_, let response, _), .audio(_, let response, _), .responseEnded(let response):
            response
        case .ready, .sign, .interrupted, .turnEnded, .heard, .corrected, .toolCall, .closing,
            .complained, .ended, .failed:
            nil
        }
    }
}
