/// A call to make: whom, from which number, and what happens when somebody answers.
package struct OutboundCall: Equatable, Sendable {
    /// What the call does once it is answered.
    package enum Course: Equatable, Sendable {
        /// Twilio asks this URL.
        case url(String)
        /// At most 4,000 characters.
        case document(TwiML)
    }

    package var to: PhoneNumber
    package var from: PhoneNumber
    package var course: Course
    package var ringSeconds = 60
    /// Told of every change of the call's status.
    package var statusCallback: String?
    /// Told who answered, some seconds later; `nil`: nobody listens for machines.
    package var machineCallback: String?

    package init(to: PhoneNumber, from: PhoneNumber, course: Course) {
        self.to = to
        self.from = from
        self.course = course
    }

    /// As Twilio's "Call resource" names them.
    var fields: FormFields {
        var fields: [FormFields.Field] = [
            .init("To", to.text), .init("From", from.text), .init("Timeout", "\(ringSeconds)"),
        ]
        switch course {
        case .url(let url): fields.append(.init("Url", url))
        case .document(let document): fields.append(.init("Twiml", document.text))
        }
        if let statusCallback {
            fields.append(.init("StatusCallback", statusCallback))
            for event in ["initiated", "ringing", "answered", "completed"] {
                fields.append(.init("StatusCallbackEvent", event))
            }
        }
        if let machineCallback {
            // The agent speaks at once; waiting for the verdict would be seconds of silence.
            fields += [
                .init("MachineDetection", "Enable"), .init("AsyncAmd", "true"),
                .init("AsyncAmdStatusCallback", machineCallback),
            ]
        }
        return FormFields(fields)
    }
}
