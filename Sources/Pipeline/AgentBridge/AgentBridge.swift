package import Events

/// A call that a speech-to-speech agent hears and answers: a pure machine like `Conversation`.
///
/// The agent takes the turns; this machine paces its voice to the carrier, knows what the caller
/// heard of it, stops it when the caller speaks, keeps the ledger, and hands the call to our own
/// conversation when the agent fails. `(event, now)` in, actions out; drain `nextAction()` to
/// `nil`, then tell `performed(at:)`.
package struct AgentBridge: Sendable {
    enum State: Sendable {
        /// Nobody waits for the agent.
        case listening
        /// The agent has the floor and nothing of its answer has come.
        case awaiting(AgentAnswer)
        case answering(AgentAnswer)
        /// The caller's voice stopped playback; the agent has not said whether it gives way.
        case paused(AgentAnswer, Pause)
        /// Our own conversation is being set up.
        case handingOver
        case ended
    }

    struct Pause: Sendable {
        let onset: MonotonicTime
        var clearedAt: MonotonicTime?
        /// When the sound that paused was over.
        var voiceEnd: MonotonicTime?
    }

    /// What the agent heard as one piece; its words may come late.
    struct Utterance: Sendable {
        let id: Int
        let turn: Int
        var text: String?
        let historyID: Int
    }

    struct OwedStamps: OptionSet, Sendable {
        let rawValue: Int
        static let firstAudioSent = OwedStamps(rawValue: 1)
        static let cleared = OwedStamps(rawValue: 2)
    }

    /// From the call's start until the agent must have taken it.
    static let readyLimit = Duration.milliseconds(2_500)

    let settings: ConversationSettings
    let agentName: String
    let tellsResponseEnds: Bool

    var state = State.listening
    var activity: SpeechActivity
    var playout: Playout
    var keypad: DigitCollector
    var history = AgentHistory()
    var utterances: [Utterance] = []
    /// A turn that the agent took while its answer was still being heard, and what it said to it.
    var heldTurn: (turn: Int, ledger: TurnLedger)?
    var held: [SpeechAgentEvent] = []
    var startedAt = MonotonicTime(sinceStart: .zero)
    var isReady = false
    /// The end of the caller's last voice.
    var lastVoice = MonotonicTime(sinceStart: .zero)
    /// Voice that the agent has said nothing about yet.
    var unheard: (onset: MonotonicTime, end: MonotonicTime)?
    var lastSignAt = MonotonicTime(sinceStart: .zero)
    /// Voice that went on for so long without the agent's caring is not the caller's.
    var ignoresVoice = false
    /// Audio of responses up to this one is dropped.
    var deafThrough = 0
    var latestResponse = 0
    var generation = 0
    var turnCount = 0
    var closing: (closing: Closing, since: MonotonicTime)?
    /// Its caller's words are not known yet.
    var owedRecord: (record: TurnRecord, since: MonotonicTime)?
    var owedStamps = OwedStamps()
    /// The answer that was cut last had its provider's timings.
    var lastCutWasTimed = false
    /// When an answer was heard to its end last.
    var lastCompletedAt: MonotonicTime?
    package internal(set) var interruptionCount = 0
    /// Audio that came for a response that was over.
    package internal(set) var staleBlockCount = 0

    private var actions: [Action] = []
    private var nextActionIndex = 0

    package init(settings: ConversationSettings, agent: String, tellsResponseEnds: Bool) {
        self.settings = settings
        agentName = agent
        self.tellsResponseEnds = tellsResponseEnds
        activity = SpeechActivity(settings: settings.speech)
        playout = Playout(octetsPerSecond: settings.octetsPerSecond, settings: settings.playout)
        keypad = DigitCollector(settings: settings.keypad)
        actions.reserveCapacity(16)
    }

    package var turnsTaken: Int { turnCount }
    /// What was said so far, as the caller heard it.
    package var messages: [Message] { history.messages }

    /// Takes one event; `now` never decreases.
    package mutating func handle(_ event: Event, at now: MonotonicTime) {
        switch state {
        case .ended: return
        case .handingOver:
            if case .handOverFailed = event { return apologise(at: now) }
            return
        case .listening, .awaiting, .answering, .paused: break
        }
        switch event {
        case .callStarted:
            startedAt = now
            lastVoice = now
            state = .awaiting(startAnswer(turn: 0, voiceEnd: now, awaitsResponse: true))
        case .frameHeard(let probability): hear(probability, at: now)
        case .agent(let said): agentSaid(said, at: now)
        case .toolAnswered(let result, let took): toolAnswered(result, took: took, at: now)
        case .markReturned(let mark): markReturned(mark, at: now)
        case .keyPressed(let digit): keyPressed(digit, at: now)
        case .contextAdded(let text):
            _ = history.append(.context(text))
            act(.addContext(text))
        case .tick: tick(at: now)
        case .silenceRequested: silence(at: now)
        case .hangUpRequested(let reason): hangUp(reason, at: now)
        case .transferOrdered(let target):
            close(at: now)
            emit(.transferRequested(target.event))
            act(.transfer(target))
        case .callEnded: close(at: now)
        case .handOverFailed: break  // nothing was handed over
        }
    }

    /// The next thing to do; drain to `nil` after every event.
    package mutating func nextAction() -> Action? {
        guard nextActionIndex < actions.count else {
            actions.removeAll(keepingCapacity: true)
            nextActionIndex = 0
            return nil
        }
        defer { nextActionIndex += 1 }
        return actions[nextActionIndex]
    }

    /// The actions of the last event were performed: the ledger's stamps of our own doing.
    package mutating func performed(at now: MonotonicTime) {
        guard !owedStamps.isEmpty else { return }
        let owed = owedStamps
        owedStamps = []
        if owed.contains(.firstAudioSent), var answer = answerInHand {
            answer.ledger.firstAudioSent = now
            replaceAnswer(answer)
        }
        if owed.contains(.cleared), case .paused(let answer, var pause) = state {
            pause.clearedAt = now
            state = .paused(answer, pause)
        }
    }

    mutating func act(_ action: Action) { actions.append(action) }
    mutating func emit(_ body: EventBody) { actions.append(.emit(body)) }

    /// A new generation; audio of the one before is forgotten.
    mutating func startAnswer(
        turn: Int, voiceEnd: MonotonicTime, awaitsResponse: Bool
    ) -> AgentAnswer {
        generation += 1
        playout.start(generation: generation)
        return AgentAnswer(
            generation: generation, turn: turn, voiceEnd: voiceEnd,
            awaitsResponse: awaitsResponse)
    }

    var answerInHand: AgentAnswer? {
        switch state {
        case .awaiting(let answer), .answering(let answer), .paused(let answer, _): answer
        case .listening, .handingOver, .ended: nil
        }
    }

    /// Puts a changed answer back into the state it was taken from.
    mutating func replaceAnswer(_ answer: AgentAnswer) {
        switch state {
        case .awaiting: state = .awaiting(answer)
        case .answering: state = .answering(answer)
        case .paused(_, let pause): state = .paused(answer, pause)
        case .listening, .handingOver, .ended:
            preconditionFailure("an answer lives only while the agent has the floor")
        }
    }

    /// Who has the floor, in the words of our own conversation.
    package var phase: Conversation.Phase {
        switch state {
        case .listening: activity.isSpeaking ? .userSpeaking : .idle
        case .awaiting: .processing
        case .answering: .agentSpeaking
        case .paused: .interrupted
        case .handingOver: .processing
        case .ended: .ended
        }
    }
}

