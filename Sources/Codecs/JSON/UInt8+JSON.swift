extension UInt8 {
    @inlinable package var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// 0…15 for a hexadecimal digit of either case.
    @inlinable package var hexadecimalValue: UInt8? {
        let lowered = self | 0x20
        if isASCIIDigit { return self & 0x0F }
        let value = lowered &- UInt8(ascii: "a")
        return value < 6 ? value + 10 : nil
    }
}

extension Span<UInt8> {
    /// The first octet at or after `start` that a JSON string treats specially.
    ///
    /// Special are the quote, the backslash, controls and everything outside ASCII. Eight octets
    /// are looked at together: a payload is most of a media message.
    @inlinable @inline(__always)
    package func plainRunEnd(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var position = start
        while count - position >= 8 {
            // Any eight octets are a valid UInt64; the offset is checked by the loop.
            let word = unsafe UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromByteOffset: position, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let special =
                (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                    | ((word &- (ones &* 0x20)) & ~word) | word) & tops
            // The lowest set bit is exact; borrows only disturb octets after it.
            if special != 0 { return position + special.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count {
            let octet = self[position]
            if octet == 0x22 || octet == 0x5C || octet < 0x20 || octet >= 0x80 { break }
            position += 1
        }
        return position
    }

    /// Octets of the well-formed UTF-8 sequence at `position`; 0 when there is none.
    ///
    /// Follows the Unicode Standard's table 3-7: no overlong forms, surrogates or planes past 16.
    @inlinable package func utf8SequenceLength(at position: Int) -> Int {
        let first = self[position]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard count - position >= length, second.contains(self[position + 1]) else { return 0 }
        for offset in 2..<Swift.max(length, 2) where self[position + offset] & 0xC0 != 0x80 {
            return 0
        }
        return length
    }

    /// Whether `text`, which has as many octets from `start` on, has these there.
    @inlinable package func isFound(in text: Span<UInt8>, at start: Int) -> Bool {
        precondition(start >= 0 && count <= text.count - start, "compared past the end")
        var offset = 0
        while count - offset >= 8 {
            // Any eight octets are a valid UInt64; both offsets are within what was checked above.
            let ours = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let theirs = unsafe text.bytes.unsafeLoadUnaligned(
                fromByteOffset: start + offset, as: UInt64.self)
            guard ours == theirs else { return false }
            offset += 8
        }
        while offset < count {
            guard self[offset] == text[start + offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether the octets from `start` to `end` are those of `literal`.
    @inlinable @inline(__always)
    package func equals(_ literal: StaticString, from start: Int, to end: Int) -> Bool {
        guard literal.utf8CodeUnitCount == end - start else { return false }
        for offset in 0..<(end - start) {
            // A literal's octets live as long as the program; the offset is below its count.
            guard unsafe self[start + offset] == literal.utf8Start[offset] else { return false }
        }
        return true
    }
}
