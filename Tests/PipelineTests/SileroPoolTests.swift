import Foundation
import Pipeline
import Testing

private let weightsFile = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".engines/silero-vad/silero-vad-6.2.3.safetensors")

/// When the windows of a loop's calls are run, and that calls are never mixed up.
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: weightsFile.path),
        "no weights in .engines/silero-vad: run script/fetch-silero"))
struct SileroPoolTests {
    private static func weights() throws -> SileroWeights {
        try SileroWeights(SafetensorsFile([UInt8](Data(contentsOf: weightsFile))))
    }

    /// 20 ms of a buzz whose pitch tells the stream.
    private static func frame(_ index: Int, stream: Int) -> [Int16] {
        (0..<160).map { sample in
            let phase = (index * 160 + sample) % (40 + stream)
            return Int16(phase < 12 ? 9_000 : -2_000)
        }
    }

    /// The probabilities of the frames that waited.
    private static func results(
        of pool: inout SileroPool, in slot: SileroPool.Slot
    ) -> [Float] {
        var frame = InlineArray<160, Int16>(repeating: 0)
        var probabilities: [Float] = []
        while let probability = pool.takeResult(in: slot, into: &frame) {
            probabilities.append(probability)
        }
        return probabilities
    }

    private static func heardAlone(
        stream: Int, frameCount: Int, weights: SileroWeights
    ) -> [Float] {
        var detector = SileroDetector(weights: weights)
        return (0..<frameCount).map {
            detector.speechProbability(in: frame($0, stream: stream).span)
        }
    }

    @Test func fewStreamsAreRunAtOnce() throws {
        let weights = try Self.weights()
        var pool = SileroPool(weights: weights)
        let slots = [pool.open(), pool.open()]
        var heard: [[Float]] = [[], []]
        for index in 0..<4 {
            for (stream, slot) in slots.enumerated() {
                switch pool.hear(Self.frame(index, stream: stream).span, in: slot) {
                case .known(let probability): heard[stream].append(probability)
                case .waiting: Issue.record("two streams wait for nobody")
                case .due:
                    pool.run()
                    heard[stream] += Self.results(of: &pool, in: slot)
                }
            }
        }
        for stream in slots.indices {
            #expect(
                heard[stream]
                    == Self.heardAlone(stream: stream, frameCount: 4, weights: weights))
        }
    }

    /// 64 streams that start together: the second frame completes everybody's window.
    @Test func manyStreamsGatherUntilTheLanesAreFull() throws {
        var pool = SileroPool(weights: try Self.weights())
        let slots = (0..<64).map { _ in pool.open() }
        for (stream, slot) in slots.enumerated() {
            #expect(pool.hear(Self.frame(0, stream: stream).span, in: slot) == .known(0))
        }
        for (stream, slot) in slots.prefix(16).enumerated() {
            let hearing = pool.hear(Self.frame(1, stream: stream).span, in: slot)
            #expect(hearing == (stream < 15 ? .waiting : .due))
        }
        pool.run()
        for slot in slots.prefix(16) {
            let probabilities = Self.results(of: &pool, in: slot)
            #expect(probabilities.count == 1)
            #expect(probabilities.allSatisfy { $0 > 0 })
        }
        #expect(Self.results(of: &pool, in: slots[16]).isEmpty)
    }

    /// A loop that fell behind reads five frames of every call at once: nothing is lost, mixed up
    /// or told out of order.
    @Test func framesQueueBehindAWindowThatWaits() throws {
        let weights = try Self.weights()
        var pool = SileroPool(weights: weights)
        let slots = (0..<64).map { _ in pool.open() }
        var heard = [[Float]](repeating: [], count: 3)
        for (stream, slot) in slots.prefix(3).enumerated() {
            for index in 0..<5 {
                switch pool.hear(Self.frame(index, stream: stream).span, in: slot) {
                case .known(let probability): heard[stream].append(probability)
                case .waiting: break
                case .due: Issue.record("three windows fill no vector")
                }
            }
        }
        pool.run()
        for stream in heard.indices {
            heard[stream] += Self.results(of: &pool, in: slots[stream])
            #expect(
                heard[stream]
                    == Self.heardAlone(stream: stream, frameCount: 5, weights: weights))
        }
    }

    @Test func aFullQueueIsDue() throws {
        var pool = SileroPool(weights: try Self.weights())
        let slots = (0..<64).map { _ in pool.open() }
        let outcomes = (0..<9).map { pool.hear(Self.frame($0, stream: 5).span, in: slots[0]) }
        #expect(outcomes == [.known(0)] + Array(repeating: .waiting, count: 7) + [.due])
    }

    /// A stream that ends while it waits leaves no window behind; who takes its place starts anew.
    @Test func aSlotIsTakenAgain() throws {
        var pool = SileroPool(weights: try Self.weights())
        let slots = (0..<64).map { _ in pool.open() }
        for index in 0..<2 { _ = pool.hear(Self.frame(index, stream: 1).span, in: slots[7]) }
        pool.close(slots[7])
        #expect(pool.streamCount == 63)
        let again = pool.open()
        #expect(again == slots[7])
        pool.run()  // nothing waits
        #expect(Self.results(of: &pool, in: again).isEmpty)
        #expect(pool.hear(Self.frame(0, stream: 2).span, in: again) == .known(0))
    }
}
