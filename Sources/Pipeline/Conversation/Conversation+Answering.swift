internal import Events

/// The mind's side: the model's stream, its tools, and the history it sees.
extension Conversation {
    /// The call begins: the model opens it.
    mutating func open(at now: MonotonicTime) {
        if let start = continuation {
            continuation = nil
            return goOn(with: start, at: now)
        }
        guard case .idle = state, generation == 0 else { return }  // a call begins once
        lastFrameAt = now
        guard !waitsForWhoAnswers(at: now) else { return }
        greet(at: now)
    }

    /// The model speaks first.
    mutating func greet(at now: MonotonicTime) {
        guard !isMuted else { return }
        let turn = CallerTurn(number: 0, voiceEnd: now)
        let answer = startAnswer(to: turn)
        move(to: .processing(answer))
        ask(at: now)
    }

    /// A new generation, or the one in which the model was asked for it before; audio of the one
    /// before is forgotten.
    mutating func startAnswer(to turn: CallerTurn, speculated: Int? = nil) -> Answer {
        generation = speculated ?? generation + 1
        playout.start(generation: generation)
        var answer = Answer(
            generation: generation, turn: turn, language: settings.language,
            octetsPerSecond: settings.octetsPerSecond)
        answer.usesFace = hasFace
        answer.chunker = chunker(of: answer)
        return answer
    }

    /// All utterances of the turn are transcribed, or given up.
    mutating func transcriptKnown(at now: MonotonicTime) {
        guard case .processing(var answer) = state else { return }
        let text = answer.turn.text
        // A recogniser that failed proves nothing, and a filler has told the caller to wait.
        if text.isEmpty, answer.turn.voiced <= settings.bargeIn.shortestWord,
            failedTranscripts == 0, !playout.hasSentAudio
        {
            turnCount -= 1  // a click or a cough: nobody took a turn
            return displaced == nil ? move(to: .idle) : bringBackDisplaced(at: now)
        }
        displaced = nil
        answer.turn.ledger.transcriptFinal = now
        replaceAnswer(answer)
        emit(.transcript(Transcript(text: text, isFinal: true, turn: answer.turn.number)))
        guard !isMuted else { return leaveUnanswered(at: now) }
        guard !answersItself(answer.turn, at: now) else { return }
        history.append(.user(text))
        guard !answersWithAnnouncement(at: now) else { return }
        if failedTranscripts >= 2 {
            return handOver(answer, because: "the caller cannot be understood", at: now)
        }
        ask(at: now)
    }

    /// The sound that displaced an answer was no words: the answer is still owed.
    private mutating func bringBackDisplaced(at now: MonotonicTime) {
        guard case .processing(var answer) = state, let owed = displaced else { return }
        displaced = nil
        answer.turn = owed.turn
        answer.hasRunTools = owed.hasRunTools
        answer.toolGeneration = owed.toolGeneration
        answer.model = owed.model
        replaceAnswer(answer)
        if case .runningTools(let outstanding) = owed.model, outstanding > 0 { return }
        ask(at: now)
    }

    mutating func ask(at now: MonotonicTime) {
        if commitSpeculation(at: now) { return }
        guard var answer = answerInHand else { return }
        answer.model = .streaming(since: now)
        answer.toolGeneration = answer.generation
        replaceAnswer(answer)
        act(
            .askModel(
                ModelRequest(language: settings.language, history: history, agent: agent),
                generation: answer.generation))
    }

    mutating func modelSaid(
        _ said: ModelEvent, generation: Int, timing: EngineTiming, at now: MonotonicTime
    ) {
        if speculation.hold(.event(said, timing: timing), of: generation) { return }
        guard var answer = currentAnswer(generation), case .streaming = answer.model else { return }
        let asked = answer.modelAskedAt ?? timing.askedAt
        answer.modelAskedAt = asked
        switch said {
        case .text(let token):
            if answer.turn.ledger.llmFirstToken == nil { answer.turn.ledger.llmFirstToken = now }
            answer.stepText += token
            answer.chunker.append(token)
            if settings.chunkedSpeech { takeChunks(of: &answer) }
            if answer.turn.ledger.firstSentence == nil, answer.chunkCount > 0 {
                noteFirstSentence(of: &answer, asked: asked, ready: timing.readyAt, at: now)
            }
        case .toolCall(let call):
            answer.toolCalls.append(call)
            emit(
                .toolCall(ToolCallRecord(id: call.id, name: call.name, arguments: call.arguments)))
        case .expects(let hints): self.hints = hints
        case .guarded: answer.isGuarded = true
        case .closing(let closing): answer.closing = closing
        }
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
    }

    mutating func modelEnded(generation: Int, timing: EngineTiming, at now: MonotonicTime) {
        if speculation.hold(.ended(timing: timing), of: generation) { return }
        guard var answer = currentAnswer(generation), case .streaming = answer.model else { return }
        if let rest = answer.chunker.finish() { takeChunk(rest, of: &answer) }
        takeChunks(of: &answer)
        if answer.turn.ledger.firstSentence == nil, answer.chunkCount > 0 {
            noteFirstSentence(
                of: &answer, asked: answer.modelAskedAt, ready: timing.readyAt, at: now)
        }
        closeStep(of: &answer)
        let calls = answer.toolCalls
        answer.toolCalls = []
        answer.model = calls.isEmpty ? .done : .runningTools(outstanding: calls.count)
        for call in calls {
            answer.hasRunTools = true
            history.append(.toolCall(call))
            act(.runTool(call, generation: generation))
        }
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
        if answer.model == .done { answerIsWhole(answer, at: now) }
    }

