internal import Pipeline

/// Admits messages at a sustained rate with bursts, as a token bucket kept as one instant.
///
/// The instant is when the bucket will be full again (the generic cell rate algorithm,
/// ITU-T I.371 annex A).
struct RateLimit {
    private var fullAgain: MonotonicTime
    private let interval: Duration
    private let tolerance: Duration

    /// Starts with a full bucket.
    ///
    /// - Parameters:
    ///   - perSecond: messages per second in the long run, at least 1.
    ///   - burst: messages that may come at once, at least 1.
    ///   - now: the time of the first message or earlier.
    init(perSecond: Int, burst: Int, at now: MonotonicTime) {
        precondition(perSecond > 0 && burst > 0, "a rate limit admits at least one message")
        interval = .nanoseconds(1_000_000_000 / perSecond)
        tolerance = interval * (burst - 1)
        fullAgain = now
    }

    /// Takes one message, or tells that it came over the limit.
    mutating func admits(at now: MonotonicTime) -> Bool {
        if fullAgain < now {
            fullAgain = now.advanced(by: interval)
            return true
        }
        guard now.duration(to: fullAgain) <= tolerance else { return false }
        fullAgain = fullAgain.advanced(by: interval)
        return true
    }
}
