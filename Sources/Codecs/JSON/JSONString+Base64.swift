/// Why a string of a message cannot be taken as base64 audio.
package enum JSONPayloadError: Error, Equatable, Sendable {
    case base64
    /// The audio has more octets than there is room for.
    case tooLong(octetCount: Int, capacity: Int)
}

extension JSONString {
    /// Appends what this base64 string stands for to `audio`, or nothing when it throws.
    ///
    /// - Returns: the number of octets appended.
    @inlinable package func decodeBase64(
        in text: Span<UInt8>, into audio: inout OutputSpan<UInt8>
    ) throws(JSONPayloadError) -> Int {
        let countBefore = audio.count
        do {
            if isEscaped {
                try decodeEscapedBase64(in: text, into: &audio)
            } else {
                try Self.decodeBase64(text.extracting(start..<end), into: &audio)
            }
        } catch {
            audio.removeLast(audio.count - countBefore)
            throw error
        }
        return audio.count - countBefore
    }

    /// What this base64 string stands for, in memory of its own.
    package func decodedBase64(in text: Span<UInt8>) throws(JSONPayloadError) -> [UInt8] {
        try [UInt8](capacity: octetCount / 4 * 3) {
            (octets: inout OutputSpan<UInt8>) throws(JSONPayloadError) in
            _ = try decodeBase64(in: text, into: &octets)
        }
    }

    /// Some senders write the slash of base64 as `\/`: unescapes block by block.
    @inlinable func decodeEscapedBase64(
        in text: Span<UInt8>, into audio: inout OutputSpan<UInt8>
    ) throws(JSONPayloadError) {
        var block = InlineArray<64, UInt8>(repeating: 0)
        var filled = 0
        var position = start
        while position < end {
            // Padding ends the text, so a full block that ended with it must have been the last.
            if filled == block.count {
                guard block[block.count - 1] != UInt8(ascii: "=") else { throw .base64 }
                try Self.decodeBase64(block.span, into: &audio)
                filled = 0
            }
            if text[position] == UInt8(ascii: "\\") {
                let unit = Self.unescape(at: &position, in: text)
                guard unit < 0x80 else { throw .base64 }
                block[filled] = UInt8(unit)
            } else {
                block[filled] = text[position]
                position += 1
            }
            filled += 1
        }
        try Self.decodeBase64(block.span.extracting(0..<filled), into: &audio)
    }

    @inlinable static func decodeBase64(
        _ text: Span<UInt8>, into audio: inout OutputSpan<UInt8>
    ) throws(JSONPayloadError) {
        let octetCount: Int
        do { octetCount = try FrameBase64.decodedCount(text) } catch { throw .base64 }
        guard octetCount <= audio.freeCapacity else {
            throw .tooLong(octetCount: octetCount, capacity: audio.freeCapacity)
        }
        do { try FrameBase64.decode(text, into: &audio) } catch { throw .base64 }
    }
}
