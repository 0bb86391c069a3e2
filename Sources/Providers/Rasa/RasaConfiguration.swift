internal import FoundationEssentials
internal import Pipeline

/// Where a Rasa server is and how it is spoken to.
package struct RasaConfiguration: Sendable {
    package var baseURL: String
    /// What the server was given as its authentication token; never logged.
    package var token: String?
    /// What opens a call: an intent, so that the assistant speaks first.
    package var opening = "/session_start"
    /// Responses for a channel of this name are preferred: shorter ones for the ear.
    package var channel = "voice"
    /// Shown to the assistant's actions with every message.
    package var metadata: [String: JSONValue] = [:]
    /// An intent below this is not understood (contract §6).
    package var confidenceThreshold = 0.7

    package init(baseURL: String, token: String? = nil) {
        self.baseURL = baseURL
        self.token = token
    }

    /// A request without a `body` only asks.
    func request(_ path: String, body: JSONValue?) -> ProviderHTTPRequest {
        var base = baseURL[...]
        while base.last == "/" { base.removeLast() }
        var url = "\(base)/\(path)"
        if let token { url += "?token=" + Self.encoded(token) }
        guard let body else { return ProviderHTTPRequest(method: "GET", url: url) }
        return ProviderHTTPRequest(
            url: url, headers: [("content-type", "application/json")], body: body.octets)
    }

    /// Percent-encoded but for unreserved characters (RFC 3986 §2.3).
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, octet in
            let character = Character(UnicodeScalar(octet))
            if octet < 0x80, character.isLetter || character.isNumber || "-._~".contains(character)
            {
                result.append(character)
            } else {
                let digits = String(octet, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
    }
}

extension RasaConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the token.
    package var description: String { "Rasa at \(baseURL)" }
    package var debugDescription: String { description }
}

enum RasaText {
    /// Words that begin with a slash would be taken for an intent: a caller may say none.
    static func escaped(_ text: String) -> String {
        String(text.trimmed.drop { $0 == "/" || $0.isWhitespace })
    }
}

extension ProviderFailure {
    /// No model is loaded at 409, which a server that has just started answers.
    init(rasaStatus status: Int) {
        self = status == 409 ? .overloaded : ProviderFailure(status: status)
    }
}
