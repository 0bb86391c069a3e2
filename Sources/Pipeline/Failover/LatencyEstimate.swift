/// How long one provider takes to its first token or octet, from its last requests.
///
/// Only what was delivered is counted. A request that was overtaken and cancelled would only tell
/// that it took longer than something else; it counts against the provider's breaker instead. So
/// a provider that became slower raises its own deadline while it still wins, and one that always
/// loses is left for a while.
package struct LatencyEstimate: Equatable, Sendable {
    /// So many requests are remembered; the 95th percentile is then the fourth from the top.
    private static let windowLength = 64

    private var window: [Duration] = []
    private var oldest = 0

    package init() { window.reserveCapacity(Self.windowLength) }

    package var sampleCount: Int { window.count }

    package mutating func record(_ latency: Duration) {
        if window.count < Self.windowLength {
            window.append(latency)
        } else {
            window[oldest] = latency
            oldest = (oldest + 1) % Self.windowLength
        }
    }

    /// The smallest latency that 95 of 100 requests do not exceed (nearest rank); `nil` when empty.
    package var percentile95: Duration? {
        guard !window.isEmpty else { return nil }
        let rank = (window.count * 95 + 99) / 100
        return window.sorted()[rank - 1]
    }
}
