internal import Events
internal import Foundation
internal import GRDB

/// Writes what happened in calls, and all that follows from it, within one transaction.
struct CallWriter {
    let database: Database
    let redaction: Redaction
    let destinations: OutboxDestinations
    let now: Date

    /// What the writer needs to know of a call.
    struct Known {
        let callID: String
        let carrierCallID: String
        let conversationID: String
        let source: CallSource
        let startedAt: String
        var lastSeq: Int
    }

    /// - Throws: `JournalError` before anything was written, or what the database says.
    func append(_ call: CallEntries) throws -> [RecordedEvent] {
        guard let first = call.entries.first else { return [] }
        var known: Known
        switch (try self.known(call.callID), first.body) {
        case (nil, .callStarted(let start)): known = try begin(call.callID, start, at: first.time)
        case (nil, _): throw JournalError.callNotStarted(callID: call.callID)
        case (_?, .callStarted): throw JournalError.callStartedTwice(callID: call.callID)
        case (let old?, _): known = old
        }
        var change = CallCounts()
        var events: [RecordedEvent] = []
        for entry in call.entries {
            known.lastSeq += 1
            let event = CallEvent(
                id: UUID(), callID: known.callID, seq: known.lastSeq, time: entry.time,
                secondsFromStart: entry.secondsFromStart, body: redaction(entry.body))
            events.append(try write(event, of: known))
            change.count(event.body, secondsFromStart: event.secondsFromStart)
            try derive(event, of: known)
        }
        try update(known, with: change)
        for event in events {
            if case .callEnded(let end) = event.event.body { try finish(known, end, event.event) }
        }
        return events
    }

    private func known(_ callID: String) throws -> Known? {
        let row = try database.cachedStatement(
            sql: """
                SELECT carrier_call_id, conversation_id, source, started_at, last_seq
                FROM voice_calls WHERE id = ?
                """)
        guard let row = try Row.fetchOne(row, arguments: [callID]) else { return nil }
        return Known(
            callID: callID, carrierCallID: row["carrier_call_id"],
            conversationID: row["conversation_id"], source: try row.choice("source"),
            startedAt: row["started_at"], lastSeq: row["last_seq"])
    }

