internal import Codecs

/// One text message from an audio client (docs/audio-websocket.md, "Client to bridge").
///
/// Audio keeps its place in the text instead of a value; the others are decoded.
enum AudioSocketMessage: Equatable, Sendable {
    case sessionStart(AudioSocketRequest)
    /// Base64 of audio in the input format.
    case audio(JSONString)
    case dtmf(Character, durationMilliseconds: Int?)
    case marked(MarkName, isPlayed: Bool, playedMilliseconds: Int?)
    case cleared(epoch: Int, playedMilliseconds: Int?, droppedMilliseconds: Int?)
    case interrupt
    /// The number as it was written, to be sent back.
    case ping(String)
    case stop(reason: String?)

    private static let textLimit = 1_024

    /// Reads one text message; the caller keeps the octets.
    init(parsing text: Span<UInt8>) throws(AudioSocketError) {
        let members: AudioSocketMembers
        do { members = try AudioSocketMembers(scanning: text) } catch { throw .json(error) }
        guard let type = members.type else { throw .missing(.type) }
        if type.equals("audio", in: text) {
            guard let data = members.data else { throw .missing(.data) }
            self = .audio(data)
        } else if type.equals("session.start", in: text) {
            self = .sessionStart(try AudioSocketRequest(members, in: text))
        } else if type.equals("dtmf", in: text) {
            self = .dtmf(
                try Self.digit(members.digit, in: text),
                durationMilliseconds: try members.duration.milliseconds(.duration))
        } else if type.equals("marked", in: text) {
            self = try Self.marked(members, in: text)
        } else if type.equals("cleared", in: text) {
            guard members.epoch != .null else { throw .missing(.epoch) }
            guard let epoch = members.epoch.as(Int.self) else { throw .invalid(.epoch) }
            self = .cleared(
                epoch: epoch, playedMilliseconds: try members.played.milliseconds(.played),
                droppedMilliseconds: try members.dropped.milliseconds(.dropped))
        } else if type.equals("interrupt", in: text) {
            self = .interrupt
        } else if type.equals("ping", in: text) {
            guard let time = members.time else { throw .missing(.time) }
            guard time.end - time.start <= 32 else { throw .invalid(.time) }
            let written = JSONString(start: time.start, end: time.end, isEscaped: false)
            self = .ping(written.decoded(in: text))
        } else if type.equals("stop", in: text) {
            self = .stop(reason: try members.reason?.text(.reason, upTo: Self.textLimit, in: text))
        } else {
            throw .unknownType
        }
    }

    private static func digit(
        _ digit: JSONString?, in text: Span<UInt8>
    ) throws(AudioSocketError) -> Character {
        guard let digit else { throw .missing(.digit) }
        let said = try digit.text(.digit, upTo: 6, in: text)
        guard said.utf8.count == 1, let key = said.first, "0123456789*#ABCD".contains(key) else {
            throw .invalid(.digit)
        }
        return key
    }

    private static func marked(
        _ members: AudioSocketMembers, in text: Span<UInt8>
    ) throws(AudioSocketError) -> Self {
        guard let name = members.name else { throw .missing(.name) }
        guard let state = members.state else { throw .missing(.state) }
        let isPlayed = state.equals("played", in: text)
        guard isPlayed || state.equals("cleared", in: text) else { throw .invalid(.state) }
        return .marked(
            MarkName(text: try name.text(.name, upTo: textLimit, in: text)), isPlayed: isPlayed,
            playedMilliseconds: try members.played.milliseconds(.played))
    }
}

/// One pass over a client's message: every member any type has, not yet judged.
struct AudioSocketMembers {
    private(set) var type: JSONString?
    private(set) var version = JSONInteger.null
    private(set) var token: JSONString?
    private(set) var session: JSONString?
    /// Where these objects (an array for `events`) start, for a second pass.
    private(set) var input: Int?
    private(set) var output: Int?
    private(set) var metadata: Int?
    private(set) var events: Int?
    private(set) var avatar = false
    private(set) var data: JSONString?
    private(set) var digit: JSONString?
    private(set) var duration = JSONInteger.null
    private(set) var name: JSONString?
    private(set) var state: JSONString?
    private(set) var played = JSONInteger.null
    private(set) var dropped = JSONInteger.null
    private(set) var epoch = JSONInteger.null
    private(set) var time: JSONNumber?
    private(set) var reason: JSONString?

    init(scanning text: Span<UInt8>) throws(JSONError) {
        var scanner = JSONScanner()
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("type", in: text) {
                type = try scanner.stringIfPresent(in: text)
            } else if key.equals("data", in: text) {
                data = try scanner.stringIfPresent(in: text)
            } else if try !takeControl(key, with: &scanner, in: text),
                try !takeStart(key, with: &scanner, in: text)
            {
                try scanner.skipValue(in: text)
            }
        }
        try scanner.end(in: text)
    }

    private mutating func takeControl(
        _ key: JSONString, with scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        if key.equals("name", in: text) {
            name = try scanner.stringIfPresent(in: text)
        } else if key.equals("state", in: text) {
            state = try scanner.stringIfPresent(in: text)
        } else if key.equals("played_ms", in: text) {
            played = try scanner.integer(in: text)
        } else if key.equals("dropped_ms", in: text) {
            dropped = try scanner.integer(in: text)
        } else if key.equals("epoch", in: text) {
            epoch = try scanner.integer(in: text)
        } else if key.equals("digit", in: text) {
            digit = try scanner.stringIfPresent(in: text)
        } else if key.equals("duration_ms", in: text) {
            duration = try scanner.integer(in: text)
        } else if key.equals("t", in: text) {
            time = try scanner.numberIfPresent(in: text)
        } else if key.equals("reason", in: text) {
            reason = try scanner.stringIfPresent(in: text)
        } else {
            return false
        }
        return true
    }

    private mutating func takeStart(
        _ key: JSONString, with scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(JSONError) -> Bool {
        if key.equals("version", in: text) {
            version = try scanner.integer(in: text)
        } else if key.equals("token", in: text) {
            token = try scanner.stringIfPresent(in: text)
        } else if key.equals("session", in: text) {
            session = try scanner.stringIfPresent(in: text)
        } else if key.equals("input", in: text) {
            input = try scanner.objectIfPresent(in: text)
        } else if key.equals("output", in: text) {
            output = try scanner.objectIfPresent(in: text)
        } else if key.equals("metadata", in: text) {
            metadata = try scanner.objectIfPresent(in: text)
        } else if key.equals("avatar", in: text) {
            avatar = try scanner.isTrue(in: text)
        } else if key.equals("events", in: text) {
            let opening = scanner.peek(in: text)
            let start = scanner.position
            try scanner.skipValue(in: text)
            events = opening == UInt8(ascii: "[") ? start : nil
        } else {
            return false
        }
        return true
    }
}

extension JSONInteger {
    /// A length of audio; `nil` when the client left it out.
    fileprivate func milliseconds(
        _ field: AudioSocketField
    ) throws(AudioSocketError) -> Int? {
        if self == .null { return nil }
        // A year: further arithmetic cannot overflow.
        guard let value = self.as(Int.self), value <= 31_536_000_000 else { throw .invalid(field) }
        return value
    }
}

extension JSONString {
    /// What it says, if it is no longer than `limit` octets as written.
    func text(
        _ field: AudioSocketField, upTo limit: Int, in text: Span<UInt8>
    ) throws(AudioSocketError) -> String {
        guard octetCount <= limit else { throw .invalid(field) }
        return decoded(in: text)
    }
}
