import Codecs
import Foundation
import Testing

/// The frequencies of ITU-T Q.23, found again in what is sent.
@Suite struct DualToneTests {
    /// Power of one frequency in samples at `rate` (Goertzel, 1958).
    private static func power(of hertz: Double, in samples: [Double], rate: Double) -> Double {
        let factor = 2 * cos(2 * .pi * hertz / rate)
        var (last, before) = (0.0, 0.0)
        for sample in samples { (last, before) = (sample + factor * last - before, last) }
        let energy = last * last + before * before - factor * last * before
        return energy / Double(samples.count * samples.count)
    }

    private static let table: [(key: Character, low: Double, high: Double)] = [
        ("1", 697, 1_209), ("2", 697, 1_336), ("3", 697, 1_477), ("A", 697, 1_633),
        ("4", 770, 1_209), ("5", 770, 1_336), ("6", 770, 1_477), ("B", 770, 1_633),
        ("7", 852, 1_209), ("8", 852, 1_336), ("9", 852, 1_477), ("C", 852, 1_633),
        ("*", 941, 1_209), ("0", 941, 1_336), ("#", 941, 1_477), ("D", 941, 1_633),
    ]

    @Test(arguments: [
        AudioFormat(.muLaw, .hz8000), AudioFormat(.aLaw, .hz8000),
        AudioFormat(.linear16, .hz16000), AudioFormat(.linear16, .hz24000),
    ])
    func everyKeyHasItsTwoTones(format: AudioFormat) {
        let rate = Double(format.rate.rawValue)
        let all = [697.0, 770, 852, 941, 1_209, 1_336, 1_477, 1_633]
        for row in Self.table {
            let octets = DualTone.octets(of: String(row.key), in: format)
            let samples = Self.linear(octets, format).prefix(format.rate.rawValue / 10)
            let powers = all.map { ($0, Self.power(of: $0, in: Array(samples), rate: rate)) }
            let loudest = powers.sorted { $0.1 > $1.1 }
            #expect(Set(loudest.prefix(2).map(\.0)) == [row.low, row.high])
            // A receiver wants the others far below.
            #expect(loudest[2].1 * 30 < loudest[1].1, "\(row.key)")
        }
    }

    @Test func timesAreWholeFrames() {
        let format = AudioFormat(.muLaw, .hz8000)
        #expect(DualTone.octets(of: "12", in: format).count == 2 * 1_600)
        #expect(DualTone.octets(of: "1w#", in: format).count == 2 * 1_600 + 4_000)
        #expect(DualTone.octets(of: "", in: format).isEmpty)
        #expect(DualTone.octets(of: "w", in: format).allSatisfy { $0 == MuLaw.silence })
        #expect(DualTone.areKeys("0123456789*#ABCDw"))
        #expect(!DualTone.areKeys("12 3"))
    }

    private static func linear(_ octets: [UInt8], _ format: AudioFormat) -> [Double] {
        var pcm = [Int16](repeating: 0, count: octets.count)
        var span = pcm.mutableSpan
        switch format.encoding {
        case .muLaw: MuLaw.decode(octets.span, into: &span)
        case .aLaw: ALaw.decode(octets.span, into: &span)
        case .linear16, .opus:
            return stride(from: 0, to: octets.count, by: 2).map {
                Double(Int16(truncatingIfNeeded: Int(octets[$0]) | Int(octets[$0 + 1]) << 8))
            }
        }
        return pcm.map(Double.init)
    }
}
