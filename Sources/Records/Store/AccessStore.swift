package import Foundation

/// Who may use the control API, and what they did with it.
package protocol AccessStore: Sendable {
    /// Keeps a key by the digest of its secret.
    func add(_ key: NewAPIKey, at now: Date) async throws(RecordStoreError) -> APIKey
    /// In the order they were made, revoked ones too.
    func apiKeys() async throws(RecordStoreError) -> [APIKey]
    /// Takes a key out of use for good; `nil` for an unknown one, the unchanged one if it was.
    func revokeAPIKey(_ id: String, at now: Date) async throws(RecordStoreError) -> APIKey?
    /// Keeps what was done, in one transaction.
    func add(_ actions: [AuditEntry]) async throws(RecordStoreError)
    /// What was done, the latest first.
    func auditEntries(page: PageRequest) async throws(RecordStoreError) -> RecordPage<AuditEntry>
}

/// What a key's holder may do; each role may do what those before it may.
package enum AccessRole: String, Sendable, Codable, CaseIterable, Comparable {
    /// Reads.
    case viewer
    /// Steers calls.
    case `operator`
    /// Keys, webhooks, configuration.
    case admin

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}

package struct NewAPIKey: Equatable, Sendable {
    package var id: String
    package var name: String
    package var role: AccessRole
    /// SHA-256 of the whole key, which is random enough for a plain digest.
    package var digest: Data

    package init(id: String, name: String, role: AccessRole, digest: Data) {
        self.id = id
        self.name = name
        self.role = role
        self.digest = digest
    }
}

package struct APIKey: Equatable, Sendable, Encodable {
    /// Part of the key itself, and no secret.
    package var id: String
    package var name: String
    package var role: AccessRole
    /// SHA-256 of the whole key; never part of an answer.
    package var digest: Data
    package var created: Date
    package var revoked: Date?

    private enum Key: String, CodingKey {
        case id, name, role
        case created = "created_at"
        case revoked = "revoked_at"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encode(name, forKey: .name)
        try object.encode(role, forKey: .role)
        try object.encode(created.recordText, forKey: .created)
        try object.encodeIfPresent(revoked?.recordText, forKey: .revoked)
    }
}

/// One control action: who did what to which call, and how that went.
package struct AuditEntry: Equatable, Sendable, Encodable {
    /// The number the store gave it; 0 before.
    package var id: Int64 = 0
    package var time: Date
    /// `key:` and the key's id, `token:` and the subject, or `anonymous`.
    package var actor: String
    package var role: AccessRole
    /// The method and the route, such as `POST /api/v1/calls/{id}/end`.
    package var action: String
    /// What the path named, where that is known here.
    package var target: String?
    /// The status of the answer.
    package var status: Int
    package var requestID: String

    package init(
        time: Date, actor: String, role: AccessRole, action: String, target: String?, status: Int,
        requestID: String
    ) {
        self.time = time
        self.actor = actor
        self.role = role
        self.action = action
        self.target = target
        self.status = status
        self.requestID = requestID
    }

    private enum Key: String, CodingKey {
        case id, time, actor, role, action, target, status
        case requestID = "request_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(String(id), forKey: .id)
        try object.encode(time.recordText, forKey: .time)
        try object.encode(actor, forKey: .actor)
        try object.encode(role, forKey: .role)
        try object.encode(action, forKey: .action)
        try object.encodeIfPresent(target, forKey: .target)
        try object.encode(status, forKey: .status)
        try object.encode(requestID, forKey: .requestID)
    }
}
