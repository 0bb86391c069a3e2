internal import Crypto
internal import Foundation
package import Records

/// A new key of the control API; its text is shown once and kept nowhere.
package struct APIKeySecret: Sendable {
    /// `mbk_`, the id, `_` and 256 random bits in base64url.
    package let text: String
    package let key: NewAPIKey

    /// Makes one from the system's random numbers.
    ///
    /// - Parameters:
    ///   - name: says whose it is.
    ///   - role: what its holder may do.
    package init(name: String, role: AccessRole) {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<6).map { _ in UInt8.random(in: 0...255, using: &generator) }
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let secret = Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
            .base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        text = "mbk_\(id)_\(secret)"
        key = NewAPIKey(id: id, name: name, role: role, digest: Self.digest(of: text))
    }

    static func digest(of text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }

    /// The id that a key names; `nil` for what is no key of ours.
    static func id(in text: String) -> String? {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "mbk", parts[1].utf8.count == 12 else { return nil }
        return String(parts[1])
    }

    /// Compares digests or secrets in a time that depends on their lengths alone.
    static func areEqual(_ lhs: Data, _ rhs: Data) -> Bool {
        guard lhs.count == rhs.count else { return false }
        return zip(lhs, rhs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
