package import Events
package import Foundation
internal import GRDB

extension SQLiteStore {
    /// Stands where a call's id would: alerts are kept in order among themselves.
    package static let gatewayID = "gateway"

    package func announce(_ alert: AlertRecord, at now: Date) async throws(RecordStoreError) {
        let destinations = destinations
        var error = ErrorRecord(
            stage: "alert", errorMessage: "\(alert.rule) \(alert.message)")
        error.alert = alert
        let body = EventBody.error(error)
        try await write { database in
            // A CRM keeps records of calls, and this is none.
            let webhooks = try destinations.taking(.error, in: database)
                .filter { $0.hasPrefix(Webhook.destination(of: "")) }
            let id = UUID().uuidString.lowercased()
            let data = try JSONText.encode(body)
            for webhook in webhooks {
                try database.execute(
                    sql: """
                        INSERT INTO outbox (
                            destination, call_id, conversation_id, event_id, event_type,
                            event_data, event_seq, event_time, seconds_from_start,
                            next_attempt_at, created_at)
                        VALUES (:to, :gateway, :gateway, :id, :type, :data,
                            (SELECT COALESCE(MAX(event_seq), 0) + 1 FROM outbox
                                WHERE destination = :to AND call_id = :gateway),
                            :now, 0, :now, :now)
                        """,
                    arguments: [
                        "to": webhook, "gateway": Self.gatewayID, "id": id,
                        "type": EventType.error.rawValue, "data": data, "now": now.recordText,
                    ])
            }
        }
    }
}
