internal import Codecs

/// One message from Twilio, as the Media Streams protocol has them ("WebSocket messages").
///
/// `media` is read without allocating and keeps places in the text instead of values; the rare
/// messages are decoded into values. Members may stand in any order, unknown ones are skipped, and
/// of a member that stands twice the last one counts, as in most JSON readers.
enum TwilioMessage: Equatable, Sendable {
    case connected
    // Boxed: it comes once, and without it the value is small enough to hand about per frame.
    indirect case start(TwilioStart)
    case media(TwilioMedia)
    case dtmf(TwilioDigit)
    case mark(TwilioMark)
    case stop(TwilioStop)

    /// Reads one text message; the caller keeps the octets.
    init(parsing text: Span<UInt8>) throws(TwilioError) {
        let envelope: TwilioEnvelope
        do { envelope = try TwilioEnvelope(scanning: text) } catch { throw .json(error) }
        guard let event = envelope.event else { throw .missing(.event) }
        if event.equals("media", in: text) {
            self = .media(try TwilioMedia(envelope))
        } else if event.equals("connected", in: text) {
            self = .connected
        } else if event.equals("start", in: text) {
            self = .start(try TwilioStart(envelope, in: text))
        } else if event.equals("dtmf", in: text) {
            self = .dtmf(try TwilioDigit(envelope, in: text))
        } else if event.equals("mark", in: text) {
            self = .mark(try TwilioMark(envelope, in: text))
        } else if event.equals("stop", in: text) {
            self = .stop(try TwilioStop(envelope))
        } else {
            throw .unknownEvent
        }
    }
}

/// The header every message but `connected` carries; streams of other carriers omit parts of it.
struct TwilioHeader: Equatable, Sendable {
    /// `nil` when the sender left it out.
    let sequenceNumber: SequenceNumber?
    /// Where the stream's identifier stands in the text; `nil` when the sender left it out.
    let streamSID: JSONString?

    init(_ envelope: TwilioEnvelope) throws(TwilioError) {
        switch envelope.sequenceNumber {
        case .null: sequenceNumber = nil
        case .value(let value): sequenceNumber = SequenceNumber(truncating: value)
        case .other: throw .invalid(.sequenceNumber)
        }
        streamSID = envelope.streamSID
    }
}

/// One pass over a message: what the header says and where the body stands.
struct TwilioEnvelope {
    private(set) var event: JSONString?
    private(set) var sequenceNumber = JSONInteger.null
    private(set) var streamSID: JSONString?
    private(set) var media: MediaMembers?
    /// Where the object of the event's own name opens, for a second pass; media needs none.
    private(set) var start: Int?
    private(set) var dtmf: Int?
    private(set) var mark: Int?

    /// The members of `media`, not yet judged.
    struct MediaMembers {
        fileprivate(set) var track: JSONString?
        fileprivate(set) var chunk = JSONInteger.null
        fileprivate(set) var timestamp = JSONInteger.null
        fileprivate(set) var payload: JSONString?
    }

    init(scanning text: Span<UInt8>) throws(JSONError) {
        var scanner = JSONScanner()
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("event", in: text) {
                event = try scanner.stringIfPresent(in: text)
            } else if key.equals("sequenceNumber", in: text) {
                sequenceNumber = try scanner.integer(in: text)
            } else if key.equals("streamSid", in: text) {
                streamSID = try scanner.stringIfPresent(in: text)
            } else if key.equals("media", in: text) {
                media = try Self.scanMedia(with: &scanner, in: text)
            } else if key.equals("start", in: text) {
                start = try scanner.objectIfPresent(in: text)
            } else if key.equals("dtmf", in: text) {
                dtmf = try scanner.objectIfPresent(in: text)
            } else if key.equals("mark", in: text) {
                mark = try scanner.objectIfPresent(in: text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
        try scanner.end(in: text)
    }

    private static func scanMedia(
        with scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(JSONError) -> MediaMembers? {
        guard scanner.peek(in: text) == UInt8(ascii: "{") else {
            try scanner.skipValue(in: text)
            return nil
        }
        var members = MediaMembers()
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("payload", in: text) {
                members.payload = try scanner.stringIfPresent(in: text)
            } else if key.equals("track", in: text) {
                members.track = try scanner.stringIfPresent(in: text)
            } else if key.equals("chunk", in: text) {
                members.chunk = try scanner.integer(in: text)
            } else if key.equals("timestamp", in: text) {
                members.timestamp = try scanner.integer(in: text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
        return members
    }
}
