/// Why the carrier did not do what it was asked; no case holds a number or the carrier's own words,
/// which may quote one.
package enum CarrierError: Error, Equatable, CustomStringConvertible {
    /// Something must be configured first; says what.
    case notConfigured(String)
    /// The account's sid and token are not accepted.
    case credentialsRefused
    /// A number cannot be called, or not from ours; says why.
    case numberRefused(String)
    /// Nothing is known by this name, or the call is over.
    case callOver
    /// Refused for another reason, by the carrier's own code.
    case refused(code: Int)
    /// Too many requests; nothing was done.
    case overloaded(retryAfter: Duration?)
    /// No answer, or a failure of the carrier's; nothing was done.
    case unavailable
    /// The request went out and no answer came: it may have been carried out.
    case outcomeUnknown

    package var description: String {
        switch self {
        case .notConfigured(let advice): advice
        case .credentialsRefused:
            "Twilio refuses the account; check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
        case .numberRefused(let reason): reason
        case .callOver: "The call is over, or not known to Twilio."
        case .refused(let code):
            "Twilio refused with error \(code); see https://www.twilio.com/docs/errors/\(code)"
        case .overloaded: "Twilio or this gateway has too many requests at once; try again later."
        case .unavailable: "Twilio cannot be reached or failed; nothing was done."
        case .outcomeUnknown:
            "Twilio did not answer; the call may have been made: look before trying again."
        }
    }

    /// Reads a refusal (Twilio, "Error and warning dictionary").
    init(status: Int, code: Int?, retryAfter: Duration?) {
        switch (status, code) {
        case (401, _), (403, _): self = .credentialsRefused
        case (404, _), (_, 21220): self = .callOver
        case (429, _): self = .overloaded(retryAfter: retryAfter)
        case (500..., _): self = .unavailable
        case (_, 21201), (_, 21211), (_, 21217):
            self = .numberRefused("The number to call is not valid.")
        case (_, 21210), (_, 21212):
            self = .numberRefused("The number to call from is not one of this account.")
        case (_, 21215), (_, 13227):
            self = .numberRefused("The account may not call this country.")
        case (_, 21216): self = .numberRefused("The number to call is blocked.")
        case (_, 21219), (_, 21608):
            self = .numberRefused("A trial account only calls numbers that it has verified.")
        default: self = .refused(code: code ?? status)  // numbers of theirs
        }
    }
}
