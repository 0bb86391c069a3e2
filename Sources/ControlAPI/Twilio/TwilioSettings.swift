/// How the gateway works with Twilio; holds no secret.
package struct TwilioSettings: Sendable {
    /// How the carrier learns what comes after the agent's stream.
    package enum AfterStream: String, CaseIterable, Sendable {
        /// The mobile's `<Dial>` stands behind the stream, so a call is forwarded even when this
        /// gateway is gone; a call that ended well is hung up through the REST API.
        case dial
        /// Twilio asks `/api/twilio/after-stream`: needs no REST API, but a gateway that answers.
        case ask
    }

    package var accountSID: String?
    /// Ours: who calls appear to come from when we make or forward them.
    package var phoneNumber: PhoneNumber?
    /// The human who takes over; `nil`: callers hear an apology instead.
    package var mobileNumber: PhoneNumber?
    /// Where Twilio reaches the control API, `https://host`; `nil`: at the host it asked for.
    package var publicURL: String?
    /// Where Twilio reaches the media port's `/twilio`; `nil`: `publicURL` with `wss`.
    package var streamURL: String?
    /// Requests without Twilio's signature, and streams without our token, are refused.
    package var checksRequests = false
    package var afterStream = AfterStream.ask
    /// ISO 639-1, of calls that name no other.
    package var language = "en"
    package var ringSeconds = 20

    package init() {}

    /// The media port's, next to a control API that Twilio sees at `base` (no slash at its end).
    func streamURL(base: String) -> String {
        if let streamURL { return streamURL }
        return "wss" + base.drop { $0 != ":" } + "/twilio"
    }
}
