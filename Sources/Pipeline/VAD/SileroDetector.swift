/// Voice detection by the Silero network for one stream of telephone frames.
///
/// A window takes 1.6 frames; between windows the last probability holds. A call has one of these
/// (about 5 KB); a loop with many calls fills `SileroStream`s and runs them with `SileroBatch`.
package struct SileroDetector: VoiceDetector {
    private let weights: SileroWeights
    private var stream = SileroStream()

    package init(weights: SileroWeights) { self.weights = weights }

    package mutating func speechProbability(in frame: Span<Int16>) -> Float {
        stream.hear(frame)
        if stream.isDue { weights.run(&stream) }
        return stream.probability
    }
}
