import Codecs
import Foundation
import Testing

@Suite struct ResamplerTests {
    /// A tone comes out as the same tone, sample 0 at sample 0, at every pair of rates.
    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 44_100, 48_000], SampleRate.allCases)
    func toneStaysTone(from inputRate: Int, to rate: SampleRate) throws {
        var resampler = try Resampler(from: inputRate, to: rate)
        let input = sine(1_000, rate: inputRate, count: inputRate / 2)
        let output = resample(input, chunk: inputRate / 50, with: &resampler)
        let expected = sine(1_000, rate: rate.rawValue, count: rate.rawValue / 2)
        #expect(abs(output.count - expected.count) <= 1)
        // The ends carry the filter's edges; half of the quarter-second between them is enough.
        let middle = rate.rawValue / 8..<rate.rawValue * 3 / 8
        #expect(signalToNoise(expected[middle], output[middle]) > 45)
    }

    /// Above the new half rate nothing may come back as another tone.
    @Test(arguments: [16_000, 24_000, 48_000])
    func noAliases(from inputRate: Int) throws {
        var resampler = try Resampler(from: inputRate, to: .hz8000)
        let input = sine(6_000, rate: inputRate, count: inputRate / 2)
        let output = resample(input, chunk: inputRate / 50, with: &resampler)
        let middle = Array(output[1_000..<3_000])
        #expect(AudioLevel(of: middle.span).rms < -65)
    }

    /// Live frames of 20 ms are full from the first on.
    @Test(arguments: SampleRate.allCases, SampleRate.allCases)
    func wholeFrames(from inputRate: SampleRate, to rate: SampleRate) throws {
        var resampler = try Resampler(from: inputRate.rawValue, to: rate, start: .delayed)
        let input = sine(440, rate: inputRate.rawValue, count: inputRate.rawValue / 50)
        for _ in 0..<50 {
            let bound = resampler.outputBound(input.count)
            let output = [Int16](capacity: bound) { resampler.process(input.span, into: &$0) }
            #expect(output.count == rate.rawValue / 50)
        }
    }

    /// How a stream is cut makes no difference.
    @Test(arguments: UInt64(1)...10)
    func chunksDoNotMatter(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let input = (0..<4_000).map { _ in Int16.random(in: -10_000...10_000, using: &random) }
        var whole = try Resampler(from: 22_050, to: .hz8000)
        let expected = resample(input, chunk: input.count, with: &whole)
        var pieces = try Resampler(from: 22_050, to: .hz8000)
        let chunk = Int.random(in: 1...700, using: &random)
        #expect(resample(input, chunk: chunk, with: &pieces) == expected)
        // `finish` left both as new.
        #expect(resample(input, chunk: chunk, with: &pieces) == expected)
    }

    @Test func resetForgets() throws {
        let input = sine(700, rate: 16_000, count: 3_200)
        var resampler = try Resampler(from: 16_000, to: .hz8000)
        let fresh = resample(input, chunk: 320, with: &resampler)
        _ = [Int16](capacity: 1_000) {
            resampler.process(input.span.extracting(first: 1_000), into: &$0)
        }
        resampler.reset()
        #expect(resample(input, chunk: 320, with: &resampler) == fresh)
    }

    @Test(arguments: [-1, 0, 3_999, 192_001, .max])
    func rejectsRates(rate: Int) {
        var thrown: ResamplerError?
        do throws(ResamplerError) { _ = try Resampler(from: rate, to: .hz8000) } catch {
            thrown = error
        }
        #expect(thrown == .unsupportedRate(rate))
    }

    private func resample(
        _ input: [Int16], chunk: Int, with resampler: inout Resampler
    ) -> [Int16] {
        var output: [Int16] = []
        for start in stride(from: 0, to: input.count, by: chunk) {
            let end = min(start + chunk, input.count)
            output += [Int16](capacity: resampler.outputBound(end - start)) {
                resampler.process(input.span.extracting(start..<end), into: &$0)
            }
        }
        output += [Int16](capacity: resampler.tailBound) { resampler.finish(into: &$0) }
        return output
    }
}