    private func begin(_ callID: String, _ start: CallStarted, at time: Date) throws -> Known {
        let source = CallSource(carrier: start.carrier)
        let conversationID = start.conversationID ?? callID
        let direction = CallDirection(rawValue: start.direction ?? "") ?? .inbound
        let from = start.from.map(redaction.number)
        let to = start.to.map(redaction.number)
        let started = time.recordText
        try database.execute(
            sql: """
                INSERT INTO voice_calls (
                    id, source, carrier, carrier_call_id, conversation_id, direction, from_number,
                    to_number, language, started_at, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                callID, source.rawValue, start.carrier, start.carrierCallID, conversationID,
                direction.rawValue, from, to, start.language, started, now.recordText,
                now.recordText,
            ])
        try database.execute(
            sql: """
                INSERT INTO conversations (
                    id, twilio_call_sid, phone_number, direction, status, created_at, user_id)
                VALUES (?, ?, ?, ?, 'live', ?,
                    (SELECT id FROM contacts WHERE contacts.phone_number = ?))
                ON CONFLICT (id) DO UPDATE SET
                    twilio_call_sid = excluded.twilio_call_sid,
                    phone_number = COALESCE(excluded.phone_number, phone_number),
                    direction = excluded.direction,
                    user_id = COALESCE(user_id, excluded.user_id)
                """,
            arguments: [
                conversationID, start.carrier == "twilio" ? start.carrierCallID : nil,
                direction == .inbound ? from : to, direction.rawValue, started,
                direction == .inbound ? from : to,
            ])
        return Known(
            callID: callID, carrierCallID: start.carrierCallID, conversationID: conversationID,
            source: source, startedAt: started, lastSeq: 0)
    }

    private func write(_ event: CallEvent, of call: Known) throws -> RecordedEvent {
        let data = try JSONText.encode(event.body)
        let time = event.time.recordText
        let seconds = (event.secondsFromStart * 1_000).rounded() / 1_000
        let words = Words(event.body)
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO call_events (
                    id, call_id, conversation_id, source, seq, event_type, event_data, speaker,
                    transcript_text, is_final, event_time, seconds_from_start, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let id = event.id.uuidString.lowercased()
        try insert.execute(
            arguments: [
                id, call.callID, call.conversationID, call.source.rawValue, event.seq,
                event.body.type.rawValue, data, words.speaker, words.text, words.isFinal, time,
                seconds, now.recordText,
            ])
        let position = database.lastInsertedRowID
        for destination in try destinations.taking(event.body.type, in: database) {
            try database.cachedStatement(
                sql: """
                    INSERT INTO outbox (
                        destination, call_id, conversation_id, event_id, event_type, event_data,
                        event_seq, event_time, seconds_from_start, next_attempt_at, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    destination, call.callID, call.conversationID, id, event.body.type.rawValue,
                    data, event.seq, time, seconds, now.recordText, now.recordText,
                ])
        }
        return RecordedEvent(
            position: position, conversationID: call.conversationID,
            carrierCallID: call.carrierCallID, event: event)
    }

    private func derive(_ event: CallEvent, of call: Known) throws {
        switch event.body {
        case .turnCompleted(let turn): try write(turn, of: call, at: event.time)
        case .toolCall(let tool):
            try insertTool(tool.id, tool.name, of: call, arguments: tool.arguments, at: event.time)
        case .toolResult(let result): try write(result, of: call, at: event.time)
        case .sentiment(let sentiment): try write(sentiment, of: call)
        case .callStarted, .callEnded, .speechStarted, .speechEnded, .transcript, .agentSpeech,
            .interruption, .sentimentAlert, .contextIssue, .callbackScheduled, .transferRequested,
            .dtmf, .carrierStatus, .quality, .error, .providerFailover:
            break
        }
    }

    private func write(_ turn: TurnRecord, of call: Known, at time: Date) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO turns (
                    call_id, turn, conversation_id, user_text, agent_text, heard_text, interrupted,
                    filler, speculated, endpointing_ms, stt_latency_ms, llm_latency_ms,
                    chunking_ms, tts_latency_ms, send_ms, total_latency_ms, bridge_ms,
                    first_audio_heard_ms, completed_at, sentiment_score)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                call.callID, turn.turn, call.conversationID, turn.user, turn.agent, turn.heard,
                turn.interrupted, turn.filler, turn.speculated, turn.endpointing, turn.sttLatency,
                turn.llmLatency, turn.chunking, turn.ttsLatency, turn.send, turn.totalLatency,
                turn.bridge, turn.firstAudioHeard, time.recordText,
                try sentiment(ofTurn: turn.turn, in: call),
            ])
    }

    private func insertTool(
        _ id: String, _ name: String, of call: Known, arguments: String, at time: Date
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO tool_logs (
                    id, call_id, conversation_id, source, tool_name, tool_call_id, arguments,
                    started_at, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                UUID().uuidString.lowercased(), call.callID, call.conversationID,
                call.source.rawValue, name, id, arguments, time.recordText, now.recordText,
            ])
    }

    /// Models may use a tool call's name again in a later turn: the result is the open call's.
    private func write(_ result: ToolResultRecord, of call: Known, at time: Date) throws {
        let isOpen = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM tool_logs
                    WHERE call_id = ? AND tool_call_id = ? AND success IS NULL)
                """, arguments: [call.callID, result.id])
        if isOpen != true {
            let start = time.addingTimeInterval(-result.durationMilliseconds / 1_000)
            try insertTool(result.id, result.name, of: call, arguments: "{}", at: start)
        }
        try database.execute(
            sql: """
                UPDATE tool_logs SET success = ?, result = ?, error_message = ?, duration_ms = ?
                WHERE rowid = (SELECT rowid FROM tool_logs
                    WHERE call_id = ? AND tool_call_id = ? AND success IS NULL
                    ORDER BY started_at, rowid LIMIT 1)
                """,
            arguments: [
                result.succeeded, result.succeeded ? result.result : nil,
                result.succeeded ? nil : result.result, result.durationMilliseconds, call.callID,
                result.id,
            ])
    }
}

// MARK: The call's own rows

extension CallWriter {
    private func update(_ call: Known, with counts: CallCounts) throws {
        try database.cachedStatement(
            sql: """
                UPDATE voice_calls SET last_seq = ?, updated_at = ?,
                    duration_seconds = CASE status WHEN 'live' THEN ? ELSE duration_seconds END,
                    turns_count = turns_count + ?,
                    interruptions_count = interruptions_count + ?,
                    tool_calls_count = tool_calls_count + ?,
                    tool_errors_count = tool_errors_count + ?,
                    errors_count = errors_count + ?
                WHERE id = ?
                """
        ).execute(
            arguments: [
                call.lastSeq, now.recordText, counts.secondsFromStart, counts.turns,
                counts.interruptions, counts.toolCalls, counts.toolErrors, counts.errors,
                call.callID,
            ])
    }

    private func finish(_ call: Known, _ end: CallEnded, _ event: CallEvent) throws {
        let isInterrupted = end.reason == CallSummary.interruptedReason
        let status: CallSummary.Status = isInterrupted ? .interrupted : .ended
        try database.execute(
            sql: """
                UPDATE voice_calls SET status = ?, ended_at = ?, end_reason = ?,
                    duration_seconds = ?, cost_micros = COALESCE(?, cost_micros),
                    currency = COALESCE(?, currency)
                WHERE id = ?
                """,
            arguments: [
                status.rawValue, event.time.recordText, end.reason, end.durationSeconds,
                end.costMicros, end.currency, call.callID,
            ])
        try database.execute(
            sql: """
                UPDATE conversations SET status = :status, ended_at = :end, transcript = :words,
                    user_id = COALESCE(user_id, (SELECT id FROM contacts
                        WHERE contacts.phone_number = conversations.phone_number)),
                    (duration, cost) = (
                        SELECT SUM(duration_seconds), SUM(cost) FROM voice_calls
                        WHERE conversation_id = :id)
                WHERE id = :id
                """,
            arguments: [
                "status": status.rawValue, "end": event.time.recordText,
                "words": try transcript(of: call.conversationID), "id": call.conversationID,
            ])
    }

    /// Of all calls of a conversation, one after the other.
    private func transcript(of conversationID: String) throws -> String {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT event.call_id, event.event_type, event.event_data
                FROM call_events AS event JOIN voice_calls AS call ON call.id = event.call_id
                WHERE event.conversation_id = ? AND event.event_type IN
                    ('transcript', 'agent_speech', 'interruption', 'turn_completed')
                ORDER BY call.started_at, event.call_id, event.seq
                """, arguments: [conversationID])
        var transcripts: [ConversationTranscript] = []
        var latest: String?
        while let row = try rows.next() {
            if latest != row["call_id"] { transcripts.append(ConversationTranscript()) }
            latest = row["call_id"]
            transcripts[transcripts.count - 1].add(
                try JSONText.decodeEvent(type: row["event_type"], data: row["event_data"]))
        }
        return transcripts.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

