internal import Codecs

/// Whose voice a media message carries.
enum TwilioTrack: Equatable, Sendable {
    /// Caller to Twilio.
    case inbound
    /// Twilio to caller; in unidirectional streams only.
    case outbound
}

/// A `media` message: places in the text it was read from, which the caller keeps.
struct TwilioMedia: Equatable, Sendable {
    /// Longer than any call; keeps arithmetic on media time far from overflow.
    private static let timestampLimit: UInt64 = 1_000_000_000_000

    let header: TwilioHeader
    /// As written; `track(in:)` reads it.
    private let trackName: JSONString?
    /// Counts the track's messages from 1; `nil` when the sender left it out.
    let chunk: SequenceNumber?
    /// Since the stream began; `nil` when the sender left it out.
    let timestampMilliseconds: Int?
    let payload: JSONString

    init(_ envelope: TwilioEnvelope) throws(TwilioError) {
        guard let media = envelope.media else { throw .missing(.media) }
        guard let payload = media.payload else { throw .missing(.payload) }
        header = try TwilioHeader(envelope)
        self.payload = payload
        trackName = media.track
        switch media.chunk {
        case .null: chunk = nil
        case .value(let value): chunk = SequenceNumber(truncating: value)
        case .other: throw .invalid(.chunk)
        }
        switch media.timestamp {
        case .null: timestampMilliseconds = nil
        case .value(let value) where value <= Self.timestampLimit:
            timestampMilliseconds = Int(value)
        case .value, .other: throw .invalid(.timestamp)
        }
    }

    /// The track; a message without one is the caller's.
    func track(in text: Span<UInt8>) throws(TwilioError) -> TwilioTrack {
        guard let trackName else { return .inbound }
        if trackName.equals("inbound", in: text) || trackName.equals("inbound_track", in: text) {
            return .inbound
        }
        if trackName.equals("outbound", in: text) || trackName.equals("outbound_track", in: text) {
            return .outbound
        }
        throw .invalid(.track)
    }

    /// Appends the payload's audio to `audio`, or nothing when it throws; no allocation.
    ///
    /// - Returns: the number of octets appended.
    func decodePayload(
        in text: Span<UInt8>, into audio: inout OutputSpan<UInt8>
    ) throws(TwilioError) -> Int {
        do { return try payload.decodeBase64(in: text, into: &audio) } catch {
            switch error {
            case .base64: throw .base64
            case .tooLong(let octetCount, let capacity):
                throw .payloadTooLong(octetCount: octetCount, capacity: capacity)
            }
        }
    }
}
