internal import Foundation

/// Tells by its melody whether a voice that pauses has finished; one value per call, 7 KB.
///
/// The pitch is followed while the detector says voice, and nothing is computed else. Where the
/// last voiced frames stand in the caller's own range says most: 88 % (English) and 93 % (Spanish)
/// of recorded sentences were told as falling, of the same cut inside 10 and 19 %. Clauses before a
/// comma and items of a list fall as sentences do (87 %), so `falling` must not end a turn alone.
package struct Prosody: ~Copyable {
    /// 60 ms without voice are a pause.
    private static let pauseFrames = 3
    private static let holdProbability: Float = 0.35
    /// Voice needed in the last 640 ms.
    private static let voicedNeeded = 5
    /// What is quieter than this below the loudest of late is breath or room.
    private static let depthDecibels: Float = 28
    private static let lowest: Float = -0.4
    /// Semitones per second.
    private static let steepRise: Float = 12
    private static let middle: Float = -0.1
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
    /// - Returns: how the voice moved, once in each pause; `nil` for almost all frames.
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
        if let pitch = tracker.hear(frame) {
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
        // The last ten voiced frames, newest first, and how long ago each was.
        var heights = InlineArray<10, Float>(repeating: 0)
        var ages = InlineArray<10, Float>(repeating: 0)
        var found = 0
        for age in 0..<min(count, Self.ringLength) where found < 10 {
            let index = (count - 1 - age) % Self.ringLength
            guard semitones[index] >= 0, levels[index] > loudest - Self.depthDecibels
            else { continue }
            heights[found] = semitones[index]
            ages[found] = Float(age) * 0.02
            found += 1
        }
        guard found >= Self.voicedNeeded else { return .unknown }
        let last = Self.median(heights[0], heights[1], heights[2])
        guard let position = range.position(of: last) else { return .unknown }
        if position < Self.lowest { return .falling }
        let slope = Self.slope(heights, over: ages, count: found)
        return slope > Self.steepRise && position > Self.middle ? .rising : .level
    }

    /// Of the line through the heights, per second, upwards when the newest are highest.
    private static func slope(
        _ heights: InlineArray<10, Float>, over ages: InlineArray<10, Float>, count: Int
    ) -> Float {
        var (height, age) = (Float(0), Float(0))
        for index in 0..<count {
            height += heights[index] / Float(count)
            age += ages[index] / Float(count)
        }
        var (product, square) = (Float(0), Float(1e-6))
        for index in 0..<count {
            product += (heights[index] - height) * (age - ages[index])
            square += (age - ages[index]) * (age - ages[index])
        }
        return product / square
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
