package import Foundation
internal import GRDB

extension SQLiteStore {
    package func keep(_ contact: Contact, at now: Date) async throws(RecordStoreError) {
        try await write { try Self.write(contact, at: now, in: $0) }
    }

    static func write(_ contact: Contact, at now: Date, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO contacts (
                    id, phone_number, name, email, language, external_ids, attributes,
                    fetched_at, source, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (phone_number) DO UPDATE SET
                    name = excluded.name, email = excluded.email,
                    language = excluded.language, external_ids = excluded.external_ids,
                    attributes = excluded.attributes, fetched_at = excluded.fetched_at,
                    source = excluded.source, updated_at = excluded.updated_at
                """,
            arguments: [
                contact.id, contact.phoneNumber, contact.name, contact.email,
                contact.language, try JSONText.encode(contact.externalIDs),
                try JSONText.encode(contact.attributes), contact.fetched?.recordText,
                contact.source, now.recordText, now.recordText,
            ])
    }

    package func contact(number: String) async throws(RecordStoreError) -> Contact? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM contacts WHERE phone_number = ?",
                arguments: [number]
            ).map(Contact.init(row:))
        }
    }

    package func add(_ memory: Memory) async throws(RecordStoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO memories (
                        id, contact_id, call_id, kind, content, created_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    memory.id, memory.contactID, memory.callID, memory.kind, memory.content,
                    memory.created.recordText, memory.expires?.recordText,
                ])
        }
    }

    package func memories(
        ofContact id: String, at now: Date, limit: Int
    ) async throws(RecordStoreError) -> [Memory] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM memories
                    WHERE contact_id = ? AND (expires_at IS NULL OR expires_at > ?)
                    ORDER BY created_at DESC, id DESC LIMIT ?
                    """, arguments: [id, now.recordText, limit]
            ).map { row in
                Memory(
                    id: row["id"], contactID: row["contact_id"], callID: row["call_id"],
                    kind: row["kind"], content: row["content"],
                    created: try row.time("created_at"), expires: try row.optionalTime("expires_at")
                )
            }
        }
    }
}

// MARK: Prompts

extension SQLiteStore {
    package func addPrompt(
        _ name: String, language: String?, body: String, at now: Date
    ) async throws(RecordStoreError) -> Prompt {
        let id = UUID().uuidString.lowercased()
        return try await write { database in
            let latest = try Int.fetchOne(
                database, sql: "SELECT MAX(version) FROM prompts WHERE name = ?",
                arguments: [name])
            let version = (latest ?? 0) + 1
            try database.execute(
                sql: """
                    INSERT INTO prompts (id, name, version, language, body, created_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, arguments: [id, name, version, language, body, now.recordText])
            return try Self.activate(name, version, in: database)
        }.unwrapped("prompts")
    }

    package func activePrompt(_ name: String) async throws(RecordStoreError) -> Prompt? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM prompts WHERE name = ? AND is_active",
                arguments: [name]
            ).map(Prompt.init(row:))
        }
    }

    package func prompts(named name: String) async throws(RecordStoreError) -> [Prompt] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM prompts WHERE name = ? ORDER BY version DESC",
                arguments: [name]
            ).map(Prompt.init(row:))
        }
    }

    package func activatePrompt(
        _ name: String, version: Int
    ) async throws(RecordStoreError) -> Prompt? {
        try await write { try Self.activate(name, version, in: $0) }
    }

    private static func activate(
        _ name: String, _ version: Int, in database: Database
    ) throws -> Prompt? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM prompts WHERE name = ? AND version = ?",
            arguments: [name, version])
        guard let row else { return nil }
        try database.execute(
            sql: "UPDATE prompts SET is_active = 0 WHERE name = ? AND is_active", arguments: [name])
        try database.execute(
            sql: "UPDATE prompts SET is_active = 1 WHERE name = ? AND version = ?",
            arguments: [name, version])
        var prompt = try Prompt(row: row)
        prompt.isActive = true
        return prompt
    }
}

extension Contact {
    init(row: Row) throws {
        self.init(id: row["id"], phoneNumber: row["phone_number"])
        name = row["name"]
        email = row["email"]
        language = row["language"]
        externalIDs = try JSONText.decode([String: String].self, from: row["external_ids"])
        attributes = try JSONText.decode([String: String].self, from: row["attributes"])
        fetched = try row.optionalTime("fetched_at")
        source = row["source"]
    }
}

extension Prompt {
    fileprivate init(row: Row) throws {
        id = row["id"]
        name = row["name"]
        version = row["version"]
        language = row["language"]
        body = row["body"]
        isActive = row["is_active"]
        created = try row.time("created_at")
    }
}
