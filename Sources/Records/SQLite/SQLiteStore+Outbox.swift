package import Foundation
internal import GRDB

extension SQLiteStore {
    /// What the other entries of a call and destination wait for; one run through the index.
    private static let firstOfEachCall = """
        SELECT MIN(id) FROM outbox INDEXED BY outbox_order WHERE state = 'pending'
        GROUP BY destination, call_id
        """

    package func setSinks(_ sinks: [OutboxSink]) async throws(RecordStoreError) {
        let destinations = destinations
        try await write { _ in destinations.setSinks(sinks) }
    }

    package func dueEntries(
        at now: Date, limit: Int
    ) async throws(RecordStoreError) -> [OutboxEntry] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT entry.* FROM outbox AS entry
                    WHERE entry.id IN (\(Self.firstOfEachCall)) AND entry.next_attempt_at <= ?
                    ORDER BY entry.id LIMIT ?
                    """, arguments: [now.recordText, limit]
            ).map(OutboxEntry.init(row:))
        }
    }

    package func nextDue() async throws(RecordStoreError) -> Date? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT MIN(next_attempt_at) AS due FROM outbox
                    WHERE id IN (\(Self.firstOfEachCall))
                    """)
            return try row?.optionalTime("due")
        }
    }

    package func delivered(
        entry id: Int64, at now: Date
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'delivered', settled_at = ?, last_error = NULL
                    WHERE id = ? AND state = 'pending'
                    """, arguments: [now.recordText, id])
            return database.changesCount > 0
        }
    }

    package func failed(
        entry id: Int64, error: String, nextAttempt: Date?, at now: Date
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, last_error = :error,
                        state = CASE WHEN :next IS NULL THEN 'dead' ELSE 'pending' END,
                        settled_at = CASE WHEN :next IS NULL THEN :now END,
                        next_attempt_at = COALESCE(:next, next_attempt_at)
                    WHERE id = :id AND state = 'pending'
                    """,
                arguments: [
                    "error": error, "next": nextAttempt?.recordText, "now": now.recordText,
                    "id": id,
                ])
            return database.changesCount > 0
        }
    }

    package func deadEntries(
        destination: String?, page: PageRequest
    ) async throws(RecordStoreError) -> RecordPage<OutboxEntry> {
        var query = PagedQuery(time: "settled_at", page)
        query.add("state = :dead", "dead", "dead")
        query.add("destination = :destination", "destination", destination)
        return try await self.page(of: "outbox", query, OutboxEntry.init(row:))
    }

    package func redeliver(
        entry id: Int64, at now: Date
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'pending', attempts = 0, next_attempt_at = ?,
                        settled_at = NULL
                    WHERE id = ? AND state = 'dead'
                    """, arguments: [now.recordText, id])
            return database.changesCount > 0
        }
    }

    package func backlog() async throws(RecordStoreError) -> [String: Int] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT destination, COUNT(*) AS pending FROM outbox INDEXED BY outbox_order
                    WHERE state = 'pending'
                    GROUP BY destination
                    """)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["destination"], $0["pending"]) })
        }
    }
}

extension OutboxEntry {
    fileprivate init(row: Row) throws {
        id = row["id"]
        destination = row["destination"]
        conversationID = row["conversation_id"]
        event = try .init(row: row, id: "event_id", seq: "event_seq")
        attempts = row["attempts"]
        nextAttempt = try row.time("next_attempt_at")
        lastError = row["last_error"]
    }
}
