import AllocationCounter
import Foundation
import Pipeline
import Testing

/// Pitch against tones whose pitch is known by construction.
@Suite struct PitchTrackerTests {
    enum Sound: String, CaseIterable, Sendable {
        /// Twelve harmonics as a vowel has them: strong near 500 and 1,500 Hz.
        case vowel
        /// The same without its fundamental, as a telephone passes it.
        case telephone
        case sine
    }

    static func tone(
        _ sound: Sound, frequencies: [Double], noiseDecibels: Double?, seed: UInt64 = 1
    ) -> [Int16] {
        var random = SeededGenerator(seed: seed)
        var phase = 0.0
        let clean = (0..<frequencies.count * 160).map { index -> Double in
            let frequency = frequencies[index / 160]
            phase += 2 * .pi * frequency / 8_000
            switch sound {
            case .sine: return sin(phase)
            case .vowel, .telephone:
                var sum = 0.0
                for harmonic in (sound == .vowel ? 1 : 2)...12 {
                    let hertz = frequency * Double(harmonic)
                    guard hertz < 3_400, sound == .vowel || hertz > 250 else { continue }
                    let near = exp(-pow((hertz - 500) / 300, 2))
                    let far = exp(-pow((hertz - 1_500) / 400, 2))
                    sum += (0.1 + near + far / 2) * sin(Double(harmonic) * phase)
                }
                return sum
            }
        }
        let power = clean.reduce(0) { $0 + $1 * $1 } / Double(clean.count)
        let noise = noiseDecibels.map { (3 * power * pow(10, -$0 / 10)).squareRoot() } ?? 0
        return clean.map { sample in
            let disturbed = sample + Double.random(in: -1...1, using: &random) * noise
            return Int16(clamping: Int(disturbed * 3_000 / power.squareRoot()))
        }
    }

    static func pitches(of samples: [Int16]) -> [PitchTracker.Pitch?] {
        var tracker = PitchTracker()
        return (0..<samples.count / 160).map {
            tracker.hear(samples.span.extracting($0 * 160..<$0 * 160 + 160))
        }
    }

    @Test(arguments: Sound.allCases, [nil, 20, 10, 5] as [Double?])
    func knownPitchesAreFound(sound: Sound, noiseDecibels: Double?) {
        var (right, found, total) = (0, 0, 0)
        for hertz in stride(from: 65.0, through: 390, by: 12.5) {
            let samples = Self.tone(
                sound, frequencies: Array(repeating: hertz, count: 20),
                noiseDecibels: noiseDecibels, seed: UInt64(hertz))
            for pitch in Self.pitches(of: samples).dropFirst(2) {
                total += 1
                guard let pitch else { continue }
                found += 1
                // Half a semitone.
                if abs(12 * log2(Double(pitch.hertz) / hertz)) < 0.5 { right += 1 }
            }
        }
        let isClear = (noiseDecibels ?? 99) >= 10
        #expect(Double(found) >= (isClear ? 0.98 : 0.8) * Double(total))
        #expect(Double(right) >= (isClear ? 0.98 : 0.9) * Double(found))
    }

    /// From 100 to 200 Hz within half a second, and back: never an octave off.
    @Test func glidesAreFollowed() {
        let up = (0..<25).map { 100 * pow(2, Double($0) / 25) }
        let frequencies = up + up.reversed()
        let samples = Self.tone(.vowel, frequencies: frequencies, noiseDecibels: 20)
        for (index, pitch) in Self.pitches(of: samples).enumerated().dropFirst(2) {
            // The window ends with the frame and is 40 ms long: its middle is the frame's start.
            let expected = (frequencies[index] + frequencies[index - 1]) / 2
            let semitones = pitch.map { 12 * log2(Double($0.hertz) / expected) }
            #expect(abs(semitones ?? 99) < 1, "frame \(index)")
        }
    }

    @Test func noiseAndSilenceHaveNone() {
        #expect(Self.pitches(of: [Int16](repeating: 0, count: 3_200)).allSatisfy { $0 == nil })
        var random = SeededGenerator(seed: 7)
        let noise = (0..<32_000).map { _ in Int16.random(in: -4_000...4_000, using: &random) }
        let share = Double(Self.pitches(of: noise).filter { $0 != nil }.count) / 200
        #expect(share < 0.1)
    }

    @Test(arguments: 0..<8) func anyInputGivesAPitchInRange(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tracker = PitchTracker()
        for _ in 0..<100 {
            let bound = Int16.random(in: 0...Int16.max, using: &random)
            let frame = (0..<160).map { _ in
                Bool.random(using: &random)
                    ? bound : Int16.random(in: -bound...bound, using: &random)
            }
            guard let pitch = tracker.hear(frame.span) else { continue }
            #expect((55...450).contains(pitch.hertz))
            #expect((0...1).contains(pitch.clarity))
        }
    }

    @Test func hearingAllocatesNothing() {
        let samples = Self.tone(
            .vowel, frequencies: Array(repeating: 140, count: 50), noiseDecibels: 20)
        var prosody = Prosody()
        // What is made once is made now: tables, and the first pause.
        for frame in 0..<10 {
            let span = samples.span.extracting(frame * 160..<frame * 160 + 160)
            _ = prosody.hear(span, probability: frame < 6 ? 0.9 : 0)
        }
        let before = AllocationCounter_current_thread()
        for frame in 0..<50 {
            let span = samples.span.extracting(frame * 160..<frame * 160 + 160)
            _ = prosody.hear(span, probability: frame % 10 < 6 ? 0.9 : 0)
        }
        let count = AllocationCounter_current_thread() - before
        #expect(count == 0)
    }
}
