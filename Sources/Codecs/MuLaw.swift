/// µ-law companding (ITU-T G.711), what North American telephone carriers speak.
package enum MuLaw {
    /// The octet of a zero sample; a stream of it is digital silence.
    package static let silence: UInt8 = 0xFF

    /// Expands µ-law octets to linear samples (ITU-T G.711, tables 2a and 2b).
    ///
    /// - Parameters:
    ///   - octets: as on the wire, bits inverted; one per 8 kHz mono sample.
    ///   - pcm: takes one sample per octet, full scale ±32 124; must hold `octets.count`.
    /// - Complexity: O(n), no allocation.
    package static func decode(_ octets: Span<UInt8>, into pcm: inout MutableSpan<Int16>) {
        precondition(pcm.count >= octets.count, "PCM span is shorter than the octets")
        for index in octets.indices { pcm[index] = expansion[Int(octets[index])] }
    }

    /// Compresses linear samples to µ-law octets, bit exact with the ITU-T software tools (G.191).
    ///
    /// - Parameters:
    ///   - pcm: 16-bit samples; the two lowest bits are below µ-law's finest step.
    ///   - octets: takes one octet per sample, as on the wire; must hold `pcm.count`.
    /// - Complexity: O(n), no allocation.
    package static func encode(_ pcm: Span<Int16>, into octets: inout MutableSpan<UInt8>) {
        precondition(octets.count >= pcm.count, "octet span is shorter than the PCM")
        for index in pcm.indices { octets[index] = compress(pcm[index]) }
    }

    /// One sample per octet value, written out below by `expand`.
    private static let expansion = InlineArray<256, Int16> { expand(UInt8($0)) }

    /// The sample in the middle of an octet's quantisation interval.
    ///
    /// On the wire all bits are inverted:
    /// ```text
    ///  7 6 5 4 3 2 1 0
    /// +-+-----+-------+
    /// |S| seg | step  |   S: 1 when negative (after inversion)
    /// +-+-----+-------+
    /// ```
    private static func expand(_ octet: UInt8) -> Int16 {
        let code = ~octet
        let segment = Int16(code >> 4 & 0x7)
        let step = Int16(code & 0xF)
        let magnitude = ((step << 3 + bias) << segment) - bias
        return code & 0x80 == 0 ? magnitude : -magnitude
    }

    // Arithmetic and not a table: the segment is the position of the highest set bit, one
    // instruction, where a table over all samples would push 16 KiB through the L1 cache.
    private static func compress(_ sample: Int16) -> UInt8 {
        let isNegative = sample < 0
        // One's complement, as the ITU tools do: decision values then fall alike on both sides.
        let magnitude = min(Int32(isNegative ? ~sample : sample), clip) &+ Int32(bias)
        // The bias keeps `magnitude` in 2^7 ..< 2^15, so the segment is 0...7.
        let segment = 24 &- magnitude.leadingZeroBitCount
        let step = magnitude >> Int32(truncatingIfNeeded: segment &+ 3) & 0xF
        let code = UInt8(truncatingIfNeeded: segment << 4 | Int(step))
        return ~(isNegative ? code | 0x80 : code)
    }

    /// Half the first step above the end of segment 0, in 16-bit samples (33 in G.711's 14 bits).
    private static let bias: Int16 = 33 << 2
    /// The largest magnitude that has a code of its own: 2^15 - 1 less the bias.
    private static let clip = Int32(Int16.max) - Int32(bias)
}
