/// Why a text is not the base64 of RFC 4648 §4, told by what arrived.
package enum Base64Error: Error, Equatable, Sendable {
    /// The number of characters is no multiple of four: text or padding is missing.
    case length(Int)
    /// A character outside the standard alphabet, which has no line breaks and no spaces.
    case character(UInt8, at: Int)
    /// A `=` before the last two places, or followed by something else.
    case padding(at: Int)
    /// The last character before the padding carries bits that no octet holds (RFC 4648 §3.5).
    case trailingBits(at: Int)
}

/// Base64 of one audio frame, between memory that the caller owns (RFC 4648 §4, strict).
///
/// Carriers wrap every 20 ms frame in base64, so this runs for each frame of each call: 160 octets
/// are 216 characters. Nothing here allocates.
package enum FrameBase64 {
    /// The characters that `octetCount` octets become, padding included.
    package static func encodedCount(_ octetCount: Int) -> Int { (octetCount + 2) / 3 * 4 }

    /// How many octets `text` stands for, from its length and padding alone.
    ///
    /// - Throws: `Base64Error.length` when characters are missing. `decode` checks the rest.
    package static func decodedCount(_ text: Span<UInt8>) throws(Base64Error) -> Int {
        guard text.count.isMultiple(of: 4) else { throw .length(text.count) }
        guard text.count > 0 else { return 0 }
        guard text[text.count - 1] == pad else { return text.count / 4 * 3 }
        return text.count / 4 * 3 - (text[text.count - 2] == pad ? 2 : 1)
    }

    /// Appends the octets that `text` stands for.
    ///
    /// - Parameters:
    ///   - text: ASCII, four characters per group; the last group is padded with `=`.
    ///   - octets: must have room for `decodedCount(text)`; unchanged when this throws.
    /// - Throws: `Base64Error` naming the first place that is wrong.
    package static func decode(
        _ text: Span<UInt8>, into octets: inout OutputSpan<UInt8>
    ) throws(Base64Error) {
        let count = try decodedCount(text)
        precondition(octets.freeCapacity >= count, "no room for the decoded octets")
        guard count > 0 else { return }
        // The last group apart: only it may be padded, and only it may not be overwritten into.
        let wholeGroups = text.count / 4 - 1
        let padding = (wholeGroups + 1) * 3 - count
        var bits: UInt32 = 0
        for place in 0..<4 - padding {
            bits = bits << 6 | values[Int(text[wholeGroups * 4 + place])]
            guard bits < invalid else { throw firstError(in: text) }
        }
        bits <<= UInt32(padding * 6)
        guard bits & ((1 << UInt32(padding * 8)) - 1) == 0 else { throw firstError(in: text) }

        let isValid = unsafe octets.withUnsafeMutableBufferPointer { buffer, initializedCount in
            // The precondition above leaves room for `count` octets from `target` on.
            guard let start = buffer.baseAddress else { return false }
            let target = unsafe UnsafeMutableRawPointer(start + initializedCount)
            guard unsafe decode(groups: wholeGroups, of: text, into: target) else { return false }
            for place in 0..<3 - padding {
                unsafe target.storeBytes(
                    of: UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place)),
                    toByteOffset: wholeGroups * 3 + place, as: UInt8.self)
            }
            initializedCount += count
            return true
        }
        guard isValid else { throw firstError(in: text) }
    }

    /// Appends the base64 of `octets`, padded.
    ///
    /// - Parameters:
    ///   - octets: any number, also none.
    ///   - text: must have room for `encodedCount(octets.count)`.
    package static func encode(_ octets: Span<UInt8>, into text: inout OutputSpan<UInt8>) {
        precondition(
            text.freeCapacity >= encodedCount(octets.count), "no room for the encoded text")
        let whole = octets.count / 3 * 3
        for index in stride(from: 0, to: whole, by: 3) {
            let group =
                Int(octets[index]) << 16 | Int(octets[index + 1]) << 8 | Int(octets[index + 2])
            text.append(alphabet[group >> 18])
            text.append(alphabet[group >> 12 & 0x3F])
            text.append(alphabet[group >> 6 & 0x3F])
            text.append(alphabet[group & 0x3F])
        }
        switch octets.count - whole {
        case 1:
            let group = Int(octets[whole])
            text.append(alphabet[group >> 2])
            text.append(alphabet[group << 4 & 0x3F])
            text.append(pad)
            text.append(pad)
        case 2:
            let group = Int(octets[whole]) << 8 | Int(octets[whole + 1])
            text.append(alphabet[group >> 10])
            text.append(alphabet[group >> 4 & 0x3F])
            text.append(alphabet[group << 2 & 0x3F])
            text.append(pad)
        default: break
        }
    }

    /// Writes three octets per group.
    ///
    /// Stores run up to two octets past what they mean, which the
    /// next store or the last group writes over: `octets` must hold the last group's too.
    ///
    /// - Returns: false when any character was outside the alphabet; the octets are then worthless.
    private static func decode(
        groups count: Int, of text: Span<UInt8>, into octets: UnsafeMutableRawPointer
    ) -> Bool {
        precondition(text.count >= count * 4, "fewer characters than groups")
        return unsafe text.bytes.withUnsafeBytes { characters in
            // All state is local to the closure: captured, it would live in memory.
            var seen: UInt32 = 0
            var wrong = SIMD16<UInt8>(repeating: 0)
            var group = 0
            // Four groups at once; one more must follow, for the last store's surplus.
            while group &+ 4 < count {
                // In bounds by the precondition.
                let values = unsafe sixBits(
                    characters.loadUnaligned(fromByteOffset: group &* 4, as: SIMD16<UInt8>.self),
                    wrong: &wrong)
                let halves = unsafe unsafeBitCast(values, to: SIMD2<UInt64>.self)
                unsafe octets.storeBytes(
                    of: joined(UInt64(littleEndian: halves[0])), toByteOffset: group &* 3,
                    as: UInt64.self)
                unsafe octets.storeBytes(
                    of: joined(UInt64(littleEndian: halves[1])), toByteOffset: group &* 3 &+ 6,
                    as: UInt64.self)
                group &+= 4
            }
            while group < count {
                var bits: UInt32 = 0
                for place in 0..<4 {
                    let value = unsafe values[Int(characters[group &* 4 &+ place])]
                    bits = bits << 6 | value
                    seen |= value
                }
                unsafe octets.storeBytes(
                    of: (bits << 8).bigEndian, toByteOffset: group &* 3, as: UInt32.self)
                group &+= 1
            }
            let flags = unsafe unsafeBitCast(wrong, to: SIMD2<UInt64>.self)
            return seen < invalid && (flags[0] | flags[1]) & 0x8080_8080_8080_8080 == 0
        }
    }

    /// The values of sixteen characters; bit 7 of `wrong` is set where one is in no alphabet.
    ///
    /// What must be added to a character changes at nine places of the ASCII table. The additions
    /// wrap, and outside the alphabet they leave bit 7 set. Masks of arithmetic, not of
    /// comparisons: those are calls in Swift 6.3 (measured: 6 µs and not 0.1 µs per frame).
    @inline(__always)
    private static func sixBits(
        _ characters: SIMD16<UInt8>, wrong: inout SIMD16<UInt8>
    ) -> SIMD16<UInt8> {
        var values = characters &+ 128
        values &+= step(characters, from: "+", by: 19 - 128)
        values &+= step(characters, from: ",", by: 128 - 19)
        values &+= step(characters, from: "/", by: 16 - 128)
        values &+= step(characters, from: "0", by: 4 - 16)
        values &+= step(characters, from: ":", by: 128 - 4)
        values &+= step(characters, from: "A", by: -65 - 128)
        values &+= step(characters, from: "[", by: 128 + 65)
        values &+= step(characters, from: "a", by: -71 - 128)
        values &+= step(characters, from: "{", by: 128 + 71)
        wrong |= values | characters
        return values
    }

    /// `difference` where a 7-bit character is `first` or later in the ASCII table, else 0.
    @inline(__always)
    private static func step(
        _ characters: SIMD16<UInt8>, from first: Unicode.Scalar, by difference: Int
    ) -> SIMD16<UInt8> {
        // Bit 7 is the answer; the arithmetic shift fills the octet with it.
        let isLater = unsafe unsafeBitCast(
            characters &+ (128 - UInt8(ascii: first)), to: SIMD16<Int8>.self)
        return unsafe unsafeBitCast(isLater &>> 7, to: SIMD16<UInt8>.self)
            & UInt8(truncatingIfNeeded: difference)
    }

    /// Joins eight 6-bit values, first in the lowest octet, to six octets in memory order.
    private static func joined(_ values: UInt64) -> UInt64 {
        let odd: UInt64 = 0x00FF_00FF_00FF_00FF
        let twelve = (values & odd) << 6 | values >> 8 & odd
        let low: UInt64 = 0x0000_FFFF_0000_FFFF
        let twentyFour = (twelve & low) << 12 | twelve >> 16 & low
        let fortyEight = (twentyFour & 0xFFFF_FFFF) << 24 | twentyFour >> 32
        return (fortyEight << 16).bigEndian
    }

    /// What is wrong with a text that did not decode, found without haste.
    private static func firstError(in text: Span<UInt8>) -> Base64Error {
        var lastValue = 0
        for index in text.indices {
            let character = text[index]
            if character == pad {
                let isLast = index == text.count - 1
                let isBeforeLast = index == text.count - 2 && text[index + 1] == pad
                guard isLast || isBeforeLast else { return .padding(at: index) }
            } else if values[Int(character)] == invalid {
                return .character(character, at: index)
            } else {
                lastValue = index
            }
        }
        return .trailingBits(at: lastValue)
    }

    private static let pad = UInt8(ascii: "=")

    /// The character of each 6-bit value (RFC 4648, table 1).
    private static let alphabet = InlineArray<64, UInt8> { value in
        switch UInt8(value) {
        case 0..<26: UInt8(ascii: "A") + UInt8(value)
        case 26..<52: UInt8(ascii: "a") + UInt8(value) - 26
        case 52..<62: UInt8(ascii: "0") + UInt8(value) - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    /// Each character's value, or `invalid`.
    private static let values = {
        var table = InlineArray<256, UInt32>(repeating: invalid)
        for value in alphabet.indices { table[Int(alphabet[value])] = UInt32(value) }
        return table
    }()
    /// Above any 24 bits, and above them still after the last group's shifts.
    private static let invalid: UInt32 = 1 << 24
}
