package import Foundation

/// The headers by which a receiver knows a message again and sees that it is ours.
///
/// `X-Webhook-Signature` is the HMAC-SHA256 of the body in hexadecimal digits, keyed with the octets
/// of the secret as it was given. The others are those of Standard Webhooks 1.0: `v1,` and the base64
/// of the HMAC-SHA256 of `<id>.<timestamp>.<body>`, keyed with what a `whsec_` secret stands for.
package struct WebhookSignature: Sendable {
    /// HMAC-SHA256 of octets under a key.
    package typealias Authentication =
        @Sendable (_ octets: [UInt8], _ key: [UInt8]) -> [UInt8]

    private let authenticate: Authentication
    private static let prefix = "whsec_"

    package init(_ authenticate: @escaping Authentication) { self.authenticate = authenticate }

    /// The headers of one attempt.
    ///
    /// - Parameters:
    ///   - id: the same for every attempt.
    ///   - body: as it is sent.
    ///   - secret: without one nothing is signed.
    ///   - now: of this attempt.
    /// - Returns: names and values, unsigned where there is no secret.
    package func headers(
        id: String, body: [UInt8], secret: String?, at now: Date
    ) -> [(name: String, value: String)] {
        let timestamp = String(Int(now.timeIntervalSince1970))
        var headers = [(name: "webhook-id", value: id), ("webhook-timestamp", timestamp)]
        guard let secret, !secret.isEmpty else { return headers }
        let plain = authenticate(body, Array(secret.utf8))
        let signed = authenticate(Array("\(id).\(timestamp).".utf8) + body, Self.key(of: secret))
        headers.append(("webhook-signature", "v1," + Data(signed).base64EncodedString()))
        headers.append(("X-Webhook-Signature", plain.map(Self.hexadecimal).joined()))
        return headers
    }

    private static func key(of secret: String) -> [UInt8] {
        guard secret.hasPrefix(prefix),
            let key = Data(base64Encoded: String(secret.dropFirst(prefix.count)))
        else { return Array(secret.utf8) }
        return Array(key)
    }

    /// A new secret of 32 random octets.
    package static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        let octets = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return prefix + Data(octets).base64EncodedString()
    }

    private static func hexadecimal(_ octet: UInt8) -> String {
        (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }
}
