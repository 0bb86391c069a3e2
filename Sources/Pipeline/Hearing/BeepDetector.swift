internal import Foundation

/// Hears the beep after which an answering machine records: one pure, steady tone.
///
/// Each frame of 20 ms at 8 kHz is held against tones 50 Hz apart (Goertzel). A beep frame has
/// nearly all its energy around one of them, no second tone beside it (as DTMF has), and a level
/// that does not sway within the frame (as ringback's 440 and 480 Hz make it). A beep is such a
/// tone of `shortest` to `longest` at one pitch. No memory is taken after `init`.
package struct BeepDetector: Sendable {
    /// Tones of 300–2,650 Hz: those a beep has, and some on each side.
    private static let firstBin = 6
    /// 400–2,200 Hz.
    private static let beepBins = 8...44
    private static let frameLength = 160
    /// 5 ms.
    private static let partLength = 40
    /// Of the frame's energy, in the tone and its neighbours: a tone half-way between two bins has
    /// 0.86 there, noise 20 dB below it takes 0.01; vowels' strongest harmonic seldom has half.
    private static let smallestShare: Float = 0.8
    /// Of the frame's energy, in any tone 150 Hz away or more: a pure one leaks 0.02.
    private static let largestSecond: Float = 0.06
    /// Weakest over strongest quarter of a frame: 0.8 and more for a tone, below 0.5 for two that
    /// beat.
    private static let smallestEvenness: Float = 0.6
    /// −40 dBFS.
    private static let quietest: Float = 1e-4
    /// 160 ms to 2 s; longer ones are dial tones and fax machines.
    private static let shortest = 8
    private static let longest = 100

    /// 2·cos ω of each tone; eight are followed at once.
    private var coefficients = InlineArray<6, SIMD8<Float>>(repeating: .zero)
    private var energies = InlineArray<48, Float>(repeating: 0)
    private var tone: (bin: Int, frames: Int)?
    private var missing = 0

    package init() {
        for index in energies.indices {
            let hertz = Float((Self.firstBin + index) * 50)
            coefficients[index / 8][index % 8] = 2 * cos(2 * .pi * hertz / 8_000)
        }
    }

    /// Hears 160 samples.
    ///
    /// - Returns: whether a beep has just ended.
    package mutating func hear(_ frame: Span<Int16>) -> Bool {
        if let bin = pureTone(in: frame) {
            if let tone, abs(bin - tone.bin) <= 1 {
                self.tone = (tone.bin, tone.frames + 1 + missing)
            } else {
                tone = (bin, 1)
            }
            missing = 0
            return false
        }
        guard let tone else { return false }
        missing += 1
        // One frame may be lost in the middle of a beep.
        guard missing > 1 else { return false }
        missing = 0
        self.tone = nil
        return (Self.shortest...Self.longest).contains(tone.frames)
    }

    /// The tone that a frame is, in multiples of 50 Hz; `nil` for anything else.
    private mutating func pureTone(in frame: Span<Int16>) -> Int? {
        guard frame.count == Self.frameLength else { return nil }
        var total: Float = 0
        var weakest = Float.infinity
        var strongest: Float = 0
        for part in 0..<Self.frameLength / Self.partLength {
            var energy: Float = 0
            for index in part * Self.partLength..<(part + 1) * Self.partLength {
                let sample = Float(frame[index]) / 32_768
                energy += sample * sample
            }
            weakest = min(weakest, energy)
            strongest = max(strongest, energy)
            total += energy
        }
        guard total / Float(Self.frameLength) >= Self.quietest,
            weakest >= Self.smallestEvenness * strongest
        else { return nil }
        return purestBin(in: frame, total: total)
    }

    private mutating func purestBin(in frame: Span<Int16>, total: Float) -> Int? {
        measureEnergies(of: frame)
        var best = 0
        for index in energies.indices where energies[index] > energies[best] { best = index }
        let bin = Self.firstBin + best
        guard Self.beepBins.contains(bin) else { return nil }
        // Of a sine, a bin of N samples holds N/2 of the energy it has in time.
        let whole = total * Float(Self.frameLength) / 2
        let near = energies[best - 1] + energies[best] + energies[best + 1]
        guard near >= Self.smallestShare * whole else { return nil }
        for index in energies.indices where abs(index - best) > 2 {
            if energies[index] > Self.largestSecond * whole { return nil }
        }
        return bin
    }

    /// |X(ω)|² of every tone, by Goertzel's recurrence.
    private mutating func measureEnergies(of frame: Span<Int16>) {
        var last = InlineArray<6, SIMD8<Float>>(repeating: .zero)
        var beforeLast = last
        for index in frame.indices {
            let sample = SIMD8<Float>(repeating: Float(frame[index]) / 32_768)
            for group in coefficients.indices {
                let next = sample + coefficients[group] * last[group] - beforeLast[group]
                beforeLast[group] = last[group]
                last[group] = next
            }
        }
        for group in coefficients.indices {
            let squares = last[group] * last[group] + beforeLast[group] * beforeLast[group]
            let energy = squares - coefficients[group] * last[group] * beforeLast[group]
            for lane in 0..<8 { energies[group * 8 + lane] = energy[lane] }
        }
    }
}
