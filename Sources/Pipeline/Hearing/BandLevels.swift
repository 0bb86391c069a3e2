internal import Foundation

/// Levels of a telephone signal in eight bands, a set every 10 ms: envelopes that cost next to
/// nothing.
///
/// Eight band-pass filters of second order run side by side, one lane each.
struct BandLevels: Sendable {
    /// Samples that make a set of levels: 10 ms at 8 kHz.
    static let hopLength = 80
    /// log2 of a band's power, where a full-scale sine has about −1; one unit is 3.01 dB.
    typealias Levels = SIMD8<Float>
    /// What a silent band has; nothing is lower.
    static var floor: Levels { Levels(repeating: -26) }

    /// About a third of an octave apart where voices have their energy, in hertz.
    private static let centres = Levels(250, 430, 650, 950, 1_350, 1_850, 2_450, 3_150)
    private static let quality: Float = 2.5

    // Coefficients of the filters: the numerator is input · (1 − z⁻²).
    private let input: Levels
    private let feedback1: Levels
    private let feedback2: Levels
    private var state1 = Levels()
    private var state2 = Levels()

    init() {
        var input = Levels()
        var feedback1 = Levels()
        var feedback2 = Levels()
        for band in 0..<8 {
            let angle = 2 * Float.pi * Self.centres[band] / 8_000
            let width = sin(angle) / (2 * Self.quality)
            input[band] = width / (1 + width)
            feedback1[band] = 2 * cos(angle) / (1 + width)
            feedback2[band] = -(1 - width) / (1 + width)
        }
        self.input = input
        self.feedback1 = feedback1
        self.feedback2 = feedback2
    }

    /// Filters the next samples.
    ///
    /// - Parameter hop: up to 10 ms of linear PCM at 8 kHz.
    /// - Returns: each band's mean power in the hop.
    mutating func levels(of hop: Span<Int16>) -> Levels {
        var first = state1
        var second = state2
        var energy = Levels()
        for index in hop.indices {
            let driven = input * (Float(hop[index]) / 32_768)
            let output = driven + first
            first = second.adding(feedback1, times: output)
            second = (Levels() - driven).adding(feedback2, times: output)
            energy = energy.adding(output, times: output)
        }
        // What rings on below any sound would end as denormal numbers, which are slow.
        let liveliness = first * first + second * second - 1e-20
        state1 = first.replaced(by: Levels(), whereNegative: liveliness)
        state2 = second.replaced(by: Levels(), whereNegative: liveliness)
        return (energy / Float(max(hop.count, 1)) + 0x1p-26).approximateLog2()
    }
}

extension BandLevels.Levels {
    /// log2 of positive values within 0.09: the exponent's bits, and the fraction's as a straight line.
    func approximateLog2() -> Self {
        // Same size, and any bits make an integer.
        let bits = unsafe unsafeBitCast(self, to: SIMD8<Int32>.self)
        return Self(bits) * 0x1p-23 - 127
    }

    /// 2^self within 7 %, the inverse of `approximateLog2`; for values from −100 to 100.
    func approximatePowerOf2() -> Self {
        let scaled = (self + 127) * 0x1p23
        return unsafe unsafeBitCast(SIMD8<Int32>(scaled), to: Self.self)
    }

    /// Lane by lane the larger one, without the library's comparisons one lane at a time.
    @inline(__always)
    func larger(_ other: Self) -> Self { self + (other - self).rectified() }

    @inline(__always)
    func smaller(_ other: Self) -> Self { self - (self - other).rectified() }

    /// Takes `other` in the lanes where `sign` is negative.
    @inline(__always)
    func replaced(by other: Self, whereNegative sign: Self) -> Self {
        // Views of the same 32 bits per lane; the sign is spread over all of them.
        let mask = unsafe unsafeBitCast(sign, to: SIMD8<Int32>.self) &>> 31
        let own = unsafe unsafeBitCast(self, to: SIMD8<Int32>.self)
        let others = unsafe unsafeBitCast(other, to: SIMD8<Int32>.self)
        return unsafe unsafeBitCast(own & ~mask | others & mask, to: Self.self)
    }
}
