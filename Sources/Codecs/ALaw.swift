/// A-law companding (ITU-T G.711), what European and most other telephone carriers speak.
package enum ALaw {
    /// The octet nearest above zero; a stream of it is digital silence.
    package static let silence: UInt8 = 0xD5

    /// Expands A-law octets to linear samples (ITU-T G.711, tables 1a and 1b).
    ///
    /// - Parameters:
    ///   - octets: as on the wire, even bits inverted; one per 8 kHz mono sample.
    ///   - pcm: takes one sample per octet, full scale ±32 256; must hold `octets.count`.
    /// - Complexity: O(n), no allocation.
    package static func decode(_ octets: Span<UInt8>, into pcm: inout MutableSpan<Int16>) {
        precondition(pcm.count >= octets.count, "PCM span is shorter than the octets")
        for index in octets.indices { pcm[index] = expansion[Int(octets[index])] }
    }

    /// Compresses linear samples to A-law octets, bit exact with the ITU-T software tools (G.191).
    ///
    /// - Parameters:
    ///   - pcm: 16-bit samples; the four lowest bits are below A-law's finest step.
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
    /// On the wire the even bits (mask 0x55) are inverted:
    /// ```text
    ///  7 6 5 4 3 2 1 0
    /// +-+-----+-------+
    /// |S| seg | step  |   S: 1 when positive
    /// +-+-----+-------+
    /// ```
    private static func expand(_ octet: UInt8) -> Int16 {
        let code = octet ^ evenBits
        let segment = Int16(code >> 4 & 0x7)
        let step = Int16(code & 0xF)
        // Segments 0 and 1 share one step size; from 1 on the leading bit is implied.
        let centre = step << 4 + 8
        let magnitude = segment == 0 ? centre : (centre + 0x100) << (segment - 1)
        return code & 0x80 == 0 ? -magnitude : magnitude
    }

    // Arithmetic for the reason given at `MuLaw.compress`.
    private static func compress(_ sample: Int16) -> UInt8 {
        let isNegative = sample < 0
        // One's complement, as the ITU tools do: decision values then fall alike on both sides.
        let magnitude = Int32(isNegative ? ~sample : sample)
        // 0 below 2^8, then one more per doubling up to 7.
        let segment = max(0, 24 &- magnitude.leadingZeroBitCount)
        let step = magnitude >> Int32(truncatingIfNeeded: max(1, segment) &+ 3) & 0xF
        let code = UInt8(truncatingIfNeeded: segment << 4 | Int(step))
        return (isNegative ? code : code | 0x80) ^ evenBits
    }

    private static let evenBits: UInt8 = 0x55
}
