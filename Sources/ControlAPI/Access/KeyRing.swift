internal import Foundation
internal import Records

/// Knows whose key or token a request shows.
///
/// Stored keys are read again every two seconds, so that one that another process makes or revokes
/// counts as soon.
actor KeyRing {
    private let store: any AccessStore
    private let adminDigest: Data?
    private let tokens: TokenVerifier?
    private let now: @Sendable () -> Duration
    private var keys: [String: APIKey] = [:]
    private var readAt: Duration?
    private var isReading = false
    private static let freshness = Duration.seconds(2)

    init(
        store: any AccessStore, adminKey: String?, tokens: TokenVerifier?,
        now: @escaping @Sendable () -> Duration
    ) {
        self.store = store
        adminDigest = adminKey.map(APIKeySecret.digest)
        self.tokens = tokens
        self.now = now
    }

    /// Whether there is any way to tell who makes a request.
    func hasKeys() async throws(RecordStoreError) -> Bool {
        if adminDigest != nil || tokens != nil { return true }
        try await refresh()
        return keys.values.contains { $0.revoked == nil }
    }

    /// Whose a key or token is, as it came; `nil` for nobody's.
    func principal(presenting credential: String) async throws(RecordStoreError) -> Principal? {
        let digest = APIKeySecret.digest(of: credential)
        if let adminDigest, APIKeySecret.areEqual(digest, adminDigest) {
            return Principal(actor: "key:bootstrap", role: .admin)
        }
        if let id = APIKeySecret.id(in: credential) {
            try await refresh()
            guard let key = keys[id], key.revoked == nil,
                APIKeySecret.areEqual(digest, key.digest)
            else { return nil }
            return Principal(actor: "key:" + id, role: key.role)
        }
        return await tokens?.principal(presenting: credential)
    }

    /// One request reads, the others go on with what is known, but for the first time.
    private func refresh() async throws(RecordStoreError) {
        let begun = now()
        if let readAt, begun - readAt < Self.freshness || isReading { return }
        isReading = true
        defer { isReading = false }
        let stored = try await store.apiKeys()
        keys = Dictionary(stored.map { ($0.id, $0) }) { _, last in last }
        readAt = begun
    }
}
