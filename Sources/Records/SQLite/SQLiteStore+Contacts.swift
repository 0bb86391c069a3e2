package import Foundation
internal import GRDB

extension SQLiteStore {
    package func contactLookups(
        of number: String
    ) async throws(RecordStoreError) -> (contact: Contact?, lookups: [ContactLookup]) {
        try await read { database in
            let contact = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM contacts WHERE phone_number = ?"),
                arguments: [number]
            ).map(Contact.init(row:))
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM contact_lookups WHERE phone_number = ?"),
                arguments: [number])
            return (contact, try rows.map(ContactLookup.init(row:)))
        }
    }

    package func keep(
        _ lookups: [ContactLookup], of number: String, contact: Contact?, at now: Date
    ) async throws(RecordStoreError) {
        try await write { database in
            for lookup in lookups {
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO contact_lookups (
                            phone_number, source, facts, fetched_at)
                        VALUES (?, ?, ?, ?)
                        """,
                    arguments: [
                        number, lookup.source, try lookup.facts.map(JSONText.encode),
                        lookup.fetched.recordText,
                    ])
            }
            if let contact { try Self.write(contact, at: now, in: database) }
        }
    }

    package func contact(id: String) async throws(RecordStoreError) -> Contact? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM contacts WHERE id = ?", arguments: [id]
            ).map(Contact.init(row:))
        }
    }

    package func forgetContact(number: String) async throws(RecordStoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE conversations SET user_id = NULL
                    WHERE user_id = (SELECT id FROM contacts WHERE phone_number = ?)
                    """, arguments: [number])
            var deleted = 0
            for table in ["contact_lookups", "contacts"] {
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE phone_number = ?", arguments: [number])
                deleted += database.changesCount
            }
            return deleted > 0
        }
    }
}

extension ContactLookup {
    fileprivate init(row: Row) throws {
        let facts: String? = row["facts"]
        self.init(
            source: row["source"],
            facts: try facts.map { try JSONText.decode(ContactFacts.self, from: $0) },
            fetched: try row.time("fetched_at"))
    }
}
