import Codecs
import Pipeline
import Testing

@testable import Providers

struct SpeechCutterTests {
    /// Silence of 100 ms, then a square wave of 500 Hz for 300 ms.
    private static func audio(hertz: Int) -> [UInt8] {
        let silence = [UInt8](repeating: 0, count: hertz / 10 * 2)
        let sound = (0..<hertz * 3 / 10).flatMap { index -> [UInt8] in
            let sample: UInt16 = index * 1_000 / hertz % 2 == 0 ? 8_000 : UInt16(bitPattern: -8_000)
            return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
        }
        return silence + sound
    }

    /// However the octets come, as many samples leave: 20 ms of the silence and all of the sound.
    @Test(arguments: [1, 3, 160, 1_001, 100_000], SampleRate.allCases)
    func cutsAnywhere(length: Int, rate: SampleRate) throws {
        for encoding in [AudioEncoding.muLaw, .linear16] {
            let format = AudioFormat(encoding, rate)
            var cutter = try SpeechCutter(
                from: SpeechSource(.linear16, hertz: 24_000), to: format, blocks: .early)
            var blocks: [[UInt8]] = []
            let audio = Self.audio(hertz: 24_000)
            for start in stride(from: 0, to: audio.count, by: length) {
                blocks += cutter.take(Array(audio[start..<min(audio.count, start + length)]))
            }
            if let rest = cutter.finish() { blocks.append(rest) }
            let perSample = try #require(format.octetsPerSample)
            #expect(blocks.allSatisfy { $0.count.isMultiple(of: perSample) })
            let cut = cutter.cut
            #expect(cut == .milliseconds(80))
            let milliseconds =
                blocks.map(\.count).reduce(0, +) * 1_000 / perSample / rate.rawValue
            #expect((319...321).contains(milliseconds), "\(milliseconds) ms")
        }
    }

    /// What is in the right format already keeps its octets.
    @Test func passesThrough() throws {
        var cutter = try SpeechCutter(
            from: SpeechSource(.telephone), to: .telephone, blocks: .early)
        let octets = (0..<800).map { UInt8($0 % 100) }
        var out = cutter.take(octets).flatMap(\.self)
        out += cutter.finish() ?? []
        #expect(out == octets)
        let cut = cutter.cut
        #expect(cut == .zero)
    }

    @Test func earlyBlocksWaitForNothing() throws {
        var cutter = try SpeechCutter(
            from: SpeechSource(.telephone), to: .telephone, blocks: .early)
        let lengths = cutter.take([UInt8](repeating: 1, count: 2_300)).map(\.count)
        #expect(lengths == [160, 160, 160, 160, 160, 800, 700])
    }

    @Test func silenceIsNoSpeech() throws {
        var cutter = try SpeechCutter(
            from: SpeechSource(.telephone), to: .telephone, blocks: .regular)
        #expect(cutter.take([UInt8](repeating: MuLaw.silence, count: 8_000)).isEmpty)
        let rest = cutter.finish()
        #expect(rest == nil)
    }

    @Test func noOpus() {
        #expect(throws: EngineError.self) {
            _ = try SpeechCutter(
                from: SpeechSource(.telephone), to: AudioFormat(.opus, .hz48000), blocks: .early)
        }
    }
}

struct StreamedWAVTests {
    /// A header as a server writes one that does not know the length yet (RIFF WAVE).
    private static let header: [UInt8] =
        Array("RIFF".utf8) + [255, 255, 255, 255] + Array("WAVE".utf8) + Array("LIST".utf8)
        + [3, 0, 0, 0, 9, 9, 9, 0] + Array("fmt ".utf8)
        + [16, 0, 0, 0, 1, 0, 1, 0, 0x22, 0x56, 0, 0, 0x44, 0xAC, 0, 0, 2, 0, 16, 0]
        + Array("data".utf8) + [0, 0, 0, 0]

    @Test(arguments: [1, 7, 100]) func aHeaderMayComeInPieces(length: Int) throws {
        let file = Self.header + [1, 2, 3, 4, 5]
        var wav = StreamedWAV()
        var audio: [UInt8] = []
        for start in stride(from: 0, to: file.count, by: length) {
            audio += try wav.take(Array(file[start..<min(file.count, start + length)]))
        }
        #expect(wav.source == SpeechSource(.linear16, hertz: 22_050))
        #expect(audio == [1, 2, 3, 4, 5])
    }

    @Test func everyCutOffHeaderIsSilent() throws {
        for count in 0..<Self.header.count {
            var wav = StreamedWAV()
            #expect(try wav.take(Array(Self.header.prefix(count))).isEmpty)
            #expect(wav.source == nil)
        }
    }

    @Test func stereoAndNonsenseAreGarbage() {
        var stereo = Self.header
        stereo[34] = 2
        var huge = Self.header
        huge[19] = 0x7F
        for file in [stereo, huge, Array("<html><body>404</body></html>".utf8)] {
            var wav = StreamedWAV()
            #expect(throws: ProviderFailure.garbage) { _ = try wav.take(file) }
        }
    }
}
