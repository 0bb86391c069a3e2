package import Foundation
internal import GRDB

extension SQLiteStore {
    package func purge(
        _ policy: RetentionPolicy, at now: Date
    ) async throws(RecordStoreError) -> Int {
        var deleted = 0
        for deletion in Self.ofEvents(policy, at: now) + Self.ofCalls(policy, at: now) {
            while true {
                let count = try await write { database in
                    try database.execute(
                        sql: deletion.sql,
                        arguments: ["limit": deletion.limit, "rows": deletion.rows])
                    return database.changesCount
                }
                deleted += count
                guard count >= deletion.rows else { break }
                await Task.yield()
            }
        }
        return deleted
    }

    /// A statement that is run until it deletes fewer than `rows`.
    private struct Deletion: Sendable {
        /// Names `:limit` and `:rows`.
        let sql: String
        let limit: String
        let rows: Int

        /// Rows of a table that are older than `limit` by a column.
        init(_ table: String, where condition: String, _ limit: String, _ rows: Int) {
            sql = """
                DELETE FROM \(table) WHERE rowid IN (
                    SELECT rowid FROM \(table) WHERE \(condition) LIMIT :rows)
                """
            self.limit = limit
            self.rows = rows
        }

        init(sql: String, _ limit: String, _ rows: Int) {
            self.sql = sql
            self.limit = limit
            self.rows = rows
        }
    }

    private static func limit(_ days: Int, before now: Date) -> String {
        now.addingTimeInterval(-Double(days) * 86_400).recordText
    }

    private static func ofEvents(_ policy: RetentionPolicy, at now: Date) -> [Deletion] {
        let rows = policy.rowsPerBatch
        var deletions: [Deletion] = []
        if let days = policy.eventDays {
            // Positions ascend with `created_at`: the oldest rows come first without an index.
            deletions.append(
                Deletion(
                    sql: """
                        DELETE FROM call_events WHERE created_at < :limit AND position IN (
                            SELECT position FROM call_events ORDER BY position LIMIT :rows)
                        """, limit(days, before: now), rows))
        }
        let ages: [(String, String, Int?)] = [
            ("outbox", "state = 'delivered' AND settled_at < :limit", policy.deliveryDays),
            ("outbox", "state = 'dead' AND settled_at < :limit", policy.deadLetterDays),
            ("webhook_deliveries", "attempted_at < :limit", policy.deliveryDays),
            ("conversation_logs", "timestamp < :limit", policy.messageDays),
            ("memories", "expires_at < :limit", 0),
            ("audit_log", "time < :limit", policy.auditDays),
            ("contact_lookups", "fetched_at < :limit", policy.contactLookupDays),
            ("contacts", "source IS NOT NULL AND updated_at < :limit", policy.contactDays),
        ]
        for case (let table, let condition, .some(let days)) in ages {
            deletions.append(
                Deletion(table, where: condition, limit(days, before: now), rows))
        }
        return deletions
    }

    /// A call's rows go with it: its events first and few calls at a time, so that no transaction
    /// is large.
    private static func ofCalls(_ policy: RetentionPolicy, at now: Date) -> [Deletion] {
        let rows = policy.rowsPerBatch
        let fewer = max(1, rows / 20)
        var deletions: [Deletion] = []
        func delete(callsThat condition: String, _ limit: String) {
            let calls = "FROM voice_calls WHERE status <> 'live' AND \(condition)"
            deletions += [
                Deletion(
                    "call_events", where: "call_id IN (SELECT id \(calls))", limit, rows),
                Deletion(
                    "conversations", where: "id IN (SELECT conversation_id \(calls))", limit,
                    fewer),
                Deletion(
                    "voice_calls", where: "id IN (SELECT id \(calls))", limit, fewer),
            ]
        }
        if let days = policy.callDays {
            let limit = limit(days, before: now)
            delete(callsThat: "ended_at < :limit", limit)
            deletions.append(
                Deletion(
                    "conversations", where: "status <> 'live' AND ended_at < :limit", limit,
                    fewer))
        }
        if let count = policy.endedCalls {
            delete(
                callsThat: """
                    id IN (SELECT id FROM voice_calls WHERE status <> 'live' AND :limit <> ''
                        ORDER BY ended_at DESC, id DESC LIMIT -1 OFFSET \(count))
                    """, now.recordText)
        }
        return deletions
    }
}
