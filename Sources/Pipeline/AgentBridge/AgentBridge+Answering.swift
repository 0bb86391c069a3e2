internal import Codecs
internal import Events

/// What the agent says: responses, their audio and words, tools.
extension AgentBridge {
    mutating func agentSaid(_ said: SpeechAgentEvent, at now: MonotonicTime) {
        lastSignAt = now
        if hold(said, at: now) { return }
        switch said {
        case .ready: isReady = true
        case .sign: break
        case .interrupted(let response): interrupted(through: response, at: now)
        case .turnEnded(let utterance): turnEnded(utterance, at: now)
        case .heard(let text, let utterance, let isFinal):
            heard(text, utterance: utterance, isFinal: isFinal, at: now)
        case .text(let text, let response, let isWhole):
            take(text, of: response, isWhole: isWhole, at: now)
        case .audio(let block, let response, let readyAt):
            take(block, of: response, readyAt: readyAt, at: now)
        case .responseEnded(let response): responseEnded(response, at: now)
        case .corrected(let original, let corrected): correct(original, to: corrected)
        case .toolCall(let call): toolCalled(call, at: now)
        case .closing(let closing):
            self.closing = (closing, now)
            followClosing(at: now)
        case .complained(let text):
            emit(.error(ErrorRecord(stage: EngineStage.agent.rawValue, errorMessage: text)))
        case .ended: agentLeft(at: now)
        case .failed(let failure): agentFailed(failure, since: now, at: now)
        }
    }

    /// What answers a turn that was taken during an answer waits until that one was heard.
    private mutating func hold(_ said: SpeechAgentEvent, at now: MonotonicTime) -> Bool {
        guard heldTurn != nil, var answer = answerInHand else { return false }
        switch said {
        case .text(_, let response, _), .audio(_, let response, _), .responseEnded(let response):
            guard response > answer.lastResponse else { return false }
        case .toolCall: break
        case .ready, .sign, .interrupted, .turnEnded, .heard, .corrected, .closing, .complained,
            .ended, .failed:
            return false
        }
        held.append(said)
        guard !answer.isComplete else { return true }
        // The agent has gone on: nothing more comes of what is being heard.
        answer.awaitsResponse = false
        answer.outstandingTools = 0
        endParts(of: &answer)
        replaceAnswer(answer)
        answerIsWhole(at: now)
        return true
    }

    /// The answer that `response` belongs to, begun where there is none; `nil`: it is over.
    private mutating func answer(with response: Int, at now: MonotonicTime) -> AgentAnswer? {
        guard response > deafThrough else {
            staleBlockCount += 1
            return nil
        }
        latestResponse = max(latestResponse, response)
        if answerInHand == nil {
            var turn = 0
            if unheard != nil {  // the agent does not tell what it hears
                turnCount += 1
                turn = turnCount
            }
            let voiceEnd = turn > 0 ? lastVoice : now
            state = .awaiting(startAnswer(turn: turn, voiceEnd: voiceEnd, awaitsResponse: false))
        }
        unheard = nil
        guard var answer = answerInHand else { return nil }
        answer.awaitsResponse = false
        if !answer.parts.contains(where: { $0.response == response }) {
            answer.parts.append(
                AgentAnswer.Part(response: response, language: settings.language))
        }
        return answer
    }

    private mutating func take(
        _ text: String, of response: Int, isWhole: Bool, at now: MonotonicTime
    ) {
        guard var answer = answer(with: response, at: now),
            let index = answer.parts.lastIndex(where: { $0.response == response })
        else { return }
        if answer.ledger.ttsFirstByte == nil, answer.ledger.llmFirstToken == nil {
            answer.ledger.llmFirstToken = now
            answer.ledger.firstSentence = now
        }
        answer.parts[index].text += text
        answer.parts[index].chunker.append(text)
        while let chunk = answer.parts[index].chunker.nextChunk() {
            emit(.agentSpeech(AgentSpeech(text: chunk, turn: answer.turn, filler: false)))
        }
        if isWhole { tellRest(of: &answer, index) }
        let message = Message.agent(answer.parts[index].text.trimmed, interrupted: false)
        if let id = answer.parts[index].historyID {
            history.replace(id, by: message)
        } else {
            answer.parts[index].historyID = history.append(message)
        }
        replaceAnswer(answer)
    }

