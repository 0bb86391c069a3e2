import AllocationCounter
import Codecs
import Foundation
import Pipeline
import Testing

/// Beeps among everything a telephone line carries.
@Suite struct BeepDetectorTests {
    private struct Fixture: Decodable {
        let path: String
        let kind: String
    }
    private struct Manifest: Decodable { let files: [Fixture] }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "audio-fixtures")

    private static func samples(_ path: String) throws -> [Int16] {
        let data = try Data(contentsOf: folder.appending(path: path))
        return try WAVFile.parse([UInt8](data).span).channel(0)
    }

    /// When beeps were told, in milliseconds; `offset` shifts where frames begin, in samples.
    private static func beeps(_ samples: [Int16], offset: Int = 0) -> [Int] {
        var detector = BeepDetector()
        let padded =
            [Int16](repeating: 0, count: offset) + samples
            + [Int16](repeating: 0, count: 800)
        var times: [Int] = []
        for frame in 0..<padded.count / 160 {
            let cut = Array(padded[frame * 160..<(frame + 1) * 160])
            if detector.hear(cut.span) { times.append((frame + 1) * 20) }
        }
        return times
    }

    private static func tone(
        _ hertz: [Double], milliseconds: Int, decibels: Double, noise: Double = -90,
        seed: UInt64 = 1
    ) -> [Int16] {
        var random = SeededGenerator(seed: seed)
        let amplitude = 32_767 * pow(10, decibels / 20)
        let grain = 32_767 * pow(10, noise / 20)
        return (0..<milliseconds * 8).map { index in
            let sum = hertz.reduce(0) { $0 + sin(2 * .pi * $1 * Double(index) / 8_000) }
            return Int16(
                clamping: Int(
                    sum * amplitude / Double(hertz.count)
                        + Double.random(in: -grain...grain, using: &random)))
        }
    }

    /// The manifest: 0.4 s of 1,000 Hz after 0.5 s; the tone of 440 Hz lasts a second.
    @Test(arguments: [0, 40, 79, 121])
    func fixtureBeepsAreHeard(offset: Int) throws {
        let beep = try Self.beeps(Self.samples("tone/beep.wav"), offset: offset)
        #expect(beep.count == 1)
        #expect((900...980).contains(beep.first ?? 0))
        let long = try Self.beeps(Self.samples("tone/440hz.wav"), offset: offset)
        #expect(long.count == 1)
        #expect((1_000...1_080).contains(long.first ?? 0))
    }

    /// Speech, coughs, noise, music's mixtures, keys and ringing: no beep in any of them.
    @Test func nothingElseIsABeep() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "manifest.json"))
        let beeps = ["tone/beep.wav", "tone/440hz.wav"]
        var heard = 0
        for file in try JSONDecoder().decode(Manifest.self, from: data).files
        where file.path.hasSuffix(".wav") && !beeps.contains(file.path) {
            let samples = try Self.samples(file.path)
            heard += samples.count
            #expect(Self.beeps(samples).isEmpty, "\(file.path)")
        }
        #expect(heard > 8_000 * 60)
    }

    /// Any pitch between two of the detector's own, loud or soft, clean or at 20 dB SNR.
    @Test(arguments: Array(stride(from: 400, through: 2_200, by: 75)), [-6.0, -30])
    func tonesOfAnyPitch(hertz: Int, decibels: Double) {
        for noise in [-90.0, decibels - 20] {
            for offset in [0, 53] {
                let tone = Self.tone(
                    [Double(hertz)], milliseconds: 300, decibels: decibels, noise: noise,
                    seed: UInt64(hertz))
                #expect(Self.beeps(tone, offset: offset).count == 1, "\(noise) dB of noise")
            }
        }
    }

    /// Two tones at once: the 16 keys held down, ringing, dial tone and busy of both continents.
    @Test func twoTonesAreNoBeep() {
        var pairs: [[Double]] = [[440, 480], [350, 440], [480, 620], [400, 450]]
        for low in [697.0, 770, 852, 941] {
            for high in [1_209.0, 1_336, 1_477, 1_633] { pairs.append([low, high]) }
        }
        for pair in pairs {
            for offset in [0, 40, 101] {
                let tone = Self.tone(pair, milliseconds: 400, decibels: -12)
                #expect(Self.beeps(tone, offset: offset).isEmpty, "\(pair)")
            }
        }
    }

    /// Too short, too long, and one that slides.
    @Test func beepsHaveALength() {
        for (milliseconds, count) in [(100, 0), (140, 0), (220, 1), (1_900, 1), (2_500, 0)] {
            let tone = Self.tone([1_000], milliseconds: milliseconds, decibels: -12)
            #expect(Self.beeps(tone).count == count, "\(milliseconds) ms")
        }
        let slide = (0..<8_000).map { index in
            let time = Double(index) / 8_000
            return Int16(9_000 * sin(2 * .pi * (500 * time + 700 * time * time)))
        }
        #expect(Self.beeps(slide).isEmpty)
    }

    @Test func framesTakeNoMemory() {
        var detector = BeepDetector()
        let frame = Self.tone([1_000], milliseconds: 20, decibels: -12)
        _ = detector.hear(frame.span)
        let before = AllocationCounter_current_thread()
        for _ in 0..<100 { _ = detector.hear(frame.span) }
        #expect(AllocationCounter_current_thread() - before == 0)
        for extreme in [[], [Int16](repeating: .min, count: 160)] {
            let isBeep = detector.hear(extreme.span)
            #expect(!isBeep)
        }
    }
}
