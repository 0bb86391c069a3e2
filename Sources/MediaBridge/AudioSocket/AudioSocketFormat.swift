internal import Codecs

/// The audio of one direction, as the bridge will use it; always mono.
struct AudioSocketFormat: Equatable, Sendable {
    let audio: AudioFormat
    /// Audio per binary message that the sender should aim for.
    let packetMilliseconds: Int

    /// The format nearest to a wish; `nil` when the encoding is unknown or switched off.
    ///
    /// The encoding is kept or refused, for the peer may have no other. The rate, the channels
    /// and the packet time are negotiable: the answer names what the bridge will use.
    init?(_ wish: AudioSocketWish, among supported: [AudioFormat]) {
        guard let encoding = AudioEncoding(rawValue: wish.encoding) else { return nil }
        let candidates = supported.filter { $0.encoding == encoding }
        let nearest = candidates.min {
            abs($0.rate.rawValue - wish.rate) < abs($1.rate.rawValue - wish.rate)
        }
        guard let nearest else { return nil }
        audio = nearest
        packetMilliseconds = min(max(wish.packetMilliseconds / 10 * 10, 10), 100)
    }

    /// Octets of one millisecond; `nil` for Opus.
    var octetsPerMillisecond: Int? {
        audio.octetsPerSample.map { $0 * audio.rate.rawValue / 1_000 }
    }

    /// Everything the protocol allows; a bridge without Opus leaves the last one out.
    static let all: [AudioFormat] = [
        AudioFormat(.linear16, .hz8000), AudioFormat(.linear16, .hz16000),
        AudioFormat(.linear16, .hz24000), AudioFormat(.linear16, .hz48000),
        AudioFormat(.muLaw, .hz8000), AudioFormat(.aLaw, .hz8000), AudioFormat(.opus, .hz48000),
    ]
}

/// What a client asks one direction to sound like; absent members are these.
struct AudioSocketWish: Equatable, Sendable {
    var encoding = "pcm_s16le"
    /// In hertz, at most 192 000.
    var rate = 16_000
    var packetMilliseconds = 20
}

/// How audio travels, chosen by the WebSocket subprotocol.
enum AudioSocketVariant: String, Equatable, Sendable {
    /// Audio in binary messages.
    case binary = "bridge.audio.v1"
    /// Audio in JSON, as base64, for clients that cannot do binary.
    case json = "bridge.audio.v1.json"

    /// The first known name of a `Sec-WebSocket-Protocol` header, which is to be echoed.
    ///
    /// `nil` when none is offered or known: echo nothing and speak `binary`.
    init?(offered header: String) {
        for name in header.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }) {
            if let variant = Self(rawValue: String(name)) {
                self = variant
                return
            }
        }
        return nil
    }
}
