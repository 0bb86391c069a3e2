import Foundation
import Testing

@testable import Codecs

@Suite struct JSONScannerTests {
    private func skip(_ octets: [UInt8]) throws(JSONError) {
        var scanner = JSONScanner()
        try scanner.skipValue(in: octets.span)
        try scanner.end(in: octets.span)
    }

    /// RFC 8259 §2–§9, case by case.
    @Test(arguments: [
        "{}", "[]", " [ ] ", "0", "-0", "-1.5e+10", "1E2", "\"\"", "true", "false", "null",
        #"{"a":[1,{"b":"c"}],"d":{}}"#, #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800""#, "\"é😀\"",
        "1" + String(repeating: "0", count: 5_000),
        String(repeating: "[", count: 32) + String(repeating: "]", count: 32),
    ])
    func valid(text: String) throws { try skip(Array(text.utf8)) }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "{]", "[1", "[1,]", "[,1]", "[1 2]", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#, #"{,"a":1}"#, "{a:1}", #"{"a" 1}"#, "01", "-", "+1", ".5", "1.", "1e", "1e+",
        "0x1", "NaN", "tru", "nulll", "\"", "\"\\\"", #""\x""#, #""\u12g4""#, #""\u12"#, "\"\t\"",
        "1 1", "'a'", "//", "\u{FEFF}{}",
    ])
    func invalid(text: String) {
        #expect(throws: JSONError.self) { try skip(Array(text.utf8)) }
    }

    /// Unicode Standard, table 3-7: what is not a well-formed sequence.
    @Test(
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82],
            [0xF0, 0x8F, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func illFormedUTF8(sequence: [UInt8]) {
        #expect(throws: JSONError.encoding(at: 1)) { try skip([0x22] + sequence + [0x22]) }
        #expect(throws: JSONError.encoding(at: 9)) {
            try skip([0x22] + [UInt8](repeating: 0x61, count: 8) + sequence + [0x22])
        }
    }

    @Test func depthIsBounded() {
        for opening in ["[", #"{"a":"#] {
            let text = String(repeating: opening, count: 100_000)
            #expect(throws: JSONError.self) { try skip(Array(text.utf8)) }
        }
        #expect(throws: JSONError.depth(at: 32)) {
            try skip(Array(String(repeating: "[", count: 33).utf8))
        }
    }

    @Test(arguments: [
        (#""a\u00e9\n\/\"""#, "aé\n/\""), (#""\ud83d\ude00!""#, "😀!"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"),
        ("\"ñ\\tü\"", "ñ\tü"),
    ])
    func strings(text: String, expected: String) throws {
        let octets = Array(text.utf8)
        var scanner = JSONScanner()
        let string = try scanner.string(in: octets.span)
        let decoded = string.decoded(in: octets.span)
        let isEqual = string.equals(utf8: expected.utf8.span, in: octets.span)
        #expect(decoded == expected)
        #expect(isEqual)
    }

    /// A quote at every place of the eight-octet steps, behind every kind of special octet.
    @Test(arguments: 0..<40)
    func plainRuns(length: Int) {
        for special in [0x22, 0x5C, 0x00, 0x1F, 0x80, 0xFF] as [UInt8] {
            let plain = (0..<length).map { UInt8($0 % 2 == 0 ? 0x23 : 0x7F) }
            let end = (plain + [special, 0x21, 0x22, 0x41]).span.plainRunEnd(from: 0)
            #expect(end == length)
        }
    }

    /// Foundation's reader is the judge: what we accept it accepts, and the other way round.
    @Test(arguments: 0..<64 as Range<UInt64>)
    func agreesWithFoundation(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let valid = Array((TwilioGolden.all.randomElement(using: &random) ?? "").utf8)
            let octets = random.mutation(of: valid)
            // Foundation is laxer here: it passes over these octets or takes UTF-16 and NULs.
            guard !octets.contains(0), octets.first == UInt8(ascii: "{") else { continue }
            let isOurs = (try? skip(octets)) != nil
            let isTheirs =
                (try? JSONSerialization.jsonObject(with: Data(octets), options: [])) != nil
            if isOurs {
                #expect(isTheirs, "\(String(decoding: octets, as: UTF8.self))")
            }
        }
    }
}
