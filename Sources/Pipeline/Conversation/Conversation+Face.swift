internal import Events

/// A face that speaks in the voice's place (`AvatarProvider`).
///
/// An answer that begins when the face is there is the face's; it gets one chunk at a time, and
/// what was heard of it is known by what it tells. The voice speaks before it is there and from
/// when it is lost. A face cannot go on inside a sentence, so a sound does not pause it: only what
/// was meant silences it, and meanwhile it is given nothing new.
extension Conversation {
    package enum FaceNews: Equatable, Sendable {
        /// The caller may look at it.
        case ready
        /// A chunk was heard in full; it lasted so long.
        case spoke(ChunkID, lasting: Duration)
        /// A chunk broke off, at most so long after its first sound.
        case cut(ChunkID, after: Duration)
        /// There is no face now; what it neither spoke nor broke off, it has not said.
        case lost(EngineError)
    }

    mutating func take(_ news: FaceNews, at now: MonotonicTime) {
        switch news {
        case .ready: hasFace = true
        case .spoke(let chunk, let duration): faceSpoke(chunk, lasting: duration, at: now)
        case .cut(let chunk, let duration): faceBrokeOff(chunk, after: duration, at: now)
        case .lost(let error): faceLost(error, at: now)
        }
    }

    /// Hands the next chunk to the face once nothing else is heard.
    mutating func showNext(of answer: inout Answer, at now: MonotonicTime) {
        if case .interrupted = state { return }
        guard playout.quietSince(at: now) != nil else { return }
        endGaps(quietSince: quietSince(answer, at: now), at: now)
        let number = answer.chunkCount - answer.unspoken.count
        let text = answer.unspoken.removeFirst()
        answer.synthesising = Answer.Synthesis(
            number: number, text: text, since: now, face: facePace)
        answer.spoken.show(text, number: number, at: playout.end)
        emit(.agentSpeech(AgentSpeech(text: text, turn: answer.turn.number, filler: false)))
        act(.speakByFace(text, chunk: ChunkID(generation: answer.generation, index: number)))
    }

    /// A face pauses between any two pieces, so that its first one is a whole sentence, too.
    func chunker(of answer: Answer) -> SentenceChunker {
        var cutting = SentenceChunker.Settings()
        cutting.chunkedFirst = !answer.usesFace
        return SentenceChunker(language: settings.language, settings: cutting)
    }

    private mutating func faceSpoke(
        _ chunk: ChunkID, lasting duration: Duration, at now: MonotonicTime
    ) {
        guard var answer = currentAnswer(chunk.generation), let shown = answer.synthesising,
            shown.number == chunk.index, shown.face != nil
        else { return }
        facePace.learn(
            characters: shown.text.count, took: shown.since.duration(to: now), lasting: duration)
        answer.spoken.hear(characters: shown.text.count)
        let firstSound = max(shown.since, now.advanced(by: .zero - duration))
        if answer.turn.ledger.ttsFirstByte == nil {
            answer.turn.ledger.ttsFirstByte = firstSound
            answer.turn.ledger.addEngineTime(from: shown.since, to: firstSound)
        }
        if answer.turn.ledger.firstAudioSent == nil {
            answer.turn.ledger.firstAudioSent = firstSound
        }
        if answer.turn.ledger.firstAudioHeard == nil {
            answer.turn.ledger.firstAudioHeard = firstSound
        }
        goOn(with: answer, at: now)
    }

    private mutating func faceBrokeOff(
        _ chunk: ChunkID, after duration: Duration, at now: MonotonicTime
    ) {
        guard var answer = currentAnswer(chunk.generation), let shown = answer.synthesising,
            shown.number == chunk.index, let pace = shown.face
        else { return }
        answer.spoken.hear(characters: pace.characters(heardAfter: duration))
        goOn(with: answer, at: now)
    }

    /// The face is silent, and the answer goes on behind what it said.
    private mutating func goOn(with changed: Answer, at now: MonotonicTime) {
        var answer = changed
        answer.synthesising = nil
        answer.faceSilentSince = now
        if case .processing = state { move(to: .agentSpeaking(answer)) }
        speakNext(of: &answer, at: now)
        replaceAnswer(answer)
        answerIsWhole(answer, at: now)
    }

    private mutating func faceLost(_ error: EngineError, at now: MonotonicTime) {
        hasFace = false
        emit(.error(ErrorRecord(stage: "avatar", errorMessage: error.text)))
        guard var answer = answerInHand, answer.usesFace else { return }
        answer.usesFace = false
        if let shown = answer.synthesising, shown.face != nil {
            answer.spoken.withdrawShown()
            answer.synthesising = Answer.Synthesis(
                number: shown.number, text: shown.text, since: now)
            act(
                .speak(
                    shown.text,
                    chunk: ChunkID(generation: answer.generation, index: shown.number)))
        }
        // The voice waits until it is known whether the caller has the floor.
        if case .interrupted = state { playout.pause(at: now) }
        replaceAnswer(answer)
    }
}

extension Answer {
    /// A face is speaking a chunk of it.
    var isShown: Bool { synthesising?.face != nil }

    /// The answer with what the caller heard until now of what the face is saying.
    func heardFromFace(at now: MonotonicTime) -> Answer {
        guard let shown = synthesising, let pace = shown.face else { return self }
        var answer = self
        answer.spoken.hear(
            characters: pace.characters(heardAfter: shown.since.duration(to: now)))
        return answer
    }
}
