/// An integer as senders write it: a number, or its digits in a string.
package enum JSONInteger: Equatable, Sendable {
    /// The value is `null`, which says as much as leaving the member out.
    case null
    case value(UInt64)
    /// Negative, fractional, past 64 bits, or no number at all.
    case other

    /// The integer, when there is one that `Integer` can hold.
    @inlinable package func `as`<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        if case .value(let value) = self { Integer(exactly: value) } else { nil }
    }
}

/// Readers of values whose type is not known yet; a value of another type is skipped, not an error.
extension JSONScanner {
    /// The next value if it is a string.
    @inlinable package mutating func stringIfPresent(in text: Span<UInt8>) throws(JSONError)
        -> JSONString?
    {
        guard peek(in: text) == UInt8(ascii: "\"") else {
            try skipValue(in: text)
            return nil
        }
        return try string(in: text)
    }

    /// The next value if it is a number.
    @inlinable package mutating func numberIfPresent(in text: Span<UInt8>) throws(JSONError)
        -> JSONNumber?
    {
        guard let first = peek(in: text), first.isASCIIDigit || first == UInt8(ascii: "-") else {
            try skipValue(in: text)
            return nil
        }
        return try number(in: text)
    }

    /// Whether the next value is `true`, or a string that says so.
    @inlinable package mutating func isTrue(in text: Span<UInt8>) throws(JSONError) -> Bool {
        if peek(in: text) == UInt8(ascii: "\"") {
            return try string(in: text).equals("true", in: text)
        }
        let first = peek(in: text)
        try skipValue(in: text)  // a word that begins so is `true`, or no JSON
        return first == UInt8(ascii: "t")
    }

    /// Steps into an object if the next value is one, else skips it; `nextKey` then walks it.
    @inlinable package mutating func beginObjectIfPresent(
        in text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        guard peek(in: text) == UInt8(ascii: "{") else {
            try skipValue(in: text)
            return false
        }
        try beginObject(in: text)
        return true
    }

    /// Where the next value starts if it is an object; the object is passed over.
    @inlinable package mutating func objectIfPresent(in text: Span<UInt8>) throws(JSONError) -> Int?
    {
        let opening = peek(in: text)
        let start = position
        try skipValue(in: text)
        return opening == UInt8(ascii: "{") ? start : nil
    }

    /// The next value as an integer, written as a number or as a string of digits.
    @inlinable package mutating func integer(in text: Span<UInt8>) throws(JSONError) -> JSONInteger
    {
        let start: Int
        let end: Int
        switch peek(in: text) {
        case UInt8(ascii: "\""):
            let string = try string(in: text)
            (start, end) = (string.start, string.end)
        case UInt8(ascii: "n"):
            try skipValue(in: text)
            return .null
        default:
            guard let number = try numberIfPresent(in: text) else { return .other }
            (start, end) = (number.start, number.end)
        }
        if let value = text.unsignedInteger(from: start, to: end) { return .value(value) }
        return .other
    }
}
