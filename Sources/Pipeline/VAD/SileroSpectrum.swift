internal import Foundation

/// The network's first layer: magnitudes of four frames of 256 samples, 128 apart.
///
/// The layer is written as a convolution, but its kernels are the real and imaginary parts of a
/// Hann-windowed Fourier transform, so a fast one does its work: the 256 real samples of a frame
/// are taken as 128 complex ones, transformed, and untangled into bins 0…128. Every lane of a
/// vector is a transform of its own: a frame, or a stream.
struct SileroSpectrum: Sendable {
    static let frameCount = 4
    static let frameStride = 128
    static let frameLength = 256
    static let binCount = 129

    private let window: [Float]
    /// Where each complex sample goes, so that the transform can work in place: bits reversed.
    private let order: [Int]
    /// e^(−2πik/256), k = 0…127.
    private let cosines: [Float]
    private let sines: [Float]

    init() {
        window = (0..<Self.frameLength).map { Float(Self.hann($0)) }
        order = (0..<128).map { index in
            (0..<7).reduce(0) { $0 | (index >> $1 & 1) << (6 - $1) }
        }
        cosines = (0..<128).map { Float(cos(2 * Double.pi * Double($0) / 256)) }
        sines = (0..<128).map { Float(-sin(2 * Double.pi * Double($0) / 256)) }
    }

    private static func hann(_ index: Int) -> Double {
        0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(frameLength))
    }

    /// Which sample of the window stands `index` samples into the last frame: it reaches 64 past
    /// the end, where the window is mirrored about its last sample.
    @inline(__always)
    static func lastFrameSample(_ index: Int) -> Int { index < 192 ? 384 + index : 766 - index }

    /// Whether a layer's kernels, `[258][256]`, are the transform that this type computes.
    static func isFourierBasis(_ kernels: [Float]) -> Bool {
        guard kernels.count == 2 * binCount * frameLength else { return false }
        for bin in 0..<binCount {
            for index in 0..<frameLength {
                let angle = 2 * Double.pi * Double(bin * index % frameLength) / 256
                let real = Float(hann(index) * cos(angle))
                let imaginary = Float(-hann(index) * sin(angle))
                guard abs(kernels[bin * frameLength + index] - real) < 1e-5,
                    abs(kernels[(binCount + bin) * frameLength + index] - imaginary) < 1e-5
                else { return false }
            }
        }
        return true
    }

    /// Transforms one frame per lane.
    ///
    /// - Parameters:
    ///   - samples: the frame, 256 vectors.
    ///   - work: 256 vectors of scratch.
    ///   - magnitudes: takes 129 vectors.
    ///   - target: where the first of them goes.
    @inline(__always)
    func magnitudes<V: SIMD>(
        of samples: Span<V>, work: inout MutableSpan<V>, into magnitudes: inout MutableSpan<V>,
        at target: Int
    ) where V.Scalar == Float, V.MaskStorage.Scalar == Int32 {
        precondition(samples.count >= Self.frameLength, "a frame has 256 samples")
        precondition(work.count >= Self.frameLength, "the transform needs 256 vectors of scratch")
        precondition(
            target >= 0 && magnitudes.count >= target + Self.binCount, "a frame has 129 bins")
        let window = window.span
        let order = order.span
        // The real part of sample n stands at 2n, the imaginary part at 2n + 1.
        for index in 0..<128 {
            let place = 2 * order[index]
            unsafe work[unchecked: place] =
                samples[unchecked: 2 * index] * window[unchecked: 2 * index]
            unsafe work[unchecked: place + 1] =
                samples[unchecked: 2 * index + 1] * window[unchecked: 2 * index + 1]
        }
        transform(&work)
        untangle(work, into: &magnitudes, at: target)
    }

    /// A radix-2 transform of 128 complex samples in place, decimation in time.
    @inline(__always)
    private func transform<V: SIMD>(_ work: inout MutableSpan<V>)
    where V.Scalar == Float, V.MaskStorage.Scalar == Int32 {
        let cosines = cosines.span
        let sines = sines.span
        var half = 1
        while half < 128 {
            let step = 128 / half  // in 256ths of a turn
            for index in 0..<half {
                let cosine = unsafe cosines[unchecked: index * step]
                let sine = unsafe sines[unchecked: index * step]
                var low = index
                while low < 128 {
                    let high = low + half
                    let real = unsafe work[unchecked: 2 * high]
                    let imaginary = unsafe work[unchecked: 2 * high + 1]
                    let turnedReal = real * cosine - imaginary * sine
                    let turnedImaginary = real * sine + imaginary * cosine
                    let lowReal = unsafe work[unchecked: 2 * low]
                    let lowImaginary = unsafe work[unchecked: 2 * low + 1]
                    unsafe work[unchecked: 2 * high] = lowReal - turnedReal
                    unsafe work[unchecked: 2 * high + 1] = lowImaginary - turnedImaginary
                    unsafe work[unchecked: 2 * low] = lowReal + turnedReal
                    unsafe work[unchecked: 2 * low + 1] = lowImaginary + turnedImaginary
                    low += 2 * half
                }
            }
            half *= 2
        }
    }

    /// Bin k of the real signal from bins k and 128 − k of the complex one.
    @inline(__always)
    private func untangle<V: SIMD>(
        _ work: borrowing MutableSpan<V>, into magnitudes: inout MutableSpan<V>, at target: Int
    ) where V.Scalar == Float, V.MaskStorage.Scalar == Int32 {
        let zeroReal = work[0]
        let zeroImaginary = work[1]
        magnitudes[target] = magnitude(zeroReal + zeroImaginary, V.zero)
        magnitudes[target + 128] = magnitude(zeroReal - zeroImaginary, V.zero)
        for bin in 1...64 {
            let mirror = 128 - bin
            let (a, b) = unsafe (work[unchecked: 2 * bin], work[unchecked: 2 * bin + 1])
            let (c, d) = unsafe (work[unchecked: 2 * mirror], work[unchecked: 2 * mirror + 1])
            let evenReal = (a + c) * 0.5
            let evenImaginary = (b - d) * 0.5
            let oddReal = (b + d) * 0.5
            let oddImaginary = (c - a) * 0.5
            let cosine = unsafe cosines.span[unchecked: bin]
            let sine = unsafe sines.span[unchecked: bin]
            let turnedReal = oddReal * cosine - oddImaginary * sine
            let turnedImaginary = oddReal * sine + oddImaginary * cosine
            unsafe magnitudes[unchecked: target + bin] = magnitude(
                evenReal + turnedReal, evenImaginary + turnedImaginary)
            unsafe magnitudes[unchecked: target + mirror] = magnitude(
                evenReal - turnedReal, turnedImaginary - evenImaginary)
        }
    }

    @inline(__always)
    private func magnitude<V: SIMD>(_ real: V, _ imaginary: V) -> V
    where V.Scalar == Float, V.MaskStorage.Scalar == Int32 {
        (real * real + imaginary * imaginary).approximateSquareRoot()
    }
}
