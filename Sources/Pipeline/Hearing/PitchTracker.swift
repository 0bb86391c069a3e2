/// The pitch of a voice, frame by frame, by normalised autocorrelation; 6 KB, no allocation.
///
/// The last 40 ms are brought to 4 kHz, which keeps every harmonic that matters below 400 Hz and
/// halves the lags, and compared with themselves at each lag a period may have. To be run while
/// there is voice; what music or noise give means nothing.
package struct PitchTracker: ~Copyable {
    package struct Pitch: Equatable, Sendable {
        /// The fundamental frequency, 60…400 Hz.
        package let hertz: Float
        /// The correlation of a period with the next, 0.5…1.
        package let clarity: Float
    }

    private static let rate: Float = 4_000
    /// 400 Hz; one lag below it is computed too, so that every peak has two neighbours.
    private static let shortestLag = 10
    /// 60 Hz.
    private static let longestLag = 66
    /// Samples compared at each lag: with the longest lag they fill the 40 ms.
    private static let windowLength = 94
    private static let leastClarity: Float = 0.5
    /// A peak at a fraction of the best lag is the period itself when it is nearly as high:
    /// two periods always correlate as well as one.
    private static let octaveShare: Float = 0.85
    /// −60 dBFS: below is line noise.
    private static let quietest: Float = 1e-6

    /// 40 ms at 4 kHz, oldest first, and room for the last lag vector.
    private var samples: [Float]
    /// From each sample on, eight in a row: so that eight lags are summed side by side.
    private var rows: [SIMD8<Float>]
    private var correlations: [Float]
    private var lastSample: Float = 0
    private var halvedSamples: (Float, Float) = (0, 0)

    package init() {
        samples = Array(repeating: 0, count: 168)
        rows = Array(repeating: SIMD8(), count: 161)
        correlations = Array(repeating: 0, count: 72)
    }

    /// Hears 20 ms of linear PCM at 8 kHz (160 samples).
    ///
    /// - Returns: the pitch of the last 40 ms; `nil` when they have none.
    package mutating func hear(_ frame: Span<Int16>) -> Pitch? {
        precondition(frame.count == 160, "a frame has 160 samples")
        append(frame)
        correlate()
        guard let lag = bestLag() else { return nil }
        let (offset, height) = vertex(at: lag)
        return Pitch(
            hertz: Self.rate / (Float(lag) + offset), clarity: min(1, max(height, 0)))
    }

    /// Forgets what was heard, so that a voice does not meet one of long ago.
    package mutating func reset() {
        for index in samples.indices { samples[index] = 0 }
        lastSample = 0
        halvedSamples = (0, 0)
    }

    private mutating func append(_ frame: Span<Int16>) {
        for index in 0..<80 { samples[index] = samples[index + 80] }
        for index in 0..<80 {
            // A three-tap low pass (¼ ½ ¼) around every other sample, and the same once more at
            // 4 kHz: what is above 1 kHz has too few samples a period to be found again at a lag.
            let first = Float(frame[2 * index])
            let second = Float(frame[2 * index + 1])
            let halved = (lastSample + 2 * first + second) / 131_072
            lastSample = second
            samples[80 + index] = (halvedSamples.0 + 2 * halvedSamples.1 + halved) / 4
            halvedSamples = (halvedSamples.1, halved)
        }
    }

    /// Fills `correlations` from one below the shortest lag on; 0 where all is too quiet.
    private mutating func correlate() {
        var row = SIMD8<Float>()
        for index in stride(from: 160, through: 0, by: -1) {
            row.highHalf = SIMD4(row[3], row.highHalf[0], row.highHalf[1], row.highHalf[2])
            row.lowHalf = SIMD4(samples[index], row.lowHalf[0], row.lowHalf[1], row.lowHalf[2])
            rows[index] = row
        }
        var own: Float = 0
        for index in 0..<Self.windowLength { own += samples[index] * samples[index] }
        let first = Self.shortestLag - 1
        for lag in stride(from: first, through: Self.longestLag + 1, by: 8) {
            var product = SIMD8<Float>()
            var energy = SIMD8<Float>()
            for index in 0..<min(Self.windowLength, 161 - lag) {
                let later = rows[index + lag]
                product = product.adding(SIMD8(repeating: samples[index]), times: later)
                energy = energy.adding(later, times: later)
            }
            let scale = (energy * own).squareRoot()
            for lane in 0..<8 {
                let isLoud = own > Self.quietest * Float(Self.windowLength)
                correlations[lag + lane - first] =
                    isLoud && scale[lane] > 1e-9 ? product[lane] / scale[lane] : 0
            }
        }
    }

    private func correlation(lag: Int) -> Float { correlations[lag - Self.shortestLag + 1] }

    private func isPeak(_ lag: Int) -> Bool {
        let value = correlation(lag: lag)
        return value >= correlation(lag: lag - 1) && value > correlation(lag: lag + 1)
    }

    private func bestLag() -> Int? {
        var best: Int?
        var highest = Self.leastClarity
        for lag in Self.shortestLag...Self.longestLag where isPeak(lag) {
            let value = correlation(lag: lag)
            if value > highest { (best, highest) = (lag, value) }
        }
        guard let best else { return nil }
        for lag in Self.shortestLag..<best
        where isPeak(lag) && correlation(lag: lag) > Self.octaveShare * highest { return lag }
        return best
    }

    /// The parabola through a peak and its neighbours.
    private func vertex(at lag: Int) -> (offset: Float, height: Float) {
        let before = correlation(lag: lag - 1)
        let peak = correlation(lag: lag)
        let after = correlation(lag: lag + 1)
        let curvature = before - 2 * peak + after
        guard curvature < -1e-6 else { return (0, peak) }
        let offset = (before - after) / (2 * curvature)
        return (offset, peak - (before - after) * offset / 4)
    }
}
