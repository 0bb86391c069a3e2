internal import Codecs

/// `start`: which call and stream this is, and what its audio sounds like.
struct TwilioStart: Equatable, Sendable {
    let sequenceNumber: SequenceNumber?
    let accountSID: AccountSID?
    let callSID: CallSID
    let streamSID: StreamSID
    let tracks: [TwilioTrack]
    let mediaFormat: TwilioMediaFormat
    /// What the TwiML's `<Parameter>` elements said; empty when there were none.
    let parameters: [String: String]

    init(_ envelope: TwilioEnvelope, in text: Span<UInt8>) throws(TwilioError) {
        guard let start = envelope.start else { throw .missing(.start) }
        let header = try TwilioHeader(envelope)
        let body: StartMembers
        do { body = try StartMembers(at: start, in: text) } catch { throw .json(error) }

        guard let callSID = body.callSID else { throw .missing(.callSID) }
        guard let streamSID = body.streamSID ?? header.streamSID else {
            throw .missing(.streamSID)
        }
        guard let mediaFormat = body.mediaFormat else { throw .missing(.mediaFormat) }
        self.sequenceNumber = header.sequenceNumber
        self.callSID = CallSID(text: try callSID.identifier(.callSID, in: text))
        self.streamSID = StreamSID(text: try streamSID.identifier(.streamSID, in: text))
        // Said twice, it must be the same both times: every later message is held against it.
        if let other = header.streamSID,
            !other.equals(utf8: self.streamSID.text.utf8.span, in: text)
        {
            throw .invalid(.streamSID)
        }
        if let accountSID = body.accountSID {
            self.accountSID = AccountSID(text: try accountSID.identifier(.accountSID, in: text))
        } else {
            self.accountSID = nil
        }
        tracks = body.tracks
        self.mediaFormat = try TwilioMediaFormat(at: mediaFormat, in: text)
        guard let parameters = body.parameters else { throw .invalid(.customParameters) }
        self.parameters = parameters
    }
}

/// The members of `start`, not yet judged.
private struct StartMembers {
    var accountSID: JSONString?
    var callSID: JSONString?
    var streamSID: JSONString?
    var tracks: [TwilioTrack] = []
    var mediaFormat: Int?
    /// `nil` when they are not an object of strings.
    var parameters: [String: String]? = [:]

    init(at position: Int, in text: Span<UInt8>) throws(JSONError) {
        var scanner = JSONScanner(at: position)
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("accountSid", in: text) {
                accountSID = try scanner.stringIfPresent(in: text)
            } else if key.equals("callSid", in: text) {
                callSID = try scanner.stringIfPresent(in: text)
            } else if key.equals("streamSid", in: text) {
                streamSID = try scanner.stringIfPresent(in: text)
            } else if key.equals("mediaFormat", in: text) {
                mediaFormat = try scanner.objectIfPresent(in: text)
            } else if key.equals("tracks", in: text) {
                tracks = try Self.scanTracks(with: &scanner, in: text)
            } else if key.equals("customParameters", in: text) {
                parameters = try Self.scanParameters(with: &scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
    }

    private static func scanTracks(
        with scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(JSONError) -> [TwilioTrack] {
        guard try scanner.beginArrayIfPresent(in: text) else { return [] }
        var tracks: [TwilioTrack] = []
        while try scanner.nextElement(in: text) {
            guard let name = try scanner.stringIfPresent(in: text) else { continue }
            if name.equals("inbound", in: text), !tracks.contains(.inbound) {
                tracks.append(.inbound)
            } else if name.equals("outbound", in: text), !tracks.contains(.outbound) {
                tracks.append(.outbound)
            }
        }
        return tracks
    }

    private static func scanParameters(
        with scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(JSONError) -> [String: String]? {
        guard scanner.peek(in: text) == UInt8(ascii: "{") else {
            let isNull = scanner.peek(in: text) == UInt8(ascii: "n")
            try scanner.skipValue(in: text)
            return isNull ? [:] : nil
        }
        var parameters: [String: String]? = [:]
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if let value = try scanner.stringIfPresent(in: text) {
                parameters?[key.decoded(in: text)] = value.decoded(in: text)
            } else {
                parameters = nil
            }
        }
        return parameters
    }
}

extension TwilioMediaFormat {
    fileprivate init(at position: Int, in text: Span<UInt8>) throws(TwilioError) {
        var encoding: JSONString?
        var sampleRate = JSONInteger.null
        var channels = JSONInteger.null
        do throws(JSONError) {
            var scanner = JSONScanner(at: position)
            try scanner.beginObject(in: text)
            while let key = try scanner.nextKey(in: text) {
                if key.equals("encoding", in: text) {
                    encoding = try scanner.stringIfPresent(in: text)
                } else if key.equals("sampleRate", in: text) {
                    sampleRate = try scanner.integer(in: text)
                } else if key.equals("channels", in: text) {
                    channels = try scanner.integer(in: text)
                } else {
                    try scanner.skipValue(in: text)
                }
            }
        } catch { throw .json(error) }

        guard let encoding else { throw .missing(.encoding) }
        self.encoding = try encoding.identifier(.encoding, in: text)
        guard let hertz = sampleRate.as(Int.self) else { throw .invalid(.sampleRate) }
        self.sampleRate = hertz
        if channels == .null {
            self.channels = 1
        } else {
            guard let count = channels.as(Int.self) else { throw .invalid(.channels) }
            self.channels = count
        }
    }
}
