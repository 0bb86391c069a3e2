internal import Glibc

/// How loud a stretch of samples is, in decibels below digital full scale.
///
/// 0 dBFS is a sample of magnitude 32 768, so a full-scale square wave has an RMS of 0 dBFS and a
/// full-scale sine one of -3.01 (the dBov of RFC 6464 §3). Silence is `floor`, never -∞: levels are
/// averaged, compared and printed as JSON.
package struct AudioLevel: Equatable, Sendable {
    /// dBFS, `floor ... 0`.
    package let rms: Double
    /// dBFS, `floor ... 0`.
    package let peak: Double

    /// What RFC 6464 calls digital silence.
    package static let floor = -127.0

    /// Measures `pcm`; no samples are silence.
    ///
    /// - Complexity: O(n), no allocation.
    package init(of pcm: Span<Int16>) {
        var energy: Int64 = 0
        var lowest: Int16 = 0
        var highest: Int16 = 0
        for index in pcm.indices {
            let sample = pcm[index]
            energy &+= Int64(Int32(sample) &* Int32(sample))
            lowest = min(lowest, sample)
            highest = max(highest, sample)
        }
        let magnitude = max(-Double(lowest), Double(highest))
        let meanSquare = pcm.isEmpty ? 0 : Double(energy) / Double(pcm.count)
        peak = Self.decibels(power: magnitude * magnitude)
        rms = Self.decibels(power: meanSquare)
    }

    private static func decibels(power: Double) -> Double {
        guard power > 0 else { return floor }
        return max(floor, 10 * log10(power / (32_768.0 * 32_768.0)))
    }
}
