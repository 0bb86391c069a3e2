package import Foundation

/// So many requests in a time, evenly spread after a first burst (a token bucket).
package struct RequestRate: Equatable, Sendable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var latest: Date?

    package init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
        tokens = burst
    }

    /// Takes the next request's place; it may be sent after this wait.
    package mutating func next(at now: Date) -> Duration {
        if let latest, now > latest {
            tokens = min(burst, tokens + now.timeIntervalSince(latest) * perSecond)
        }
        latest = max(latest ?? now, now)
        tokens -= 1
        return tokens >= 0 ? .zero : .seconds(-tokens / perSecond)
    }
}
