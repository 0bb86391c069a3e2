/// What Twilio tells of a call in every webhook; any of it may be missing or odd.
package struct VoiceRequest: Equatable, Sendable {
    package let callSID: String
    package let from: String?
    package let to: String?
    /// `inbound`, `outbound-api` or `outbound-dial`.
    package let direction: String?
    package let answeredBy: String?

    /// The number of whom the agent will speak with.
    var person: String? { direction?.hasPrefix("outbound") == true ? to : from }

    /// `nil` without a call that can be named.
    package init?(_ fields: FormFields) {
        guard let callSID = fields.callSID else { return nil }
        self.callSID = callSID
        from = fields["From"]
        to = fields["To"]
        direction = fields["Direction"]
        answeredBy = fields["AnsweredBy"]
    }
}

extension FormFields {
    /// `CallSid`, if it is an identifier.
    var callSID: String? {
        guard let sid = self["CallSid"], sid.utf8.count <= 64,
            sid.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else { return nil }
        return sid
    }
}
