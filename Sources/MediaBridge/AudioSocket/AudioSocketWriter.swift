internal import Codecs

/// Writes the agent's audio as JSON, for clients of the JSON variant and of `audio_chunk`.
///
/// Binary audio needs no writer: its octets are the message.
enum AudioSocketWriter {
    private static let audioHead = Array("{\"type\":\"audio\",\"data\":\"".utf8)
    private static let tail = Array("\"}".utf8)

    /// How long an audio message is, in octets.
    static func audioOctetCount(audioOctetCount: Int) -> Int {
        audioHead.count + FrameBase64.encodedCount(audioOctetCount) + tail.count
    }

    /// Appends an `audio` message; `message` has room for `audioOctetCount(audioOctetCount:)`.
    static func serializeAudio(_ audio: Span<UInt8>, into message: inout OutputSpan<UInt8>) {
        precondition(
            message.freeCapacity >= audioOctetCount(audioOctetCount: audio.count),
            "no room for the audio message")
        message.append(copying: audioHead.span)
        FrameBase64.encode(audio, into: &message)
        message.append(copying: tail.span)
    }

    /// An `audio_chunk`: audio and the words it says, once per chunk of an answer.
    static func audioChunk(_ audio: Span<UInt8>, text: String) -> [UInt8] {
        var octets = Array("{\"type\":\"audio_chunk\",\"audio\":\"".utf8)
        octets.append(
            contentsOf: [UInt8](capacity: FrameBase64.encodedCount(audio.count)) {
                FrameBase64.encode(audio, into: &$0)
            })
        octets.append(contentsOf: "\",\"text\":".utf8)
        octets.appendJSONString(text)
        octets.append(UInt8(ascii: "}"))
        return octets
    }
}
