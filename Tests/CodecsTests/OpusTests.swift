import Codecs
import Testing

@Suite struct OpusTests {
    /// Every rate carries speech: the decoder's delayed output stays near the original.
    @Test(arguments: SampleRate.allCases)
    func speechSurvives(rate: SampleRate) throws {
        let frame = rate.rawValue / 50
        let original = voice(rate: rate.rawValue, seconds: 1)
        let packets = try packets(
            of: original, rate, .init(bitsPerSecond: 40_000, inbandFEC: false, complexity: 10))
        var decoder = try OpusDecoder(rate: rate)
        var decoded: [Int16] = []
        for packet in packets {
            decoded += try samples(frame) { pcm throws(OpusError) in
                try decoder.decode(packet.span, into: &pcm)
            }
        }
        // libopus looks 6.5 ms ahead (RFC 7845 §4.2: a pre-skip of 312 at 48 kHz).
        let lookahead = rate.rawValue * 65 / 10_000
        let best = (lookahead - 2...lookahead + 2).map { delay in
            signalToNoise(original.dropLast(delay), decoded.dropFirst(delay))
        }.max()
        #expect(try #require(best) > 10)
    }

    /// With one frame in eight lost, copies in the next packet beat guessing.
    @Test(arguments: UInt64(1)...3)
    func recoveryBeatsConcealment(seed: UInt64) throws {
        let rate = SampleRate.hz16000
        let original = voice(rate: rate.rawValue, seconds: 3)
        let packets = try packets(
            of: original, rate, .init(bitsPerSecond: 32_000, expectedLossPercent: 25))
        var random = SeededGenerator(seed: seed)
        // Never two in a row, as a copy reaches one frame back.
        var isLost: [Bool] = []
        for index in packets.indices {
            let wasLost = isLost.last ?? true
            isLost.append(
                !wasLost && index + 1 < packets.count && Int.random(in: 0..<8, using: &random) == 0)
        }
        let whole = try play(packets, losing: packets.map { _ in false }, recovering: false)
        let concealed = try play(packets, losing: isLost, recovering: false)
        let recovered = try play(packets, losing: isLost, recovering: true)
        #expect(
            signalToNoise(whole, recovered) > signalToNoise(whole, concealed) + 3,
            "\(isLost.count(where: \.self)) of \(packets.count) lost")
    }

    @Test func silenceIsNotSent() throws {
        let silence = [Int16](repeating: 0, count: 16_000 * 2)
        let packets = try packets(of: silence, .hz16000, .init(dtx: true))
        #expect(packets.count(where: { $0.count <= 2 }) > packets.count / 2)
        let decoded = try play(packets, losing: packets.map { _ in false }, recovering: false)
        #expect(decoded.count == silence.count)
    }

    /// RFC 6716 §3.4 names what a packet must not be.
    @Test(
        arguments: [
            [],
            [0x01, 0xAA],  // code 1: two frames of equal length cannot share an odd count
            [0x02],  // code 2 without the first frame's length
            [0x02, 0xFC],  // a two-octet length cut short
            [0x03],  // code 3 without its frame count
            [0x03, 0x00],  // code 3 with no frame
            [0xFB, 0x3F],  // code 3 with 63 frames of 20 ms: over 120 ms
        ] as [[UInt8]])
    func invalidPackets(packet: [UInt8]) throws {
        var decoder = try OpusDecoder(rate: .hz48000)
        var pcm = [Int16](repeating: 0, count: OpusDecoder.maximumSampleCount(.hz48000))
        var span = pcm.mutableSpan
        var thrown: OpusError?
        do throws(OpusError) { _ = try decoder.decode(packet.span, into: &span) } catch {
            thrown = error
        }
        #expect(thrown == .invalidPacket)
    }

    @Test func wrongSettingsAndLengths() throws {
        for settings in [
            OpusEncoder.Settings(bitsPerSecond: 100), .init(expectedLossPercent: 101),
            .init(complexity: 11),
        ] {
            var thrown: OpusError?
            do throws(OpusError) {
                _ = try OpusEncoder(rate: .hz16000, settings: settings)
            } catch { thrown = error }
            #expect(thrown == .invalidArgument)
        }
        #expect(throws: OpusError.invalidArgument) {
            try packets(of: sine(440, rate: 8_000, count: 56), .hz8000, .init(), frame: 56)
        }
        let packet = try #require(
            try packets(of: sine(440, rate: 8_000, count: 160), .hz8000, .init()).first)
        #expect(throws: OpusError.bufferTooSmall) {
            var decoder = try OpusDecoder(rate: .hz8000)
            _ = try samples(80) { pcm throws(OpusError) in
                try decoder.decode(packet.span, into: &pcm)
            }
        }
    }

    /// Random packets give audio or a typed error and never write outside the memory.
    @Test(arguments: UInt64(1)...10)
    func randomPacketsStayInside(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var decoder = try OpusDecoder(rate: .hz16000)
        let guardWord: Int16 = 0x5AA5
        for round in 0..<200 {
            let packet = random.octets(Int.random(in: 1...200, using: &random))
            var memory = [Int16](repeating: guardWord, count: 32 + 640 + 32)
            unsafe memory.withUnsafeMutableBufferPointer { buffer in
                let target = unsafe UnsafeMutableBufferPointer(rebasing: buffer[32..<32 + 640])
                var room = unsafe MutableSpan(_unsafeElements: target)
                do throws(OpusError) {
                    let count =
                        round % 3 == 0
                        ? try decoder.recover(from: packet.span, into: &room)
                        : try decoder.decode(packet.span, into: &room)
                    #expect((1...640).contains(count))
                } catch {
                    #expect(error == .invalidPacket || error == .bufferTooSmall)
                }
            }
            #expect(memory[..<32].allSatisfy { $0 == guardWord })
            #expect(memory[672...].allSatisfy { $0 == guardWord })
        }
    }

    /// A packet stays within the room it is given, however small.
    @Test(arguments: [2, 10, 40, 200])
    func packetsStayInside(room: Int) throws {
        var encoder = try OpusEncoder(rate: .hz48000, settings: .init(bitsPerSecond: 128_000))
        let pcm = voice(rate: 48_000, seconds: 0.02)
        var memory = [UInt8](repeating: 0xA5, count: 16 + room + 16)
        try unsafe memory.withUnsafeMutableBufferPointer { buffer in
            let target = unsafe UnsafeMutableBufferPointer(rebasing: buffer[16..<16 + room])
            var packet = unsafe OutputSpan(buffer: target, initializedCount: 0)
            try encoder.encode(pcm.span, into: &packet)
            let count = unsafe packet.finalize(for: target)
            #expect(count > 0)
        }
        #expect(memory[..<16].allSatisfy { $0 == 0xA5 })
        #expect(memory[(16 + room)...].allSatisfy { $0 == 0xA5 })
    }

    private func packets(
        of pcm: [Int16], _ rate: SampleRate, _ settings: OpusEncoder.Settings, frame: Int? = nil
    ) throws -> [[UInt8]] {
        var encoder = try OpusEncoder(rate: rate, settings: settings)
        let frame = frame ?? rate.rawValue / 50
        var packets: [[UInt8]] = []
        for start in stride(from: 0, to: pcm.count, by: frame) {
            packets.append(
                try [UInt8](capacity: OpusEncoder.maximumPacketOctets) { packet in
                    try encoder.encode(
                        pcm.span.extracting(start..<start + frame), into: &packet)
                })
        }
        return packets
    }

    /// Plays 20 ms packets at 16 kHz.
    private func play(
        _ packets: [[UInt8]], losing isLost: [Bool], recovering: Bool
    ) throws -> [Int16] {
        var decoder = try OpusDecoder(rate: .hz16000)
        var decoded: [Int16] = []
        for index in packets.indices {
            decoded += try samples(320) { pcm throws(OpusError) in
                let packet = packets[index]
                if !isLost[index] { return try decoder.decode(packet.span, into: &pcm) }
                guard recovering else { return try decoder.conceal(into: &pcm) }
                let next = packets[index + 1]
                return try decoder.recover(from: next.span, into: &pcm)
            }
        }
        return decoded
    }

    private func samples(
        _ count: Int, _ fill: (inout MutableSpan<Int16>) throws(OpusError) -> Int
    ) throws(OpusError) -> [Int16] {
        var pcm = [Int16](repeating: 0, count: count)
        var span = pcm.mutableSpan
        let written = try fill(&span)
        return Array(pcm[..<written])
    }
}
