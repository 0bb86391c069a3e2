internal import JWTKit
internal import Records

/// Checks JSON Web Tokens (RFC 7519) and reads what their holders may do.
///
/// A token has `exp`, `sub` and `role` (`viewer`, `operator`, `admin`). Which algorithm is right is
/// said by the key, never by the token.
struct TokenVerifier: Sendable {
    private let keys: JWTKeyCollection
    private let issuer: String?
    private let audience: String?

    /// Takes the keys of the settings; `nil` where there are none.
    ///
    /// - Throws: `ControlServerError` for keys that cannot be read.
    init?(_ settings: AccessSettings) async throws(ControlServerError) {
        guard settings.tokenSecret != nil || settings.tokenKeySet != nil else { return nil }
        keys = JWTKeyCollection()
        issuer = settings.tokenIssuer
        audience = settings.tokenAudience
        if let secret = settings.tokenSecret {
            await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        }
        guard let keySet = settings.tokenKeySet else { return }
        do {
            try await keys.add(jwksJSON: keySet)
        } catch {
            throw .tokenKeySet
        }
    }

    /// Whose token it is; `nil` for one that is forged, expired, for somebody else, or none at all.
    func principal(presenting token: String) async -> Principal? {
        guard let claims = try? await keys.verify(token, as: Claims.self),
            let role = AccessRole(rawValue: claims.role),
            issuer == nil || claims.iss?.value == issuer,
            audience.map({ claims.aud?.value.contains($0) == true }) ?? true
        else { return nil }
        return Principal(actor: "token:" + claims.sub.value.prefix(128), role: role)
    }
}

private struct Claims: JWTPayload {
    let sub: SubjectClaim
    let exp: ExpirationClaim
    let nbf: NotBeforeClaim?
    let iss: IssuerClaim?
    let aud: AudienceClaim?
    let role: String

    func verify(using algorithm: some JWTAlgorithm) async throws {
        try exp.verifyNotExpired()
        try nbf?.verifyNotBefore()
    }
}
