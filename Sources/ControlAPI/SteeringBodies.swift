// What requests that steer calls say, and what of it is refused.
internal import Foundation
internal import Hummingbird

/// Bounds of what an operator may send in one request, in characters.
private enum Longest {
    static let message = 2_000
    static let prompt = 12_000
    static let name = 64
    static let value = 500
    static let keys = 64
    static let variables = 50
}

/// What a request wants of a call.
protocol SteeringBody: Decodable, Sendable {
    /// - Throws: `Problem` 400.
    func action() throws(Problem) -> CallAction
}

/// The body `{"message", "type": "say" | "add-message"}`.
struct InjectBody: SteeringBody {
    let message: String
    let type: String

    func action() throws(Problem) -> CallAction {
        let text = try message.bounded("message", Longest.message)
        switch type {
        case "say": return .say(text)
        case "add-message": return .addContext(text)
        default: throw .badRequest("type is say or add-message.")  // text of a client
        }
    }
}

/// The body `{"context"}`, or `{"message"}` as the same.
struct ContextBody: SteeringBody {
    let context: String?
    let message: String?

    func action() throws(Problem) -> CallAction {
        guard let text = context ?? message else {
            throw .badRequest("context is missing.")
        }
        return .addContext(try text.bounded("context", Longest.message))
    }
}

/// The body `{"to"?, "department"?, "reason"?}`.
struct TransferBody: SteeringBody {
    let to: String?
    let department: String?
    let reason: String?

    func action() throws(Problem) -> CallAction {
        let destination = try to.map { text throws(Problem) in
            try text.bounded("to", 128)
        }
        let department = try department.map { text throws(Problem) in
            try text.bounded("department", Longest.name)
        }
        let reason = try reason.map { text throws(Problem) in
            try text.bounded("reason", Longest.value)
        }
        if let destination, !Self.isDestination(destination) {
            throw .badRequest("to is a number such as +15005550006 or a SIP address (sip:…).")
        }
        return .transfer(
            destination: destination ?? "", department: department ?? "",
            reason: reason ?? "an operator asked for it")
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

/// The body `{"digits"}`.
struct TonesBody: SteeringBody {
    let digits: String

    func action() throws(Problem) -> CallAction {
        let keys = try digits.bounded("digits", Longest.keys)
        guard keys.allSatisfy({ "0123456789*#ABCDw".contains($0) }) else {
            throw .badRequest("digits has 0–9, *, #, A–D and w (half a second) only.")
        }
        return .sendTones(keys)
    }
}

/// The body `{"prompt"?, "variables"?: {name: value}}`.
struct AgentBody: SteeringBody {
    let prompt: String?
    let variables: [String: String]?

    func action() throws(Problem) -> CallAction {
        let prompt = try prompt.map { text throws(Problem) in
            try text.bounded("prompt", Longest.prompt)
        }
        let variables = variables ?? [:]
        guard prompt != nil || !variables.isEmpty else {
            throw .badRequest("Say what to change: prompt, variables or both.")
        }
        guard variables.count <= Longest.variables else {
            throw .badRequest("variables has at most \(Longest.variables) members.")
        }
        for (name, value) in variables
        where name.isEmpty || name.count > Longest.name || value.count > Longest.value {
            throw .badRequest(
                "Names of variables have 1 to \(Longest.name) characters, values at most "
                    + "\(Longest.value).")
        }
        return .changeAgent(prompt: prompt, variables: variables)
    }
}

extension String {
    /// Without white space at the ends; neither empty nor longer than `longest` characters.
    fileprivate func bounded(_ name: String, _ longest: Int) throws(Problem) -> String {
        let text = trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.count <= longest else {
            throw .badRequest("\(name) has 1 to \(longest) characters.")
        }
        guard text.unicodeScalars.allSatisfy({ $0 != "\0" }) else {
            throw .badRequest("\(name) may not hold a zero.")
        }
        return text
    }
}

extension Request {
    /// Reads a JSON object.
    ///
    /// - Throws: `Problem` 400 or 413; what the connection throws.
    func decoded<Body: Decodable>(octetLimit: Int) async throws -> Body {
        var octets = Data()
        for try await part in body {
            octets.append(contentsOf: part.readableBytesView)
            guard octets.count <= octetLimit else { throw Problem.bodyTooLarge(limit: octetLimit) }
        }
        do {
            return try JSONDecoder().decode(Body.self, from: octets)
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem.badRequest("\(key.stringValue) is missing.")
        } catch DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context)
        {
            let name = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw Problem.badRequest(
                name.isEmpty ? "The body is a JSON object." : "\(name) has the wrong type.")
        } catch {
            throw Problem.badRequest("The body is a JSON object.")
        }
    }
}
