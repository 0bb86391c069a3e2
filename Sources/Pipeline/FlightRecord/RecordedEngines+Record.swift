extension RecordedEngines {
    /// Runs the record as it is and notes what caused what.
    init(_ record: FlightRecord) {
        let settings = record.call.settings
        var machine = ReplayedConversation(settings: settings)
        var carrier = ModelledCarrier(octetsPerSecond: settings.octetsPerSecond)
        var markDelays: [Duration] = []
        var performDelays: [Duration] = []
        var lastEvent = MonotonicTime(sinceStart: .zero)
        for entry in record.entries {
            switch entry {
            case .event(let event, let now):
                lastEvent = now
                if case .markReturned(let mark) = event, let due = carrier.marks[mark.text] {
                    markDelays.append(max(.zero, due.duration(to: now)))
                }
                note(event, at: now, isEnded: machine.conversation.isEnded)
                for action in machine.handle(event, at: now) {
                    note(action, by: machine.conversation, at: now)
                    carrier.take(action, at: now)
                }
            case .performed(let now):
                machine.performed(at: now)
                performDelays.append(max(.zero, lastEvent.duration(to: now)))
            case .audio, .missing, .full, .digest: break
            }
        }
        markDelay = markDelays.median
        performDelay = performDelays.median ?? .zero
        layOutWords()
    }

    /// What an input tells of the engines; all else happens again whatever is decided.
    private mutating func note(_ event: Conversation.Event, at now: MonotonicTime, isEnded: Bool) {
        switch event {
        case .recognised(let result): note(result, at: now)
        case .modelSaid(let said, let generation, let timing):
            note(.said(said), of: generation, readyAt: timing.readyAt, at: now)
        case .modelEnded(let generation, let timing):
            note(.ended, of: generation, readyAt: timing.readyAt, at: now)
        case .modelFailed(let error, let generation):
            note(.failed(error), of: generation, readyAt: now, at: now)
        case .toolAnswered(let result, _, let took):
            toolResults[result.callID] = Result(
                value: result, readyAfter: took, handledAfter: took)
        case .speechReady(let block, let chunk, let timing):
            note(.block(block), of: chunk, readyAt: timing.readyAt, at: now)
        case .speechEnded(let chunk): note(.ended, of: chunk, readyAt: now, at: now)
        case .speechFailed(let error, let chunk):
            note(.failed(error), of: chunk, readyAt: now, at: now)
        // Part of what the recorded engines did: with other decisions it is not known.
        case .markReturned, .providerSwitched, .face(.spoke), .face(.cut): break
        case .callEnded:
            // When the agent had ended the call, its stream's end follows from that.
            if !isEnded { inputs.append((event, now)) }
        case .callStarted, .frameHeard, .intonation, .keyPressed, .tick, .silenceRequested,
            .hangUpRequested, .beepHeard, .face(.ready), .face(.lost), .ordered:
            inputs.append((event, now))
        }
    }

    private mutating func note(
        _ action: Conversation.Action, by conversation: Conversation, at now: MonotonicTime
    ) {
        switch action {
        case .beginUtterance(let utterance):
            let start = now.advanced(by: .zero - conversation.settings.speech.debounce)
            recognitions.append(
                Recognition(utterance: utterance.id, voiceStart: start, voiceEnd: now))
        case .finishUtterance(let id):
            guard let index = recognitions.lastIndex(where: { $0.utterance == id }) else { return }
            recognitions[index].finishedAt = now
            recognitions[index].voiceEnd = max(
                recognitions[index].voiceStart, min(now, conversation.lastVoice))
        case .askModel(let request, let generation):
            answers.append(
                Answer(generation: generation, question: Question(request), askedAt: now))
        case .speak(let text, let chunk):
            speeches.append(Speech(chunk: chunk, text: text, askedAt: now))
        case .speakByFace, .cancelUtterance, .runTool, .cancelAnswer, .sendAudio, .sendMark,
            .sendClear, .emit,
            .transfer, .hangUp:
            break
        }
    }

    private mutating func note(_ result: RecognitionResult, at now: MonotonicTime) {
        if case .interim(let text) = result.outcome { return interims.append((text, now)) }
        guard let index = recognitions.lastIndex(where: { $0.utterance == result.utterance }),
            recognitions[index].outcome == nil, let finished = recognitions[index].finishedAt
        else { return }
        recognitions[index].outcome = result.outcome
        recognitions[index].readyAfter = max(.zero, finished.duration(to: result.readyAt))
        recognitions[index].handledAfter = max(.zero, finished.duration(to: now))
    }

    private mutating func note(
        _ step: Answer.Step, of generation: Int, readyAt: MonotonicTime, at now: MonotonicTime
    ) {
        guard let index = answers.lastIndex(where: { $0.generation == generation }),
            !answers[index].isWhole
        else { return }
        let asked = answers[index].askedAt
        answers[index].steps.append(
            Result(
                value: step, readyAfter: max(.zero, asked.duration(to: readyAt)),
                handledAfter: asked.duration(to: now)))
    }

    private mutating func note(
        _ step: Speech.Step, of chunk: Conversation.ChunkID, readyAt: MonotonicTime,
        at now: MonotonicTime
    ) {
        guard let index = speeches.lastIndex(where: { $0.chunk == chunk }),
            !speeches[index].isWhole
        else { return }
        let asked = speeches[index].askedAt
        speeches[index].steps.append(
            Result(
                value: step, readyAfter: max(.zero, asked.duration(to: readyAt)),
                handledAfter: asked.duration(to: now)))
    }

    private mutating func layOutWords() {
        for (index, recognition) in recognitions.enumerated() {
            guard case .final(let text) = recognition.outcome else { continue }
            let texts = text.split(separator: " ")
            let length = recognition.voiceStart.duration(to: recognition.voiceEnd)
            for (place, text) in texts.enumerated() {
                let middle = length * (2 * place + 1) / (2 * texts.count)
                words.append(
                    Word(
                        text: String(text), spokenAt: recognition.voiceStart.advanced(by: middle),
                        recognition: index))
            }
        }
    }
}

/// A carrier that plays what it is sent in real time.
struct ModelledCarrier {
    let octetsPerSecond: Int
    private var runsDryAt = MonotonicTime(sinceStart: .zero)
    /// When the audio before each pending mark is over, by the mark's name.
    private(set) var marks: [String: MonotonicTime] = [:]

    init(octetsPerSecond: Int) { self.octetsPerSecond = octetsPerSecond }

    mutating func take(_ action: Conversation.Action, at now: MonotonicTime) {
        switch action {
        case .sendAudio(let octets):
            let length = Duration.microseconds(
                Int64(octets.count) * 1_000_000 / Int64(octetsPerSecond))
            runsDryAt = max(now, runsDryAt).advanced(by: length)
        case .sendMark(let mark): marks[mark.text] = max(now, runsDryAt)
        case .sendClear:
            marks.removeAll()
            runsDryAt = now
        case .beginUtterance, .finishUtterance, .cancelUtterance, .askModel, .runTool, .speak,
            .speakByFace, .cancelAnswer, .emit, .transfer, .hangUp:
            break
        }
    }
}
