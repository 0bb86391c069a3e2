/// When a request that failed before it gave anything is tried again.
package struct Backoff: Equatable, Sendable {
    /// With the first one.
    package var tries = 3
    package var first = Duration.seconds(1)
    /// No wait is longer, whatever the factor, the jitter or the provider says.
    package var longest = Duration.seconds(10)
    /// Up to this part of the wait, in per cent, is added or taken away, so that calls that failed
    /// together do not come back together.
    package var jitterPercent = 20

    package init() {}

    /// How long to wait before the next try.
    ///
    /// - Parameters:
    ///   - failure: why the last try failed.
    ///   - tries: how many there were, from 1.
    ///   - random: decides the jitter.
    /// - Returns: `nil` when there is no next try.
    package func delay(
        after failure: ProviderFailure, tries: Int, using random: inout JitterGenerator
    ) -> Duration? {
        guard failure.mayPass, tries < self.tries else { return nil }
        var wait = first
        for _ in 1..<max(1, tries) { wait = min(wait * 2, longest) }
        let percent = 100 + Int.random(in: -jitterPercent...jitterPercent, using: &random)
        wait = min(wait * percent / 100, longest)
        guard case .rateLimited(let asked?) = failure else { return wait }
        return asked <= longest ? max(wait, asked) : nil
    }
}

/// Random numbers that a seed decides, so that a call can be run again (SplitMix64, Steele 2014).
package struct JitterGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
