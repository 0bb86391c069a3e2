import AllocationCounter
import Pipeline

/// Times the network on one thread; only the network runs while the clock does.
struct VoiceTimer {
    private static let frameCount = 160
    private static let singleWindows = 400
    private static let batchedWindows = 24
    private static let streamCount = 64

    private let weights: SileroWeights
    private let pcm: [Int16]
    private var allocations: UInt = 0

    init(weights: SileroWeights, pcm: [Int16]) {
        self.weights = weights
        self.pcm = pcm
    }

    /// The median time of one window in microseconds, and the heap allocations of all of them.
    mutating func figures(of round: String) -> String {
        let median = round == "batched" ? batched() : single()
        return "\(median) \(allocations)"
    }

    private mutating func single() -> Double {
        let weights = weights
        var stream = SileroStream()
        var times: [Double] = []
        var position = 0
        while times.count < Self.singleWindows {
            stream.hear(pcm.span.extracting(frame(position)))
            position += 1
            guard stream.isDue else { continue }
            times.append(microseconds { weights.run(&stream) })
        }
        return middle(of: times)
    }

    /// Every stream hears another place of the recording.
    private mutating func batched() -> Double {
        var batch = SileroBatch(weights: weights)
        var streams = [SileroStream](repeating: SileroStream(), count: Self.streamCount)
        let due = Array(0..<Self.streamCount)
        var times: [Double] = []
        var position = 0
        while times.count < Self.batchedWindows {
            for index in streams.indices {
                streams[index].hear(pcm.span.extracting(frame(position + index)))
            }
            position += 1
            guard streams[0].isDue else { continue }
            let time = microseconds {
                var span = streams.mutableSpan
                batch.run(&span, due: due.span)
            }
            times.append(time / Double(Self.streamCount))
        }
        return middle(of: times)
    }

    /// Where a frame of the recording lies, which is heard over and over.
    private func frame(_ index: Int) -> Range<Int> {
        let start = index * Self.frameCount % pcm.count
        return start..<start + Self.frameCount
    }

    private mutating func microseconds(_ body: () -> Void) -> Double {
        let before = AllocationCounter_current_thread()
        let elapsed = ContinuousClock().measure(body)
        allocations += AllocationCounter_current_thread() - before
        return elapsed / .microseconds(1)
    }

    private func middle(of times: [Double]) -> Double { times.sorted()[times.count / 2] }
}
