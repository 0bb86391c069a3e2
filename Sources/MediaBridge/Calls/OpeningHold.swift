internal import Pipeline

/// Holds a call's opening back until it is known who calls, for a moment at most.
///
/// Nobody has been greeted while it does, so what the caller says meanwhile is not judged: their
/// audio goes on into the pre-roll, from which an utterance that outlasts the moment begins.
struct OpeningHold {
    private enum State {
        case held(until: MonotonicTime)
        case open
    }

    /// What is to become of an event.
    enum Verdict: Equatable {
        case hand
        case drop
        /// The call begins; then the event is handed on.
        case beginThenHand
        /// The call begins, and that was all.
        case begin
    }

    private var state: State
    /// How often deadlines are looked at.
    private static let tick = Duration.milliseconds(20)

    /// - Parameters:
    ///   - limit: how long at most; `nil`: the call has begun.
    ///   - now: when the call came.
    init(limit: Duration?, at now: MonotonicTime) {
        state = limit.map { .held(until: now.advanced(by: $0)) } ?? .open
    }

    var isHeld: Bool { if case .held = state { true } else { false } }

    /// Judges what happens to a call; `callStarted` says that it is known who calls, or never will
    /// be.
    mutating func judge(_ event: Conversation.Event, at now: MonotonicTime) -> Verdict {
        guard case .held(let deadline) = state else {
            if case .callStarted = event { return .drop }  // a call begins once
            return .hand
        }
        switch event {
        case .callStarted:
            state = .open
            return .begin
        case .tick:
            // The next look would come too late.
            guard now.advanced(by: Self.tick) > deadline else { return .hand }
            state = .open
            return .beginThenHand
        case .frameHeard, .intonation: return .drop
        case .keyPressed, .beepHeard, .silenceRequested:
            state = .open
            return .beginThenHand
        case .ordered, .hangUpRequested, .callEnded, .recognised, .modelSaid, .modelEnded,
            .modelFailed, .toolAnswered, .speechReady, .speechEnded, .speechFailed,
            .providerSwitched, .face, .markReturned:
            return .hand
        }
    }
}