extension AgentBridge {
    /// What happens to such a call.
    package enum Event: Sendable {
        case callStarted
        /// 20 ms of the caller, with the probability that they speak.
        case frameHeard(speechProbability: Float)
        case agent(SpeechAgentEvent)
        case toolAnswered(ToolResult, took: Duration)
        case markReturned(PlayoutMark)
        case keyPressed(digit: Character)
        /// An operator's or the CRM's note for the agent.
        case contextAdded(String)
        /// Every 20 ms.
        case tick
        /// A client's own button: the agent is to be quiet.
        case silenceRequested
        case hangUpRequested(EndReason)
        /// Somebody outside wants the caller handed to a human.
        case transferOrdered(Conversation.TransferTarget)
        case callEnded(EndReason)
        /// Our own conversation cannot take the call.
        case handOverFailed
    }

    /// What the machine wants done.
    package enum Action: Sendable {
        case sendAudio([UInt8])
        case sendMark(PlayoutMark)
        case sendClear
        case emit(EventBody)
        case runTool(ToolCall)
        case giveResult(ToolResult)
        case sayToAgent(String)
        case addContext(String)
        case truncate(response: Int, heardMilliseconds: Int)
        case stopAgent
        /// The agent's session is closed, and our own conversation goes on with the call.
        case handOver(ConversationContinuation)
        case transfer(Conversation.TransferTarget)
        case hangUp(EndReason)
    }
}
