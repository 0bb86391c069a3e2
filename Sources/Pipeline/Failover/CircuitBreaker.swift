/// Whether a provider is worth asking; one per provider, shared by all calls.
///
/// Closed, it lets everything through. Failures in a row, or one that speaks for itself, open it:
/// nothing gets through until the cool-down is over, and then one probe at a time. A probe that
/// delivers closes it; one that fails opens it for twice as long.
package struct CircuitBreaker: Equatable, Sendable {
    package enum State: Equatable, Sendable {
        case closed(failuresInRow: Int)
        /// `openings`: in a row, from 1.
        case open(until: MonotonicTime, openings: Int, cause: ProviderFailure)
        case probing(since: MonotonicTime, openings: Int, cause: ProviderFailure)
    }
    package private(set) var state = State.closed(failuresInRow: 0)
    private let settings: FailoverSettings

    package init(_ settings: FailoverSettings) { self.settings = settings }

    /// Whether ordinary requests get through.
    package var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Why it is open; `nil`: it is not.
    package var cause: ProviderFailure? {
        switch state {
        case .closed: nil
        case .open(_, _, let cause), .probing(_, _, let cause): cause
        }
    }

    /// A request was answered to its end; one that was under way when it opened proves nothing.
    package mutating func succeeded() {
        if case .closed = state { state = .closed(failuresInRow: 0) }
    }

    package mutating func failed(_ failure: ProviderFailure, at now: MonotonicTime) {
        guard case .closed(let failuresInRow) = state else { return }
        if opensAtOnce(failure) || failuresInRow + 1 >= settings.failuresToOpen {
            open(failure, openings: 1, at: now)
        } else {
            state = .closed(failuresInRow: failuresInRow + 1)
        }
    }

    /// Over the longest deadline: left for a while, without waiting for two more (temporary failover).
    package mutating func exceededLongestDeadline(at now: MonotonicTime) {
        guard case .closed = state else { return }
        open(.stalledBeforeFirst, openings: 1, at: now)
    }

    /// Asks for the one probe that may be under way; whoever gets `true` owes its outcome.
    package mutating func takeProbe(at now: MonotonicTime) -> Bool {
        switch state {
        case .closed: return false
        case .open(let until, let openings, let cause):
            guard until <= now else { return false }
            state = .probing(since: now, openings: openings, cause: cause)
        case .probing(let since, let openings, let cause):
            guard since.advanced(by: settings.probeLease) <= now else { return false }
            state = .probing(since: now, openings: openings, cause: cause)
        }
        return true
    }

    package mutating func probeSucceeded() {
        if case .probing = state { state = .closed(failuresInRow: 0) }
    }

    package mutating func probeFailed(_ failure: ProviderFailure, at now: MonotonicTime) {
        guard case .probing(_, let openings, _) = state else { return }
        open(failure, openings: openings + 1, at: now)
    }

    /// Nobody waited for its outcome: the next request may probe at once.
    package mutating func probeAbandoned(at now: MonotonicTime) {
        guard case .probing(_, let openings, let cause) = state else { return }
        state = .open(until: now, openings: openings, cause: cause)
    }

    private func opensAtOnce(_ failure: ProviderFailure) -> Bool {
        if case .rateLimited(.some) = failure { true } else { failure.isPermanent }
    }

    private mutating func open(_ failure: ProviderFailure, openings: Int, at now: MonotonicTime) {
        var coolDown = settings.coolDown
        for _ in 1..<openings where coolDown < settings.longestCoolDown { coolDown *= 2 }
        coolDown = min(coolDown, settings.longestCoolDown)
        if failure.isPermanent { coolDown = settings.permanentCoolDown }
        if case .rateLimited(let asked?) = failure { coolDown = max(asked, .seconds(1)) }
        state = .open(until: now.advanced(by: coolDown), openings: openings, cause: failure)
    }
}
