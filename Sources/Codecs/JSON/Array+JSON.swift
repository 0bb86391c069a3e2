extension Array where Element == UInt8 {
    /// Appends `text` as a JSON string, quotes included (RFC 8259 §7).
    @inlinable package mutating func appendJSONString(_ text: String) {
        append(UInt8(ascii: "\""))
        let octets = text.utf8.span
        var position = 0
        while position < octets.count {
            let end = octets.plainRunEnd(from: position)
            while position < end {
                append(octets[position])
                position += 1
            }
            guard end < octets.count else { break }
            let octet = octets[end]
            position += 1
            switch octet {
            case UInt8(ascii: "\""): append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): append(contentsOf: "\\\\".utf8)
            case 0x0A: append(contentsOf: "\\n".utf8)
            case 0x0D: append(contentsOf: "\\r".utf8)
            case 0x09: append(contentsOf: "\\t".utf8)
            case ..<0x20:
                append(contentsOf: "\\u00".utf8)
                append(octet < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                append(Array("0123456789abcdef".utf8)[Int(octet & 0x0F)])
            default: append(octet)
            }
        }
        append(UInt8(ascii: "\""))
    }
}

extension OutputSpan<UInt8> {
    /// Appends all of `octets`, for which there must be room.
    @inlinable package mutating func append(copying octets: Span<UInt8>) {
        for index in octets.indices { append(octets[index]) }
    }
}
