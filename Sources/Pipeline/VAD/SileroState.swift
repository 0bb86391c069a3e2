/// What one stream carries from window to window, about 3.4 KB: copied, it forks the stream.
package struct SileroState: Sendable {
    /// Samples that a window shares with the one before it.
    package static let contextCount = 64
    /// New samples of one window: 32 ms at 16 kHz.
    package static let windowCount = 512
    static let sampleCount = contextCount + windowCount

    /// The context, then the samples of the window that is being filled.
    var samples = InlineArray<576, Float>(repeating: 0)
    /// Valid samples, context included.
    private(set) var filledCount = Self.contextCount
    /// The LSTM cell's output and memory.
    var hidden = InlineArray<8, SIMD16<Float>>(repeating: .zero)
    var cell = InlineArray<8, SIMD16<Float>>(repeating: .zero)
    /// The result of the last window that was run; 0 before the first.
    package internal(set) var probability: Float = 0

    package init() {}

    /// Whether a window is complete and must be run before more samples are taken.
    package var isDue: Bool { filledCount == Self.sampleCount }

    /// Takes samples until the window is complete.
    ///
    /// - Parameter source: 16 kHz, mono, full scale ±1.
    /// - Returns: how many were taken.
    package mutating func append(_ source: Span<Float>) -> Int {
        let count = min(source.count, Self.sampleCount - filledCount)
        for index in 0..<count { samples[filledCount + index] = source[index] }
        filledCount += count
        return count
    }

    /// Takes the LSTM cell's values from one lane of a batch.
    mutating func recall(
        hidden lanes: Span<SIMD16<Float>>, cell memory: Span<SIMD16<Float>>, from lane: Int
    ) {
        var hiddenSpan = hidden.mutableSpan
        SileroKernels.gather(from: lane, of: lanes, into: &hiddenSpan)
        var cellSpan = cell.mutableSpan
        SileroKernels.gather(from: lane, of: memory, into: &cellSpan)
    }

    /// Ends a window that was run: its last samples are the next one's context.
    mutating func finishWindow(probability: Float) {
        precondition(isDue, "a window was run before it was complete")
        self.probability = probability
        for index in 0..<Self.contextCount {
            samples[index] = samples[Self.windowCount + index]
        }
        filledCount = Self.contextCount
    }
}
