/// Why octets are not a WAV file the bridge can play, told by what arrived.
package enum WAVError: Error, Equatable, Sendable {
    case truncated(needed: Int, available: Int)
    /// The first twelve octets are not `RIFF … WAVE`.
    case notWAVE
    /// No `fmt ` chunk before the samples.
    case missingFormat
    /// No `data` chunk.
    case missingSamples
    /// A format tag (RFC 2361) other than PCM, µ-law and A-law, or bits it does not have.
    case unsupportedEncoding(tag: UInt16, bitsPerSample: UInt16)
    /// Neither mono nor stereo.
    case unsupportedChannels(UInt16)
    /// No sample rate that audio has.
    case unsupportedRate(UInt32)
}
