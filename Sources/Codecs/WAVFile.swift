/// A WAV file's audio as linear samples (RIFF, "Multimedia Programming Interface 1.0", 1991).
package struct WAVFile: Equatable, Sendable {
    /// How the file stored its samples.
    package enum Encoding: Sendable {
        case linear16
        case muLaw
        case aLaw
    }

    package let encoding: Encoding
    /// Hertz; files have any rate, so it is no `SampleRate`.
    package let sampleRate: Int
    /// 1 or 2.
    package let channelCount: Int
    /// Interleaved, left first; a multiple of `channelCount`.
    package let samples: [Int16]

    /// Audio to be written as 16-bit PCM.
    ///
    /// - Parameters:
    ///   - samples: interleaved, left first.
    ///   - sampleRate: hertz, 1 … 768 000.
    ///   - channelCount: 1 or 2.
    package init(samples: [Int16], sampleRate: Int, channelCount: Int = 1) {
        precondition((1...2).contains(channelCount), "a WAV file here is mono or stereo")
        precondition(Self.rates.contains(sampleRate), "no sample rate that audio has")
        precondition(samples.count.isMultiple(of: channelCount), "half a stereo sample")
        self.encoding = .linear16
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.samples = samples
    }

    /// Samples per channel.
    package var frameCount: Int { samples.count / channelCount }

    /// One channel, 0 being the left or only one.
    package func channel(_ index: Int) -> [Int16] {
        precondition((0..<channelCount).contains(index), "the file has no such channel")
        return stride(from: index, to: samples.count, by: channelCount).map { samples[$0] }
    }

    /// Reads a whole file; unknown chunks are skipped and anything after the samples is ignored.
    ///
    /// Programs that stream leave the length of `data` at 0 or 0xFFFFFFFF, and broken downloads
    /// end early: the samples then go on to the last whole one that is there.
    ///
    /// - Parameter octets: the file.
    /// - Returns: its audio; a file without samples is valid and empty.
    /// - Throws: `WAVError`; never traps, whatever the octets are.
    package static func parse(_ octets: Span<UInt8>) throws(WAVError) -> WAVFile {
        guard octets.count >= 12 else { throw .truncated(needed: 12, available: octets.count) }
        guard octets.fourCC(at: 0) == "RIFF", octets.fourCC(at: 8) == "WAVE" else {
            throw .notWAVE
        }
        var format: WAVFormat?
        var position = 12
        while octets.count - position >= 8 {
            let start = position + 8
            let length = Int(octets.littleEndian32(at: position + 4))
            let available = octets.count - start
            switch octets.fourCC(at: position) {
            case "fmt ":
                guard length <= available else {
                    throw .truncated(needed: start + length, available: octets.count)
                }
                format = try WAVFormat(
                    parsing: octets.extracting(start..<start + length))
            case "data":
                guard let format else { throw .missingFormat }
                // A length of 0 with octets behind it is a streamed header, unless another
                // chunk follows at once.
                let isStreamed = length == 0 && !octets.hasChunk(at: start)
                let count = isStreamed ? available : min(length, available)
                return WAVFile(format, octets.extracting(start..<start + count))
            default: break
            }
            // Chunks stand at even offsets (padded by one octet when their length is odd).
            guard length <= available else { break }
            position = min(start + length + length % 2, octets.count)
        }
        throw format == nil ? .missingFormat : .missingSamples
    }

    /// The file as 16-bit PCM, whatever it was read from.
    ///
    /// - Returns: a 44-octet header and the samples, little-endian.
    package func serialize() -> [UInt8] {
        let dataCount = samples.count * 2
        precondition(dataCount <= Int(UInt32.max) - 36, "a WAV file holds less than 4 GiB")
        var octets: [UInt8] = []
        octets.reserveCapacity(44 + dataCount)
        func append(_ value: Int, octetCount: Int) {
            for index in 0..<octetCount {
                octets.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
            }
        }
        octets += "RIFF".utf8
        append(36 + dataCount, octetCount: 4)
        octets += "WAVEfmt ".utf8
        append(16, octetCount: 4)
        append(Int(WAVFormat.linearTag), octetCount: 2)
        append(channelCount, octetCount: 2)
        append(sampleRate, octetCount: 4)
        append(sampleRate * channelCount * 2, octetCount: 4)  // octets per second
        append(channelCount * 2, octetCount: 2)  // octets per sample of all channels
        append(16, octetCount: 2)  // bits per sample
        octets += "data".utf8
        append(dataCount, octetCount: 4)
        for sample in samples { append(Int(sample), octetCount: 2) }
        return octets
    }

    fileprivate static let rates = 1...768_000

    private init(_ format: WAVFormat, _ octets: Span<UInt8>) {
        let octetsPerSample = format.encoding == .linear16 ? 2 : 1
        let frames = octets.count / (octetsPerSample * format.channelCount)
        let sampleCount = frames * format.channelCount
        encoding = format.encoding
        sampleRate = format.sampleRate
        channelCount = format.channelCount
        switch format.encoding {
        case .linear16:
            samples = (0..<sampleCount).map {
                Int16(truncatingIfNeeded: octets.littleEndian16(at: $0 * 2))
            }
        case .muLaw:
            var pcm = [Int16](repeating: 0, count: sampleCount)
            var span = pcm.mutableSpan
            MuLaw.decode(octets.extracting(first: sampleCount), into: &span)
            samples = pcm
        case .aLaw:
            var pcm = [Int16](repeating: 0, count: sampleCount)
            var span = pcm.mutableSpan
            ALaw.decode(octets.extracting(first: sampleCount), into: &span)
            samples = pcm
        }
    }
}

