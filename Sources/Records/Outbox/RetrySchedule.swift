package import Foundation

/// When what failed is tried again: after twice the time of the attempt before, spread at random, for
/// a day.
package struct RetrySchedule: Equatable, Sendable {
    package var firstDelay = Duration.seconds(5)
    package var longestDelay = Duration.seconds(4 * 3_600)
    /// From the time an entry was queued to its last attempt.
    package var span = Duration.seconds(86_400)
    /// Delays are this share shorter or longer, so that what failed together does not come together.
    package var jitter = 0.2

    package init() {}

    /// The time of the next attempt; `nil`: there is none.
    ///
    /// - Parameters:
    ///   - failures: attempts that failed, from 1.
    ///   - queued: when the entry was written, or put back by hand.
    ///   - now: of the failure.
    ///   - least: what the other side asks for.
    ///   - chance: 0 to 1, even.
    /// - Returns: later than `now`, and at most `span` after `queued`.
    package func next(
        after failures: Int, queued: Date, now: Date, least: Duration? = nil, chance: Double
    ) -> Date? {
        let last = queued.addingTimeInterval(span.seconds)
        guard now < last else { return nil }
        let doubled = firstDelay.seconds * exp2(Double(min(max(failures, 1), 40) - 1))
        let spread = 1 + jitter * (2 * min(max(chance, 0), 1) - 1)
        let delay = max(min(doubled, longestDelay.seconds) * spread, least?.seconds ?? 0)
        return min(now.addingTimeInterval(delay), last)
    }
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
}
