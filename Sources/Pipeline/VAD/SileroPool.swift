/// The streams of one media loop, and the rule for when their windows are run.
///
/// A frame that completes a window waits for its probability. With few streams the window is run at
/// once. From `batchedStreams` on, complete windows gather until a vector's lanes are full: 64
/// streams complete 16 windows in 8 ms, 200 in 2.6 ms. The loop's tick (20 ms) and a stream's own
/// next frame end the wait in any case. Allocates nothing but when a stream is opened.
package struct SileroPool: ~Copyable {
    /// With fewer streams than this a window is run as soon as it is complete.
    package static let batchedStreams = 64

    /// One stream's place in the pool.
    package struct Slot: Equatable, Sendable {
        fileprivate let index: Int
    }

    /// What became of a frame.
    package enum Hearing: Equatable, Sendable {
        /// It completed no window: the probability of the last one holds.
        case known(Float)
        /// It completed a window that gathers with others.
        case waiting
        /// It completed a window, and it is time to `run()`.
        case due
    }

    private var batch: SileroBatch
    private var streams: [SileroStream] = []
    private var freeIndices: [Int] = []
    /// Streams whose window is complete, in the order they became so.
    private var due: [Int] = []

    package init(weights: SileroWeights) {
        batch = SileroBatch(weights: weights)
        due.reserveCapacity(SileroBatch.laneCount)
    }

    package var streamCount: Int { streams.count - freeIndices.count }

    package mutating func open() -> Slot {
        if let index = freeIndices.popLast() {
            streams[index] = SileroStream()
            return Slot(index: index)
        }
        streams.append(SileroStream())
        freeIndices.reserveCapacity(streams.count)
        return Slot(index: streams.count - 1)
    }

    /// Ends a stream; a window of it that waits is never run.
    package mutating func close(_ slot: Slot) {
        due.removeAll { $0 == slot.index }
        freeIndices.append(slot.index)
    }

    /// Whether the stream waits for `run()`, which must come before its next frame.
    package func isWaiting(_ slot: Slot) -> Bool { streams[slot.index].isDue }

    /// - Parameters:
    ///   - frame: 20 ms of linear PCM at 8 kHz; other lengths up to 160 samples will do.
    ///   - slot: a stream that does not wait.
    /// - Returns: the probability that holds, or that a window has to be run for it.
    package mutating func hear(_ frame: Span<Int16>, in slot: Slot) -> Hearing {
        streams[slot.index].hear(frame)
        guard streams[slot.index].isDue else { return .known(probability(in: slot)) }
        due.append(slot.index)
        let isDue = streamCount < Self.batchedStreams || due.count >= SileroBatch.laneCount
        return isDue ? .due : .waiting
    }

    /// Runs every window that is complete; the probabilities are known afterwards.
    package mutating func run() {
        guard !due.isEmpty else { return }
        // Taken out while the batch works on them, and put back after.
        var all: [SileroStream] = []
        var complete: [Int] = []
        swap(&all, &streams)
        swap(&complete, &due)
        var span = all.mutableSpan
        batch.run(&span, due: complete.span)
        complete.removeAll(keepingCapacity: true)
        swap(&all, &streams)
        swap(&complete, &due)
    }

    /// The probability of speech in the stream's last window that was run.
    package func probability(in slot: Slot) -> Float { streams[slot.index].probability }
}