    private mutating func take(
        _ block: SpeechBlock, of response: Int, readyAt: MonotonicTime, at now: MonotonicTime
    ) {
        guard !block.octets.isEmpty, var answer = answer(with: response, at: now),
            let index = answer.parts.lastIndex(where: { $0.response == response })
        else { return }
        if answer.ledger.ttsFirstByte == nil {
            answer.ledger.ttsFirstByte = now
            answer.ledger.addEngineTime(from: answer.ledger.endpoint, to: readyAt)
        }
        answer.parts[index].append(block, at: playout.end)
        answer.lastAudioAt = now
        playout.append(block.octets)
        replaceAnswer(answer)
        if case .awaiting = state { state = .answering(answer) }
        sendDueAudio(at: now)
    }

    private mutating func responseEnded(_ response: Int, at now: MonotonicTime) {
        guard var answer = answerInHand,
            let index = answer.parts.lastIndex(where: { $0.response == response })
        else { return }
        end(index, of: &answer)
        replaceAnswer(answer)
        answerIsWhole(at: now)
    }

    private mutating func end(_ index: Int, of answer: inout AgentAnswer) {
        guard !answer.parts[index].isEnded else { return }
        answer.parts[index].isEnded = true
        tellRest(of: &answer, index)
    }

    /// What the chunker has kept back.
    private mutating func tellRest(of answer: inout AgentAnswer, _ index: Int) {
        if let rest = answer.parts[index].chunker.finish() {
            emit(.agentSpeech(AgentSpeech(text: rest, turn: answer.turn, filler: false)))
        }
        answer.parts[index].chunker = SentenceChunker(language: settings.language)
    }

    /// Nothing more comes of what has begun.
    mutating func endParts(of answer: inout AgentAnswer) {
        for index in answer.parts.indices { end(index, of: &answer) }
    }

    /// Once nothing more belongs to the answer, playout may end.
    mutating func answerIsWhole(at now: MonotonicTime) {
        guard let answer = answerInHand, answer.isComplete else { return }
        playout.complete()
        sendDueAudio(at: now)
        if case .answering = state, playout.isFinished(at: now) { finish(answer, at: now) }
    }

    mutating func sendDueAudio(at now: MonotonicTime) {
        while let output = playout.nextOutput(at: now) {
            switch output {
            case .audio(let octets):
                act(.sendAudio(octets))
                guard var answer = answerInHand, answer.ledger.firstAudioSent == nil else {
                    continue
                }
                answer.beganWithFiller = answer.ledger.ttsFirstByte == nil
                replaceAnswer(answer)
                owedStamps.insert(.firstAudioSent)
            case .mark(let mark): act(.sendMark(mark))
            }
        }
    }

    mutating func markReturned(_ mark: PlayoutMark, at now: MonotonicTime) {
        let playedSince = playout.markReturned(mark, at: now)
        guard var answer = answerInHand else { return }
        if let playedSince, answer.ledger.firstAudioHeard == nil {
            answer.ledger.firstAudioHeard = playedSince
            replaceAnswer(answer)
        }
        guard case .answering = state else { return }
        sendDueAudio(at: now)
        if playout.isFinished(at: now) { finish(answer, at: now) }
    }

    // MARK: Tools

    private mutating func toolCalled(_ call: ToolCall, at now: MonotonicTime) {
        emit(.toolCall(ToolCallRecord(id: call.id, name: call.name, arguments: call.arguments)))
        _ = history.append(.toolCall(call))
        if answerInHand == nil {
            state = .awaiting(
                startAnswer(turn: 0, voiceEnd: lastVoice, awaitsResponse: true))
        }
        if var answer = answerInHand {
            answer.outstandingTools += 1
            answer.awaitsResponse = true
            replaceAnswer(answer)
        }
        act(.runTool(call))
    }

    mutating func toolAnswered(_ result: ToolResult, took: Duration, at now: MonotonicTime) {
        emit(
            .toolResult(
                ToolResultRecord(
                    id: result.callID, name: history.toolName(of: result),
                    succeeded: result.succeeded, result: result.content,
                    durationMilliseconds: took.milliseconds)))
        history.insert(result)
        if var answer = answerInHand, answer.outstandingTools > 0 {
            answer.outstandingTools -= 1
            replaceAnswer(answer)
        }
        act(.giveResult(result))
    }

    // MARK: Corrections

    /// What the agent takes to have been heard is taken where we know no better: its words had no
    /// timings, so ours are a proportion.
    private mutating func correct(_ original: String, to corrected: String) {
        guard !lastCutWasTimed else { return }
        history.correctLastCut(to: corrected.trimmed)
    }
}
