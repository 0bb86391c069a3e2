internal import Foundation

/// Tells where a voice that pauses stands in its caller's range; one value per call, 7 KB.
///
/// The pitch is followed while the detector says voice, and nothing is computed else. Sentences end
/// at the low end of the range: within 0.4 semitones of its lowest tenth, or below, ended 84 %
/// (English) and 91 % (Spanish) of recorded sentences, and 9 and 31 % of the same cut inside. Clauses
/// before a comma end there too (84 %), so a fall must not end a turn alone.
package struct Prosody: ~Copyable {
    /// 60 ms without voice are a pause.
    private static let pauseFrames = 3
    private static let holdProbability: Float = 0.35
    /// Voice needed in the last 640 ms.
    private static let voicedNeeded = 5
    /// What is quieter than this below the loudest of late is breath or room.
    private static let depthDecibels: Float = 20
    /// Below, a period may be the line's as well as the voice's.
    private static let leastClarity: Float = 0.65
    private static let ringLength = 32

    private var tracker = PitchTracker()
    private var range = VoiceRange()
    /// The last 640 ms: semitones above 60 Hz, negative without pitch, and dBFS.
    private var semitones: [Float]
    private var levels: [Float]
    private var count = 0
    /// Frames without voice in a row; `nil`: the pause was told, or there was no voice yet.
    private var quietCount: Int?

    package init() {
        semitones = Array(repeating: -1, count: Self.ringLength)
        levels = Array(repeating: -100, count: Self.ringLength)
    }

    /// Hears 20 ms of linear PCM at 8 kHz (160 samples).
    ///
    /// - Parameters:
    ///   - frame: follows the one before without a gap.
    ///   - probability: that the caller speaks.
    /// - Returns: how the voice stood, once in each pause; `nil` for almost all frames.
    package mutating func hear(_ frame: Span<Int16>, probability: Float) -> Intonation? {
        if probability >= Self.holdProbability {
            if quietCount == nil { tracker.reset() }
            quietCount = 0
            follow(frame)
            return nil
        }
        guard let quiet = quietCount else { return nil }
        quietCount = quiet + 1
        guard quiet + 1 >= Self.pauseFrames else { return nil }
        quietCount = nil
        defer { forget() }
        return intonation()
    }

    private mutating func follow(_ frame: Span<Int16>) {
        var height: Float = -1
        if let pitch = tracker.hear(frame), pitch.clarity >= Self.leastClarity {
            height = VoiceRange.semitones(pitch.hertz)
            range.note(semitones: height)
        }
        semitones[count % Self.ringLength] = height
        levels[count % Self.ringLength] = Self.decibels(of: frame)
        count += 1
    }

    private mutating func forget() {
        count = 0
        for index in levels.indices { levels[index] = -100 }
    }

    /// What the frames before this pause say.
    private func intonation() -> Intonation {
        var loudest: Float = -100
        for index in levels.indices { loudest = max(loudest, levels[index]) }
        var newest = InlineArray<3, Float>(repeating: 0)
        var found = 0
        for age in 0..<min(count, Self.ringLength) where found < Self.voicedNeeded {
            let index = (count - 1 - age) % Self.ringLength
            guard semitones[index] >= 0, levels[index] > loudest - Self.depthDecibels
            else { continue }
            if found < 3 { newest[found] = semitones[index] }
            found += 1
        }
        guard found >= Self.voicedNeeded, let low = range.low else { return .unknown }
        return Intonation(
            semitonesAboveLow: Self.median(newest[0], newest[1], newest[2]) - low)
    }

    private static func median(_ first: Float, _ second: Float, _ third: Float) -> Float {
        max(min(first, second), min(max(first, second), third))
    }

    private static func decibels(of frame: Span<Int16>) -> Float {
        var energy: Float = 0
        for index in frame.indices {
            let sample = Float(frame[index]) / 32_768
            energy += sample * sample
        }
        return 10 * log10(energy / Float(max(frame.count, 1)) + 1e-10)
    }
}
