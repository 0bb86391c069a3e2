internal import Crypto
internal import Foundation

/// Tells Twilio's requests from everybody else's by their `X-Twilio-Signature`.
///
/// Source: Twilio, "Webhooks security", read November 2026: base64 of HMAC-SHA1, keyed by the
/// account's AuthToken, over the URL as Twilio was given it and the form's fields sorted by name.
package struct TwilioSignature: Sendable {
    /// What a request turned out to be.
    package enum Verdict: Equatable, Sendable {
        case valid
        /// No header, or an empty one.
        case missing
        /// Another key, another URL or other fields.
        case mismatch
        /// The body is not the one whose digest stands in the signed URL, or has none there.
        case bodyMismatch
    }

    /// A request as far as it is signed.
    package struct SignedRequest: Equatable, Sendable {
        /// As Twilio knows it, octet for octet: scheme, host, path and query.
        package var url: String
        package var body: [UInt8] = []
        package var contentType: String?

        package init(url: String, body: [UInt8] = [], contentType: String? = nil) {
            self.url = url
            self.body = body
            self.contentType = contentType
        }
    }

    private let keys: [SymmetricKey]

    /// - Parameter authTokens: any of them may have signed; two while they are rotated.
    package init(authTokens: [String]) {
        keys = authTokens.map { SymmetricKey(data: Array($0.utf8)) }
    }

    /// Holds the header's signature against the request it came with; takes the same time for any
    /// wrong one.
    package func judge(_ signature: String?, of request: SignedRequest) -> Verdict {
        guard let signature, !signature.isEmpty else { return .missing }
        guard let code = Data(base64Encoded: signature), code.count == Insecure.SHA1.byteCount
        else { return .mismatch }
        let fields: FormFields
        if let digest = Self.bodyDigest(in: request.url) {
            guard Self.isSame(digest, SHA256.hash(data: request.body)) else {
                return .bodyMismatch
            }
            fields = FormFields()
        } else if request.body.isEmpty {
            fields = FormFields()
        } else if Self.isForm(request.contentType) {
            fields = FormFields(parsing: request.body)
        } else {
            return .bodyMismatch
        }
        let suffix = Self.signedText(of: fields)
        // All are computed, so that the time does not tell which one it was.
        var isValid = false
        for url in Self.spellings(of: request.url) {
            for key in keys
            where HMAC<Insecure.SHA1>.isValidAuthenticationCode(
                code, authenticating: Array(url.utf8) + suffix, using: key)
            {
                isValid = true
            }
        }
        return isValid ? .valid : .mismatch
    }

    /// Signs as Twilio does, for whoever plays its part.
    package func signature(of url: String, _ fields: FormFields = FormFields()) -> String? {
        keys.first.map { key in
            let text = Array(url.utf8) + Self.signedText(of: fields)
            let code = HMAC<Insecure.SHA1>.authenticationCode(for: text, using: key)
            return Data(code).base64EncodedString()
        }
    }

    /// Names in ascending order of their octets, each with its distinct values in that order:
    /// Swift's own order of strings takes different octets for the same.
    private static func signedText(of fields: FormFields) -> [UInt8] {
        var pairs = fields.fields.map { (Array($0.name.utf8), Array($0.value.utf8)) }
        pairs.sort {
            $0.0 == $1.0
                ? $0.1.lexicographicallyPrecedes($1.1)
                : $0.0.lexicographicallyPrecedes($1.0)
        }
        var text: [UInt8] = []
        for (index, pair) in pairs.enumerated() where index == 0 || pair != pairs[index - 1] {
            text += pair.0 + pair.1
        }
        return text
    }

    /// Twilio signs some URLs with their port and some without, whatever it was given.
    private static func spellings(of url: String) -> [String] {
        guard let scheme = url.range(of: "://") else { return [url] }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let tail = rest[authority.endIndex...]
        let userEnd = authority.lastIndex(of: "@").map(authority.index(after:))
        let user = authority[..<(userEnd ?? authority.startIndex)]
        let place = authority[(userEnd ?? authority.startIndex)...]
        var host = place
        var ports =
            url.hasPrefix("https:") ? ["443"] : url.hasPrefix("wss:") ? ["443", "80"] : ["80"]
        // The colon of an IPv6 address stands inside brackets.
        if let colon = place.lastIndex(of: ":"), !place[colon...].contains("]") {
            host = place[..<colon]
            ports = [String(place[place.index(after: colon)...])]
        }
        let start = url[..<scheme.upperBound] + user + host
        return ["\(start)\(tail)"] + ports.map { "\(start):\($0)\(tail)" }
    }

    private static func bodyDigest(in url: String) -> String? {
        guard let mark = url.firstIndex(of: "?") else { return nil }
        let query = url[url.index(after: mark)...].prefix { $0 != "#" }
        return FormFields(parsing: query.utf8).fields.first { $0.name == "bodySHA256" }?.value
    }

    private static func isSame(_ text: String, _ digest: SHA256.Digest) -> Bool {
        let digits = Array("0123456789abcdef".utf8)
        let expected = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return isSame(Array(text.utf8), expected)
    }

    /// Compares in a time that depends on the lengths alone.
    static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func isForm(_ contentType: String?) -> Bool {
        let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return type == "application/x-www-form-urlencoded"
    }
}
