internal import Events
package import Foundation

/// Upserts calls, conversations, events and tools into Supabase's tables of the same names, so that
/// its Realtime shows them (PostgREST; protocols/crm.md §3.1).
///
/// Rows carry the ids that the records have, and calls are sent as they stand: sent twice, the same
/// rows stand there.
package struct SupabaseReceiver: OutboxReceiver {
    package static let destination = "crm:supabase"
    /// Rows of one request.
    package let batchLimit = 200
    private let store: any RecordStore
    private let connection: CRMConnection
    private static let prefer = "resolution=merge-duplicates,return=minimal"

    package init(_ store: any RecordStore, _ connection: CRMConnection) {
        self.store = store
        self.connection = connection
    }

    /// The headers by which Supabase lets a server in; only legacy keys, which are tokens, also go
    /// where tokens go.
    package static func headers(key: String) -> [(name: String, value: String)] {
        let isToken = key.hasPrefix("eyJ")
        return [("apikey", key)] + (isToken ? [("Authorization", "Bearer " + key)] : [])
    }

    package func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        do throws(CRMError) {
            try await upsert(entries)
            return entries.map { _ in .delivered }
        } catch {
            guard case .rejected = error, entries.count > 1 else {
                return entries.map { _ in error.outcome }
            }
            // One bad row must not keep the others out.
            let middle = entries.count / 2
            let first = await deliver(Array(entries[..<middle]), at: now)
            return first + (await deliver(Array(entries[middle...]), at: now))
        }
    }

    private func upsert(_ entries: [OutboxEntry]) async throws(CRMError) {
        var calls: [JSONTree] = []
        var conversations: [JSONTree] = []
        var tools: [JSONTree] = []
        do {
            var seen: Set<String> = []
            for entry in entries where seen.insert(entry.event.callID).inserted {
                guard let call = try await store.call(entry.event.callID) else { continue }
                calls.append(Self.row(call))
                if let kept = try await store.conversation(call.conversationID) {
                    conversations.append(Self.row(kept))
                }
                let usesTools = entries.contains {
                    guard $0.event.callID == entry.event.callID else { return false }
                    return [.toolCall, .toolResult].contains($0.event.body.type)
                }
                if usesTools {
                    for log in try await store.toolLogs(of: entry.event.callID) {
                        tools.append(Self.row(log, of: call))
                    }
                }
            }
        } catch {
            throw .noRecords
        }
        // What others refer to comes first.
        try await upsert(conversations, into: "conversations")
        try await upsert(calls, into: "voice_calls")
        try await upsert(entries.map(Self.row), into: "call_events")
        try await upsert(tools, into: "tool_logs")
    }

    private func upsert(_ rows: [JSONTree], into table: String) async throws(CRMError) {
        // Two rows of one key in a request are refused by PostgreSQL; the later one stands.
        var places: [String: Int] = [:]
        var unique: [JSONTree] = []
        for row in rows {
            let id = row["id"]?.text ?? ""
            if let place = places[id] {
                unique[place] = row
            } else {
                places[id] = unique.count
                unique.append(row)
            }
        }
        guard !unique.isEmpty else { return }
        _ = try await connection.send(
            "POST", "/\(table)?on_conflict=id", .list(unique),
            headers: [("Prefer", Self.prefer)])
    }
}

// Every row of a table has the same members: PostgREST asks for that.
extension SupabaseReceiver {
    private static func row(_ entry: OutboxEntry) -> JSONTree {
        let event = entry.event
        let words: (speaker: String?, text: String?, isFinal: Bool?) =
            switch event.body {
            case .transcript(let said): (said.speaker ?? "user", said.text, said.isFinal)
            case .agentSpeech(let said): ("ai", said.text, true)
            default: (nil, nil, nil)  // nothing else has words
            }
        return .object([
            "id": .text(event.id.uuidString.lowercased()), "call_id": .text(event.callID),
            "conversation_id": .text(entry.conversationID), "seq": .integer(event.seq),
            "event_type": .text(event.body.type.rawValue),
            "event_data": .object((try? JSONText.members(of: event.body)) ?? [:]),
            "speaker": JSONTree(words.speaker), "transcript_text": JSONTree(words.text),
            "is_final": JSONTree(words.isFinal), "event_time": .text(event.time.recordText),
            "seconds_from_start": .number(
                (event.secondsFromStart * 1_000).rounded() / 1_000),
        ])
    }

    private static func row(_ call: CallRecord) -> JSONTree {
        let summary = call.summary
        return .object([
            "id": .text(summary.id), "source": .text(call.source.rawValue),
            "carrier": .text(summary.carrier), "carrier_call_id": .text(summary.carrierCallID),
            "conversation_id": .text(call.conversationID),
            "direction": .text(call.direction.rawValue), "from_number": JSONTree(summary.from),
            "to_number": JSONTree(summary.to), "language": .text(summary.language),
            "status": .text(summary.status.rawValue),
            "started_at": .text(summary.started.recordText),
            "ended_at": JSONTree(summary.ended?.recordText),
            "end_reason": JSONTree(summary.endReason),
            "duration_seconds": .number(summary.durationSeconds),
            "cost": JSONTree(call.costMicros.map { Double($0) / 1_000_000 }),
            "currency": JSONTree(call.currency),
            "live_transcript_enabled": .bool(call.liveTranscriptEnabled),
            "turns_count": .integer(summary.turnsCount),
            "interruptions_count": .integer(summary.interruptionsCount),
            "tool_calls_count": .integer(call.toolCallsCount),
            "tool_errors_count": .integer(call.toolErrorsCount),
            "user_sentiment": JSONTree(call.userSentiment?.rawValue),
            "intervention_count": .integer(call.interventionCount),
        ])
    }

    private static func row(_ conversation: Conversation) -> JSONTree {
        .object([
            "id": .text(conversation.id), "user_id": JSONTree(conversation.userID),
            "agent_id": JSONTree(conversation.agentID),
            "twilio_call_sid": JSONTree(conversation.twilioCallSID),
            "transcript": JSONTree(conversation.transcript),
            "duration": JSONTree(conversation.durationSeconds),
            "cost": JSONTree(conversation.cost), "status": .text(conversation.status),
            "phone_number": JSONTree(conversation.phoneNumber),
            "direction": JSONTree(conversation.direction),
            "created_at": .text(conversation.created.recordText),
            "ended_at": JSONTree(conversation.ended?.recordText),
        ])
    }

    private static func row(_ log: ToolLog, of call: CallRecord) -> JSONTree {
        .object([
            "id": .text(log.id), "call_id": .text(log.callID),
            "conversation_id": .text(call.conversationID), "tool_name": .text(log.toolName),
            "tool_call_id": .text(log.toolCallID),
            "arguments": JSONTree(parsing: Array(log.arguments.utf8)) ?? .text(log.arguments),
            "success": JSONTree(log.success), "result": JSONTree(log.result),
            "error_message": JSONTree(log.errorMessage),
            "started_at": .text(log.started.recordText),
            "duration_ms": JSONTree(log.durationMilliseconds),
            "user_feedback": JSONTree(log.userFeedback?.rawValue),
            "correction_applied": .bool(log.correctionApplied),
        ])
    }
}
