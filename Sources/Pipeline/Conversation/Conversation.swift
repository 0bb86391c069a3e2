internal import Events

/// One conversation between a caller and the agent: a pure machine, `(event, now)` in, actions out.
///
/// The driver hands it every event, drains `nextAction()` to `nil`, performs what it is given and
/// tells `performed(at:)` when that was done. It has no clock and does no I/O, so a whole call can
/// be run again from its events. Every answer has a generation; what belongs to an older one is
/// dropped and counted wherever it surfaces.
package struct Conversation: Sendable {
    let settings: ConversationSettings
    let bargeIn: BargeIn
    let phrases: OwnPhrases
    let presence: PresenceReply

    private(set) var state = State.idle
    var endpointer: Endpointer
    var speculation: Speculation
    var activity: SpeechActivity
    var playout: Playout
    var idle: IdleWatch
    var keypad: DigitCollector
    var answering: AnsweringMachine
    /// The end of the last voiced frame; meaningful once anything was heard.
    var lastVoice = MonotonicTime(sinceStart: .zero)
    var lastFrameAt = MonotonicTime(sinceStart: .zero)
    /// Speech that is still too short to count where the call stands.
    var unjudged: SpeechStart?

    package internal(set) var history: [Message] = []
    var hints = RecognitionHints.none
    /// Changes of provider whose silence is not over.
    var gaps = FailoverGaps()
    /// An answer that tools were run for (or the greeting), displaced by a sound before a word of
    /// it was said; it comes back when the sound was no words.
    var displaced: Answer?
    /// The agent has said nothing yet, as it is not known who answered.
    var owesGreeting = false
    /// Somebody else has led the call so far; `nil` from its start on.
    var continuation: ConversationContinuation?
    /// What is still to be said or sent on somebody's order, oldest first.
    var announcements: [Announcement] = []
    /// The agent is silent until it is told otherwise.
    package internal(set) var isMuted = false
    /// What the model is told instead of its configuration.
    var agent: AgentOverride?
    /// What became of the latest order.
    package internal(set) var orderOutcome = OrderOutcome.ended
    var generation = 0
    var utteranceCount = 0
    var turnCount = 0
    var failedTranscripts = 0
    package internal(set) var interruptionCount = 0
    /// Results that came for an answer or utterance that is no more.
    package internal(set) var staleResultCount = 0
    /// A face speaks in the voice's place.
    var hasFace = false
    var facePace = FacePace()
    /// What `performed(at:)` is to stamp.
    var owedStamps = OwedStamps()

    private var actions: [Action] = []
    private var nextActionIndex = 0

    struct OwedStamps: OptionSet, Sendable {
        let rawValue: Int
        static let transcriptAsked = OwedStamps(rawValue: 1)
        static let firstAudioSent = OwedStamps(rawValue: 2)
        static let cleared = OwedStamps(rawValue: 4)
    }

    package init(settings: ConversationSettings) {
        self.settings = settings
        endpointer = Endpointer(
            language: settings.language, settings: settings.endpointing,
            interimsAreStable: settings.interimsAreStable)
        bargeIn = BargeIn(language: settings.language, settings: settings.bargeIn)
        speculation = Speculation(settings.speculation)
        activity = SpeechActivity(settings: settings.speech)
        playout = Playout(octetsPerSecond: settings.octetsPerSecond, settings: settings.playout)
        phrases = OwnPhrases(settings)
        presence = PresenceReply(language: settings.language)
        idle = IdleWatch(settings: settings.idle)
        keypad = DigitCollector(settings: settings.keypad)
        answering = AnsweringMachine(settings: settings.voicemail)
        actions.reserveCapacity(16)
    }

    package var turnsTaken: Int { turnCount }
    package var isEnded: Bool { phase == .ended }

    /// Takes one event; `now` never decreases.
    package mutating func handle(_ event: Event, at now: MonotonicTime) {
        if case .ended = state { return noteLate(event) }
        switch event {
        case .callStarted: open(at: now)
        case .frameHeard(let probability): hear(probability, at: now)
        case .intonation(let intonation): endpointer.heard(intonation)
        case .recognised(let result):
            recognised(result, at: now)
            judgeAnswering(by: result, at: now)
        case .modelSaid(let said, let generation, let timing):
            modelSaid(said, generation: generation, timing: timing, at: now)
        case .modelEnded(let generation, let timing):
            modelEnded(generation: generation, timing: timing, at: now)
        case .modelFailed(let error, let generation):
            modelFailed(error, generation: generation, at: now)
        case .toolAnswered(let result, let generation, let took):
            toolAnswered(result, generation: generation, took: took, at: now)
        case .speechReady(let block, let chunk, let timing):
            speechReady(block, chunk: chunk, timing: timing, at: now)
        case .speechEnded(let chunk): speechEnded(chunk: chunk, at: now)
        case .speechFailed(let error, let chunk): speechFailed(error, chunk: chunk, at: now)
        case .providerSwitched(let change, let generation):
            providerSwitched(change, generation: generation, at: now)
        case .face(let news): take(news, at: now)
        case .markReturned(let mark): markReturned(mark, at: now)
        case .keyPressed(let digit): keyPressed(digit, at: now)
        case .beepHeard: beepHeard(at: now)
        case .tick:
            tick(at: now)
            tickKeypad(at: now)
            tickAnswering(at: now)
            tickIdle(at: now)
            takeAnnouncement(at: now)
        case .silenceRequested:
            noteSign(at: now)
            silence(at: now)
        case .hangUpRequested(let reason): hangUp(reason, at: now)
        case .ordered(let order): follow(order, at: now)
        case .callEnded: close(at: now)
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

    /// The actions of the last event were performed, at `now`: the ledger's stamps of our own doing.
    package mutating func performed(at now: MonotonicTime) {
        guard !owedStamps.isEmpty else { return }
        let owed = owedStamps
        owedStamps = []
        switch state {
        case .processing(var answer), .agentSpeaking(var answer):
            if owed.contains(.transcriptAsked) {
                if answer.overheard == nil {
                    answer.turn.transcriptAskedAt = now
                } else {
                    answer.overheard?.turn.transcriptAskedAt = now
                }
            }
            if owed.contains(.firstAudioSent) { answer.turn.ledger.firstAudioSent = now }
            replaceAnswer(answer)
        case .interrupted(let answer, var suspension):
            if owed.contains(.transcriptAsked) { suspension.turn.transcriptAskedAt = now }
            if owed.contains(.cleared) { suspension.clearedAt = now }
            state = .interrupted(answer, suspension)
        case .idle, .userSpeaking, .ended: break
        }
    }

    mutating func act(_ action: Action) { actions.append(action) }
    mutating func emit(_ body: EventBody) { actions.append(.emit(body)) }

    /// Every change of phase goes through here, so that the table holds.
    mutating func move(to next: State) {
        let before = phase
        state = next
        precondition(
            before == phase || before.successors.contains(phase),
            "no transition leads from \(before) to \(phase)")
        switch phase {
        case .userSpeaking, .processing: break
        case .idle, .agentSpeaking, .interrupted, .ended: abandonSpeculation()
        }
    }

    /// Puts a changed answer back into the state it was taken from.
    mutating func replaceAnswer(_ answer: Answer) {
        switch state {
        case .processing: state = .processing(answer)
        case .agentSpeaking: state = .agentSpeaking(answer)
        case .interrupted(_, let suspension): state = .interrupted(answer, suspension)
        case .idle, .userSpeaking, .ended:
            preconditionFailure("an answer lives only while the agent works or speaks")
        }
    }

    /// The answer of `generation`, wherever it stands; an older one is counted as stale.
    mutating func currentAnswer(_ generation: Int) -> Answer? {
        switch state {
        case .processing(let answer), .agentSpeaking(let answer), .interrupted(let answer, _):
            if answer.generation == generation { return answer }
        case .idle, .userSpeaking, .ended: break
        }
        staleResultCount += 1
        return nil
    }

    private mutating func noteLate(_ event: Event) {
        switch event {
        case .recognised, .modelSaid, .speechReady: staleResultCount += 1
        case .callStarted, .frameHeard, .modelEnded, .modelFailed, .toolAnswered, .speechEnded,
            .speechFailed, .face, .markReturned, .keyPressed, .beepHeard, .tick, .silenceRequested,
            .hangUpRequested, .callEnded, .intonation, .providerSwitched:
            break
        case .ordered: orderOutcome = .ended
        }
    }
}
