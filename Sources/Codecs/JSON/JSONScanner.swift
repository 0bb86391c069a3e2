/// Why octets are not one JSON text (RFC 8259); positions count octets from the start.
package enum JSONError: Error, Equatable, Sendable {
    /// Another octet was needed here, or the text ended.
    case syntax(at: Int)
    /// Not UTF-8, which RFC 8259 §8.1 demands.
    case encoding(at: Int)
    /// Arrays and objects nested deeper than `JSONScanner.depthLimit`.
    case depth(at: Int)
}

/// Reads a JSON text in one pass, value by value, without building a tree.
///
/// It holds a position only; every method is handed the same text. What is skipped is checked as
/// strictly as what is read: after `end(in:)` has returned, the whole text was JSON.
/// No method allocates.
package struct JSONScanner {
    /// Deep enough for any message of a carrier, shallow enough for any stack.
    package static let depthLimit = 32

    @usableFromInline package internal(set) var position: Int
    /// Right behind an opening brace or bracket, where no comma may stand.
    @usableFromInline var isAtStart = false

    /// - Parameter position: where the next value starts, as an earlier pass over the text saw it.
    @inlinable package init(at position: Int = 0) { self.position = position }

    /// The octet the next value starts with; `nil` at the end of the text.
    @inlinable @inline(__always)
    package mutating func peek(in text: Span<UInt8>) -> UInt8? {
        // Nothing but white space and illegal controls is below 0x21: one look is usually enough.
        if position < text.count, text[position] > 0x20 { return text[position] }
        return peekPastSpace(in: text)
    }

    @inlinable mutating func peekPastSpace(in text: Span<UInt8>) -> UInt8? {
        while position < text.count {
            let octet = text[position]
            guard octet == 0x20 || octet == 0x0A || octet == 0x0D || octet == 0x09 else {
                return octet
            }
            position += 1
        }
        return nil
    }

    /// Steps into an object; `nextKey` then walks its members.
    @inlinable package mutating func beginObject(in text: Span<UInt8>) throws(JSONError) {
        try expect(UInt8(ascii: "{"), in: text)
        isAtStart = true
    }

    /// The next member's name, its colon passed; `nil` once the object is closed.
    ///
    /// The caller reads or skips the member's value before it asks again.
    @inlinable package mutating func nextKey(in text: Span<UInt8>) throws(JSONError) -> JSONString?
    {
        guard try hasNext(before: UInt8(ascii: "}"), in: text) else { return nil }
        let key = try string(in: text)
        try expect(UInt8(ascii: ":"), in: text)
        return key
    }

    /// Steps into an array if the next value is one, else skips it; `nextElement` then walks it.
    @inlinable package mutating func beginArrayIfPresent(in text: Span<UInt8>) throws(JSONError)
        -> Bool
    {
        guard peek(in: text) == UInt8(ascii: "[") else {
            try skipValue(in: text)
            return false
        }
        position += 1
        isAtStart = true
        return true
    }

    /// Whether another element follows, which the caller reads or skips; `false`: closed.
    @inlinable package mutating func nextElement(in text: Span<UInt8>) throws(JSONError) -> Bool {
        try hasNext(before: UInt8(ascii: "]"), in: text)
    }

    /// Reads a string and leaves its octets where they are.
    @inlinable @inline(__always)
    package mutating func string(in text: Span<UInt8>) throws(JSONError) -> JSONString {
        try expect(UInt8(ascii: "\""), in: text)
        let start = position
        let end = text.plainRunEnd(from: start)
        // Hardly any string has more in it than plain ASCII.
        if end < text.count, text[end] == UInt8(ascii: "\"") {
            position = end + 1
            return JSONString(start: start, end: end, isEscaped: false)
        }
        position = end
        return try stringTail(from: start, in: text)
    }

    /// The rest of a string that holds something special at `position`.
    @inlinable @inline(never)
    mutating func stringTail(
        from start: Int, in text: Span<UInt8>
    ) throws(JSONError) -> JSONString {
        var isEscaped = false
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                position += 1
                return JSONString(start: start, end: position - 1, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try skipEscape(in: text)
            case ..<0x20:
                throw .syntax(at: position)
            default:
                let length = text.utf8SequenceLength(at: position)
                guard length > 0 else { throw .encoding(at: position) }
                position += length
            }
            position = text.plainRunEnd(from: position)
        }
        throw .syntax(at: position)
    }

    /// Passes over any value, checking it.
    @inlinable package mutating func skipValue(in text: Span<UInt8>) throws(JSONError) {
        try skipValue(in: text, depth: 0)
    }

    /// Only white space may follow.
    @inlinable package mutating func end(in text: Span<UInt8>) throws(JSONError) {
        guard peek(in: text) == nil else { throw .syntax(at: position) }
    }

    @inlinable mutating func skipValue(in text: Span<UInt8>, depth: Int) throws(JSONError) {
        guard depth < Self.depthLimit else { throw .depth(at: position) }
        switch peek(in: text) {
        case UInt8(ascii: "\""): _ = try string(in: text)
        case UInt8(ascii: "{"):
            try beginObject(in: text)
            while try nextKey(in: text) != nil { try skipValue(in: text, depth: depth + 1) }
        case UInt8(ascii: "["):
            _ = try beginArrayIfPresent(in: text)
            while try nextElement(in: text) { try skipValue(in: text, depth: depth + 1) }
        case UInt8(ascii: "t"): try skipWord("true", in: text)
        case UInt8(ascii: "f"): try skipWord("false", in: text)
        case UInt8(ascii: "n"): try skipWord("null", in: text)
        default: _ = try number(in: text)
        }
    }

    /// Passes the comma before the next member or element, or the end of the object or array.
    @inlinable mutating func hasNext(
        before closing: UInt8, in text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        if peek(in: text) == closing {
            position += 1
            isAtStart = false
            return false
        }
        if isAtStart {
            isAtStart = false
        } else {
            try expect(UInt8(ascii: ","), in: text)
        }
        return true
    }

    /// Reads a number of any size; its octets stay where they are (RFC 8259 §6).
    @inlinable package mutating func number(in text: Span<UInt8>) throws(JSONError) -> JSONNumber {
        _ = peek(in: text)
        let start = position
        if position < text.count, text[position] == UInt8(ascii: "-") { position += 1 }
        if position < text.count, text[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits(in: text)
        }
        var isInteger = true
        if position < text.count, text[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try skipDigits(in: text)
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < text.count,
                text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            try skipDigits(in: text)
        }
        return JSONNumber(start: start, end: position, isInteger: isInteger)
    }

    @inlinable mutating func skipDigits(in text: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < text.count, text[position].isASCIIDigit { position += 1 }
        guard position > start else { throw .syntax(at: position) }
    }

    @inlinable mutating func skipEscape(in text: Span<UInt8>) throws(JSONError) {
        position += 1
        guard position < text.count else { throw .syntax(at: position) }
        switch text[position] {
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard position < text.count, text[position].hexadecimalValue != nil else {
                    throw .syntax(at: position)
                }
                position += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default:
            throw .syntax(at: position)
        }
    }

    @inlinable mutating func skipWord(
        _ word: StaticString, in text: Span<UInt8>
    ) throws(JSONError) {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, text.equals(word, from: position, to: end) else {
            throw .syntax(at: position)
        }
        position = end
    }

    @inlinable @inline(__always)
    mutating func expect(_ octet: UInt8, in text: Span<UInt8>) throws(JSONError) {
        guard peek(in: text) == octet else { throw .syntax(at: position) }
        position += 1
    }
}
