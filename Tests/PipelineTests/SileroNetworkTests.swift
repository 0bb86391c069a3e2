import AllocationCounter
import Codecs
import Foundation
import Pipeline
import Testing

private let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let weightsFile = root.appending(path: ".engines/silero-vad/silero-vad-6.2.3.safetensors")

/// The network against ONNX Runtime's answers for every fixture (`audio-fixtures/silero-golden`).
@Suite(
    .enabled(
        if: FileManager.default.fileExists(atPath: weightsFile.path),
        "no weights in .engines/silero-vad: run script/fetch-silero"))
struct SileroNetworkTests {
    /// Without optimisation a window takes 90 ms: then only some of every eighth fixture.
    #if DEBUG
        private static let isOptimized = false
        private static let (rowStep, windowLimit) = (8, 6)
    #else
        private static let isOptimized = true
        private static let (rowStep, windowLimit) = (1, 1_000)
    #endif

    private struct Golden {
        let path: String
        let pcm: [Int16]
        let probabilities: [Float]

        var frameCount: Int { pcm.count / 160 }

        init(row: Substring) throws {
            let words = row.split(separator: " ")
            path = String(words[0])
            probabilities = words.dropFirst().prefix(windowLimit).compactMap { Float($0) }
            let data = try Data(contentsOf: root.appending(path: "audio-fixtures/\(path)"))
            let samples = try WAVFile.parse([UInt8](data).span).channel(0)
            // A window is 1.6 frames.
            let frameCount = min(samples.count / 160, probabilities.count * 8 / 5 + 1)
            pcm = Array(samples.prefix(frameCount * 160))
        }
    }

    private static func goldens() throws -> [Golden] {
        let table = root.appending(path: "audio-fixtures/vectors/silero-vad.txt")
        let rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
        return try stride(from: 0, to: rows.count, by: rowStep).map { try Golden(row: rows[$0]) }
    }

    private static func weights() throws -> SileroWeights {
        try SileroWeights(SafetensorsFile([UInt8](Data(contentsOf: weightsFile))))
    }

    private static func frame(_ index: Int, of pcm: [Int16]) -> [Int16] {
        Array(pcm[index * 160..<(index + 1) * 160])
    }

    /// What the gateway does with probabilities: speech from 0.5 on, until below 0.35.
    private static func decisions(_ probabilities: [Float]) -> [Bool] {
        var isSpeech = false
        return probabilities.map { probability in
            isSpeech = probability >= (isSpeech ? 0.35 : 0.5)
            return isSpeech
        }
    }

    private static func expectSame(_ all: [Float], as golden: Golden) {
        #expect(all.count >= golden.probabilities.count, "\(golden.path)")
        let heard = Array(all.prefix(golden.probabilities.count))
        let worst = zip(heard, golden.probabilities).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-3, "\(golden.path)")
        #expect(decisions(heard) == decisions(golden.probabilities), "\(golden.path)")
    }

    @Test func oneByOne() throws {
        let weights = try Self.weights()
        let goldens = try Self.goldens()
        #expect(goldens.count > 80 / Self.rowStep)
        for golden in goldens {
            var stream = SileroStream()
            var heard: [Float] = []
            for index in 0..<golden.frameCount {
                stream.hear(Self.frame(index, of: golden.pcm).span)
                guard stream.isDue else { continue }
                weights.run(&stream)
                heard.append(stream.probability)
            }
            Self.expectSame(heard, as: golden)
        }
    }

    /// All fixtures as calls of one loop that start one frame after the other, so that groups of
    /// every size are run.
    @Test func batched() throws {
        let goldens = try Self.goldens()
        var batch = SileroBatch(weights: try Self.weights())
        var streams = [SileroStream](repeating: SileroStream(), count: goldens.count)
        var heard = [[Float]](repeating: [], count: goldens.count)
        let lastFrame = goldens.map(\.frameCount).max() ?? 0
        for tick in 0..<lastFrame + 7 {
            var due: [Int] = []
            for (call, golden) in goldens.enumerated() {
                let index = tick - call % 7
                guard golden.pcm.indices.contains(index * 160) else { continue }
                streams[call].hear(Self.frame(index, of: golden.pcm).span)
                if streams[call].isDue { due.append(call) }
            }
            var span = streams.mutableSpan
            batch.run(&span, due: due.span)
            for call in due { heard[call].append(streams[call].probability) }
        }
        for (call, golden) in goldens.enumerated() {
            Self.expectSame(heard[call], as: golden)
        }
    }

    /// Frame by frame the last window's probability holds, and nothing is allocated.
    @Test func detector() throws {
        let golden = try #require(try Self.goldens().first)
        var detector = SileroDetector(weights: try Self.weights())
        var heard = [Float](repeating: 0, count: 8)
        let before = AllocationCounter_current_thread()
        for index in heard.indices {
            let frame = golden.pcm.span.extracting(index * 160..<(index + 1) * 160)
            heard[index] = detector.speechProbability(in: frame)
        }
        let allocationCount = AllocationCounter_current_thread() - before
        #expect(allocationCount == 0 || !Self.isOptimized)
        for index in heard.indices {
            let windows = (index + 1) * 320 / 512
            let expected = windows == 0 ? 0 : golden.probabilities[windows - 1]
            #expect(abs(heard[index] - expected) < 1e-3, "frame \(index)")
        }
    }

    @Test(.enabled(if: isOptimized, "unoptimised code allocates"), arguments: [1, 9, 16, 21])
    func batchAllocatesNothing(count: Int) throws {
        var batch = SileroBatch(weights: try Self.weights())
        var streams = [SileroStream](repeating: SileroStream(), count: count)
        let due = Array(0..<count)
        let frame = [Int16](repeating: 100, count: 160)
        let before = AllocationCounter_current_thread()
        for _ in 0..<2 {
            for call in due { streams[call].hear(frame.span) }
        }
        var span = streams.mutableSpan
        batch.run(&span, due: due.span)
        #expect(AllocationCounter_current_thread() - before == 0)
        #expect(streams.allSatisfy { abs($0.probability - streams[0].probability) < 1e-5 })
    }
}
