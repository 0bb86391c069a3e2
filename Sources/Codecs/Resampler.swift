internal import CSpeexDSP

/// Why a resampler cannot be made.
package enum ResamplerError: Error, Equatable, Sendable {
    /// Rates outside `Resampler.inputRates` are no speech; in a file they are a broken header.
    case unsupportedRate(Int)
    case outOfMemory
    /// A status of libspeexdsp that its documentation does not promise here.
    case library(status: Int32)
}

/// Converts one mono stream between sample rates; it keeps the filter's state between chunks.
///
/// It owns the C state, so it is neither copied nor shared. `process` does not allocate.
@safe package struct Resampler: ~Copyable {
    /// How steep the anti-aliasing filter is, in libspeexdsp's scale; delay and cost grow with it.
    package enum Quality: Int32, Sendable {
        case fast = 1
        case telephone = 3
        case speech = 5
        case best = 10
    }

    /// What happens to the filter's delay, a few milliseconds.
    package enum Start: Sendable {
        /// Sample 0 out is sample 0 in: the first chunk comes out shorter by the delay.
        case trimmed
        /// Every chunk comes out in full from the first on; the stream lags by the delay.
        case delayed
    }

    /// Input rates that are taken, in hertz.
    package static let inputRates = 4_000...192_000

    // `nil` when both rates are equal and samples pass through.
    private let state: OpaquePointer?
    private let inputRate: Int
    private let outputRate: Int
    private let start: Start

    deinit {
        if let state = unsafe state { unsafe speex_resampler_destroy(state) }
    }

    /// - Parameters:
    ///   - inputRate: hertz; synthesisers and files may have any rate within `inputRates`.
    ///   - outputRate: what the bridge carries from here on.
    ///   - quality: `.speech` keeps a 1 kHz tone over 45 dB clean, as the tests check.
    ///   - start: `.trimmed` for speech from a file or synthesiser, `.delayed` for a live stream
    ///     in frames of fixed length.
    /// - Throws: `ResamplerError`.
    package init(
        from inputRate: Int, to outputRate: SampleRate, quality: Quality = .speech,
        start: Start = .trimmed
    ) throws(ResamplerError) {
        guard Self.inputRates.contains(inputRate) else { throw .unsupportedRate(inputRate) }
        unsafe state = try Self.makeState(inputRate, outputRate.rawValue, quality, start)
        self.inputRate = inputRate
        self.outputRate = outputRate.rawValue
        self.start = start
    }

    /// `nil` when there is nothing to convert.
    private static func makeState(
        _ inputRate: Int, _ outputRate: Int, _ quality: Quality, _ start: Start
    ) throws(ResamplerError) -> OpaquePointer? {
        guard inputRate != outputRate else { return nil }
        var status: Int32 = 0
        let created = unsafe speex_resampler_init(
            1, UInt32(inputRate), UInt32(outputRate), quality.rawValue, &status)
        guard let created = unsafe created else {
            throw status == Int32(RESAMPLER_ERR_ALLOC_FAILED)
                ? .outOfMemory : .library(status: status)
        }
        if start == .trimmed { unsafe speex_resampler_skip_zeros(created) }
        return unsafe created
    }

    /// The most samples that `inputCount` samples can become, whatever came before.
    package func outputBound(_ inputCount: Int) -> Int {
        (inputCount * outputRate + inputRate - 1) / inputRate + 1
    }

    /// Appends the samples that `input` completes; it is consumed whole.
    ///
    /// - Parameters:
    ///   - input: a chunk of any length at the input rate.
    ///   - output: must have room for `outputBound(input.count)`.
    package mutating func process(_ input: Span<Int16>, into output: inout OutputSpan<Int16>) {
        guard let state = unsafe state else {
            precondition(output.freeCapacity >= input.count, "no room for the samples")
            for index in input.indices { output.append(input[index]) }
            return
        }
        precondition(
            output.freeCapacity >= outputBound(input.count), "no room for the resampled audio")
        unsafe input.withUnsafeBufferPointer { source in
            // libspeexdsp writes at most `written` samples from `target` on, and sets both counts.
            unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
                guard let source = source.baseAddress, let target = buffer.baseAddress
                else { return }
                var consumed = UInt32(input.count)
                var written = UInt32(buffer.count - initializedCount)
                let status = unsafe speex_resampler_process_int(
                    state, 0, source, &consumed, target + initializedCount, &written)
                precondition(status == 0, "libspeexdsp refused its own state")
                precondition(consumed == input.count, "the resampler's bound was too low")
                initializedCount += Int(written)
            }
        }
    }

    /// Appends what the filter still holds, the last few milliseconds, and starts afresh.
    ///
    /// Only a trimmed stream has such a tail: with it, as many samples leave as came in.
    ///
    /// - Parameter output: must have room for `tailBound` samples.
    package mutating func finish(into output: inout OutputSpan<Int16>) {
        if start == .trimmed, let state = unsafe state {
            let silence = InlineArray<64, Int16>(repeating: 0)
            var left = Int(unsafe speex_resampler_get_input_latency(state))
            while left > 0 {
                let chunk = min(left, silence.count)
                process(silence.span.extracting(first: chunk), into: &output)
                left -= chunk
            }
        }
        reset()
    }

    /// Room that `finish` asks for.
    package var tailBound: Int {
        guard let state = unsafe state else { return 0 }
        let latency = Int(unsafe speex_resampler_get_input_latency(state))
        return outputBound(latency) + latency / 64 + 1
    }

    /// Forgets the stream so far; the next chunk starts a new one.
    package mutating func reset() {
        guard let state = unsafe state else { return }
        unsafe speex_resampler_reset_mem(state)
        if start == .trimmed { unsafe speex_resampler_skip_zeros(state) }
    }
}
