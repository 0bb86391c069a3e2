internal import Codecs

/// The Opus packets of an `/audio` client to linear PCM.
struct OpusUnpacker: ~Copyable {
    private var decoder: OpusDecoder
    private var samples: [Int16]
    private var octets: [UInt8]
    private(set) var rejectedPackets = 0

    /// - Returns: `nil` when `format` is not Opus.
    /// - Throws: `CallSetupError` when libopus has no memory.
    init?(_ format: AudioFormat) throws(CallSetupError) {
        guard format.encoding == .opus else { return nil }
        do { decoder = try OpusDecoder(rate: AudioFormat.unpacked.rate) } catch {
            throw .codec(String(describing: error))
        }
        samples = Array(
            repeating: 0, count: OpusDecoder.maximumSampleCount(AudioFormat.unpacked.rate))
        octets = Array(repeating: 0, count: samples.count * 2)
    }

    /// Decodes one packet and hands on its octets; a packet that is none is counted.
    ///
    /// `use` must not come back here.
    mutating func expand(_ packet: Span<UInt8>, _ use: (Span<UInt8>) -> Void) {
        guard let count = decode(packet) else {
            rejectedPackets += 1
            return
        }
        for index in 0..<count {
            octets[2 * index] = UInt8(truncatingIfNeeded: samples[index])
            octets[2 * index + 1] = UInt8(truncatingIfNeeded: samples[index] >> 8)
        }
        use(octets.span.extracting(0..<2 * count))
    }

    private mutating func decode(_ packet: Span<UInt8>) -> Int? {
        // Taken out and put back, so that decoder and memory are two accesses.
        var pcm: [Int16] = []
        swap(&pcm, &samples)
        defer { swap(&pcm, &samples) }
        var span = pcm.mutableSpan
        return try? decoder.decode(packet, into: &span)
    }
}

extension AudioFormat {
    /// What a call works with instead of Opus.
    static let unpacked = AudioFormat(.linear16, .hz16000)

    /// The format, or what stands for it where there are no packets.
    var withoutPackets: AudioFormat { encoding == .opus ? .unpacked : self }
}
