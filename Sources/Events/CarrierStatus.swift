/// What the carrier says of a leg of the call.
package struct CarrierStatus: Equatable, Sendable, Codable {
    /// `call`, `dial` (the human's, when it was forwarded), `stream` (the agent's media) or `answer`
    /// (who answered a call that we made).
    package let leg: String
    /// In the carrier's word: `ringing`, `completed`, `stream-error`, `machine_start`.
    package let status: String
    /// Of a leg that is over.
    package var durationSeconds: Int?
    /// The last answer of the telephone network (RFC 3261 §21).
    package var sipCode: Int?
    /// What the carrier charges, in millionths of `currency`.
    package var costMicros: Int64?
    package var currency: String?

    package init(leg: String, status: String) {
        self.leg = leg
        self.status = status
    }

    private enum CodingKeys: String, CodingKey {
        case leg
        case status
        case durationSeconds = "duration_seconds"
        case sipCode = "sip_code"
        case costMicros = "cost_micros"
        case currency
    }
}
