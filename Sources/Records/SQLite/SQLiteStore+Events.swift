internal import Events
package import Foundation
internal import GRDB

extension SQLiteStore {
    package func append(
        _ batch: [CallEntries], at now: Date
    ) async throws(RecordStoreError) -> AppendOutcome {
        let redaction = redaction
        let destinations = destinations
        return try await write { database in
            var outcome = AppendOutcome()
            let writer = CallWriter(
                database: database, redaction: redaction, destinations: destinations, now: now)
            for call in batch {
                do {
                    outcome.events += try writer.append(call)
                } catch let refusal as JournalError {
                    outcome.refused.append(refusal)
                }
            }
            return outcome
        }
    }

    package func events(
        of id: String, after seq: Int, limit: Int
    ) async throws(RecordStoreError) -> EventPage? {
        try await read { database -> EventPage? in
            let found = try Row.fetchOne(
                database,
                sql: """
                    SELECT id, last_seq, status FROM voice_calls WHERE id = :id OR id = (
                        SELECT id FROM voice_calls WHERE carrier_call_id = :id
                        ORDER BY started_at DESC LIMIT 1)
                    ORDER BY id = :id DESC LIMIT 1
                    """, arguments: ["id": id])
            guard let found else { return nil }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM call_events WHERE call_id = ? AND seq > ? ORDER BY seq LIMIT ?
                    """, arguments: [found["id"] as String, seq, limit])
            let events = try rows.map { try CallEvent(row: $0) }
            let next = events.last?.seq ?? seq
            let isOver = (found["status"] as String) != CallSummary.Status.live.rawValue
            return EventPage(
                events: events, next: next, ended: isOver && next >= found["last_seq"])
        }
    }

    package func events(
        in room: EventRoom, after position: Int64, upTo last: Int64, limit: Int
    ) async throws(RecordStoreError) -> [RecordedEvent] {
        let (condition, id): (String, String?) =
            switch room {
            case .all: ("", nil)
            case .call(let id):
                (
                    """
                    AND event.call_id IN (
                        SELECT id FROM voice_calls WHERE id = :id OR carrier_call_id = :id)
                    """, id
                )
            case .conversation(let id): ("AND event.conversation_id = :id", id)
            }
        return try await read { database in
            var arguments: StatementArguments = [
                "after": position, "last": last, "limit": limit,
            ]
            if let id { arguments += ["id": id] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT event.*, call.carrier_call_id
                    FROM call_events AS event JOIN voice_calls AS call ON call.id = event.call_id
                    WHERE event.position > :after AND event.position <= :last \(condition)
                    ORDER BY event.position LIMIT :limit
                    """, arguments: arguments)
            return try rows.map { row in
                RecordedEvent(
                    position: row["position"], conversationID: row["conversation_id"],
                    carrierCallID: row["carrier_call_id"], event: try CallEvent(row: row))
            }
        }
    }

    package func latestPosition() async throws(RecordStoreError) -> Int64 {
        try await read { database in
            try Int64.fetchOne(database, sql: "SELECT MAX(position) FROM call_events") ?? 0
        }
    }

    package func closeInterrupted(
        at now: Date
    ) async throws(RecordStoreError) -> [RecordedEvent] {
        let redaction = redaction
        let destinations = destinations
        return try await write { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT call.id, call.duration_seconds, call.turns_count,
                        call.interruptions_count,
                        COALESCE(
                            (SELECT event_time FROM call_events AS event
                                WHERE event.call_id = call.id ORDER BY seq DESC LIMIT 1),
                            call.started_at) AS latest
                    FROM voice_calls AS call
                    WHERE call.status = 'live' AND call.source = 'gateway'
                    ORDER BY call.started_at, call.id
                    """)
            let writer = CallWriter(
                database: database, redaction: redaction, destinations: destinations, now: now)
            var events: [RecordedEvent] = []
            for row in rows {
                let seconds: Double = row["duration_seconds"]
                let end = CallEnded(
                    reason: CallSummary.interruptedReason, durationSeconds: seconds,
                    turns: row["turns_count"], interruptions: row["interruptions_count"])
                let entry = JournalEntry(
                    .callEnded(end), time: try row.time("latest"), secondsFromStart: seconds)
                events += try writer.append(CallEntries(callID: row["id"], [entry]))
            }
            return events
        }
    }
}

extension CallEvent {
    /// Reads a row of `call_events` or `outbox`.
    init(row: Row, id: String = "id", seq: String = "seq") throws {
        guard let id = UUID(uuidString: row[id]) else {
            throw RecordStoreError.unreadable(what: "an event's id")
        }
        self.init(
            id: id, callID: row["call_id"], seq: row[seq], time: try row.time("event_time"),
            secondsFromStart: row["seconds_from_start"],
            body: try JSONText.decodeEvent(type: row["event_type"], data: row["event_data"]))
    }
}