    mutating func modelFailed(_ error: EngineError, generation: Int, at now: MonotonicTime) {
        if speculationFailed(error, generation: generation) { return }
        guard var answer = currentAnswer(generation), case .streaming = answer.model else { return }
        emit(.error(ErrorRecord(stage: "llm", errorMessage: error.text)))
        closeStep(of: &answer)
        replaceAnswer(answer)
        handOver(answer, because: "the language model failed", at: now)
    }

    /// A tool has an effect outside: its result enters the history even when the answer is gone.
    mutating func toolAnswered(
        _ result: ToolResult, generation: Int, took: Duration, at now: MonotonicTime
    ) {
        insert(result)
        emit(
            .toolResult(
                ToolResultRecord(
                    id: result.callID, name: toolName(of: result), succeeded: result.succeeded,
                    result: result.content, durationMilliseconds: took.milliseconds)))
        if let owed = displaced, owed.toolGeneration == generation,
            case .runningTools(let outstanding) = owed.model
        {
            displaced?.model = .runningTools(outstanding: max(0, outstanding - 1))
            return
        }
        guard var answer = answerInHand, answer.toolGeneration == generation,
            case .runningTools(let outstanding) = answer.model
        else {
            staleResultCount += 1
            return
        }
        answer.model = .runningTools(outstanding: outstanding - 1)
        replaceAnswer(answer)
        if outstanding == 1 { ask(at: now) }
    }

    /// Right behind its call, where language models demand it, however late it comes.
    private mutating func insert(_ result: ToolResult) {
        var index = history.count
        if let call = history.lastIndex(where: { $0.isCall(result.callID) }) {
            index = call + 1
            while index < history.count, history[index].isOfTool { index += 1 }
        }
        history.insert(.toolResult(result), at: index)
        guard index < history.count - 1, var answer = answerInHand else { return }
        for step in answer.steps.indices where answer.steps[step].historyIndex >= index {
            answer.steps[step].historyIndex += 1
        }
        replaceAnswer(answer)
    }

    private func toolName(of result: ToolResult) -> String {
        for case .toolCall(let call) in history.reversed() where call.id == result.callID {
            return call.name
        }
        return ""
    }

    private mutating func noteFirstSentence(
        of answer: inout Answer, asked: MonotonicTime?, ready: MonotonicTime, at now: MonotonicTime
    ) {
        answer.turn.ledger.firstSentence = now
        answer.turn.ledger.addEngineTime(from: asked, to: ready)
    }

    private func takeChunks(of answer: inout Answer) {
        while let chunk = answer.chunker.nextChunk() { takeChunk(chunk, of: &answer) }
    }

    private func takeChunk(_ chunk: String, of answer: inout Answer) {
        answer.unspoken.append(chunk)
        answer.chunkCount += 1
    }

    /// The model's text up to here stands in the history as if it will all be heard.
    mutating func closeStep(of answer: inout Answer) {
        let text = answer.stepText.trimmed
        let chunks = answer.stepFirstChunk..<answer.chunkCount
        answer.stepText = ""
        answer.stepFirstChunk = answer.chunkCount
        answer.chunker = chunker(of: answer)
        guard !text.isEmpty else { return }
        answer.steps.append(Answer.Step(historyIndex: history.count, text: text, chunks: chunks))
        history.append(.agent(text, interrupted: false))
    }

    /// Corrects the history to what the caller heard (promise 2).
    ///
    /// - Returns: all of the answer that was heard.
    mutating func recordHeard(of answer: Answer, upTo position: Int) -> String {
        var heardSteps: [String] = []
        let streaming = answer.spoken.text(
            heardUpTo: position, ofChunks: answer.stepFirstChunk..<Int.max)
        if !streaming.isEmpty {
            history.append(.agent(streaming, interrupted: true))
            heardSteps.append(streaming)
        }
        for step in answer.steps.reversed() {
            let heard = answer.spoken.text(heardUpTo: position, ofChunks: step.chunks)
            if heard.isEmpty {
                history.remove(at: step.historyIndex)
            } else {
                let isWhole = heard.wordsOnly == step.text.wordsOnly
                history[step.historyIndex] = .agent(
                    isWhole ? step.text : heard, interrupted: !isWhole)
                heardSteps.append(heard)
            }
        }
        return heardSteps.reversed().joined(separator: " ")
    }

    /// The answer of whichever state holds one.
    var answerInHand: Answer? {
        switch state {
        case .processing(let answer), .agentSpeaking(let answer), .interrupted(let answer, _):
            answer
        case .idle, .userSpeaking, .ended: nil
        }
    }
}

extension String {
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Without white space, to compare texts that were cut and joined again.
    var wordsOnly: String { filter { !$0.isWhitespace } }
}

extension Message {
    fileprivate func isCall(_ id: String) -> Bool {
        if case .toolCall(let call) = self { call.id == id } else { false }
    }

    fileprivate var isOfTool: Bool {
        switch self {
        case .toolCall, .toolResult: true
        case .user, .agent, .context: false
        }
    }
}
