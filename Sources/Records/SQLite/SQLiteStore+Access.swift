package import Foundation
internal import GRDB

extension SQLiteStore {
    package func add(_ key: NewAPIKey, at now: Date) async throws(RecordStoreError) -> APIKey {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO api_keys (id, name, role, digest, created_at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [key.id, key.name, key.role.rawValue, key.digest, now.recordText])
            return try Self.apiKey(key.id, in: database)
        }.unwrapped("api_keys")
    }

    package func apiKeys() async throws(RecordStoreError) -> [APIKey] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM api_keys ORDER BY created_at, rowid")
                .map(APIKey.init(row:))
        }
    }

    package func revokeAPIKey(
        _ id: String, at now: Date
    ) async throws(RecordStoreError) -> APIKey? {
        try await write { database in
            try database.execute(
                sql: "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                arguments: [now.recordText, id])
            return try Self.apiKey(id, in: database)
        }
    }

    package func add(_ actions: [AuditEntry]) async throws(RecordStoreError) {
        try await write { database in
            for action in actions {
                try database.execute(
                    sql: """
                        INSERT INTO audit_log (
                            time, actor, role, action, target, status, request_id)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        action.time.recordText, action.actor, action.role.rawValue, action.action,
                        action.target, action.status, action.requestID,
                    ])
            }
        }
    }

    package func auditEntries(
        page: PageRequest
    ) async throws(RecordStoreError) -> RecordPage<AuditEntry> {
        try await self.page(
            of: "audit_log", PagedQuery(time: "time", page), AuditEntry.init(row:))
    }

    private static func apiKey(_ id: String, in database: Database) throws -> APIKey? {
        try Row.fetchOne(database, sql: "SELECT * FROM api_keys WHERE id = ?", arguments: [id])
            .map(APIKey.init(row:))
    }
}

extension APIKey {
    fileprivate init(row: Row) throws {
        id = row["id"]
        name = row["name"]
        role = try row.choice("role")
        digest = row["digest"]
        created = try row.time("created_at")
        revoked = try row.optionalTime("revoked_at")
    }
}

extension AuditEntry {
    fileprivate init(row: Row) throws {
        self.init(
            time: try row.time("time"), actor: row["actor"], role: try row.choice("role"),
            action: row["action"], target: row["target"], status: row["status"],
            requestID: row["request_id"])
        id = row["id"]
    }
}
