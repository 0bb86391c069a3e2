package import Pipeline

/// Leads one streaming avatar through its life (HeyGen Streaming API v1).
///
/// A token, a session, its start; then one sentence at a time, each when the one before was spoken;
/// a sign of life while nothing is said; a stop, which no session is left without. Hand it events,
/// then drain `nextAction()` to `nil`; `.timeout` is due at `deadline`.
package struct AvatarSession: Sendable {
    package enum Event: Equatable, Sendable {
        case begin
        case say(String, sentence: Int)
        case interrupt
        case end
        /// What became of a request, in any order.
        case answered(Request, Answer)
        case timeout
    }

    /// One exchange with the provider.
    package enum Request: Equatable, Sendable {
        case makeToken
        case makeSession(token: String)
        case start(session: String)
        case task(session: String, text: String, sentence: Int)
        case interrupt(session: String)
        case keepAlive(session: String)
        case stop(session: String)
    }

    package enum Answer: Equatable, Sendable {
        case token(String)
        case session(id: String, room: AvatarRoom)
        case spoken(Duration)
        case done
        /// The session has come to its end, as some do after five minutes.
        case sessionClosed
        case failed(ProviderFailure)
    }

    package enum Action: Equatable, Sendable {
        case send(Request)
        case tell(AvatarNotice)
    }

    package struct Timing: Equatable, Sendable {
        /// From the first request until the face can speak.
        package var opening = Duration.seconds(10)
        /// Without a word for so long, a sign of life is due; the provider hangs up after 120 s.
        package var keepAlive = Duration.seconds(60)
        /// What a sentence may take beyond the time it needs to be said.
        package var answering = Duration.seconds(10)
        /// A slow speaker's share of a character.
        package var perCharacter = Duration.milliseconds(120)
        package var stopping = Duration.seconds(5)

        package init() {}
    }

    private struct Sentence {
        let number: Int
        let text: String
    }

    private enum Work {
        case quiet(since: MonotonicTime)
        case speaking(Sentence, since: MonotonicTime)
        /// Nothing new is sent until the old is silent.
        case interrupting(since: MonotonicTime)
    }

    private enum State {
        case idle
        /// `session`: once it is made.
        case opening(since: MonotonicTime, session: String?)
        case live(session: String, Work)
        /// The call is over while the session was still being made: it must be stopped, too.
        case abandoning(since: MonotonicTime)
        case stopping(since: MonotonicTime)
        case ended
    }

    private let timing: Timing
    private var state = State.idle
    private var waiting: [Sentence] = []
    private var room: AvatarRoom?
    private var actions: [Action] = []
    private var nextIndex = 0
    /// A session that is lost is made again, but not twice without a word in between.
    private var mayReopen = true

    package init(timing: Timing = Timing()) { self.timing = timing }

    package mutating func nextAction() -> Action? {
        guard nextIndex < actions.count else {
            actions = []
            nextIndex = 0
            return nil
        }
        defer { nextIndex += 1 }
        return actions[nextIndex]
    }

    /// When `.timeout` is due; `nil` while nothing is pending.
    package var deadline: MonotonicTime? {
        switch state {
        case .idle, .ended: nil
        case .opening(let since, _), .abandoning(let since):
            since.advanced(by: timing.opening)
        case .stopping(let since): since.advanced(by: timing.stopping)
        case .live(_, .quiet(let since)): since.advanced(by: timing.keepAlive)
        case .live(_, .interrupting(let since)): since.advanced(by: timing.answering)
        case .live(_, .speaking(let sentence, let since)):
            since.advanced(
                by: timing.answering + timing.perCharacter * sentence.text.count)
        }
    }

    package mutating func handle(_ event: Event, at now: MonotonicTime) {
        switch event {
        case .begin:
            guard case .idle = state else { return }
            open(at: now)
        case .say(let text, let number):
            switch state {
            case .opening where isReopening: break  // told by `.lost`
            case .idle, .opening, .live:
                waiting.append(Sentence(number: number, text: text))
                speakNext(at: now)
            case .abandoning, .stopping, .ended: break
            }
        case .interrupt: interrupt(at: now)
        case .end: end(at: now)
        case .answered(let request, let answer): take(answer, to: request, at: now)
        case .timeout:
            guard let deadline, now >= deadline else { return }
            expire(at: now)
        }
    }

    /// Until the first sentence after it: a session that is lost again would never say one.
    private var isReopening: Bool { !mayReopen }

    private mutating func open(at now: MonotonicTime) {
        state = .opening(since: now, session: nil)
        send(.makeToken)
    }

    private mutating func speakNext(at now: MonotonicTime) {
        guard case .live(let session, .quiet) = state, !waiting.isEmpty else { return }
        let sentence = waiting.removeFirst()
        state = .live(session: session, .speaking(sentence, since: now))
        send(.task(session: session, text: sentence.text, sentence: sentence.number))
    }

    private mutating func interrupt(at now: MonotonicTime) {
        waiting = []
        guard case .live(let session, .speaking(let sentence, let since)) = state else { return }
        tell(.cut(sentence: sentence.number, after: since.duration(to: now)))
        state = .live(session: session, .interrupting(since: now))
        send(.interrupt(session: session))
    }

    private mutating func end(at now: MonotonicTime) {
        waiting = []
        switch state {
        case .idle: finish()
        case .opening(_, .some(let session)), .live(let session, _): stop(session, at: now)
        case .opening(_, .none): state = .abandoning(since: now)
        case .abandoning, .stopping, .ended: break
        }
    }

    private mutating func stop(_ session: String, at now: MonotonicTime) {
        state = .stopping(since: now)
        send(.stop(session: session))
    }

    private mutating func finish() {
        state = .ended
        tell(.ended)
    }

    private mutating func expire(at now: MonotonicTime) {
        switch state {
        case .idle, .ended: break
        case .opening: fail(.timedOut, at: now)
        case .live(let session, .quiet):
            state = .live(session: session, .quiet(since: now))
            send(.keepAlive(session: session))
        case .live(_, .speaking(let sentence, let since)):
            // It may have been heard in part; saying it twice would be worse.
            tell(.cut(sentence: sentence.number, after: since.duration(to: now)))
            fail(.stalledMidStream, at: now)
        case .live(_, .interrupting): fail(.stalledMidStream, at: now)
        case .abandoning, .stopping: finish()
        }
    }

    private mutating func take(_ answer: Answer, to request: Request, at now: MonotonicTime) {
        switch (state, request, answer) {
        case (.opening(let since, .none), .makeToken, .token(let token)):
            state = .opening(since: since, session: nil)
            send(.makeSession(token: token))
        case (.opening(let since, .none), .makeSession, .session(let id, let room)):
            state = .opening(since: since, session: id)
            self.room = room
            send(.start(session: id))
        case (.opening(_, .some(let session)), .start(let started), .done)
        where started == session:
            if let room { tell(.joinable(room)) }
            state = .live(session: session, .quiet(since: now))
            speakNext(at: now)
        case (.opening, .makeToken, _), (.opening, .makeSession, _), (.opening, .start, _):
            fail(Self.failure(answer), at: now)
        case (.live(let session, .speaking(let sentence, _)), .task(let asked, _, let number), _)
        where asked == session && number == sentence.number:
            takeTask(answer, sentence, session, at: now)
        case (.live(let session, .interrupting), .interrupt(let asked), _) where asked == session:
            // Refused, because it had just finished, is as good as done.
            guard answer != .sessionClosed else { return reopen(at: now) }
            state = .live(session: session, .quiet(since: now))
            speakNext(at: now)
        case (.live(let session, .quiet), .keepAlive(let asked), .sessionClosed)
        where asked == session:
            reopen(at: now)
        case (.abandoning, .makeSession, .session(let id, _)): stop(id, at: now)
        case (.abandoning, .makeToken, _), (.abandoning, .makeSession, _): finish()
        case (.stopping, .stop, _): finish()
        // A session that came too late for a call that has given it up.
        case (.ended, .makeSession, .session(let id, _)): send(.stop(session: id))
        default: break  // answers to what was interrupted or given up meanwhile
        }
    }

    private mutating func takeTask(
        _ answer: Answer, _ sentence: Sentence, _ session: String, at now: MonotonicTime
    ) {
        switch answer {
        case .spoken(let duration):
            mayReopen = true
            tell(.spoke(sentence: sentence.number, duration: duration))
            state = .live(session: session, .quiet(since: now))
            speakNext(at: now)
        case .sessionClosed:
            waiting.insert(sentence, at: 0)
            reopen(at: now)
        case .failed(let failure):
            waiting.insert(sentence, at: 0)
            fail(failure, at: now)
        case .token, .session, .done:
            waiting.insert(sentence, at: 0)
            fail(.garbage, at: now)
        }
    }

    private mutating func reopen(at now: MonotonicTime) {
        guard mayReopen else { return fail(.closedEarly, at: now) }
        mayReopen = false
        waiting = []
        tell(.lost)
        open(at: now)
    }

    /// The plain voice takes over; what is left of the session is stopped.
    private mutating func fail(_ failure: ProviderFailure, at now: MonotonicTime) {
        tell(.failed(failure, unsaid: waiting.map(\.number)))
        waiting = []
        switch state {
        case .opening(_, .some(let session)), .live(let session, _): stop(session, at: now)
        case .opening(_, .none) where failure == .timedOut: state = .abandoning(since: now)
        case .idle, .opening, .abandoning, .stopping, .ended: finish()
        }
    }

    private static func failure(_ answer: Answer) -> ProviderFailure {
        switch answer {
        case .failed(let failure): failure
        case .sessionClosed: .closedEarly
        case .token, .session, .spoken, .done: .garbage
        }
    }

    private mutating func send(_ request: Request) { actions.append(.send(request)) }
    private mutating func tell(_ notice: AvatarNotice) { actions.append(.tell(notice)) }
}
