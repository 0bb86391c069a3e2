package import Records

/// Who makes a request.
package struct Principal: Equatable, Sendable {
    /// `key:` and the key's id, `token:` and its subject, or `anonymous`.
    package let actor: String
    package let role: AccessRole

    /// Whoever asks while there are no keys and only this machine can reach the API.
    static let anonymous = Principal(actor: "anonymous", role: .admin)
}
