package import Foundation
internal import GRDB

extension SQLiteStore {
    package func add(
        _ webhook: NewWebhook, at now: Date
    ) async throws(RecordStoreError) -> Webhook {
        let id = UUID().uuidString.lowercased()
        let destinations = destinations
        return try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO webhooks (
                        id, url, events, description, secret, created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, webhook.url, try JSONText.encode(webhook.events), webhook.description,
                    webhook.secret, now.recordText, now.recordText,
                ])
            destinations.forgetWebhooks()
            return try Self.webhook(id, in: database)
        }.unwrapped("webhooks")
    }

    package func webhooks() async throws(RecordStoreError) -> [Webhook] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM webhooks ORDER BY created_at, rowid"
            ).map(Webhook.init(row:))
        }
    }

    package func webhook(_ id: String) async throws(RecordStoreError) -> Webhook? {
        try await read { try Self.webhook(id, in: $0) }
    }

    package func deleteWebhook(_ id: String) async throws(RecordStoreError) -> Bool {
        let destinations = destinations
        return try await write { database in
            try database.execute(
                sql: "DELETE FROM outbox WHERE destination = ? AND state <> 'delivered'",
                arguments: [Webhook.destination(of: id)])
            try database.execute(sql: "DELETE FROM webhooks WHERE id = ?", arguments: [id])
            destinations.forgetWebhooks()
            return database.changesCount > 0
        }
    }

    package func setWebhook(
        _ id: String, active: Bool, at now: Date
    ) async throws(RecordStoreError) -> Webhook? {
        let destinations = destinations
        return try await write { database in
            try database.execute(
                sql: "UPDATE webhooks SET active = ?, updated_at = ? WHERE id = ?",
                arguments: [active, now.recordText, id])
            destinations.forgetWebhooks()
            return try Self.webhook(id, in: database)
        }
    }

    package func add(_ delivery: WebhookDelivery) async throws(RecordStoreError) {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO webhook_deliveries (
                        id, webhook_id, outbox_id, event_type, attempt, succeeded, status_code,
                        error_message, duration_ms, attempted_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    delivery.id, delivery.webhookID, delivery.outboxID, delivery.eventType,
                    delivery.attempt, delivery.succeeded, delivery.statusCode,
                    delivery.errorMessage, delivery.durationMilliseconds,
                    delivery.attempted.recordText,
                ])
        }
    }

    package func deliveries(
        ofWebhook id: String, limit: Int
    ) async throws(RecordStoreError) -> [WebhookDelivery] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM webhook_deliveries WHERE webhook_id = ?
                    ORDER BY attempted_at DESC, rowid DESC LIMIT ?
                    """, arguments: [id, limit]
            ).map { row in
                WebhookDelivery(
                    id: row["id"], webhookID: row["webhook_id"], outboxID: row["outbox_id"],
                    eventType: row["event_type"], attempt: row["attempt"],
                    succeeded: row["succeeded"], statusCode: row["status_code"],
                    errorMessage: row["error_message"],
                    durationMilliseconds: row["duration_ms"],
                    attempted: try row.time("attempted_at"))
            }
        }
    }

    private static func webhook(_ id: String, in database: Database) throws -> Webhook? {
        try Row.fetchOne(database, sql: "SELECT * FROM webhooks WHERE id = ?", arguments: [id])
            .map(Webhook.init(row:))
    }
}

extension Webhook {
    fileprivate init(row: Row) throws {
        id = row["id"]
        url = row["url"]
        events = try JSONText.decode([String].self, from: row["events"])
        description = row["description"]
        secret = row["secret"]
        isActive = row["active"]
        created = try row.time("created_at")
    }
}
