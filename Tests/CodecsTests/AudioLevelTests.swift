import Codecs
import Testing

@Suite struct AudioLevelTests {
    /// By definition: a sine has 3.01 dB of crest, a square wave none.
    @Test(arguments: [
        (amplitude: 32_767.0, peak: 0.0, rms: -3.01), (amplitude: 3_276.7, peak: -20, rms: -23.01),
        (amplitude: 327.67, peak: -40, rms: -43.01),
    ])
    func sineLevels(amplitude: Double, peak: Double, rms: Double) {
        let level = AudioLevel(
            of: sine(1_000, rate: 8_000, count: 8_000, amplitude: amplitude).span)
        #expect(abs(level.peak - peak) < 0.02)
        #expect(abs(level.rms - rms) < 0.02)
    }

    @Test func fullScaleIsZero() {
        let samples = [Int16](repeating: .min, count: 160)
        #expect(AudioLevel(of: samples.span) == AudioLevel(of: [Int16.min].span))
        #expect(AudioLevel(of: samples.span).rms == 0)
        #expect(AudioLevel(of: samples.span).peak == 0)
    }

    @Test(arguments: [0, 160])
    func silenceIsTheFloor(count: Int) {
        let level = AudioLevel(of: [Int16](repeating: 0, count: count).span)
        #expect(level.rms == AudioLevel.floor)
        #expect(level.peak == AudioLevel.floor)
    }

    /// 20·log10(1/32768) is -90.31.
    @Test func smallestSample() {
        #expect(abs(AudioLevel(of: [Int16(-1)].span).peak + 90.31) < 0.01)
    }
}
