/// Where a JSON string stands in its text, quotes excluded; the scanner has checked it.
package struct JSONString: Equatable, Sendable {
    package let start: Int
    package let end: Int
    /// Holds at least one backslash escape, so its octets are not what it says.
    package let isEscaped: Bool

    @inlinable package init(start: Int, end: Int, isEscaped: Bool) {
        self.start = start
        self.end = end
        self.isEscaped = isEscaped
    }

    /// Octets as written, at least as many as it means.
    @inlinable package var octetCount: Int { end - start }

    /// Whether it says `literal`, however it is escaped.
    @inlinable @inline(__always)
    package func equals(_ literal: StaticString, in text: Span<UInt8>) -> Bool {
        guard !isEscaped else { return equalsDecoded(literal, in: text) }
        return text.equals(literal, from: start, to: end)
    }

    /// Whether it says `value`, which is UTF-8; no allocation unless it is escaped.
    @inlinable package func equals(utf8 value: Span<UInt8>, in text: Span<UInt8>) -> Bool {
        guard !isEscaped else { return equalsDecoded(value, in: text) }
        guard value.count == octetCount else { return false }
        return value.isFound(in: text, at: start)
    }

    /// Rare, and kept out of the callers' code.
    @inlinable @inline(never)
    func equalsDecoded(_ literal: StaticString, in text: Span<UInt8>) -> Bool {
        decoded(in: text) == "\(literal)"
    }

    @inlinable @inline(never)
    func equalsDecoded(_ value: Span<UInt8>, in text: Span<UInt8>) -> Bool {
        let said = Array(decoded(in: text).utf8)
        return Self(start: 0, end: said.count, isEscaped: false).equals(utf8: value, in: said.span)
    }

    /// What it says; lone surrogates become U+FFFD.
    @inlinable package func decoded(in text: Span<UInt8>) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(octetCount)
        guard isEscaped else {
            for position in start..<end { octets.append(text[position]) }
            return String(decoding: octets, as: UTF8.self)
        }
        var position = start
        var highSurrogate: UInt32?
        while position < end {
            guard text[position] == UInt8(ascii: "\\") else {
                Self.append(0xFFFD, if: &highSurrogate, to: &octets)
                octets.append(text[position])
                position += 1
                continue
            }
            let unit = Self.unescape(at: &position, in: text)
            if let high = highSurrogate, unit & 0xFC00 == 0xDC00 {
                highSurrogate = nil
                Self.append(0x10000 + (high & 0x3FF) << 10 + (unit & 0x3FF), to: &octets)
                continue
            }
            Self.append(0xFFFD, if: &highSurrogate, to: &octets)
            if unit & 0xFC00 == 0xD800 {
                highSurrogate = unit
            } else {
                Self.append(unit, to: &octets)
            }
        }
        Self.append(0xFFFD, if: &highSurrogate, to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// The UTF-16 code unit of the checked escape at `position`, which moves behind it.
    @inlinable package static func unescape(at position: inout Int, in text: Span<UInt8>) -> UInt32
    {
        let kind = text[position + 1]
        position += 2
        switch kind {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            var unit: UInt32 = 0
            for _ in 0..<4 {
                unit = unit << 4 | UInt32(text[position].hexadecimalValue ?? 0)
                position += 1
            }
            return unit
        default: return UInt32(kind)  // quote, backslash and slash stand for themselves
        }
    }

    @inlinable static func append(
        _ scalar: UInt32, if highSurrogate: inout UInt32?, to octets: inout [UInt8]
    ) {
        guard highSurrogate != nil else { return }
        highSurrogate = nil
        append(scalar, to: &octets)
    }

    @inlinable static func append(_ value: UInt32, to octets: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        octets.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

/// Where a JSON number stands in its text.
package struct JSONNumber: Equatable, Sendable {
    package let start: Int
    package let end: Int
    /// Written without fraction and exponent.
    package let isInteger: Bool

    @inlinable package init(start: Int, end: Int, isInteger: Bool) {
        self.start = start
        self.end = end
        self.isInteger = isInteger
    }

    /// The nearest number; infinite for what is too large.
    package func value(in text: Span<UInt8>) -> Double {
        if let integer = text.unsignedInteger(from: start, to: end) { return Double(integer) }
        let digits = String(decoding: (start..<end).map { text[$0] }, as: UTF8.self)
        return Double(digits) ?? .infinity
    }
}

extension Span<UInt8> {
    /// The unsigned integer that the octets from `start` to `end` spell in decimal digits.
    @inlinable package func unsignedInteger(from start: Int, to end: Int) -> UInt64? {
        guard start < end else { return nil }
        var value: UInt64 = 0
        for position in start..<end {
            guard self[position].isASCIIDigit else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(UInt64(self[position] & 0x0F))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}
