import Foundation
import Testing

@testable import Pipeline

/// The arithmetic below the network against Foundation's, in double precision.
@Suite struct SileroMathTests {
    @Test func approximations() {
        for step in -1_000...1_000 {
            let value = Float(step) / 50
            let exact = Double(value)
            let lanes = SIMD4<Float>(repeating: value)
            #expect(abs(Double(lanes.exponential()[0]) / exp(exact) - 1) < 3e-6)
            #expect(abs(Double(lanes.sigmoid()[1]) - 1 / (1 + exp(-exact))) < 1e-6)
            #expect(abs(Double(lanes.hyperbolicTangent()[2]) - tanh(exact)) < 1e-6)
            #expect(lanes.rectified()[3] == max(value, 0))
        }
    }

    @Test(arguments: [0, 1e-20, 1e-6, 0.25, 2, 1_234.5, 1e12, 1e30] as [Float])
    func squareRoot(of value: Float) {
        let root = Double(SIMD4<Float>(repeating: value).approximateSquareRoot()[0])
        let exact = Double(value).squareRoot()
        #expect(abs(root - exact) <= 3e-7 * exact + 2e-15)
    }

    /// Beyond what a float holds, results end at the limits instead of becoming NaN.
    @Test func saturation() {
        let lanes = SIMD4<Float>(-.infinity, -1e30, 1e30, .infinity)
        let sigmoid = lanes.sigmoid()
        #expect(sigmoid[0] < 1e-30 && sigmoid[1] < 1e-30)
        #expect(sigmoid[2] == 1 && sigmoid[3] == 1)
    }

    /// Every lane is a Fourier transform as its definition says.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func spectrum(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let samples = (0..<256).map { _ in
            SIMD4<Float>((0..<4).map { _ in Float.random(in: -1...1, using: &generator) })
        }
        var work = [SIMD4<Float>](repeating: .zero, count: 256)
        var magnitudes = [SIMD4<Float>](repeating: .zero, count: 131)
        var workSpan = work.mutableSpan
        var target = magnitudes.mutableSpan
        SileroSpectrum().magnitudes(of: samples.span, work: &workSpan, into: &target, at: 1)
        #expect(magnitudes[0] == .zero && magnitudes[130] == .zero, "guard words")
        for bin in 0...128 {
            var (real, imaginary) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
            for index in 0..<256 {
                let angle = 2 * Double.pi * Double(bin * index) / 256
                let hann = 0.5 - 0.5 * cos(2 * Double.pi * Double(index) / 256)
                real += SIMD4<Double>(samples[index]) * hann * cos(angle)
                imaginary -= SIMD4<Double>(samples[index]) * hann * sin(angle)
            }
            for lane in 0..<4 {
                let exact = hypot(real[lane], imaginary[lane])
                #expect(abs(Double(magnitudes[1 + bin][lane]) - exact) < 2e-5)
            }
        }
    }

    /// Tones of the telephone band keep their level; their images stay down.
    @Test(arguments: [300, 1_000, 2_000, 3_000, 3_400] as [Double])
    func upsampling(frequency: Double) {
        var upsampler = HalfBandUpsampler()
        var output: [Float] = []
        for frame in 0..<50 {
            let pcm = (0..<160).map { index in
                let turns = frequency * Double(frame * 160 + index) / 8_000
                return Int16((16_384 * sin(2 * Double.pi * turns)).rounded())
            }
            var audio = [Float](repeating: 0, count: 322)
            var span = audio.mutableSpan
            upsampler.process(pcm.span, into: &span, at: 1)
            #expect(audio[0] == 0 && audio[321] == 0, "guard words")
            output += audio[1...320]
        }
        func level(_ hertz: Double) -> Double {
            var (real, imaginary) = (0.0, 0.0)
            for index in 1_600..<14_400 {  // 0.8 s: whole periods of every frequency here
                let angle = 2 * Double.pi * hertz * Double(index) / 16_000
                real += Double(output[index]) * cos(angle)
                imaginary += Double(output[index]) * sin(angle)
            }
            return 20 * log10(hypot(real, imaginary) / 6_400 / 0.5)
        }
        #expect(abs(level(frequency)) < 0.1)
        #expect(level(8_000 - frequency) < -49)
    }
}
