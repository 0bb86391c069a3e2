internal import Foundation

/// The range of one caller's pitch, learned during the call: a histogram in half semitones.
struct VoiceRange: ~Copyable {
    /// One second of voice.
    private static let framesNeeded = 50
    /// The oldest voice weighs half when this many frames are known, so that it may change.
    private static let mostFrames = 6_000

    /// From 60 Hz up; 400 Hz is 32.8 semitones higher.
    private var counts: [UInt16]
    private var frameCount = 0

    init() { counts = Array(repeating: 0, count: 68) }

    /// Semitones above 60 Hz.
    static func semitones(_ hertz: Float) -> Float { 12 * log2(max(hertz, 1) / 60) }

    mutating func note(semitones: Float) {
        let bin = Int(max(0, min(Float(counts.count - 1), semitones * 2)))
        counts[bin] += 1
        frameCount += 1
        guard frameCount >= Self.mostFrames else { return }
        frameCount = 0
        for bin in counts.indices {
            counts[bin] /= 2
            frameCount += Int(counts[bin])
        }
    }

    /// The tenth of the pitches that is lowest lies below it, in semitones above 60 Hz.
    ///
    /// `nil` until a second of voice was heard.
    var low: Float? { frameCount >= Self.framesNeeded ? percentile(10) : nil }

    private func percentile(_ percent: Int) -> Float {
        var rest = frameCount * percent / 100
        for bin in counts.indices {
            rest -= Int(counts[bin])
            if rest < 0 { return (Float(bin) + 0.5) / 2 }
        }
        return Float(counts.count) / 2
    }
}
