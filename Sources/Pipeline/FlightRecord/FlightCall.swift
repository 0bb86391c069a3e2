package import Codecs

/// What a flight record tells of its call before anything happens in it.
package struct FlightCall: Sendable {
    package let callID: String
    /// Wall clock in seconds since 1970; for records only, no decision depends on it.
    package let startedAt: Double
    package let inbound: AudioFormat
    package let outbound: AudioFormat
    /// Both sides' audio is kept: only with the consent of those who are heard.
    package let keepsAudio: Bool
    package let settings: ConversationSettings

    package init(
        callID: String, startedAt: Double, inbound: AudioFormat, outbound: AudioFormat,
        keepsAudio: Bool = false, settings: ConversationSettings
    ) {
        self.callID = callID
        self.startedAt = startedAt
        self.inbound = inbound
        self.outbound = outbound
        self.keepsAudio = keepsAudio
        self.settings = settings
    }
}

/// One thing a flight record holds.
package enum FlightEntry: Sendable {
    /// `Conversation.handle(_:at:)` was called.
    case event(Conversation.Event, at: MonotonicTime)
    /// `Conversation.performed(at:)` was called.
    case performed(at: MonotonicTime)
    /// The caller's octets, in the inbound format; with consent only.
    case audio([UInt8], at: MonotonicTime)
    /// The record keeper was too slow: so many blocks are not here, and no replay is exact.
    case missing(blocks: Int)
    /// The record reached its largest size; what came later was not kept.
    case full
    /// `DecisionDigest` of all the live call decided.
    case digest(UInt64)
}
