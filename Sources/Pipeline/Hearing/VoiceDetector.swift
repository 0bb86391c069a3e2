/// Tells speech from everything else, frame by frame; one value per call, no allocation.
package protocol VoiceDetector: ~Copyable {
    /// The probability, 0…1, that the caller speaks in this frame.
    ///
    /// - Parameter frame: 20 ms of mono linear PCM at 8 kHz (160 samples).
    /// - Returns: comparable with the thresholds of `SpeechActivity.Settings`.
    mutating func speechProbability(in frame: Span<Int16>) -> Float
}
