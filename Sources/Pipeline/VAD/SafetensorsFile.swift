internal import Foundation

/// Named arrays of 32-bit floats in a safetensors file (huggingface.co/docs/safetensors, format).
///
/// ```text
/// | 8 octets | N octets                                             | data |
/// | N, LE    | {"name":{"dtype":"F32","shape":[…],"data_offsets":[a,b]},…} |
/// ```
/// Offsets count from the end of the header. Nothing a file says makes the parser trap.
package struct SafetensorsFile: Sendable {
    /// A header this long is no network of ours; the format itself allows 100 MB.
    private static let longestHeader: UInt64 = 1 << 20

    private let octets: [UInt8]
    private let dataStart: Int
    private let entries: [String: Entry]

    private struct Entry: Decodable, Sendable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case offsets = "data_offsets"
        }
    }

    /// The header's values; `__metadata__`, whose values are plain strings, is not kept.
    private struct Header: Decodable {
        var entries: [String: Entry] = [:]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for name in container.allKeys where name.stringValue != "__metadata__" {
                entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
            }
        }
    }

    /// Reads the header; the arrays are checked when they are asked for.
    package init(_ octets: [UInt8]) throws(SafetensorsError) {
        guard octets.count >= 8 else { throw .truncated(needed: 8, available: octets.count) }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(octets[index]) << (8 * UInt64(index)) }
        guard length <= Self.longestHeader else { throw .headerTooLong(octetCount: length) }
        let end = 8 + Int(length)
        guard octets.count >= end else { throw .truncated(needed: end, available: octets.count) }
        guard octets[8..<end].first == UInt8(ascii: "{"),
            let header = try? JSONDecoder().decode(Header.self, from: Data(octets[8..<end]))
        else { throw .malformedHeader }
        self.octets = octets
        dataStart = end
        entries = header.entries
    }

    /// One array in row-major order.
    ///
    /// - Throws: `SafetensorsError` unless it is there with this shape and wholly within the file.
    package func floats(
        _ name: String, shape expected: [Int]
    ) throws(SafetensorsError) -> [Float] {
        guard let entry = entries[name] else { throw .missingTensor(name) }
        guard entry.dtype == "F32" else { throw .elementType(tensor: name, entry.dtype) }
        guard entry.shape == expected else {
            throw .shape(tensor: name, expected: expected, found: entry.shape)
        }
        let count = expected.reduce(1, *)
        guard entry.offsets.count == 2 else { throw .extent(tensor: name) }
        let (start, end) = (entry.offsets[0], entry.offsets[1])
        guard start >= 0, end >= start, end - start == 4 * count else {
            throw .extent(tensor: name)
        }
        let available = octets.count - dataStart
        guard end <= available else { throw .truncated(needed: end, available: available) }
        var floats: [Float] = []
        floats.reserveCapacity(count)
        for position in stride(from: dataStart + start, to: dataStart + end, by: 4) {
            var pattern: UInt32 = 0
            for index in 0..<4 {
                pattern |= UInt32(octets[position + index]) << (8 * UInt32(index))
            }
            floats.append(Float(bitPattern: pattern))
        }
        return floats
    }
}
