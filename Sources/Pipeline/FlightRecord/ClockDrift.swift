/// How much faster the caller's media clock runs than ours, by when their audio arrives.
///
/// The delay of audio behind its media time holds the drift of the two clocks, and jitter that only
/// ever adds to it. So the least delay of every second is kept, and the median slope between any
/// two of them taken (Theil and Sen), which not even a quarter of wrong ones can turn. Long calls
/// keep the least of longer stretches: memory is taken once, and nothing is allocated for a frame.
package struct ClockDrift: Sendable {
    /// Delays that are kept; a multiple of two.
    private static let capacity = 128
    /// Over less than a minute, jitter of 30 ms would make more than 5 ppm.
    private static let shortestSpan = Duration.seconds(60)
    private static let fewestPoints = 30

    private struct Point {
        /// Of media since the first audio ended.
        var mediaNanoseconds: Int64
        /// Against the first audio's.
        var delayNanoseconds: Int64
    }

    private let samplesPerSecond: Int
    private var firstArrival: MonotonicTime?
    private var sampleCount = 0
    /// Of the first audio.
    private var firstCount = 0
    private var stretch = Duration.seconds(1)
    private var stretchEnd = Duration.seconds(1)
    private var points: [Point] = []
    private var least: Point?

    package init(samplesPerSecond: Int) {
        self.samplesPerSecond = samplesPerSecond
        points.reserveCapacity(Self.capacity)
    }

    /// Takes the caller's next samples, which arrived at `now`; silence for lost ones counts.
    package mutating func receive(samples: Int, at now: MonotonicTime) {
        sampleCount += samples
        guard let firstArrival else {
            firstArrival = now
            firstCount = sampleCount
            least = Point(mediaNanoseconds: 0, delayNanoseconds: 0)
            return
        }
        let elapsed = firstArrival.duration(to: now)
        let media = nanoseconds(of: sampleCount - firstCount)
        let point = Point(
            mediaNanoseconds: media, delayNanoseconds: Self.nanoseconds(elapsed) - media)
        if elapsed >= stretchEnd {
            closeStretch()
            stretchEnd = elapsed + stretch
        }
        if point.delayNanoseconds < least?.delayNanoseconds ?? .max { least = point }
    }

    /// Parts per million by which the caller's clock is fast; `nil` until a minute was heard.
    ///
    /// - Complexity: O(n²) in at most 128 points, 1 ms: for the end of a call.
    package var partsPerMillion: Double? {
        guard points.count >= Self.fewestPoints,
            let first = points.first, let last = points.last,
            last.mediaNanoseconds - first.mediaNanoseconds >= Self.nanoseconds(Self.shortestSpan)
        else { return nil }
        // What takes 1 + slope of our seconds is one of the caller's.
        return (1 / (1 + slope) - 1) * 1_000_000
    }

    /// Which of the caller's samples was the last to have arrived at a time, had none been late.
    package func timeline() -> Timeline? {
        guard let firstArrival else { return nil }
        let slope = partsPerMillion == nil ? 0 : slope
        var offsets = points.map {
            Double($0.delayNanoseconds) - slope * Double($0.mediaNanoseconds)
        }
        if offsets.isEmpty, let least { offsets = [Double(least.delayNanoseconds)] }
        offsets.sort()
        return Timeline(
            firstArrival: firstArrival, firstCount: firstCount, samplesPerSecond: samplesPerSecond,
            slope: slope, offset: offsets[offsets.count / 2])
    }

    /// The caller's sample clock over ours.
    package struct Timeline: Sendable {
        let firstArrival: MonotonicTime
        let firstCount: Int
        let samplesPerSecond: Int
        let slope: Double
        let offset: Double

        /// - Returns: samples since the call's first one, negative before it.
        package func sample(at time: MonotonicTime) -> Int {
            let elapsed = Double(ClockDrift.nanoseconds(firstArrival.duration(to: time)))
            let media = (elapsed - offset) / (1 + slope)
            let sample = (media * Double(samplesPerSecond) / 1_000_000_000).rounded()
            // Whatever a broken record holds, no arithmetic on it overflows.
            return firstCount + Int(min(max(sample, -1e12), 1e12))
        }
    }

    private var slope: Double {
        var slopes: [Double] = []
        slopes.reserveCapacity(points.count * (points.count - 1) / 2)
        for (index, later) in points.enumerated() {
            for earlier in points[..<index] where later.mediaNanoseconds > earlier.mediaNanoseconds
            {
                slopes.append(
                    Double(later.delayNanoseconds - earlier.delayNanoseconds)
                        / Double(later.mediaNanoseconds - earlier.mediaNanoseconds))
            }
        }
        slopes.sort()
        return slopes.isEmpty ? 0 : slopes[slopes.count / 2]
    }

    private mutating func closeStretch() {
        guard let point = least else { return }
        least = nil
        points.append(point)
        guard points.count == Self.capacity else { return }
        for index in 0..<Self.capacity / 2 {
            let pair = (points[2 * index], points[2 * index + 1])
            points[index] = pair.0.delayNanoseconds <= pair.1.delayNanoseconds ? pair.0 : pair.1
        }
        points.removeLast(Self.capacity / 2)
        stretch *= 2
    }

    private func nanoseconds(of samples: Int) -> Int64 {
        let (seconds, rest) = samples.quotientAndRemainder(dividingBy: samplesPerSecond)
        return Int64(seconds) * 1_000_000_000
            + Int64(rest) * 1_000_000_000 / Int64(samplesPerSecond)
    }

    fileprivate static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return min(max(seconds, -4_000_000_000), 4_000_000_000) * 1_000_000_000
            + attoseconds / 1_000_000_000
    }
}
