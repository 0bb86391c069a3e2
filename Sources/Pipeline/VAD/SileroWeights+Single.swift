extension SileroWeights {
    /// Runs the network on the complete window of one stream; no allocation.
    ///
    /// - Returns: the probability of speech, which `state` keeps too.
    @discardableResult
    package func run(_ state: inout SileroState) -> Float {
        precondition(state.isDue, "the window is not complete")
        // 128 channels of each of four frames, later of one.
        var channels = InlineArray<32, SIMD16<Float>>(repeating: .zero)
        var values = channels.mutableSpan
        encode(state, into: &values)
        narrow(&values)
        remember(values.span, in: &state)
        let probability = decide(state)
        state.finishWindow(probability: probability)
        return probability
    }

    /// Four spectra and the first convolution; lane = frame in the spectra.
    private func encode(
        _ state: borrowing SileroState, into channels: inout MutableSpan<SIMD16<Float>>
    ) {
        var frames = InlineArray<256, SIMD4<Float>>(repeating: .zero)
        let samples = state.samples.span
        for index in 0..<256 {
            frames[index] = SIMD4(
                samples[index], samples[128 + index], samples[256 + index],
                samples[SileroSpectrum.lastFrameSample(index)])
        }
        var work = InlineArray<256, SIMD4<Float>>(repeating: .zero)
        var magnitudes = InlineArray<129, SIMD4<Float>>(repeating: .zero)
        var workSpan = work.mutableSpan
        var target = magnitudes.mutableSpan
        spectrum.magnitudes(of: frames.span, work: &workSpan, into: &target, at: 0)
        SileroKernels.convolve(first, bias: firstBias, over: magnitudes.span, into: &channels)
    }

    /// The second to fourth convolution: four frames become two, then one.
    ///
    /// - Parameter channels: four frames of 128 in; one frame of 128 out.
    private func narrow(_ channels: inout MutableSpan<SIMD16<Float>>) {
        // Two frames of 64 channels, then one.
        var pair = InlineArray<8, SIMD16<Float>>(repeating: .zero)
        var single = InlineArray<4, SIMD16<Float>>(repeating: .zero)
        for index in 0..<4 {
            pair[index] = secondBias[index]
            pair[4 + index] = secondBias[index]
            single[index] = thirdBias[index]
        }
        var pairs = pair.mutableSpan
        // Frame 0 of two stands over 0 and 1 of four (and padding), frame 1 over 1, 2 and 3.
        SileroKernels.add(second[1], timesOne: channels.span, from: 0, to: &pairs, at: 0)
        SileroKernels.add(second[2], timesOne: channels.span, from: 8, to: &pairs, at: 0)
        SileroKernels.add(second[0], timesOne: channels.span, from: 8, to: &pairs, at: 4)
        SileroKernels.add(second[1], timesOne: channels.span, from: 16, to: &pairs, at: 4)
        SileroKernels.add(second[2], timesOne: channels.span, from: 24, to: &pairs, at: 4)
        SileroKernels.rectify(&pairs, from: 0, count: 8)
        var singles = single.mutableSpan
        SileroKernels.add(third[0], timesOne: pairs.span, from: 0, to: &singles, at: 0)
        SileroKernels.add(third[1], timesOne: pairs.span, from: 4, to: &singles, at: 0)
        SileroKernels.rectify(&singles, from: 0, count: 4)
        for index in 0..<8 { channels[index] = fourthBias[index] }
        SileroKernels.add(fourth, timesOne: singles.span, from: 0, to: &channels, at: 0)
        SileroKernels.rectify(&channels, from: 0, count: 8)
    }

    /// One step of the LSTM cell.
    private func remember(_ features: Span<SIMD16<Float>>, in state: inout SileroState) {
        var gates = InlineArray<32, SIMD16<Float>>(repeating: .zero)
        for index in 0..<32 { gates[index] = gateBias[index] }
        var sums = gates.mutableSpan
        SileroKernels.add(input, timesOne: features, from: 0, to: &sums, at: 0)
        SileroKernels.add(recurrent, timesOne: state.hidden.span, from: 0, to: &sums, at: 0)
        for index in 0..<8 {
            let kept = sums[8 + index].sigmoid() * state.cell[index]
            let cell = kept + sums[index].sigmoid() * sums[16 + index].hyperbolicTangent()
            state.cell[index] = cell
            state.hidden[index] = sums[24 + index].sigmoid() * cell.hyperbolicTangent()
        }
    }

    private func decide(_ state: borrowing SileroState) -> Float {
        var sum = SIMD16<Float>.zero
        for index in 0..<8 {
            sum = sum.adding(state.hidden[index].rectified(), times: output[index])
        }
        return SIMD4(repeating: sum.sum() + outputBias).sigmoid()[0]
    }
}
