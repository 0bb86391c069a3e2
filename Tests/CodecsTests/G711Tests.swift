import Codecs
import Foundation
import Testing

/// One law with the vectors that the ITU-T tools made of it.
enum Law: String, CaseIterable, Sendable {
    case mulaw
    case alaw

    func decode(_ octets: [UInt8]) -> [Int16] {
        var pcm = [Int16](repeating: 0, count: octets.count)
        var span = pcm.mutableSpan
        switch self {
        case .mulaw: MuLaw.decode(octets.span, into: &span)
        case .alaw: ALaw.decode(octets.span, into: &span)
        }
        return pcm
    }

    func encode(_ pcm: [Int16]) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: pcm.count)
        var span = octets.mutableSpan
        switch self {
        case .mulaw: MuLaw.encode(pcm.span, into: &span)
        case .alaw: ALaw.encode(pcm.span, into: &span)
        }
        return octets
    }
}

@Suite struct G711Tests {
    /// All 256 octets against the ITU-T software tools (G.191).
    @Test(arguments: Law.allCases)
    func decodesEveryOctet(law: Law) throws {
        let expected = try vectorRows("g711-\(law.rawValue)-decode.txt").map { row in
            try #require(Int16(row[1]))
        }
        #expect(expected.count == 256)
        #expect(law.decode((0...255).map { UInt8($0) }) == expected)
    }

    /// All 65 536 samples against the ITU-T software tools; the file lists where octets begin.
    @Test(arguments: Law.allCases)
    func encodesEverySample(law: Law) throws {
        let steps = try vectorRows("g711-\(law.rawValue)-encode.txt").map { row in
            (first: try #require(Int(row[0])), octet: try #require(UInt8(row[1], radix: 16)))
        }
        var expected: [UInt8] = []
        for (index, step) in steps.enumerated() {
            let end = index + 1 < steps.count ? steps[index + 1].first : 32_768
            expected += Array(repeating: step.octet, count: end - step.first)
        }
        #expect(expected.count == 65_536)
        #expect(law.encode((-32_768...32_767).map { Int16($0) }) == expected)
    }

    /// Octets survive decoding and encoding; µ-law's two zeros become the positive one.
    @Test(arguments: Law.allCases)
    func roundTrip(law: Law) {
        var octets = (0...255).map { UInt8($0) }
        let again = law.encode(law.decode(octets))
        if law == .mulaw { octets[0x7F] = 0xFF }
        #expect(again == octets)
    }

    /// The idle octets of telephone lines: 0xFF and 0xD5 (RFC 3551 §4.5.14 sends them inverted).
    @Test func silence() {
        #expect(MuLaw.silence == 0xFF)
        #expect(Law.mulaw.decode([0xFF, 0x7F]) == [0, 0])
        #expect(Law.mulaw.encode([0]) == [0xFF])
        #expect(ALaw.silence == 0xD5)
        #expect(Law.alaw.decode([0xD5, 0x55]) == [8, -8])
        #expect(Law.alaw.encode([0]) == [0xD5])
    }
}
