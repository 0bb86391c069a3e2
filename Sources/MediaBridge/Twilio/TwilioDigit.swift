internal import Codecs

// The small messages beside audio: a key, a mark that came back, the end.

/// `dtmf`: the caller pressed a key.
struct TwilioDigit: Equatable, Sendable {
    let header: TwilioHeader
    /// One of `0`–`9`, `*`, `#`, `A`–`D`.
    let digit: Character

    init(_ envelope: TwilioEnvelope, in text: Span<UInt8>) throws(TwilioError) {
        guard let dtmf = envelope.dtmf else { throw .missing(.dtmf) }
        header = try TwilioHeader(envelope)
        guard let digit = try JSONString(member: "digit", ofObjectAt: dtmf, in: text) else {
            throw .missing(.digit)
        }
        let said = digit.octetCount <= 6 ? digit.decoded(in: text) : ""
        guard said.utf8.count == 1, let key = said.first, "0123456789*#ABCD".contains(key) else {
            throw .invalid(.digit)
        }
        self.digit = key
    }
}

/// `mark`: what we put this mark behind has been played, or was thrown away by a `clear`.
struct TwilioMark: Equatable, Sendable {
    private static let nameLimit = 1_024

    let header: TwilioHeader
    let name: MarkName

    init(_ envelope: TwilioEnvelope, in text: Span<UInt8>) throws(TwilioError) {
        guard let mark = envelope.mark else { throw .missing(.mark) }
        header = try TwilioHeader(envelope)
        guard let name = try JSONString(member: "name", ofObjectAt: mark, in: text) else {
            throw .missing(.name)
        }
        guard name.octetCount <= Self.nameLimit else { throw .invalid(.name) }
        self.name = MarkName(text: name.decoded(in: text))
    }
}

/// `stop`: the stream was stopped or the call ended; the socket closes next.
struct TwilioStop: Equatable, Sendable {
    let header: TwilioHeader

    init(_ envelope: TwilioEnvelope) throws(TwilioError) {
        header = try TwilioHeader(envelope)
    }
}

extension JSONString {
    /// The last string member called `key` of the object at `position`; `nil` without one.
    init?(
        member key: StaticString, ofObjectAt position: Int, in text: Span<UInt8>
    ) throws(TwilioError) {
        var found: JSONString?
        do throws(JSONError) {
            var scanner = JSONScanner(at: position)
            try scanner.beginObject(in: text)
            while let name = try scanner.nextKey(in: text) {
                if name.equals(key, in: text) {
                    found = try scanner.stringIfPresent(in: text)
                } else {
                    try scanner.skipValue(in: text)
                }
            }
        } catch { throw .json(error) }
        guard let found else { return nil }
        self = found
    }

    /// What it says, if it has the length of an identifier.
    func identifier(
        _ field: TwilioField, in text: Span<UInt8>
    ) throws(TwilioError) -> String {
        guard (1...128).contains(octetCount) else { throw .invalid(field) }
        return decoded(in: text)
    }
}