/// The part of the `fmt ` chunk that matters; a value of this type is always valid.
private struct WAVFormat {
    static let linearTag: UInt16 = 1
    private static let aLawTag: UInt16 = 6
    private static let muLawTag: UInt16 = 7
    private static let extensibleTag: UInt16 = 0xFFFE

    let encoding: WAVFile.Encoding
    let sampleRate: Int
    let channelCount: Int

    /// Parses a `fmt ` chunk's body.
    ///
    /// ```text
    ///  0      2          4            8                12            14               16
    /// +------+----------+------------+----------------+-------------+----------------+----
    /// | tag  | channels | sample rate| octets/second  | block align | bits per sample| …
    /// +------+----------+------------+----------------+-------------+----------------+----
    /// ```
    /// WAVE_FORMAT_EXTENSIBLE goes on to 40 octets; its real tag opens the GUID at octet 24.
    init(parsing chunk: Span<UInt8>) throws(WAVError) {
        guard chunk.count >= 16 else { throw .truncated(needed: 16, available: chunk.count) }
        var tag = chunk.littleEndian16(at: 0)
        if tag == Self.extensibleTag {
            guard chunk.count >= 40 else { throw .truncated(needed: 40, available: chunk.count) }
            tag = chunk.littleEndian16(at: 24)
        }
        let bits = chunk.littleEndian16(at: 14)
        switch (tag, bits) {
        case (Self.linearTag, 16): encoding = .linear16
        case (Self.muLawTag, 8): encoding = .muLaw
        case (Self.aLawTag, 8): encoding = .aLaw
        default: throw .unsupportedEncoding(tag: tag, bitsPerSample: bits)
        }
        let channels = chunk.littleEndian16(at: 2)
        guard (1...2).contains(channels) else { throw .unsupportedChannels(channels) }
        channelCount = Int(channels)
        let rate = chunk.littleEndian32(at: 4)
        guard WAVFile.rates.contains(Int(rate)) else { throw .unsupportedRate(rate) }
        sampleRate = Int(rate)
    }
}

extension Span<UInt8> {
    fileprivate func littleEndian16(at index: Int) -> UInt16 {
        UInt16(self[index]) | UInt16(self[index + 1]) << 8
    }

    fileprivate func littleEndian32(at index: Int) -> UInt32 {
        UInt32(littleEndian16(at: index)) | UInt32(littleEndian16(at: index + 2)) << 16
    }

    fileprivate func fourCC(at index: Int) -> String {
        String(decoding: (0..<4).map { self[index + $0] }, as: UTF8.self)
    }

    /// Whether the octets from `index` on are one chunk after the other up to the end.
    fileprivate func hasChunk(at index: Int) -> Bool {
        var position = index
        while count - position >= 8 {
            for offset in 0..<4 where !(0x20...0x7E).contains(self[position + offset]) {
                return false
            }
            position += 8 + Int(littleEndian32(at: position + 4))
        }
        return position > index && (position == count || position == count + 1)
    }
}
