internal import Codecs

/// Writes messages to Twilio for one stream ("WebSocket messages", to Twilio).
///
/// The constant parts, the stream's escaped name in them, are made once when the stream starts;
/// writing a message allocates nothing.
struct TwilioWriter: Equatable, Sendable {
    private let mediaHead: [UInt8]
    private let markHead: [UInt8]
    private let clearMessage: [UInt8]
    private static let tail: [UInt8] = Array("\"}}".utf8)

    init(_ streamSID: StreamSID) {
        func head(_ event: String, _ rest: String) -> [UInt8] {
            var octets = Array("{\"event\":\"\(event)\",\"streamSid\":".utf8)
            octets.appendJSONString(streamSID.text)
            octets.append(contentsOf: rest.utf8)
            return octets
        }
        mediaHead = head("media", ",\"media\":{\"payload\":\"")
        markHead = head("mark", ",\"mark\":{\"name\":")
        clearMessage = head("clear", "}")
    }

    /// How long a media message with this much audio is, in octets.
    func mediaOctetCount(audioOctetCount: Int) -> Int {
        mediaHead.count + FrameBase64.encodedCount(audioOctetCount) + Self.tail.count
    }

    /// Appends a media message; Twilio plays it after everything sent before.
    ///
    /// - Parameters:
    ///   - audio: µ-law at 8 kHz without any header, of any length; multiples of 160 are kindest.
    ///   - message: has room for `mediaOctetCount(audioOctetCount:)` octets.
    func serializeMedia(_ audio: Span<UInt8>, into message: inout OutputSpan<UInt8>) {
        precondition(
            message.freeCapacity >= mediaOctetCount(audioOctetCount: audio.count),
            "no room for the media message")
        message.append(copying: mediaHead.span)
        FrameBase64.encode(audio, into: &message)
        message.append(copying: Self.tail.span)
    }

    /// A mark: comes back once everything sent before it was played, or after a `clear`.
    func mark(_ name: MarkName) -> [UInt8] {
        var octets = markHead
        octets.appendJSONString(name.text)
        octets.append(contentsOf: "}}".utf8)
        return octets
    }

    /// Empties Twilio's buffer at once; all pending marks come back.
    func clear() -> [UInt8] { clearMessage }
}
