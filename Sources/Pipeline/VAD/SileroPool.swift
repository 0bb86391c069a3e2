/// The streams of one media loop, and the rule for when their windows are run.
///
/// A frame that completes a window waits for its probability. With few streams the window is run at
/// once. From `batchedStreams` on, complete windows gather until a vector's lanes are full: 64
/// streams complete 16 windows in 8 ms, 200 in 2.6 ms; the loop's tick (20 ms) ends the wait in any
/// case. Later frames of a stream that waits queue behind, so that a loop that has fallen behind
/// and reads several frames of a call at once catches up at the price of full vectors too.
/// Allocates nothing but when a stream is opened.
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
        /// It waits in its stream's queue.
        case waiting
        /// It waits, and it is time to `run()`.
        case due
    }

    private var batch: SileroBatch
    // Of one stream at the same index in all of these: large values in an array are copied whole
    // when one of their members is asked for, so what is asked for often stands by itself.
    private var streams: [SileroStream] = []
    private var probabilities: [Float] = []
    private var queues = FrameQueues()
    private var freeIndices: [Int] = []
    /// Streams whose window is complete, in the order they became so.
    private var due: [Int] = []
    private var dueNext: [Int] = []

    package init(weights: SileroWeights) {
        batch = SileroBatch(weights: weights)
        due.reserveCapacity(SileroBatch.laneCount)
        dueNext.reserveCapacity(SileroBatch.laneCount)
    }

    package var streamCount: Int { streams.count - freeIndices.count }

    package mutating func open() -> Slot {
        if let index = freeIndices.popLast() {
            streams[index] = SileroStream()
            probabilities[index] = 0
            queues.empty(index)
            return Slot(index: index)
        }
        streams.append(SileroStream())
        probabilities.append(0)
        queues.add()
        freeIndices.reserveCapacity(streams.count)
        return Slot(index: streams.count - 1)
    }

    /// Ends a stream; what of it waits is never run.
    package mutating func close(_ slot: Slot) {
        due.removeAll { $0 == slot.index }
        freeIndices.append(slot.index)
    }

    /// - Parameters:
    ///   - frame: 20 ms of linear PCM at 8 kHz.
    ///   - slot: an open stream.
    /// - Returns: the probability that holds, or that the frame waits for it.
    package mutating func hear(_ frame: Span<Int16>, in slot: Slot) -> Hearing {
        let index = slot.index
        guard queues.isEmpty(index) else {
            queues.append(frame, to: index)
            return queues.isFull(index) ? .due : .waiting
        }
        guard streams[index].hear(frame) else { return .known(probabilities[index]) }
        queues.append(frame, to: index)
        due.append(index)
        let isDue = streamCount < Self.batchedStreams || due.count >= SileroBatch.laneCount
        return isDue ? .due : .waiting
    }

    /// Runs every window that is complete, and those that queued frames complete after it.
    package mutating func run() {
        // Taken out while the batch works on them, and put back after.
        var all: [SileroStream] = []
        var complete: [Int] = []
        swap(&all, &streams)
        swap(&complete, &due)
        var frame = InlineArray<160, Int16>(repeating: 0)
        var span = all.mutableSpan
        while !complete.isEmpty {
            batch.run(&span, due: complete.span)
            for index in complete {
                probabilities[index] = span[index].probability
                queues.settle(index, probabilities[index])
                while queues.copyUnheard(of: index, into: &frame) {
                    if span[index].hear(frame.span) {
                        dueNext.append(index)
                        break
                    }
                    queues.settle(index, probabilities[index])
                }
            }
            complete.removeAll(keepingCapacity: true)
            swap(&complete, &dueNext)
        }
        swap(&all, &streams)
        swap(&complete, &due)
    }

    /// After `run()`: the oldest frame that waited, with its probability; `nil`: there is none.
    package mutating func takeResult(
        in slot: Slot, into frame: inout InlineArray<160, Int16>
    ) -> Float? {
        queues.take(from: slot.index, into: &frame)
    }
}

/// Every stream's frames that wait, oldest first, and what is known of them; 2.6 KB a stream.
private struct FrameQueues {
    private static let capacity = 8
    private static let frameLength = 160

    private struct Counts {
        var queued = 0
        /// So many of them have their probability; the next one completes the window that is due.
        var settled = 0
        var taken = 0
    }
    private var counts: [Counts] = []
    private var samples: [Int16] = []
    private var probabilities: [Float] = []

    func isEmpty(_ index: Int) -> Bool { counts[index].queued == 0 }
    func isFull(_ index: Int) -> Bool { counts[index].queued == Self.capacity }

    mutating func add() {
        counts.append(Counts())
        samples.append(contentsOf: repeatElement(0, count: Self.capacity * Self.frameLength))
        probabilities.append(contentsOf: repeatElement(0, count: Self.capacity))
    }

    mutating func empty(_ index: Int) { counts[index] = Counts() }

    mutating func append(_ frame: Span<Int16>, to index: Int) {
        precondition(!isFull(index), "frames that wait were not run")
        let start = (index * Self.capacity + counts[index].queued) * Self.frameLength
        for sample in frame.indices { samples[start + sample] = frame[sample] }
        counts[index].queued += 1
    }

    mutating func settle(_ index: Int, _ probability: Float) {
        probabilities[index * Self.capacity + counts[index].settled] = probability
        counts[index].settled += 1
    }

    /// The first frame its stream has not heard, right after one was settled.
    ///
    /// - Returns: whether there is one.
    func copyUnheard(of index: Int, into frame: inout InlineArray<160, Int16>) -> Bool {
        guard counts[index].settled < counts[index].queued else { return false }
        copy(counts[index].settled, of: index, into: &frame)
        return true
    }

    mutating func take(from index: Int, into frame: inout InlineArray<160, Int16>) -> Float? {
        let place = counts[index].taken
        guard place < counts[index].settled else {
            counts[index] = Counts()
            return nil
        }
        copy(place, of: index, into: &frame)
        counts[index].taken += 1
        return probabilities[index * Self.capacity + place]
    }

    private func copy(_ place: Int, of index: Int, into frame: inout InlineArray<160, Int16>) {
        let start = (index * Self.capacity + place) * Self.frameLength
        for sample in frame.indices { frame[sample] = samples[start + sample] }
    }
}
