/// Where a call stands that somebody else has led so far.
package struct ConversationContinuation: Sendable {
    /// What the first thing is that our own conversation does.
    package enum Opening: Equatable, Sendable {
        /// Nothing was said yet: the call begins.
        case greet
        /// The caller waits for the answer to these words.
        case answer(String)
        /// The caller heard an answer break off, or said something that nobody understood.
        case apologise
        /// Nobody waits for anybody.
        case listen
    }

    package var opening: Opening
    package var history: [Message]
    /// Answers so far; marks of theirs may still come back.
    package var generation: Int
    /// With the one that is to be answered.
    package var turnCount: Int
    package var interruptionCount: Int
    /// The end of the caller's last voice.
    package var voiceEnd: MonotonicTime
    package var change: ProviderSwitch

    package init(
        _ opening: Opening, history: [Message], generation: Int, turnCount: Int,
        interruptionCount: Int, voiceEnd: MonotonicTime, change: ProviderSwitch
    ) {
        self.opening = opening
        self.history = history
        self.generation = generation
        self.turnCount = turnCount
        self.interruptionCount = interruptionCount
        self.voiceEnd = voiceEnd
        self.change = change
    }
}

extension Conversation {
    /// Takes over a call; it goes on with `callStarted`.
    package init(settings: ConversationSettings, continuing: ConversationContinuation) {
        var settings = settings
        settings.voicemail.isDetected = false  // who answered is known by now
        self.init(settings: settings)
        continuation = continuing
        history = continuing.history
        generation = continuing.generation
        turnCount = continuing.turnCount
        interruptionCount = continuing.interruptionCount
        lastVoice = continuing.voiceEnd
    }

    /// Does what the call waits for; the silence until now is part of the caller's wait.
    mutating func goOn(with start: ConversationContinuation, at now: MonotonicTime) {
        lastFrameAt = now
        // Who only listens has nothing to wait for: the change costs them no silence.
        providerSwitched(
            start.change, generation: start.opening == .listen ? generation - 1 : nil, at: now)
        switch start.opening {
        case .listen: break
        case .greet: greet(at: now)
        case .apologise: speakUp(OwnWords(text: phrases.sorry), at: now)
        case .answer(let text):
            var turn = CallerTurn(number: turnCount, voiceEnd: start.voiceEnd)
            turn.type(text, asksForHuman: false)
            turn.ledger.endpoint = now
            turn.ledger.transcriptFinal = now
            move(to: .processing(startAnswer(to: turn)))
            ask(at: now)
        }
    }
}
