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

    package func dueEntries(
        of destination: String, wholeCalls: Bool, at now: Date, limit: Int
    ) async throws(RecordStoreError) -> [OutboxEntry] {
        // Nothing overtakes an entry of its call that waits for another attempt.
        let condition =
            wholeCalls
            ? """
            entry.destination = :destination AND entry.state = 'pending' AND NOT EXISTS (
                SELECT 1 FROM outbox AS earlier
                WHERE earlier.state = 'pending' AND earlier.destination = entry.destination
                    AND earlier.call_id = entry.call_id AND earlier.id < entry.id
                    AND earlier.next_attempt_at > :now)
            """
            : """
            entry.id IN (
                SELECT MIN(id) FROM outbox INDEXED BY outbox_order
                WHERE state = 'pending' AND destination = :destination GROUP BY call_id)
            """
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT entry.* FROM outbox AS entry
                    WHERE \(condition) AND entry.next_attempt_at <= :now
                    ORDER BY entry.id LIMIT :limit
                    """,
                arguments: ["destination": destination, "now": now.recordText, "limit": limit]
            ).map(OutboxEntry.init(row:))
        }
    }

    package func pendingDestinations() async throws(RecordStoreError) -> [String] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT destination FROM outbox INDEXED BY outbox_order
                    WHERE state = 'pending'
                    """)
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

    package func delivered(entries ids: [Int64], at now: Date) async throws(RecordStoreError) {
        try await write { database in
            for id in ids {
                try database.cachedStatement(
                    sql: """
                        UPDATE outbox SET state = 'delivered', settled_at = ?, last_error = NULL
                        WHERE id = ? AND state = 'pending'
                        """
                ).execute(arguments: [now.recordText, id])
            }
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

    package func abandon(
        _ destination: String, queuedBefore: Date?, because reason: String, at now: Date
    ) async throws(RecordStoreError) -> Int {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'dead', last_error = :reason, settled_at = :now
                    WHERE state = 'pending' AND destination = :destination
                        AND (:before IS NULL OR created_at < :before)
                    """,
                arguments: [
                    "reason": reason, "now": now.recordText, "destination": destination,
                    "before": queuedBefore?.recordText,
                ])
            return database.changesCount
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
                    UPDATE outbox SET state = 'pending', attempts = 0, next_attempt_at = :now,
                        created_at = :now, settled_at = NULL
                    WHERE id = :id AND state = 'dead'
                    """, arguments: ["now": now.recordText, "id": id])
            return database.changesCount > 0
        }
    }

    package func redeliver(
        allOf destination: String, at now: Date
    ) async throws(RecordStoreError) -> Int {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'pending', attempts = 0, next_attempt_at = :now,
                        created_at = :now, settled_at = NULL
                    WHERE destination = :destination AND state = 'dead'
                    """, arguments: ["now": now.recordText, "destination": destination])
            return database.changesCount
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
        queued = try row.time("created_at")
        attempts = row["attempts"]
        nextAttempt = try row.time("next_attempt_at")
        lastError = row["last_error"]
    }
}
