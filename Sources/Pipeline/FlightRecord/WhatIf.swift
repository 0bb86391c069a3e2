/// Runs a recorded call with other settings: what would have changed.
///
/// The caller's frames, keys and commands come when they came; what engines and carrier do is
/// modelled by the rules of `RecordedEngines`. The caller of the record does not react to what is
/// decided now, so what they would have said instead is not told.
package struct WhatIf: Sendable {
    /// How long a call may go on after its record has ended, for what is under way.
    private static let longestRest = Duration.seconds(30)
    private static let frame = Duration.milliseconds(20)
    private static let charactersPerSecond = 14

    private let record: FlightRecord
    private let recorded: RecordedEngines

    /// Learns the record once; it may then be run with many settings.
    package init(_ record: FlightRecord) {
        self.record = record
        recorded = RecordedEngines(record)
    }

    package struct Outcome: Sendable {
        package let log: DecisionLog
        /// Results of engines that the record does not hold.
        package let standIns: Int
    }

    package func run(settings: ConversationSettings) -> Outcome {
        var run = Run(recorded, settings: settings)
        var now = MonotonicTime(sinceStart: .zero)
        for (event, time) in recorded.inputs {
            now = time
            run.handle(event, at: time)
            guard !run.isEnded else { return run.outcome }
        }
        let end = now.advanced(by: Self.longestRest)
        while run.isBusy, now < end {
            now = now.advanced(by: Self.frame)
            run.handle(.frameHeard(speechProbability: 0), at: now)
            run.handle(.tick, at: now)
        }
        run.handle(.callEnded(.callerHungUp), at: now)
        return run.outcome
    }

    /// One run of the call.
    private struct Run {
        private struct Pending {
            let time: MonotonicTime
            let order: Int
            let event: Conversation.Event
        }

        private var engines: RecordedEngines
        private var machine: ReplayedConversation
        private var carrier: ModelledCarrier
        /// Results on their way, soonest first.
        private var pending: [Pending] = []
        private var orders = 0
        private var nextWord = 0
        private var nextInterim = 0
        private var openUtterance: Utterance.ID?
        /// The recorded answer to the question that was asked before the turn was over.
        private var speculated: (generation: Int, answer: Int)?
        private var standIns = 0

        init(_ engines: RecordedEngines, settings: ConversationSettings) {
            self.engines = engines
            machine = ReplayedConversation(settings: settings)
            carrier = ModelledCarrier(octetsPerSecond: settings.octetsPerSecond)
        }

        var isEnded: Bool { machine.conversation.isEnded }
        var isBusy: Bool { !isEnded && machine.conversation.phase != .idle }
        var outcome: Outcome { Outcome(log: machine.log, standIns: standIns) }

        /// Everything that comes until `now`, then the event.
        mutating func handle(_ event: Conversation.Event, at now: MonotonicTime) {
            while nextInterim < engines.interims.count, engines.interims[nextInterim].at <= now {
                let (text, time) = engines.interims[nextInterim]
                nextInterim += 1
                guard let openUtterance else { continue }
                schedule(
                    .recognised(
                        RecognitionResult(
                            utterance: openUtterance, outcome: .interim(text), readyAt: time)),
                    at: time)
            }
            while let next = pending.first, next.time <= now {
                pending.removeFirst()
                deliver(next.event, at: next.time)
            }
            deliver(event, at: now)
        }

        private mutating func deliver(_ event: Conversation.Event, at now: MonotonicTime) {
            let actions = machine.handle(event, at: now)
            guard !actions.isEmpty else { return }
            for action in actions {
                carrier.take(action, at: now)
                perform(action, at: now)
            }
            machine.performed(at: now.advanced(by: engines.performDelay))
        }

        private mutating func schedule(_ event: Conversation.Event, at time: MonotonicTime) {
            let index = pending.firstIndex { $0.time > time } ?? pending.count
            pending.insert(Pending(time: time, order: orders, event: event), at: index)
            orders += 1
        }

        private mutating func perform(_ action: Conversation.Action, at now: MonotonicTime) {
            switch action {
            case .beginUtterance(let utterance):
                openUtterance = utterance.id
                // Words before it were in no utterance: nobody recognised them.
                dropWords(before: now.advanced(by: .milliseconds(-600)))
            case .cancelUtterance:
                openUtterance = nil
                dropWords(before: now)
            case .finishUtterance(let id):
                openUtterance = nil
                recognise(id, at: now)
            case .askModel(let request, let generation): ask(request, generation, at: now)
            case .runTool(let call, let generation): runTool(call, generation, at: now)
            case .speak(let text, let chunk): speak(text, chunk, at: now)
            case .speakByFace(let text, let chunk):
                speculated = nil  // it is the answer now
                let duration = Duration.seconds(text.count) / WhatIf.charactersPerSecond
                schedule(
                    .face(.spoke(chunk, lasting: duration)), at: now.advanced(by: duration))
            case .sendMark(let mark):
                guard let delay = engines.markDelay, let due = carrier.marks[mark.text]
                else { return }
                schedule(.markReturned(mark), at: due.advanced(by: delay))
            case .sendClear:
                pending.removeAll { if case .markReturned = $0.event { true } else { false } }
            case .cancelAnswer(let generation): release(generation)
            case .sendAudio, .emit, .transfer, .hangUp: break
            }
        }

        /// A question asked too early is asked again, in other words.
        private mutating func release(_ generation: Int) {
            guard let speculated, speculated.generation == generation else { return }
            engines.answers[speculated.answer].isUsed = false
            self.speculated = nil
        }

        private mutating func dropWords(before time: MonotonicTime) {
            while nextWord < engines.words.count, engines.words[nextWord].spokenAt < time {
                nextWord += 1
            }
        }

        private mutating func recognise(_ id: Utterance.ID, at now: MonotonicTime) {
            let first = nextWord
            dropWords(before: now)
            let words = engines.words[first..<nextWord]
            var ready = engines.recognitionLatency
            var handled = ready
            var outcome = RecognitionResult.Outcome.final(
                words.map(\.text).joined(separator: " "))
            if let last = words.last {
                ready = engines.recognitions[last.recognition].readyAfter
                handled = engines.recognitions[last.recognition].handledAfter
            } else if let failed = engines.recognitions.first(where: {
                $0.voiceStart <= now && now.advanced(by: .seconds(-2)) <= $0.voiceEnd
            }), case .failed = failed.outcome, let recorded = failed.outcome {
                outcome = recorded
                (ready, handled) = (failed.readyAfter, failed.handledAfter)
            }
            schedule(
                .recognised(
                    RecognitionResult(
                        utterance: id, outcome: outcome, readyAt: now.advanced(by: ready))),
                at: now.advanced(by: handled))
        }

        private mutating func ask(
            _ request: ModelRequest, _ generation: Int, at now: MonotonicTime
        ) {
            var steps: [RecordedEngines.Result<RecordedEngines.Answer.Step>] = []
            if let index = engines.answer(to: RecordedEngines.Question(request)) {
                engines.answers[index].isUsed = true
                let isEarly = machine.conversation.speculatedGeneration == generation
                speculated = isEarly ? (generation, index) : nil
                steps = engines.answers[index].steps
            }
            if steps.isEmpty {
                standIns += 1
                let latency = engines.modelLatency
                steps = [
                    .init(value: .said(.text("…")), readyAfter: latency, handledAfter: latency)
                ]
            }
            if let last = steps.last, case .said = last.value {
                steps.append(
                    .init(
                        value: .ended, readyAfter: last.readyAfter,
                        handledAfter: last.handledAfter))
            }
            for step in steps {
                let timing = EngineTiming(
                    askedAt: now, readyAt: now.advanced(by: step.readyAfter))
                let event: Conversation.Event =
                    switch step.value {
                    case .said(let said): .modelSaid(said, generation: generation, timing: timing)
                    case .ended: .modelEnded(generation: generation, timing: timing)
                    case .failed(let error): .modelFailed(error, generation: generation)
                    }
                schedule(event, at: now.advanced(by: step.handledAfter))
            }
        }

        private mutating func runTool(_ call: ToolCall, _ generation: Int, at now: MonotonicTime) {
            if let recorded = engines.toolResults[call.id] {
                return schedule(
                    .toolAnswered(
                        recorded.value, generation: generation, took: recorded.readyAfter),
                    at: now.advanced(by: recorded.handledAfter))
            }
            standIns += 1
            let result = ToolResult(callID: call.id, succeeded: false, content: "not recorded")
            schedule(
                .toolAnswered(result, generation: generation, took: .seconds(1)),
                at: now.advanced(by: .seconds(1)))
        }

        private mutating func speak(
            _ text: String, _ chunk: Conversation.ChunkID, at now: MonotonicTime
        ) {
            speculated = nil  // it is the answer now
            var steps: [RecordedEngines.Result<RecordedEngines.Speech.Step>] = []
            var octetCount = 0
            if let index = engines.speech(of: text) {
                engines.speeches[index].isUsed = true
                steps = engines.speeches[index].steps
                octetCount = engines.speeches[index].octetCount
                if steps.isEmpty { standIns += 1 }
            } else {
                standIns += 1
            }
            let isWhole =
                switch steps.last?.value {
                case .ended, .failed: true
                case .block, nil: false
                }
            if !isWhole {
                let ready = steps.last?.readyAfter ?? engines.speechLatency
                let handled = steps.last?.handledAfter ?? engines.speechLatency
                let wanted = text.count * carrier.octetsPerSecond / WhatIf.charactersPerSecond
                let missing = (wanted - octetCount) / 2 * 2
                if missing > 0 {
                    let block = SpeechBlock(octets: Array(repeating: 0, count: missing))
                    steps.append(
                        .init(value: .block(block), readyAfter: ready, handledAfter: handled))
                }
                steps.append(.init(value: .ended, readyAfter: ready, handledAfter: handled))
            }
            for step in steps {
                let timing = EngineTiming(
                    askedAt: now, readyAt: now.advanced(by: step.readyAfter))
                let event: Conversation.Event =
                    switch step.value {
                    case .block(let block): .speechReady(block, chunk: chunk, timing: timing)
                    case .ended: .speechEnded(chunk: chunk)
                    case .failed(let error): .speechFailed(error, chunk: chunk)
                    }
                schedule(event, at: now.advanced(by: step.handledAfter))
            }
        }
    }
}

extension RecordedEngines {
    /// The recorded answer that fits a question best; `nil` when none was given.
    fileprivate func answer(to question: Question) -> Int? {
        let free = answers.indices.filter { !answers[$0].isUsed && !answers[$0].steps.isEmpty }
        if let same = free.first(where: { answers[$0].question == question }) { return same }
        if case .words(let words) = question {
            let near = free.last { index in
                guard case .words(let recorded) = answers[index].question, !recorded.isEmpty
                else { return false }
                return words.contains(recorded) || (!words.isEmpty && recorded.contains(words))
            }
            if let near { return near }
        }
        let used = answers.indices.last { answers[$0].isUsed && answers[$0].question == question }
        return used ?? free.first
    }

    fileprivate func speech(of text: String) -> Int? {
        speeches.firstIndex { $0.text == text && !$0.isUsed }
            ?? speeches.lastIndex { $0.text == text }
    }
}
