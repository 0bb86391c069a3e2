internal import Codecs

/// `session.start`: who the client is and what it wants to hear and be heard in.
struct AudioSocketRequest: Equatable, Sendable {
    let version: Int
    /// For clients that cannot send an `Authorization` header; never logged.
    let token: String?
    let session: String?
    let input: AudioSocketWish
    let output: AudioSocketWish
    /// The members of `metadata` that are strings.
    let metadata: [String: String]
    /// What is told beside the audio; unknown names are left out.
    let events: Set<AudioSocketTopic>
    /// The agent is to be seen, too.
    let wantsAvatar: Bool

    private static let textLimit = 4_096

    init(_ members: AudioSocketMembers, in text: Span<UInt8>) throws(AudioSocketError) {
        if members.version == .null {
            version = 1
        } else {
            guard let number = members.version.as(Int.self) else { throw .invalid(.version) }
            version = number
        }
        token = try members.token?.text(.token, upTo: Self.textLimit, in: text)
        session = try members.session?.text(.session, upTo: 256, in: text)
        wantsAvatar = members.avatar
        do throws(JSONError) {
            metadata = try Self.metadata(at: members.metadata, in: text)
            events = try Self.topics(at: members.events, in: text)
        } catch { throw .json(error) }
        input = try AudioSocketWish(at: members.input, .input, in: text)
        output = try AudioSocketWish(at: members.output, .output, in: text)
    }

    private static func metadata(
        at position: Int?, in text: Span<UInt8>
    ) throws(JSONError) -> [String: String] {
        guard let position else { return [:] }
        var metadata: [String: String] = [:]
        var scanner = JSONScanner(at: position)
        try scanner.beginObject(in: text)
        while let key = try scanner.nextKey(in: text) {
            guard let value = try scanner.stringIfPresent(in: text) else { continue }
            metadata[key.decoded(in: text)] = value.decoded(in: text)
        }
        return metadata
    }

    private static func topics(
        at position: Int?, in text: Span<UInt8>
    ) throws(JSONError) -> Set<AudioSocketTopic> {
        guard let position else { return AudioSocketTopic.usual }
        var topics: Set<AudioSocketTopic> = []
        var scanner = JSONScanner(at: position)
        guard try scanner.beginArrayIfPresent(in: text) else { return topics }
        while try scanner.nextElement(in: text) {
            guard let name = try scanner.stringIfPresent(in: text), name.octetCount <= 64 else {
                continue
            }
            if let topic = AudioSocketTopic(rawValue: name.decoded(in: text)) {
                topics.insert(topic)
            }
        }
        return topics
    }
}

/// Something a client may be told beside the audio.
enum AudioSocketTopic: String, CaseIterable, Sendable {
    case interrupt
    case transcript
    case sentiment
    case state
    /// Every other event of the call, as `event` messages.
    case event
    /// The agent's audio comes as `audio_chunk` messages together with its words.
    case audioChunk = "audio_chunk"

    /// What a client that names nothing is told.
    static let usual: Set<Self> = [.interrupt, .transcript, .sentiment, .state]
}

extension AudioSocketWish {
    fileprivate init(
        at position: Int?, _ field: AudioSocketField, in text: Span<UInt8>
    ) throws(AudioSocketError) {
        self.init()
        guard let position else { return }
        var rate = JSONInteger.null
        var packetTime = JSONInteger.null
        var encoding: JSONString?
        do throws(JSONError) {
            var scanner = JSONScanner(at: position)
            try scanner.beginObject(in: text)
            while let key = try scanner.nextKey(in: text) {
                if key.equals("encoding", in: text) {
                    encoding = try scanner.stringIfPresent(in: text)
                } else if key.equals("rate", in: text) {
                    rate = try scanner.integer(in: text)
                } else if key.equals("ptime", in: text) {
                    packetTime = try scanner.integer(in: text)
                } else {
                    try scanner.skipValue(in: text)
                }
            }
        } catch { throw .json(error) }
        if let encoding { self.encoding = try encoding.text(field, upTo: 64, in: text) }
        if rate != .null {
            guard let hertz = rate.as(Int.self), hertz <= 192_000 else { throw .invalid(field) }
            self.rate = hertz
        }
        if packetTime != .null {
            guard let span = packetTime.as(Int.self), span <= 10_000 else { throw .invalid(field) }
            packetMilliseconds = span
        }
    }
}
