internal import Foundation

/// What a shop still lets us ask: Shopify's leaky bucket of query points (protocols/crm.md §4).
struct ShopifyBucket: Equatable, Sendable {
    /// As the last answer told; a full bucket until then.
    private var available = Double.infinity
    private var maximum = Double.infinity
    private var restoredPerSecond = 100.0
    private var cost = 10.0
    private var latest: Date?

    /// Takes the points of the next query; it may be sent after this wait.
    mutating func take(at now: Date) -> Duration {
        refill(at: now)
        available -= cost
        return available >= 0 ? .zero : .seconds(-available / restoredPerSecond)
    }

    /// Takes over what an answer tells of the bucket, in `extensions.cost`.
    mutating func note(_ told: JSONTree?, at now: Date) {
        let status = told?["throttleStatus"]
        cost = told?["requestedQueryCost"]?.amount ?? cost
        maximum = status?["maximumAvailable"]?.amount ?? maximum
        if let rate = status?["restoreRate"]?.amount, rate > 0 { restoredPerSecond = rate }
        if let left = status?["currentlyAvailable"]?.amount {
            available = left
            latest = now
        }
    }

    /// How long until a query of the last cost is let in again.
    func wait(at now: Date) -> Duration {
        var copy = self
        copy.refill(at: now)
        return copy.available >= cost
            ? .zero : .seconds((cost - copy.available) / restoredPerSecond)
    }

    private mutating func refill(at now: Date) {
        if let latest, now > latest {
            available = min(
                maximum, available + now.timeIntervalSince(latest) * restoredPerSecond)
        }
        latest = max(latest ?? now, now)
    }
}

extension JSONTree {
    fileprivate var amount: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .bool, .text, .list, .object: nil
        }
    }
}
