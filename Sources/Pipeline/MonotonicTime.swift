/// Time since the process started, read once per wake-up at the edge and passed in.
package struct MonotonicTime: InstantProtocol, Sendable {
    package let sinceStart: Duration

    package init(sinceStart: Duration) { self.sinceStart = sinceStart }

    package func advanced(by step: Duration) -> Self { Self(sinceStart: sinceStart + step) }
    package func duration(to later: Self) -> Duration { later.sinceStart - sinceStart }
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.sinceStart < rhs.sinceStart }
}

extension Duration {
    /// The same length in milliseconds, as the ledger and the wire print it.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds) / 1e15
    }
}
