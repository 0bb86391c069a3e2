package import Foundation
internal import Records

/// How the gateway works with Vapi; holds no key that is shown to anybody but Vapi.
package struct VapiSettings: Sendable {
    /// ISO 639-1, of calls whose assistant names none, and of our own sentences.
    package var language = "en"
    /// How long a tool may take before the caller hears the fallback sentence.
    package var toolLimit = Duration.seconds(15)
    /// Runs the tools instead of the gateway; gets the message as Vapi sends it.
    package var toolURL: String?
    /// Shown to it as `X-Vapi-Secret`.
    package var toolSecret: String?
    /// What is spoken when a tool takes too long; `nil`: our own words.
    package var fallbackSentence: String?
    /// A saved assistant that answers calls whose number has none.
    package var assistantID: String?
    /// The whole answer to `assistant-request`, as a JSON object; goes before `assistantID`.
    package var assistantAnswer: Data?
    /// The human: a number in E.164 or a SIP address.
    package var humanDestination: String?
    /// Who forwarded calls appear to come from; `nil`: the caller.
    package var callerID: String?
    /// How long the report is waited for once a call is over.
    package var reportWait = Duration.seconds(30)
    /// A call of which nothing is heard for so long is over.
    package var quietLimit = Duration.seconds(1_800)
    /// Calls' control addresses may be plain HTTP, and lead to this machine or its network.
    package var allowsPrivateControl = false
    /// Shown to control addresses of Vapi that want it.
    package var publicKey: String?
    /// Asks Vapi for the control address of a call that no message has told.
    package var apiKey: String?
    package var baseURL = "https://api.vapi.ai"
    /// Of one message.
    package var bodyOctetLimit = 8 << 20

    package init() {}

    /// What is said in our own words, in the language of the settings.
    enum Sentence { case toolTooSlow, transferring, nobodyThere, noAssistant }

    func text(_ sentence: Sentence) -> String {
        let isSpanish = language == "es"
        switch sentence {
        case .toolTooSlow:
            if let fallbackSentence { return fallbackSentence }
            return isSpanish
                ? "Perdone, no puedo consultarlo en este momento."
                : "I am sorry, I cannot look that up right now."
        case .transferring:
            return isSpanish
                ? "Un momento, por favor, le paso con una persona."
                : "One moment please, I am putting you through to a colleague."
        case .nobodyThere:
            return isSpanish
                ? "Ahora mismo no hay nadie disponible." : "Nobody is available right now."
        case .noAssistant:
            return isSpanish
                ? "Lo sentimos, ahora no podemos atender su llamada."
                : "We are sorry, we cannot take your call right now."
        }
    }

    /// Where a caller goes, as Vapi has it; `to`: empty for the configured human.
    func destination(to place: String) -> JSONTree? {
        guard let place = place.isEmpty ? humanDestination : place else { return nil }
        let isSIP = place.hasPrefix("sip:") || place.hasPrefix("sips:")
        var destination: [String: JSONTree] = [
            "type": .text(isSIP ? "sip" : "number"),
            isSIP ? "sipUri" : "number": .text(place),
            "message": .text(text(.transferring)),
        ]
        if let callerID { destination["callerId"] = .text(callerID) }
        return .object(destination)
    }

    var call: VapiCall.Settings {
        VapiCall.Settings(language: language, reportWait: reportWait, quietLimit: quietLimit)
    }
}
