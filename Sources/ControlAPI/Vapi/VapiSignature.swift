internal import Crypto
package import Foundation

/// Tells Vapi's requests from everybody else's: by a secret in a header, or by an HMAC of the body.
///
/// Source: Vapi, "Server authentication", and `HMACAuthenticationPlan` of its OpenAPI description,
/// August 2026. Where both are configured, either will do.
package struct VapiSignature: Sendable {
    package enum Algorithm: String, CaseIterable, Sendable { case sha256, sha512, sha1 }
    package enum Encoding: String, CaseIterable, Sendable { case hex, base64 }

    /// What a credential of the kind HMAC says, with Vapi's defaults.
    package struct Plan: Sendable {
        package var algorithm = Algorithm.sha256
        package var encoding = Encoding.hex
        package var signatureHeader = "x-signature"
        package var timestampHeader = "x-timestamp"
        /// Stands before the signature in its header, such as `sha256=`.
        package var prefix = ""
        /// What is signed; `{body}`, `{timestamp}` and `{method}` stand for themselves.
        package var payload = "{timestamp}.{body}"
        package var secretIsBase64 = false
        /// How old or far ahead a timestamp may be.
        package var tolerance = Duration.seconds(300)

        package init() {}
    }

    /// What a request turned out to be.
    package enum Verdict: String, Sendable, CaseIterable {
        case valid
        /// No secret is configured.
        case unconfigured
        /// Neither a secret nor a signature.
        case missing
        case mismatch
        /// The signature may be Vapi's, but it is too old, or from the future.
        case stale
    }

    private let secret: Data?
    private let key: SymmetricKey?
    private let plan: Plan

    /// - Parameters:
    ///   - secret: shown in `X-Vapi-Secret`, or in `Authorization` as a bearer's token.
    ///   - signingKey: of HMAC.
    ///   - plan: how a request is signed.
    package init(secret: String?, signingKey: String?, plan: Plan = Plan()) {
        self.secret = secret.map { Data($0.utf8) }
        let octets = signingKey.map { text in
            plan.secretIsBase64
                ? Data(base64Encoded: text) ?? Data(text.utf8) : Data(text.utf8)
        }
        key = octets.map { SymmetricKey(data: $0) }
        self.plan = plan
    }

    /// What can be said before the body has come.
    ///
    /// - Parameters:
    ///   - header: the value of a header by its name in lower case.
    ///   - now: wall clock, which the timestamp is held against.
    /// - Returns: `nil` where the body decides.
    package func judge(
        _ header: (_ name: String) -> String?, at now: Date
    ) -> Verdict? {
        guard secret != nil || key != nil else { return .unconfigured }
        if let secret, let shown = Self.secret(header) {
            if APIKeySecret.areEqual(secret, Data(shown.utf8)) { return .valid }
            guard key != nil else { return .mismatch }
        }
        guard key != nil, header(plan.signatureHeader.lowercased())?.isEmpty == false else {
            return .missing
        }
        guard plan.payload.contains("{timestamp}") else { return nil }
        guard let text = header(plan.timestampHeader.lowercased()), let number = Double(text),
            number.isFinite
        else { return .missing }
        // Whether seconds or milliseconds is not documented.
        let seconds = number > 1e11 ? number / 1_000 : number
        let tolerance = plan.tolerance / .seconds(1)
        return abs(now.timeIntervalSince1970 - seconds) <= tolerance ? nil : .stale
    }

    /// Holds the signature against the body; takes the same time for any wrong one.
    package func judge(
        _ header: (_ name: String) -> String?, method: String, body: Data
    ) -> Verdict {
        guard let key, var shown = header(plan.signatureHeader.lowercased()) else {
            return .missing
        }
        if shown.hasPrefix(plan.prefix) { shown.removeFirst(plan.prefix.count) }
        let timestamp = header(plan.timestampHeader.lowercased()) ?? ""
        let signed = payload(timestamp: timestamp, method: method, body: body)
        let code =
            switch plan.algorithm {
            case .sha256: Data(HMAC<SHA256>.authenticationCode(for: signed, using: key))
            case .sha512: Data(HMAC<SHA512>.authenticationCode(for: signed, using: key))
            case .sha1: Data(HMAC<Insecure.SHA1>.authenticationCode(for: signed, using: key))
            }
        let octets: Data? =
            switch plan.encoding {
            case .hex: Hexadecimal.octets(of: shown).map { Data($0) }
            case .base64: Data(base64Encoded: shown)
            }
        guard let octets, APIKeySecret.areEqual(code, octets) else { return .mismatch }
        return .valid
    }

    private func payload(timestamp: String, method: String, body: Data) -> Data {
        var signed = Data(capacity: body.count + 64)
        var rest = Substring(plan.payload)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            signed.append(contentsOf: rest[..<open].utf8)
            switch rest[open...close] {
            case "{body}": signed.append(body)
            case "{timestamp}": signed.append(contentsOf: timestamp.utf8)
            case "{method}": signed.append(contentsOf: method.utf8)
            default: signed.append(contentsOf: rest[open...close].utf8)  // stands for itself
            }
            rest = rest[rest.index(after: close)...]
        }
        signed.append(contentsOf: rest.utf8)
        return signed
    }

    private static func secret(_ header: (_ name: String) -> String?) -> String? {
        if let secret = header("x-vapi-secret") { return secret }
        guard let field = header("authorization") else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return field }
        return String(parts[1])
    }
}
