import Codecs
import Testing

@Suite struct WAVFileTests {
    /// Files that SoX wrote, against the samples that SoX wrote raw (`vectors/README.md`).
    @Test(arguments: [
        ("wav-linear16-mono.wav", WAVFile.Encoding.linear16, 1),
        ("wav-mulaw-mono.wav", .muLaw, 1),
        ("wav-alaw-stereo.wav", .aLaw, 2),
        ("wav-streamed.wav", .linear16, 1),
    ])
    func readsForeignFiles(name: String, encoding: WAVFile.Encoding, channels: Int) throws {
        let raw = try vectorOctets(name.replacing(".wav", with: ".s16le"))
        let expected = stride(from: 0, to: raw.count, by: 2).map {
            Int16(truncatingIfNeeded: Int(raw[$0]) | Int(raw[$0 + 1]) << 8)
        }
        let file = try parse(try vectorOctets(name))
        #expect(file.samples == expected)
        #expect(file.encoding == encoding)
        #expect(file.channelCount == channels)
        #expect(file.sampleRate == 8_000)
        #expect(file.frameCount == expected.count / channels)
    }

    /// SoX writes the same octets for mono PCM.
    @Test func writesAsSoXDoes() throws {
        let octets = try vectorOctets("wav-linear16-mono.wav")
        #expect(try parse(octets).serialize() == octets)
    }

    @Test func stereoChannels() throws {
        let file = WAVFile(samples: [1, -1, 2, -2, 3, -3], sampleRate: 8_000, channelCount: 2)
        let again = try parse(file.serialize())
        #expect(again == file)
        #expect(again.channel(0) == [1, 2, 3])
        #expect(again.channel(1) == [-1, -2, -3])
    }

    /// WAVE_FORMAT_EXTENSIBLE as Microsoft lays it out ("Multiple channel audio data", 2001).
    @Test func readsExtensible() throws {
        let plain = WAVFile(samples: [1, -2, 3, -4], sampleRate: 48_000, channelCount: 2)
        var octets = plain.serialize()
        let guid: [UInt8] = [
            0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38,
            0x9B, 0x71,
        ]
        // Extra size 22, 16 valid bits, front left and right, KSDATAFORMAT_SUBTYPE_PCM.
        octets.insert(contentsOf: [22, 0, 16, 0, 3, 0, 0, 0] + guid, at: 36)
        octets[16] = 40
        octets[20] = 0xFE
        octets[21] = 0xFF
        #expect(try parse(octets) == plain)
    }

    @Test func skipsOtherChunks() throws {
        var octets = WAVFile(samples: [7, 8], sampleRate: 16_000).serialize()
        // An odd chunk with its padding before `fmt `, and one after the samples.
        octets.insert(contentsOf: Array("LIST".utf8) + [3, 0, 0, 0] + [1, 2, 3, 0], at: 12)
        octets += Array("id3 ".utf8) + [0xFF, 0xFF, 0xFF, 0x7F]
        #expect(try parse(octets).samples == [7, 8])
    }

    /// Streaming writers leave 0 or 0xFFFFFFFF; broken downloads promise more than there is.
    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000, 1_000])
    func takesWhatIsThere(length: UInt32) throws {
        var octets = WAVFile(samples: [100, -200, 300], sampleRate: 8_000).serialize()
        for place in 0..<4 { octets[40 + place] = UInt8(truncatingIfNeeded: length >> (8 * place)) }
        #expect(try parse(octets).samples == [100, -200, 300])
        #expect(try parse(octets + [1]).samples == [100, -200, 300])
    }

    @Test func emptyFileBeforeAChunk() throws {
        let octets =
            WAVFile(samples: [], sampleRate: 8_000).serialize() + Array("LIST".utf8) + [2, 0, 0, 0]
            + [1, 2]
        #expect(try parse(octets).samples.isEmpty)
    }

    @Test(arguments: [
        (20, 3, WAVError.unsupportedEncoding(tag: 3, bitsPerSample: 16)),
        (34, 24, .unsupportedEncoding(tag: 1, bitsPerSample: 24)),
        (22, 6, .unsupportedChannels(6)),
        (22, 0, .unsupportedChannels(0)),
        (27, 0xFF, .unsupportedRate(0xFF00_1F40)),
        (0, 0x58, .notWAVE),
        (12, 0x58, .missingFormat),
        (36, 0x58, .missingSamples),
        (16, 15, .truncated(needed: 16, available: 15)),
        (17, 1, .truncated(needed: 20 + 272, available: 48)),
    ])
    func rejects(place: Int, octet: UInt8, error: WAVError) {
        var octets = WAVFile(samples: [1, 2], sampleRate: 8_000).serialize()
        octets[place] = octet
        #expect(throws: error) { try parse(octets) }
    }

    @Test func everyTruncationIsAnErrorOrShorter() throws {
        let octets = WAVFile(samples: [1, 2, 3], sampleRate: 8_000).serialize()
        for count in 0..<octets.count {
            let file = try? parse(Array(octets.prefix(count)))
            #expect((file?.samples.count ?? 0) <= max(0, count - 44) / 2)
        }
    }

    /// Random octets behind a valid start, and valid files with some octets changed, never trap.
    @Test(arguments: UInt64(1)...20)
    func randomOctets(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var octets = WAVFile(samples: sine(440, rate: 8_000, count: 20), sampleRate: 8_000)
                .serialize()
            if Bool.random(using: &random) {
                octets = Array(octets.prefix(12)) + random.octets(60)
            }
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let place = Int.random(in: 0..<octets.count, using: &random)
                octets[place] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let file = try? parse(octets) else { continue }
            #expect(file.samples.count <= octets.count)
            #expect(try parse(file.serialize()).samples == file.samples)
        }
    }

    private func parse(_ octets: [UInt8]) throws(WAVError) -> WAVFile {
        try WAVFile.parse(octets.span)
    }
}
