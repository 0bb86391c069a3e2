/// Keeps trying to open one connection that nobody waits for yet: at call start, or between turns.
///
/// The contract's retries in full: three tries, 1 s, doubling, at most 10 s, with jitter, and
/// `retry-after` honoured. When a caller does wait, a `RequestRace` decides instead.
/// States: `idle → connecting → waiting → connecting … → open`, or `gaveUp`.
package struct ConnectionWarmUp: Sendable {
    package enum Event: Equatable, Sendable {
        case begin
        case opened
        /// While connecting, or later, when an open connection is gone.
        case failed(ProviderFailure)
        case deadline
    }

    package enum Action: Equatable, Sendable {
        case none
        case connect
        /// Left to the next request.
        case giveUp(ProviderFailure)
    }

    private enum State: Equatable, Sendable {
        case idle
        case connecting(tries: Int)
        case waiting(until: MonotonicTime, tries: Int)
        case open
        case gaveUp
    }

    private var state = State.idle
    private let provider: FailoverPolicy.Provider

    package init(of provider: FailoverPolicy.Provider) { self.provider = provider }

    package var isOpen: Bool { state == .open }

    /// When `.deadline` is due; `nil` while nothing is pending.
    package var deadline: MonotonicTime? {
        if case .waiting(let until, _) = state { until } else { nil }
    }

    package mutating func handle(
        _ event: Event, at now: MonotonicTime, policy: inout FailoverPolicy
    ) -> Action {
        switch (state, event) {
        case (.idle, .begin), (.gaveUp, .begin):
            guard policy.admits(provider) else { return .none }
            state = .connecting(tries: 1)
            return .connect
        case (.connecting, .opened): state = .open
        case (.connecting(let tries), .failed(let failure)):
            policy.failed(provider, failure, isProbe: false, at: now)
            guard policy.admits(provider),
                let delay = policy.retryDelay(after: failure, tries: tries)
            else {
                state = .gaveUp
                return .giveUp(failure)
            }
            state = .waiting(until: now.advanced(by: delay), tries: tries)
        case (.waiting(let until, let tries), .deadline):
            guard until <= now else { return .none }
            state = .connecting(tries: tries + 1)
            return .connect
        case (.open, .failed):
            // An idle connection may be closed at any time; that alone is no fault.
            state = .connecting(tries: 1)
            return .connect
        case (.idle, _), (.connecting, _), (.waiting, _), (.open, _), (.gaveUp, _): break
        }
        return .none
    }
}
