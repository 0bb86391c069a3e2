/// Tells on a call that we made whether a human or a machine answered, and when a machine records.
///
/// Humans say "hello?" and wait; machines talk. A long greeting, or its words, give a machine away;
/// a short one followed by silence is a human. Who cannot be told in time is taken for a human, as
/// a human who is hung up on is worse than a machine that is talked to. `now` never decreases.
package struct AnsweringMachine: Sendable {
    package struct Settings: Sendable {
        /// Whether it is to be told at all; for calls that we made.
        package var isDetected = false
        /// The carrier says that a machine answered.
        package var isKnown = false
        /// Left once the machine records; empty: the call is hung up instead.
        package var message = ""
        /// A greeting this long is a machine's: humans answer with a word or a name.
        package var longGreeting: Duration = .milliseconds(1_800)
        /// Silence that ends a greeting; one this long after a short greeting waits for an answer.
        package var greetingGap: Duration = .milliseconds(500)
        /// From the answer of the call; who is not told by then is a human.
        package var decisionLimit: Duration = .seconds(4)
        /// From the answer; until then the words may still tell that a "human" is a machine.
        package var wordsLimit: Duration = .seconds(15)
        /// Silence of a known machine after which its beep is not waited for.
        package var beeplessSilence: Duration = .seconds(3)
        /// From the verdict; a machine that talks on for longer is not listened to.
        package var beepLimit: Duration = .seconds(45)
        package init() {}
    }

    package enum Event: Sendable {
        case answered
        /// 20 ms went by with speech on, or off.
        case listened(isSpeaking: Bool)
        /// What was recognised so far of an utterance.
        case words(String)
        /// The tone of a machine that begins to record is over.
        case beep
    }

    package enum Action: Equatable, Sendable {
        case none
        case human
        case machine
        /// It records.
        case leaveMessage
    }

    private struct Greeting {
        let onset: MonotonicTime
        var lastVoice: MonotonicTime
        var length: Duration { onset.duration(to: lastVoice) }
    }

    private enum State {
        case off
        case undecided(since: MonotonicTime, greeting: Greeting?)
        case human(since: MonotonicTime)
        case awaitingBeep(since: MonotonicTime, lastVoice: MonotonicTime)
        case done
    }

    private let settings: Settings
    private var state = State.off

    package init(settings: Settings) { self.settings = settings }

    /// Nobody knows yet who answered.
    package var isUndecided: Bool {
        if case .undecided = state { true } else { false }
    }

    /// A machine talks; its beep is waited for.
    package var isAwaitingBeep: Bool {
        if case .awaitingBeep = state { true } else { false }
    }

    package mutating func handle(_ event: Event, at now: MonotonicTime) -> Action {
        switch (state, event) {
        case (.off, .answered):
            guard settings.isDetected else { return .none }
            guard !settings.isKnown else { return machine(at: now) }
            state = .undecided(since: now, greeting: nil)
        case (.undecided(let since, let greeting), .listened(let isSpeaking)):
            return judge(greeting, isSpeaking: isSpeaking, since: since, at: now)
        case (.undecided, .words(let text)):
            if MachineGreeting.matches(text) { return machine(at: now) }
        case (.human(let since), .words(let text)):
            guard since.duration(to: now) <= settings.wordsLimit else { return finish(.none) }
            if MachineGreeting.matches(text) { return machine(at: now) }
        case (.undecided, .beep), (.awaitingBeep, .beep): return finish(.leaveMessage)
        case (.awaitingBeep(let since, _), .listened(isSpeaking: true)):
            state = .awaitingBeep(since: since, lastVoice: now)
        case (.awaitingBeep(let since, let lastVoice), .listened(isSpeaking: false)):
            if lastVoice.duration(to: now) >= settings.beeplessSilence
                || since.duration(to: now) >= settings.beepLimit
            {
                return finish(.leaveMessage)
            }
        case (.off, .listened), (.off, .words), (.off, .beep), (.undecided, .answered),
            (.human, .answered), (.human, .listened), (.human, .beep), (.awaitingBeep, .answered),
            (.awaitingBeep, .words), (.done, _):
            break
        }
        return .none
    }

    private mutating func judge(
        _ known: Greeting?, isSpeaking: Bool, since: MonotonicTime, at now: MonotonicTime
    ) -> Action {
        var greeting = known
        if isSpeaking {
            greeting = greeting ?? Greeting(onset: now, lastVoice: now)
            greeting?.lastVoice = now
        }
        if let greeting {
            if greeting.length >= settings.longGreeting { return machine(at: now) }
            if greeting.lastVoice.duration(to: now) >= settings.greetingGap {
                return human(since: since)
            }
        }
        guard since.duration(to: now) < settings.decisionLimit else { return human(since: since) }
        state = .undecided(since: since, greeting: greeting)
        return .none
    }

    private mutating func human(since: MonotonicTime) -> Action {
        state = .human(since: since)
        return .human
    }

    private mutating func machine(at now: MonotonicTime) -> Action {
        state = .awaitingBeep(since: now, lastVoice: now)
        return .machine
    }

    private mutating func finish(_ action: Action) -> Action {
        state = .done
        return action
    }
}
