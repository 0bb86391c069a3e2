/// What the carrier says of one leg of a call in a callback.
package struct CarrierReport: Equatable, Sendable {
    package enum Leg: String, Sendable {
        /// The call itself.
        case call
        /// The human's, when the call was forwarded.
        case dial
        /// The agent's media.
        case stream
        /// Who answered, by the carrier's ear.
        case answer
    }

    package static let finalStatuses: Set<String> = [
        "completed", "busy", "failed", "no-answer", "canceled",
    ]

    /// The call it belongs to: of a dialled leg the one that dialled.
    package let callSID: String
    package let leg: Leg
    package let status: String
    package var sequenceNumber: Int?
    package var durationSeconds: Int?
    package var sipCode: Int?
    package var from: String?
    package var to: String?
    package var direction: String?

    package var isFinal: Bool { leg == .call && Self.finalStatuses.contains(status) }

    /// A status callback of a call or of a `<Number>`.
    package init?(status fields: FormFields) {
        guard let own = fields.callSID, let status = fields["CallStatus"]?.word else { return nil }
        let parent = fields["ParentCallSid"]
        callSID = parent ?? own
        leg = parent == nil ? .call : .dial
        self.status = status
        sequenceNumber = fields["SequenceNumber"].flatMap { Int($0) }
        durationSeconds = fields["CallDuration"].flatMap { Int($0) }
        sipCode = fields["SipResponseCode"].flatMap { Int($0) }
        from = fields["From"]
        to = fields["To"]
        direction = fields["Direction"]
    }

    /// The `action` of a `<Dial>`.
    package init?(dial fields: FormFields) {
        guard let callSID = fields.callSID, let status = fields["DialCallStatus"]?.word
        else { return nil }
        self.callSID = callSID
        leg = .dial
        self.status = status
        durationSeconds = fields["DialCallDuration"].flatMap { Int($0) }
    }

    /// The status callback of a `<Stream>`.
    package init?(stream fields: FormFields) {
        guard let callSID = fields.callSID, let status = fields["StreamEvent"]?.word
        else { return nil }
        self.callSID = callSID
        leg = .stream
        self.status = status
    }

    /// The verdict of the answering machine detection.
    package init?(answer fields: FormFields) {
        guard let callSID = fields.callSID, let status = fields["AnsweredBy"]?.word
        else { return nil }
        self.callSID = callSID
        leg = .answer
        self.status = status
    }
}

extension String {
    /// `nil` for anything longer than the words the carrier uses.
    fileprivate var word: String? {
        utf8.count <= 40 && utf8.allSatisfy { $0 > 32 && $0 < 127 } ? self : nil
    }
}
