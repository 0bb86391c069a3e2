internal import COpus

/// One stream's Opus encoder (RFC 6716), mono; it owns the C state, so it is neither copied nor shared.
@safe package struct OpusEncoder: ~Copyable {
    /// How a stream is encoded; the defaults suit speech to a browser (RFC 7587 §3.1.1).
    package struct Settings: Equatable, Sendable {
        /// 6 000 … 510 000; RFC 7587 §3.1.1 suggests 16 000 … 20 000 for wideband speech.
        package var bitsPerSecond: Int
        /// Carries a coarse copy of the previous frame, which `OpusDecoder.recover` reads.
        package var inbandFEC: Bool
        /// 0 … 100; with in-band FEC, how much of the bit rate goes into the copies.
        package var expectedLossPercent: Int
        /// In silence, packets of one or two octets that need not be sent.
        package var dtx: Bool
        /// 0 … 10, CPU against quality.
        package var complexity: Int

        package init(
            bitsPerSecond: Int = 24_000, inbandFEC: Bool = true, expectedLossPercent: Int = 10,
            dtx: Bool = false, complexity: Int = 5
        ) {
            self.bitsPerSecond = bitsPerSecond
            self.inbandFEC = inbandFEC
            self.expectedLossPercent = expectedLossPercent
            self.dtx = dtx
            self.complexity = complexity
        }
    }

    /// Room that any packet of up to 20 ms fits in (RFC 6716 §3.2.1: 1 275 octets and one of TOC).
    package static let maximumPacketOctets = 1_276

    private let state: OpaquePointer
    deinit { unsafe opus_encoder_destroy(state) }

    /// - Parameters:
    ///   - rate: of the samples; on the wire the RTP clock stays 48 kHz (RFC 7587 §4.1).
    ///   - settings: see there.
    /// - Throws: `OpusError.invalidArgument` for a setting out of range.
    package init(rate: SampleRate, settings: Settings = Settings()) throws(OpusError) {
        var status = OPUS_OK
        let created = unsafe opus_encoder_create(
            Int32(rate.rawValue), 1, OPUS_APPLICATION_VOIP, &status)
        guard let created = unsafe created else { throw OpusError(status: status) }
        do throws(OpusError) {
            try unsafe Self.configure(created, settings)
        } catch {
            unsafe opus_encoder_destroy(created)
            throw error
        }
        unsafe state = created
    }

    /// Changes the settings from the next frame on, for example when receivers report loss.
    ///
    /// - Throws: `OpusError.invalidArgument` for a setting out of range.
    package mutating func apply(_ settings: Settings) throws(OpusError) {
        try unsafe Self.configure(state, settings)
    }

    /// Appends the packet of one frame.
    ///
    /// - Parameters:
    ///   - pcm: 2.5, 5, 10, 20, 40 or 60 ms of mono samples.
    ///   - packet: its free capacity is the packet's limit; `maximumPacketOctets` is always enough
    ///     for 20 ms. Unchanged when this throws.
    /// - Throws: `OpusError`; a frame of another length is `invalidArgument`.
    package mutating func encode(
        _ pcm: Span<Int16>, into packet: inout OutputSpan<UInt8>
    ) throws(OpusError) {
        guard packet.freeCapacity > 0 else { throw .bufferTooSmall }
        let status = unsafe pcm.withUnsafeBufferPointer { samples in
            // libopus writes at most the free octets it is told of.
            unsafe packet.withUnsafeMutableBufferPointer { buffer, initializedCount -> Int32 in
                guard let samples = samples.baseAddress, let target = buffer.baseAddress
                else { return OPUS_BAD_ARG }
                let written = unsafe opus_encode(
                    state, samples, Int32(clamping: pcm.count), target + initializedCount,
                    Int32(clamping: buffer.count - initializedCount))
                if written > 0 { initializedCount += Int(written) }
                return written
            }
        }
        guard status >= 0 else { throw OpusError(status: status) }
    }

    /// Forgets the stream so far and keeps the settings.
    package mutating func reset() { unsafe _ = COpus_reset_encoder(state) }

    private static func configure(
        _ state: OpaquePointer, _ settings: Settings
    ) throws(OpusError) {
        // libopus would clamp or misread these; refusing tells the operator.
        guard (6_000...510_000).contains(settings.bitsPerSecond),
            (0...100).contains(settings.expectedLossPercent),
            (0...10).contains(settings.complexity)
        else { throw .invalidArgument }
        let statuses: InlineArray<6, Int32> = [
            unsafe COpus_set_bitrate(state, Int32(settings.bitsPerSecond)),
            unsafe COpus_set_inband_fec(state, settings.inbandFEC ? 1 : 0),
            unsafe COpus_set_packet_loss_percent(state, Int32(settings.expectedLossPercent)),
            unsafe COpus_set_dtx(state, settings.dtx ? 1 : 0),
            unsafe COpus_set_complexity(state, Int32(settings.complexity)),
            unsafe COpus_set_signal_voice(state),
        ]
        for index in statuses.indices where statuses[index] != OPUS_OK {
            throw OpusError(status: statuses[index])
        }
    }
}
