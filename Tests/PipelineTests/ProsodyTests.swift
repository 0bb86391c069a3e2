import Foundation
import Pipeline
import Testing

/// Melodies made of a vowel, after a caller's range has become known.
@Suite struct ProsodyTests {
    /// Two seconds from 100 to 180 Hz and back, as a voice moves while it speaks.
    private static let speech = (0..<100).map { 140 + 40 * sin(Double($0) / 7) }

    /// What is told when each melody pauses, one after the other; pitches in hertz, a frame each.
    private static func told(_ melodies: [[Double]]) -> [Intonation?] {
        var prosody = Prosody()
        let quiet = [Int16](repeating: 0, count: 160)
        return melodies.map { melody in
            let samples = PitchTrackerTests.tone(
                .vowel, frequencies: melody, noiseDecibels: 25, seed: UInt64(melody.count))
            var told: Intonation?
            for frame in melody.indices {
                let span = samples.span.extracting(frame * 160..<frame * 160 + 160)
                #expect(prosody.hear(span, probability: 0.9) == nil)
            }
            for index in 0..<20 {
                guard let one = prosody.hear(quiet.span, probability: 0.05) else { continue }
                #expect(told == nil && index == 2, "once, after 60 ms")
                told = one
            }
            return told
        }
    }

    private static func glide(from first: Double, to last: Double, frames: Int = 25) -> [Double] {
        (0..<frames).map { first + (last - first) * Double($0) / Double(frames - 1) }
    }

    /// A tenth of `speech` lies below 102 Hz.
    @Test(arguments: [
        (glide(from: 150, to: 92), 94), (glide(from: 140, to: 200, frames: 20), 195),
        (glide(from: 140, to: 138), 138),
    ])
    func heightsAreTold(_ melody: [Double], endHertz: Double) throws {
        let told = try #require(Self.told([Self.speech, melody]).last as? Intonation)
        let height = try #require(told.semitonesAboveLow)
        #expect(abs(Double(height) - 12 * log2(endHertz / 102)) < 1.5)
    }

    @Test func aShortSoundIsNotJudged() {
        let sound = Self.glide(from: 150, to: 150, frames: 3)
        #expect(Self.told([Self.speech, sound]).last == .unknown)
    }

    /// The same melody is high for one caller and low for another.
    @Test func theRangeIsTheCallersOwn() {
        let melody = Self.glide(from: 112, to: 105)
        let own = Self.told([Self.speech, melody]).last??.semitonesAboveLow ?? 99
        let deep = Self.told([Self.speech.map { $0 * 0.7 }, melody]).last??.semitonesAboveLow ?? 99
        #expect(abs(own - 0.6) < 1)
        // 0.7 is 6.2 semitones.
        #expect(abs(deep - own - 6.2) < 1.2)
    }

    @Test func aStrangerIsNotJudged() {
        #expect(Self.told([Self.glide(from: 150, to: 90, frames: 20)]) == [.unknown])
    }

    /// A gap of two frames is no pause, and noise without voice tells nothing.
    @Test func gapsAreNoPauses() {
        var prosody = Prosody()
        let samples = PitchTrackerTests.tone(
            .vowel, frequencies: Self.speech, noiseDecibels: nil)
        for frame in 0..<100 {
            let span = samples.span.extracting(frame * 160..<frame * 160 + 160)
            #expect(prosody.hear(span, probability: frame % 4 < 2 ? 0.9 : 0.1) == nil)
        }
        var silent = Prosody()
        for _ in 0..<50 {
            #expect(silent.hear(samples.span.extracting(0..<160), probability: 0.1) == nil)
        }
    }
}
