internal import Codecs

/// `start.mediaFormat` as it was announced.
struct TwilioMediaFormat: Equatable, Sendable {
    let encoding: String
    /// In hertz.
    let sampleRate: Int
    let channels: Int

    /// What the announcement means; `nil` when it names audio the bridge cannot decode.
    ///
    /// Twilio documents `audio/x-mulaw` only; the other names are those that carriers of the
    /// same dialect send. Linear PCM is taken as little-endian.
    var audioFormat: AudioFormat? {
        guard channels == 1, let rate = SampleRate(rawValue: sampleRate) else { return nil }
        switch (encoding.lowercased(), rate) {
        case ("audio/x-mulaw", .hz8000), ("audio/mulaw", .hz8000), ("audio/pcmu", .hz8000),
            ("pcmu", .hz8000), ("mulaw", .hz8000):
            return AudioFormat(.muLaw, rate)
        case ("audio/x-alaw", .hz8000), ("audio/alaw", .hz8000), ("audio/pcma", .hz8000),
            ("pcma", .hz8000), ("alaw", .hz8000):
            return AudioFormat(.aLaw, rate)
        case ("audio/x-l16", .hz8000), ("audio/x-l16", .hz16000), ("audio/x-l16", .hz24000),
            ("audio/l16", .hz8000), ("audio/l16", .hz16000), ("audio/l16", .hz24000),
            ("l16", .hz8000), ("l16", .hz16000), ("l16", .hz24000):
            return AudioFormat(.linear16, rate)
        default:
            return nil
        }
    }
}
