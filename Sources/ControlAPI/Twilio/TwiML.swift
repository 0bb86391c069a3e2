/// A document that tells Twilio what to do with a call, as far as the gateway needs the language.
///
/// Source: Twilio, "TwiML for Programmable Voice", read November 2026.
package struct TwiML: Equatable, Sendable {
    package enum Verb: Equatable, Sendable {
        /// Runs until the stream is over; then `action` is asked, or the next verb runs.
        case connect(Stream, action: String?)
        case dial(Dial)
        /// At most 4,096 characters.
        case say(String, language: String)
        case hangUp
    }

    /// A media stream in both directions.
    package struct Stream: Equatable, Sendable {
        /// `wss`, without a query: Twilio does not support one.
        package var url: String
        package var statusCallback: String?
        /// Come back in the stream's `start`; each name and value is shorter than 500 characters.
        package var parameters: [FormFields.Field] = []
    }

    /// Rings another number and joins it to the call.
    package struct Dial: Equatable, Sendable {
        /// A number or SIP address.
        package var destination: String
        package var callerID: String?
        package var ringSeconds = 20
        /// The caller goes on hearing it ring; only of use as the first verb.
        package var answersOnBridge = false
        /// Asked when the dialled leg is over; without it the next verb runs.
        package var action: String?
        /// What the callee hears before they are joined.
        package var whisper: String?
        /// Told how the dialled leg fared, without any influence on the call.
        package var statusCallback: String?
    }

    package var verbs: [Verb]

    package init(_ verbs: [Verb]) { self.verbs = verbs }

    package var text: String {
        #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n<Response>"
            + verbs.map(Self.element).joined() + "</Response>"
    }

    private static func element(_ verb: Verb) -> String {
        switch verb {
        case .connect(let stream, let action):
            let parameters = stream.parameters.map {
                element("Parameter", [("name", $0.name), ("value", $0.value)])
            }
            return element(
                "Connect", [("action", action)],
                element(
                    "Stream", [("url", stream.url), ("statusCallback", stream.statusCallback)],
                    parameters.joined()))
        case .dial(let dial):
            let events = dial.statusCallback == nil ? nil : "completed"
            return element(
                "Dial",
                [
                    ("timeout", String(dial.ringSeconds)), ("callerId", dial.callerID),
                    ("answerOnBridge", dial.answersOnBridge ? "true" : nil),
                    ("action", dial.action),
                ],
                element(
                    dial.destination.hasPrefix("sip") ? "Sip" : "Number",
                    [
                        ("url", dial.whisper), ("statusCallback", dial.statusCallback),
                        ("statusCallbackEvent", events),
                    ], escaped(dial.destination)))
        case .say(let text, let language):
            return element("Say", [("language", language)], escaped(String(text.prefix(4_000))))
        case .hangUp: return element("Hangup", [])
        }
    }

    private static func element(
        _ name: String, _ attributes: [(String, String?)], _ content: String = ""
    ) -> String {
        let text = attributes.reduce(into: "<\(name)") { text, attribute in
            guard let value = attribute.1 else { return }
            text += " \(attribute.0)=\"\(escaped(value))\""
        }
        return content.isEmpty ? text + "/>" : "\(text)>\(content)</\(name)>"
    }

    /// What XML 1.0 has no way to write (§2.2, `Char`) is left out.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r": result.append(" ")
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": break
            default: result.append(scalar)  // text of others
            }
        }
        return String(result)
    }
}
