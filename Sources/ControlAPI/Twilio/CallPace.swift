/// Spreads calls that we make over time: the carrier queues what comes faster than the account's
/// calls per second, and a queue of ours can at least be seen.
struct CallPace: Equatable, Sendable {
    /// Between the starts of two calls.
    let interval: Duration
    /// Whoever would wait longer is refused.
    let longestWait: Duration
    /// When the next call may start, since an origin of the caller's choice.
    private var next = Duration.zero

    init(callsPerSecond: Double, longestWait: Duration = .seconds(10)) {
        precondition(callsPerSecond > 0, "A pace of no calls at all")
        interval = .seconds(1 / callsPerSecond)
        self.longestWait = longestWait
    }

    /// Takes a place: how long to wait for it, or `nil` when too many wait already.
    mutating func take(at now: Duration) -> Duration? {
        let start = max(now, next)
        guard start - now <= longestWait else { return nil }
        next = start + interval
        return start - now
    }
}
