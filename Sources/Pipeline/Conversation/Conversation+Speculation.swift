internal import Events

/// Asking the model before the turn is over: on interim words that seem to be all of it.
///
/// Nothing of such an answer is said, sent, written down or run before the final transcript has the
/// same words. It then goes on as if all of it came at that moment.
extension Conversation {
    /// Questions asked before the turn was over, those whose answers were used, and those asked in
    /// vain; what became of a pending one is not known.
    package var speculationCount: Int { speculation.askedCount }
    package var usedSpeculationCount: Int { speculation.usedCount }
    package var wastedSpeculationCount: Int { speculation.wastedCount }
    /// The generation of the question whose answer is held; `nil` without one.
    package var speculatedGeneration: Int? { speculation.attempt?.generation }

    /// The open utterance's words are known so far.
    mutating func noteInterim(_ interim: String, of turn: CallerTurn, at now: MonotonicTime) {
        guard speculation.isOn, turn.awaitsOpenUtteranceOnly else { return }
        let text = [turn.text, interim].filter { !$0.isEmpty }.joined(separator: " ")
        let classifier = endpointer.classifier
        let expecting = hints.expecting
        let hasChanged = speculation.heard(text, at: now) {
            switch classifier.completeness(of: text, expecting: expecting) {
            case .complete: true
            case .neutral: text.last.map { ".?!".contains($0) } ?? false
            case .open: false
            }
        }
        if hasChanged { abandonSpeculation() }
    }

    /// What a frame of the caller's turn decides by itself.
    mutating func judgeSpeculation(at now: MonotonicTime) {
        guard speculation.isOn else { return }
        if speculation.attempt != nil {
            guard activity.isSpeaking,
                bargeIn.verdict(afterSpeaking: activity.voicedDuration) != .noise
            else { return }
            return abandonSpeculation()
        }
        guard !activity.isSpeaking,
            let text = speculation.question(inPauseSince: lastVoice, at: now)
        else { return }
        speculate(on: text)
    }

    /// The turn is taken to be over: its words are known as far as they ever will be before the
    /// final transcript, which mostly has the same.
    mutating func speculateAtEnd(at now: MonotonicTime) {
        if let text = speculation.question(afterTurnWith: lastVoice, at: now) {
            speculate(on: text)
        }
        speculation.turnEnded()
    }

    private mutating func speculate(on text: String) {
        // An answer that tools were run for may come back: what comes next is not known.
        guard displaced == nil, !isMuted, announcements.isEmpty else { return }
        generation += 1
        let request = ModelRequest(
            language: settings.language, history: history + [.user(text)], agent: agent)
        speculation.ask(request, generation: generation)
        act(.askModel(request, generation: generation))
    }

    /// The model is to be asked: whether it was asked the same before.
    mutating func commitSpeculation(at now: MonotonicTime) -> Bool {
        guard let pending = speculation.attempt else { return false }
        guard var answer = answerInHand, answer.generation == pending.generation,
            pending.fits(history), let attempt = speculation.use()
        else {
            abandonSpeculation()
            return false
        }
        answer.model = .streaming(since: now)
        answer.isSpeculated = true
        // What the model took until now passed in the caller's own time.
        answer.modelAskedAt = now
        replaceAnswer(answer)
        for said in attempt.said {
            switch said {
            case .event(let event, let timing):
                modelSaid(event, generation: attempt.generation, timing: timing, at: now)
            case .ended(let timing):
                modelEnded(generation: attempt.generation, timing: timing, at: now)
            }
        }
        return true
    }

    /// The caller said, or may say, something else.
    mutating func abandonSpeculation() {
        guard let attempt = speculation.waste() else { return }
        guard var answer = answerInHand, answer.generation == attempt.generation else {
            return act(.cancelAnswer(generation: attempt.generation))
        }
        // Words from elsewhere have taken the generation; what the model says is not among them.
        guard answer.model == .awaitingTranscript else { return }
        act(.cancelAnswer(generation: attempt.generation))
        // What still comes of the question must not be taken for the answer's.
        generation += 1
        answer.generation = generation
        answer.toolGeneration = generation
        if playout.end == 0 { playout.start(generation: generation) }
        replaceAnswer(answer)
    }

    /// Whether a failure of the model was one of a question that nobody has to have asked.
    mutating func speculationFailed(_ error: EngineError, generation: Int) -> Bool {
        guard speculation.attempt?.generation == generation else { return false }
        emit(.error(ErrorRecord(stage: "llm", errorMessage: error.text)))
        speculation.fail()
        abandonSpeculation()
        return true
    }
}
