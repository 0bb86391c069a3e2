/// A histogram with fixed buckets: how many values were at most each bound.
package struct HistogramValue: Equatable, Sendable {
    /// Ascending upper bounds, each inclusive; what is above the last one has a bucket of its own.
    package let bounds: [Double]
    /// Not cumulative; one more than there are bounds.
    package private(set) var counts: [UInt64]
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        precondition(
            zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
                && bounds.allSatisfy(\.isFinite),
            "Bounds of a histogram are finite and ascend")
        self.bounds = bounds
        counts = [UInt64](repeating: 0, count: bounds.count + 1)
    }

    package var count: UInt64 { counts.reduce(0, +) }

    /// Counts one value; not-a-number is ignored.
    ///
    /// - Complexity: O(number of bounds), no allocation.
    package mutating func record(_ value: Double) {
        guard !value.isNaN else { return }
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        sum += value
    }
}
