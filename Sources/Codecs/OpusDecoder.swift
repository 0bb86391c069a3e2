internal import COpus

/// One stream's Opus decoder, mono; it owns the C state, so it is neither copied nor shared.
///
/// Frames must be asked for in playout order: each lost one through `recover` or `conceal`, so
/// that the decoder's state moves on as the encoder's did.
@safe package struct OpusDecoder: ~Copyable {
    /// The longest packet there is, 120 ms (RFC 6716 §3.2.5), in samples at `rate`.
    package static func maximumSampleCount(_ rate: SampleRate) -> Int {
        rate.rawValue * 120 / 1_000
    }

    private let state: OpaquePointer
    deinit { unsafe opus_decoder_destroy(state) }

    /// - Parameter rate: what samples come out at, whatever the sender recorded.
    /// - Throws: `OpusError.outOfMemory`.
    package init(rate: SampleRate) throws(OpusError) {
        var status = OPUS_OK
        let created = unsafe opus_decoder_create(Int32(rate.rawValue), 1, &status)
        guard let created = unsafe created else { throw OpusError(status: status) }
        unsafe state = created
    }

    /// Decodes one packet; stereo is mixed down.
    ///
    /// - Parameters:
    ///   - packet: as it arrived (RFC 6716 §3).
    ///   - pcm: takes the samples from its start; `maximumSampleCount` always suffices.
    /// - Returns: how many samples were written.
    /// - Throws: `OpusError`.
    package mutating func decode(
        _ packet: Span<UInt8>, into pcm: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        try decode(packet, into: &pcm, forwardErrorCorrection: false)
    }

    /// Fills `pcm` with the lost frame that `next` carries a copy of, or conceals it.
    ///
    /// - Parameters:
    ///   - next: the packet after the lost one; decode it with `decode` afterwards.
    ///   - pcm: exactly as long as the lost frame.
    /// - Returns: how many samples were written.
    /// - Throws: `OpusError`.
    package mutating func recover(
        from next: Span<UInt8>, into pcm: inout MutableSpan<Int16>
    ) throws(OpusError) -> Int {
        try decode(next, into: &pcm, forwardErrorCorrection: true)
    }

    /// Fills `pcm` with a guess at a lost frame from what was heard before it.
    ///
    /// - Parameter pcm: exactly as long as what was lost, a multiple of 2.5 ms.
    /// - Returns: how many samples were written.
    /// - Throws: `OpusError.invalidArgument` for another length.
    package mutating func conceal(into pcm: inout MutableSpan<Int16>) throws(OpusError) -> Int {
        let capacity = Int32(clamping: pcm.count)
        let count = unsafe pcm.withUnsafeMutableBufferPointer { target -> Int32 in
            // Without a packet libopus conceals, and writes at most `capacity` samples.
            guard let target = target.baseAddress else { return OPUS_BAD_ARG }
            return unsafe opus_decode(state, nil, 0, target, capacity, 0)
        }
        guard count >= 0 else { throw OpusError(status: count) }
        return Int(count)
    }

    /// Forgets the stream so far.
    package mutating func reset() { unsafe _ = COpus_reset_decoder(state) }

    private mutating func decode(
        _ packet: Span<UInt8>, into pcm: inout MutableSpan<Int16>, forwardErrorCorrection: Bool
    ) throws(OpusError) -> Int {
        // libopus takes an empty packet for a lost one.
        guard !packet.isEmpty else { throw .invalidPacket }
        let capacity = Int32(clamping: pcm.count)
        let count = unsafe packet.withUnsafeBufferPointer { octets in
            // libopus reads `octets.count` octets and writes at most `capacity` samples.
            unsafe pcm.withUnsafeMutableBufferPointer { target -> Int32 in
                guard let target = target.baseAddress else { return OPUS_BUFFER_TOO_SMALL }
                return unsafe opus_decode(
                    state, octets.baseAddress, Int32(clamping: octets.count), target, capacity,
                    forwardErrorCorrection ? 1 : 0)
            }
        }
        guard count >= 0 else { throw OpusError(status: count) }
        return Int(count)
    }
}
