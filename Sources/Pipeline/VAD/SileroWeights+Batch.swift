/// The network for 16 streams at once; in every array lane = stream, and what has several frames
/// holds one after the other.
extension SileroWeights {
    /// Four spectra and the first convolution.
    ///
    /// - Parameters:
    ///   - samples: 576 vectors and room for 64.
    ///   - work: scratch, 256 vectors.
    ///   - magnitudes: scratch, four frames of 129.
    ///   - channels: takes four frames of 128.
    func encode(
        _ samples: inout [SIMD16<Float>], work: inout [SIMD16<Float>],
        magnitudes: inout [SIMD16<Float>], into channels: inout [SIMD16<Float>]
    ) {
        // Past the window's end stands its mirror image.
        for index in 576..<640 { samples[index] = samples[1150 - index] }
        var workSpan = work.mutableSpan
        var bins = magnitudes.mutableSpan
        for frame in 0..<4 {
            let start = frame * SileroSpectrum.frameStride
            spectrum.magnitudes(
                of: samples.span.extracting(start..<start + SileroSpectrum.frameLength),
                work: &workSpan, into: &bins, at: frame * SileroSpectrum.binCount)
        }
        var sums = channels.mutableSpan
        for frame in 0..<4 {
            for row in 0..<128 { Self.fill(&sums, frame * 128 + row, firstBias, row) }
        }
        // A block's weights of one tap serve every frame while they are in the nearest cache.
        for tap in 0..<3 {
            for frame in max(0, 1 - tap)..<min(4, 5 - tap) {
                SileroKernels.add(
                    first[tap], timesMany: magnitudes.span, from: (frame + tap - 1) * 129,
                    to: &sums, at: frame * 128)
            }
        }
        SileroKernels.rectify(&sums, from: 0, count: 4 * 128)
    }

    /// The second to fourth convolution: four frames become two, then one.
    ///
    /// - Parameters:
    ///   - channels: four frames of 128.
    ///   - pair: scratch, two frames of 64.
    ///   - single: scratch, 64 vectors.
    ///   - features: takes 128.
    func narrow(
        _ channels: [SIMD16<Float>], pair: inout [SIMD16<Float>], single: inout [SIMD16<Float>],
        into features: inout [SIMD16<Float>]
    ) {
        var pairs = pair.mutableSpan
        for row in 0..<64 {
            Self.fill(&pairs, row, secondBias, row)
            Self.fill(&pairs, 64 + row, secondBias, row)
        }
        SileroKernels.add(second[1], timesMany: channels.span, from: 0, to: &pairs, at: 0)
        SileroKernels.add(second[2], timesMany: channels.span, from: 128, to: &pairs, at: 0)
        SileroKernels.add(second[0], timesMany: channels.span, from: 128, to: &pairs, at: 64)
        SileroKernels.add(second[1], timesMany: channels.span, from: 256, to: &pairs, at: 64)
        SileroKernels.add(second[2], timesMany: channels.span, from: 384, to: &pairs, at: 64)
        SileroKernels.rectify(&pairs, from: 0, count: 2 * 64)
        var singles = single.mutableSpan
        for row in 0..<64 { Self.fill(&singles, row, thirdBias, row) }
        SileroKernels.add(third[0], timesMany: pairs.span, from: 0, to: &singles, at: 0)
        SileroKernels.add(third[1], timesMany: pairs.span, from: 64, to: &singles, at: 0)
        SileroKernels.rectify(&singles, from: 0, count: 64)
        var results = features.mutableSpan
        for row in 0..<128 { Self.fill(&results, row, fourthBias, row) }
        SileroKernels.add(fourth, timesMany: singles.span, from: 0, to: &results, at: 0)
        SileroKernels.rectify(&results, from: 0, count: 128)
    }

    /// One step of every stream's LSTM cell.
    ///
    /// - Parameters:
    ///   - features: 128 vectors.
    ///   - gates: scratch, 512 vectors.
    ///   - hidden: the cell's output, 128 vectors.
    ///   - cell: its memory, 128 vectors.
    func remember(
        _ features: [SIMD16<Float>], gates: inout [SIMD16<Float>], hidden: inout [SIMD16<Float>],
        cell: inout [SIMD16<Float>]
    ) {
        var sums = gates.mutableSpan
        for row in 0..<512 { Self.fill(&sums, row, gateBias, row) }
        SileroKernels.add(input, timesMany: features.span, from: 0, to: &sums, at: 0)
        SileroKernels.add(recurrent, timesMany: hidden.span, from: 0, to: &sums, at: 0)
        for row in 0..<128 {
            let kept = sums[128 + row].sigmoid() * cell[row]
            let memory = kept + sums[row].sigmoid() * sums[256 + row].hyperbolicTangent()
            cell[row] = memory
            hidden[row] = sums[384 + row].sigmoid() * memory.hyperbolicTangent()
        }
    }

    /// The same bias for every lane.
    private static func fill(
        _ sums: inout MutableSpan<SIMD16<Float>>, _ target: Int, _ bias: [SIMD16<Float>], _ row: Int
    ) {
        sums[target] = SIMD16(repeating: bias[row / 16][row % 16])
    }
}
