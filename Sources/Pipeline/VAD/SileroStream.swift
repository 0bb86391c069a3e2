/// One call's audio on its way into the network: 8 kHz frames in, 16 kHz windows out; about 5 KB.
///
/// A frame makes 320 samples and a window takes 512, so a frame completes at most one window.
package struct SileroStream: Sendable {
    var state = SileroState()
    private var upsampler = HalfBandUpsampler()
    /// The last frame's samples; those from `takenCount` on wait for the next window.
    private var frame = InlineArray<320, Float>(repeating: 0)
    private var takenCount = 320

    package init() {}

    /// Whether a window is complete; it must be run before the next frame is heard.
    package var isDue: Bool { state.isDue }

    /// The probability of speech in the last window that was run.
    package var probability: Float { state.probability }

    /// - Parameter frame: 20 ms of linear PCM at 8 kHz; other lengths up to 160 samples will do.
    package mutating func hear(_ frame: Span<Int16>) {
        precondition(!isDue, "a complete window was not run")
        takenCount = self.frame.count - 2 * frame.count
        precondition(takenCount >= 0, "a frame has at most 160 samples")
        var target = self.frame.mutableSpan
        upsampler.process(frame, into: &target, at: takenCount)
        fillWindow()
    }

    /// Moves what waits into the window, as far as there is room.
    mutating func fillWindow() {
        takenCount += state.append(frame.span.extracting(takenCount...))
    }
}

extension SileroWeights {
    /// Runs the network on the complete window of one stream; no allocation.
    package func run(_ stream: inout SileroStream) {
        run(&stream.state)
        stream.fillWindow()
    }
}
