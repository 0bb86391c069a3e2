import Pipeline
import Testing

/// The format of huggingface.co/docs/safetensors, and files that only look like it.
@Suite struct SileroSafetensorsTests {
    private static func octets(header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8]
    {
        let text = [UInt8](header.utf8)
        let count = length ?? UInt64(text.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) } + text + data
    }

    private static func header(
        type: String = "F32", shape: String = "[2]", offsets: String = "[0,8]"
    ) -> String {
        #"{"__metadata__":{"format":"pt"},"a":{"dtype":"\#(type)","shape":\#(shape),"#
            + #""data_offsets":\#(offsets)}}"#
    }

    // 1 and -2 as IEEE 754 binary32, little-endian.
    private static let two: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]

    private static func floats(_ octets: [UInt8]) throws(SafetensorsError) -> [Float] {
        try SafetensorsFile(octets).floats("a", shape: [2])
    }

    @Test func readsFloats() throws {
        #expect(try Self.floats(Self.octets(header: Self.header(), data: Self.two)) == [1, -2])
        let behind = Self.header(offsets: "[4,12]")
        #expect(
            try Self.floats(Self.octets(header: behind, data: [9, 9, 9, 9] + Self.two)) == [1, -2])
    }

    @Test(arguments: [
        ([], SafetensorsError.truncated(needed: 8, available: 0)),
        ([2, 0, 0, 0, 0, 0, 0, 0, 0x7B], .truncated(needed: 10, available: 9)),
        (octets(header: "{}", length: .max), .headerTooLong(octetCount: .max)),
        (octets(header: "[]"), .malformedHeader),
        (octets(header: ""), .malformedHeader),
        (octets(header: #"{"a":3}"#), .malformedHeader),
        (octets(header: header(offsets: "[0,99999999999999999999]")), .malformedHeader),
        (octets(header: "{}"), .missingTensor("a")),
        (octets(header: header(type: "F16")), .elementType(tensor: "a", "F16")),
        (octets(header: header(shape: "[3]")), .shape(tensor: "a", expected: [2], found: [3])),
        (octets(header: header(shape: "[-1]")), .shape(tensor: "a", expected: [2], found: [-1])),
        (octets(header: header(offsets: "[0]")), .extent(tensor: "a")),
        (octets(header: header(offsets: "[8,0]")), .extent(tensor: "a")),
        (octets(header: header(offsets: "[-8,0]")), .extent(tensor: "a")),
        (octets(header: header(offsets: "[0,4]")), .extent(tensor: "a")),
        (
            octets(header: header(offsets: "[-9223372036854775808,9223372036854775807]")),
            .extent(tensor: "a")
        ),
        (
            octets(header: header(offsets: "[9223372036854775799,9223372036854775807]")),
            .truncated(needed: .max, available: 0)
        ),
        (octets(header: header(), data: [0, 0]), .truncated(needed: 8, available: 2)),
    ])
    func refuses(_ octets: [UInt8], _ expected: SafetensorsError) {
        #expect(throws: expected) { try Self.floats(octets) }
    }

    /// Files with some octets changed are read or refused; nothing traps.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func damagedFiles(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var octets = Self.octets(header: Self.header(), data: Self.two)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let index = Int.random(in: 0..<octets.count, using: &generator)
            octets[index] = UInt8.random(in: 0...255, using: &generator)
        }
        octets.removeLast(Int.random(in: 0...4, using: &generator))
        if let floats = try? Self.floats(octets) { #expect(floats.count == 2) }
    }

    /// A whole file that is not this network.
    @Test func weightsNeedEveryTensor() {
        #expect(throws: SafetensorsError.missingTensor("stft_conv.weight")) {
            try SileroWeights(SafetensorsFile(Self.octets(header: "{}")))
        }
    }
}
