/// Runs the network for many streams at once, so that the weights are read once for 16 of them.
///
/// It belongs to one media loop and holds the scratch memory (about 240 kB), nothing of a stream.
package struct SileroBatch: ~Copyable {
    /// Streams that go through the network side by side: the lanes of one vector.
    package static let laneCount = 16
    /// With fewer streams than this, one after the other is faster.
    package static let leastLanes = 9

    private let weights: SileroWeights
    /// Lane = stream in all of these; what has several frames holds one after the other.
    private var samples = [SIMD16<Float>](repeating: .zero, count: 640)
    private var work = [SIMD16<Float>](repeating: .zero, count: 256)
    private var magnitudes = [SIMD16<Float>](repeating: .zero, count: 4 * 129)
    private var channels = [SIMD16<Float>](repeating: .zero, count: 4 * 128)
    private var pair = [SIMD16<Float>](repeating: .zero, count: 2 * 64)
    private var single = [SIMD16<Float>](repeating: .zero, count: 64)
    private var features = [SIMD16<Float>](repeating: .zero, count: 128)
    private var gates = [SIMD16<Float>](repeating: .zero, count: 512)
    private var hidden = [SIMD16<Float>](repeating: .zero, count: 128)
    private var cell = [SIMD16<Float>](repeating: .zero, count: 128)

    package init(weights: SileroWeights) { self.weights = weights }

    /// Runs the complete windows of the streams named; no allocation.
    ///
    /// Afterwards each of them has its new `probability` and takes samples again.
    ///
    /// - Parameters:
    ///   - streams: the loop's streams.
    ///   - due: indices into `streams` of those whose window is complete, each once.
    package mutating func run(_ streams: inout MutableSpan<SileroStream>, due: Span<Int>) {
        var next = 0
        while next < due.count {
            let count = min(Self.laneCount, due.count - next)
            if count < Self.leastLanes {
                for index in next..<next + count { weights.run(&streams[due[index]]) }
            } else {
                let group = due.extracting(next..<next + count)
                for lane in group.indices { load(streams[group[lane]].state, lane) }
                weights.encode(
                    &samples, work: &work, magnitudes: &magnitudes, into: &channels)
                weights.narrow(channels, pair: &pair, single: &single, into: &features)
                weights.remember(features, gates: &gates, hidden: &hidden, cell: &cell)
                store(&streams, group)
            }
            next += count
        }
    }

    /// A stream becomes a lane; lanes without one keep what they had, and nobody reads them.
    private mutating func load(_ state: borrowing SileroState, _ lane: Int) {
        let isDue = state.isDue
        precondition(isDue, "a window is not complete")
        var target = samples.mutableSpan
        SileroKernels.scatter(state.samples.span, to: lane, of: &target)
        target = hidden.mutableSpan
        SileroKernels.scatter(state.hidden.span, to: lane, of: &target)
        target = cell.mutableSpan
        SileroKernels.scatter(state.cell.span, to: lane, of: &target)
    }

    /// Lanes become streams again, each with its probability.
    private mutating func store(_ streams: inout MutableSpan<SileroStream>, _ due: Span<Int>) {
        var sum = SIMD16<Float>(repeating: weights.outputBias)
        for row in 0..<128 {
            let factor = SIMD16<Float>(repeating: weights.output[row / 16][row % 16])
            sum = sum.adding(hidden[row].rectified(), times: factor)
        }
        let probabilities = sum.sigmoid()
        for lane in due.indices {
            streams[due[lane]].state.recall(hidden: hidden.span, cell: cell.span, from: lane)
            streams[due[lane]].state.finishWindow(probability: probabilities[lane])
            streams[due[lane]].fillWindow()
        }
    }
}