/// What a batch adds to the figures of its call.
private struct CallCounts {
    private(set) var turns = 0
    private(set) var interruptions = 0
    private(set) var toolCalls = 0
    private(set) var toolErrors = 0
    private(set) var errors = 0
    private(set) var secondsFromStart = 0.0

    mutating func count(_ body: EventBody, secondsFromStart: Double) {
        self.secondsFromStart = secondsFromStart
        switch body {
        case .turnCompleted: turns += 1
        case .interruption: interruptions += 1
        case .toolCall: toolCalls += 1
        case .toolResult(let result): toolErrors += result.succeeded ? 0 : 1
        case .error: errors += 1
        case .callStarted, .callEnded, .speechStarted, .speechEnded, .transcript, .agentSpeech,
            .sentiment, .sentimentAlert, .contextIssue, .callbackScheduled, .transferRequested,
            .dtmf, .carrierStatus, .quality, .providerFailover:
            break
        }
    }
}

/// Who says what in an event, for the columns that reports read.
private struct Words {
    private(set) var speaker: String?
    private(set) var text: String?
    private(set) var isFinal: Bool?

    init(_ body: EventBody) {
        switch body {
        case .transcript(let said):
            (speaker, text, isFinal) = (said.speaker ?? "user", said.text, said.isFinal)
        case .agentSpeech(let said): (speaker, text, isFinal) = ("ai", said.text, true)
        case .callStarted, .callEnded, .speechStarted, .speechEnded, .interruption, .turnCompleted,
            .toolCall, .toolResult, .sentiment, .sentimentAlert, .contextIssue,
            .callbackScheduled, .transferRequested, .dtmf, .carrierStatus, .quality, .error,
            .providerFailover:
            break
        }
    }
}
