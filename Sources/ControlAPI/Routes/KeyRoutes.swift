internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Records

/// `/api/v1/keys` and `/api/v1/audit`: who may use the API, and what they did.
struct KeyRoutes: Sendable {
    let store: any RecordStore
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        router.route("/api/v1/keys", .get) { _, _ in
            try .json(KeyList(keys: try await store.apiKeys()))
        }
        router.route("/api/v1/keys", .post) { request, _ in
            let secret = try await request.body(octetLimit: bodyOctetLimit) { fields in
                let role: AccessRole? = fields.optionalChoice("role")
                if role == nil, fields.errors.isEmpty {
                    fields.refuse("role", "is missing", standIn: ())
                }
                return APIKeySecret(
                    name: fields.text("name", length: 1...100), role: role ?? .viewer)
            }
            let key = try await store.add(secret.key, at: Date())
            return try .json(NewKey(key: key, text: secret.text), status: .created)
        }
        router.route("/api/v1/keys/:id", .delete) { _, context in
            let problem = Problem.notFound("key")
            let id = try context.id("id", orElse: problem)
            guard let key = try await store.revokeAPIKey(id, at: Date()) else { throw problem }
            return try .json(key)
        }
        router.route("/api/v1/audit", .get) { request, _ in
            let page = try await store.auditEntries(page: try request.query { $0.page() })
            return try .json(AuditList(actions: page.records, next: page.next))
        }
    }
}

private struct KeyList: Encodable {
    let keys: [APIKey]
}

private struct AuditList: Encodable {
    let actions: [AuditEntry]
    let next: String?
}

/// The key's members and, this once, the key itself.
private struct NewKey: Encodable {
    let key: APIKey
    let text: String

    private enum Key: CodingKey {
        case key
    }

    func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(text, forKey: .key)
    }
}
