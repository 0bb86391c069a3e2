internal import Codecs
internal import Events
internal import Pipeline

/// What is known of a call when its stream starts.
struct CallOpening: Sendable {
    /// `twilio` or `audio`.
    let carrier: String
    let carrierCallID: String
    let language: Language
    /// Of the caller's octets as the call takes them; never Opus.
    let inbound: AudioFormat
    /// Of the agent's octets as the call gives them; never Opus.
    let outbound: AudioFormat
    let from: String?
    let to: String?

    var event: CallStarted {
        CallStarted(
            carrier: carrier, carrierCallID: carrierCallID, language: language.rawValue,
            from: from, to: to)
    }
}

extension AudioFormat {
    /// Of a format without packets; Opus never comes this far.
    var octetsPerSecond: Int { rate.rawValue * (octetsPerSample ?? 2) }
}
