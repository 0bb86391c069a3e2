import AllocationCounter
import Pipeline
import Testing

/// The caller's media clock against ours, through jitter.
@Suite struct ClockDriftTests {
    /// Frames of 20 ms from a clock that is fast by `partsPerMillion`, each late by some jitter.
    private static func drift(
        partsPerMillion: Double, seconds: Int, seed: Int, jitterMilliseconds: Double = 30,
        stalls: Bool = false, samplesPerSecond: Int = 8_000
    ) -> ClockDrift {
        var random = SeededGenerator(seed: UInt64(seed))
        var drift = ClockDrift(samplesPerSecond: samplesPerSecond)
        var last = 0.0
        for frame in 0..<seconds * 50 {
            let mediaSeconds = Double(frame + 1) * 0.02
            let sentAt = mediaSeconds / (1 + partsPerMillion / 1_000_000)
            var jitter = Double.random(in: 0...jitterMilliseconds, using: &random) / 1_000
            // A network that holds everything up for a second now and then.
            if stalls, frame % 1_500 < 50 { jitter += 1 - Double(frame % 1_500) / 50 }
            last = max(last, sentAt + jitter)
            drift.receive(
                samples: samplesPerSecond / 50,
                at: MonotonicTime(sinceStart: .nanoseconds(Int64((last + 7) * 1e9))))
        }
        return drift
    }

    @Test(arguments: [-200.0, -80, 0, 80, 500], 0..<4)
    func withinFivePartsPerMillion(partsPerMillion: Double, seed: Int) throws {
        let drift = Self.drift(partsPerMillion: partsPerMillion, seconds: 300, seed: seed)
        let measured = try #require(drift.partsPerMillion)
        #expect(abs(measured - partsPerMillion) <= 5)
    }

    /// From a minute to an hour, through stalls, at the rate of a browser.
    @Test(arguments: [(90, 15.0), (600, 5), (3_600, 1)])
    func stalledNetworks(seconds: Int, tolerance: Double) throws {
        let drift = Self.drift(
            partsPerMillion: 80, seconds: seconds, seed: 5, stalls: true, samplesPerSecond: 48_000)
        let measured = try #require(drift.partsPerMillion)
        #expect(abs(measured - 80) <= tolerance)
    }

    @Test func aShortCallTellsNothing() {
        #expect(Self.drift(partsPerMillion: 80, seconds: 50, seed: 1).partsPerMillion == nil)
        #expect(ClockDrift(samplesPerSecond: 8_000).partsPerMillion == nil)
        #expect(ClockDrift(samplesPerSecond: 8_000).timeline() == nil)
    }

    /// Without jitter every time of ours is a sample of the caller's.
    @Test(arguments: [0.0, 80, -150])
    func timesBecomeSamples(partsPerMillion: Double) throws {
        let drift = Self.drift(
            partsPerMillion: partsPerMillion, seconds: 300, seed: 0, jitterMilliseconds: 0)
        let timeline = try #require(drift.timeline())
        for second in [0, 1, 100, 299] {
            let time = MonotonicTime(sinceStart: .seconds(7 + second))
            let expected = Double(second) * 8_000 * (1 + partsPerMillion / 1_000_000)
            #expect(abs(Double(timeline.sample(at: time)) - expected) <= 1)
        }
        let early = MonotonicTime(sinceStart: .seconds(6))
        #expect(abs(timeline.sample(at: early) + 8_000) <= 2)
    }

    /// Leaps of either clock, as a broken record may hold, never trap.
    @Test(arguments: 0..<10)
    func leapsNeverTrap(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var drift = ClockDrift(samplesPerSecond: 8_000)
        var now = 0
        for _ in 0..<2_000 {
            now += [0, 20, 1_000_000, 1_000_000_000_000].randomElement(using: &random) ?? 0
            let time = MonotonicTime(sinceStart: .milliseconds(min(now, 9_000_000_000_000)))
            drift.receive(samples: Int.random(in: 0...1_000_000, using: &random), at: time)
        }
        _ = drift.partsPerMillion
        _ = drift.timeline()?.sample(at: MonotonicTime(sinceStart: .seconds(9_000_000_000)))
    }

    @Test func framesTakeNoMemory() {
        var drift = ClockDrift(samplesPerSecond: 8_000)
        let before = AllocationCounter_current_thread()
        for frame in 0..<20_000 {
            drift.receive(
                samples: 160, at: MonotonicTime(sinceStart: .milliseconds(frame * 20 + frame % 7)))
        }
        #expect(AllocationCounter_current_thread() - before == 0)
    }
}
