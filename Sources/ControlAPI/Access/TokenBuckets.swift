/// Admits so many requests a second per name, and some at once after a pause.
///
/// It remembers a bounded number of names: one that has not been seen for long enough to be full
/// again is the same as one never seen.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        var filledAt: Duration
    }

    private let perSecond: Double
    private let burst: Double
    private let capacity: Int
    private var buckets: [String: Bucket] = [:]

    /// Makes full buckets.
    ///
    /// - Parameters:
    ///   - perSecond: more than 0.
    ///   - burst: requests that come at once, 1 or more.
    ///   - capacity: names that are remembered.
    init(perSecond: Int, burst: Int, capacity: Int = 10_000) {
        precondition(perSecond > 0 && burst > 0 && capacity > 0, "A bucket admits something")
        self.perSecond = Double(perSecond)
        self.burst = Double(burst)
        self.capacity = capacity
    }

    var count: Int { buckets.count }

    /// Takes a request.
    ///
    /// - Parameters:
    ///   - name: whose request it is.
    ///   - now: never decreases.
    /// - Returns: `nil` if it is admitted; otherwise how long to wait for the next.
    mutating func take(_ name: String, at now: Duration) -> Duration? {
        if buckets[name] == nil, buckets.count >= capacity { makeRoom(at: now) }
        var tokens = buckets[name].map { level($0, at: now) } ?? burst
        let isAdmitted = tokens > 1 - 1e-9  // A sum of fractions may end a little below.
        if isAdmitted { tokens = max(0, tokens - 1) }
        buckets[name] = Bucket(tokens: tokens, filledAt: now)
        return isAdmitted ? nil : .seconds((1 - tokens) / perSecond)
    }

    private func level(_ bucket: Bucket, at now: Duration) -> Double {
        min(burst, bucket.tokens + (now - bucket.filledAt) / .seconds(1) * perSecond)
    }

    /// Lets go what is full again; where that is nothing, an eighth whatever it holds.
    private mutating func makeRoom(at now: Duration) {
        buckets = buckets.filter { level($0.value, at: now) < burst }
        guard buckets.count >= capacity else { return }
        for name in buckets.keys.prefix(max(1, capacity / 8)) { buckets[name] = nil }
    }
}
