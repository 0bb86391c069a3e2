// What requests that steer calls may say; lengths are in characters.
internal import Foundation

extension RequestFields {
    private enum Injection: String, CaseIterable {
        case say
        case addMessage = "add-message"
    }

    /// The body `{"message", "type": "say" | "add-message"}`.
    mutating func injection() -> CallAction {
        let message = words("message", atMost: 2_000)
        return switch choice("type", standIn: Injection.say) {
        case .say: .say(message)
        case .addMessage: .addContext(message)
        }
    }

    /// The body `{"context"}`, or `{"message"}` as the same.
    mutating func context() -> CallAction {
        .addContext(optionalWords("context", atMost: 2_000) ?? words("message", atMost: 2_000))
    }

    /// The body `{"to"?, "department"?, "reason"?}`.
    mutating func transfer() -> CallAction {
        let destination = optionalWords("to", atMost: 128) ?? ""
        if !destination.isEmpty, !Self.isDestination(destination) {
            refuse("to", "is a number such as +15005550006 or a SIP address (sip:…)", standIn: ())
        }
        return .transfer(
            destination: destination, department: optionalWords("department", atMost: 64) ?? "",
            reason: optionalWords("reason", atMost: 500) ?? "an operator asked for it")
    }

    /// The body `{"digits"}`.
    mutating func tones() -> CallAction {
        let digits = words("digits", atMost: 64)
        if !digits.allSatisfy({ "0123456789*#ABCDw".contains($0) }) {
            refuse(
                "digits", "has 0–9, *, #, A–D and w (half a second) only", standIn: ())
        }
        return .sendTones(digits)
    }

    /// The body `{"prompt"?, "variables"?: {name: value}, "engines"?: {"agent"?, "tts"?}}`.
    mutating func agent() -> CallAction {
        let prompt = optionalWords("prompt", atMost: 12_000)
        let variables = textMembers(
            "variables", atMost: 50, nameLength: 1...64, length: 0...500)
        let engines = textMembers("engines", atMost: 2, nameLength: 1...8, length: 1...64)
        if !engines.keys.allSatisfy({ ["agent", "tts"].contains($0) }) {
            refuse("engines", "has the members agent and tts only", standIn: ())
        }
        if prompt == nil, variables.isEmpty, engines.isEmpty, errors.isEmpty {
            refuse("prompt", "or variables or engines says what to change", standIn: ())
        }
        return .changeAgent(
            prompt: prompt, variables: variables,
            engines: EngineWish(agent: engines["agent"], tts: engines["tts"]))
    }

    private mutating func words(_ name: String, atMost longest: Int) -> String {
        trimmed(name, text(name, length: 1...longest))
    }

    private mutating func optionalWords(_ name: String, atMost longest: Int) -> String? {
        guard let text = optionalText(name, length: 1...longest) else { return nil }
        return trimmed(name, text)
    }

    /// Without white space at the ends; something must be left.
    private mutating func trimmed(_ name: String, _ text: String) -> String {
        let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
        // What is empty before has been refused already.
        return words.isEmpty && !text.isEmpty
            ? refuse(name, "is more than blanks", standIn: words) : words
    }

    /// E.164, or a SIP URI without white space and brackets.
    private static func isDestination(_ text: String) -> Bool {
        if text.hasPrefix("sip:") || text.hasPrefix("sips:") {
            return text.allSatisfy { $0.isASCII && !$0.isWhitespace && !"<>\"&".contains($0) }
        }
        let digits = text.dropFirst()
        return text.first == "+" && (2...15).contains(digits.count)
            && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
