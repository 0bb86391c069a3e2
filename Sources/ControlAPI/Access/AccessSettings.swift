/// Who may use the control API, from where, and how often.
package struct AccessSettings: Sendable {
    /// A key with the role `admin` that needs no store, to begin with.
    package var adminKey: String?
    /// Signs tokens by HMAC with SHA-256.
    package var tokenSecret: String?
    /// Public keys of whoever else signs tokens, as a JSON Web Key Set (RFC 7517 §5).
    package var tokenKeySet: String?
    /// Tokens name this issuer and this audience; `nil`: any.
    package var tokenIssuer: String?
    package var tokenAudience: String?
    /// Web pages that may use the API: `https://dashboard.example.com`, or `*` for all.
    package var corsOrigins: [String] = []
    /// Of one key, and of one address without a key; 0: as often as they like.
    package var requestsPerSecond = 200
    /// At once, after a while without any.
    package var requestBurst = 400

    package init() {}
}
