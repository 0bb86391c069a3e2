/// The latest of many values, to know one again.
struct RecentValues<Value: Hashable & Sendable>: Sendable {
    private var values: Set<Value> = []
    private var ring: [Value] = []
    private var oldest = 0
    private let limit: Int

    /// - Parameter limit: how many are remembered; at least 1.
    init(limit: Int) {
        precondition(limit >= 1, "Nothing could be remembered")
        self.limit = limit
    }

    /// - Returns: whether the value is none of those remembered.
    mutating func insert(_ value: Value) -> Bool {
        guard values.insert(value).inserted else { return false }
        if ring.count < limit {
            ring.append(value)
        } else {
            values.remove(ring[oldest])
            ring[oldest] = value
            oldest = (oldest + 1) % limit
        }
        return true
    }
}
