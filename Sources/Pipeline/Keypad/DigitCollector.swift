/// Gathers the keys a caller presses into one input.
///
/// An input ends with the terminator, when it is as long as what the agent asked for, or when no
/// key came for a while; `*` takes back what was typed. `now` never decreases.
package struct DigitCollector: Sendable {
    package struct Settings: Sendable {
        /// Without a key for this long the input is complete; `.zero`: keys are only reported.
        ///
        /// Off unless configured, so that calls recorded before this existed replay as they were.
        package var digitTimeout: Duration = .zero
        /// Ends the input and is not part of it; empty: no key does.
        package var terminator = "#"
        /// No input is longer.
        package var longest = 32
        /// A single 0, when no digits were asked for, asks for a human.
        package var zeroForHuman = false
        /// Without a key for this long, a 0 was the only one.
        package var zeroTimeout: Duration = .milliseconds(1_500)
        /// Said before the caller is put through; empty: the language's own phrase.
        package var transferPhrase = ""
        package init() {}
    }

    package enum Event: Sendable {
        case pressed(Character)
        case tick
    }

    package enum Action: Equatable, Sendable {
        case none
        /// The first digit of an input.
        case began
        /// What was typed does not count.
        case cleared
        case completed(String)
        case humanRequested
    }

    private enum State {
        case empty
        case typing(digits: String, lastKey: MonotonicTime, expecting: ExpectedEntity?)
    }

    private let settings: Settings
    private var state = State.empty

    package init(settings: Settings) { self.settings = settings }

    package var isCollecting: Bool {
        if case .typing = state { true } else { false }
    }

    /// When the input is complete by itself; `nil` without one.
    package var deadline: MonotonicTime? {
        guard case .typing(let digits, let lastKey, let expecting) = state else { return nil }
        return lastKey.advanced(
            by: isForHuman(digits, expecting)
                ? min(settings.zeroTimeout, settings.digitTimeout) : settings.digitTimeout)
    }

    /// Takes a key, or time that went by; `expecting`: what the agent asked for last, looked at
    /// when an input begins.
    package mutating func handle(
        _ event: Event, expecting: ExpectedEntity?, at now: MonotonicTime
    ) -> Action {
        guard settings.digitTimeout > .zero else { return .none }
        switch (state, event) {
        case (.empty, .tick): return .none
        case (.typing, .tick):
            guard let deadline, deadline <= now else { return .none }
            return complete()
        case (.empty, .pressed(let key)):
            guard isDigit(key) else { return .none }
            state = .typing(digits: String(key), lastKey: now, expecting: expecting)
            return isFull ? complete() : .began
        case (.typing(let digits, _, let expecting), .pressed(let key)):
            if isTerminator(key) { return complete() }
            if key == "*" {
                state = .empty
                return .cleared
            }
            guard isDigit(key) else { return .none }
            state = .typing(digits: digits + String(key), lastKey: now, expecting: expecting)
            return isFull ? complete() : .none
        }
    }

    private var isFull: Bool {
        guard case .typing(let digits, _, let expecting) = state else { return false }
        if case .digits(let count?) = expecting, digits.count >= count { return true }
        return digits.count >= settings.longest
    }

    private mutating func complete() -> Action {
        guard case .typing(let digits, _, let expecting) = state else { return .none }
        state = .empty
        return isForHuman(digits, expecting) ? .humanRequested : .completed(digits)
    }

    private func isForHuman(_ digits: String, _ expecting: ExpectedEntity?) -> Bool {
        guard settings.zeroForHuman, digits == "0" else { return false }
        return switch expecting {
        case .digits, .date, .time: false
        case .email, .name, .yesNo, nil: true
        }
    }

    private func isDigit(_ key: Character) -> Bool {
        "0123456789".contains(key) && !isTerminator(key)
    }

    private func isTerminator(_ key: Character) -> Bool { settings.terminator == String(key) }
}
