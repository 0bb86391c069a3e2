package import Events
internal import Foundation
internal import GRDB

extension SQLiteStore {
    package func call(_ id: String) async throws(RecordStoreError) -> CallRecord? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM voice_calls WHERE id = :id OR carrier_call_id = :id
                    ORDER BY id = :id DESC, started_at DESC LIMIT 1
                    """, arguments: ["id": id])
            return try row.map(CallRecord.init(row:))
        }
    }

    package func calls(
        matching filter: CallFilter, page: PageRequest
    ) async throws(RecordStoreError) -> RecordPage<CallRecord> {
        var conditions = PagedQuery(time: "started_at", page)
        conditions.add("status = :status", "status", filter.status?.rawValue)
        conditions.add("direction = :direction", "direction", filter.direction?.rawValue)
        conditions.add("source = :source", "source", filter.source?.rawValue)
        conditions.add("started_at >= :from", "from", filter.from?.recordText)
        conditions.add("started_at < :to", "to", filter.to?.recordText)
        conditions.add(":number IN (from_number, to_number)", "number", filter.number)
        return try await self.page(of: "voice_calls", conditions, CallRecord.init(row:))
    }

    package func openCalls() async throws(RecordStoreError) -> [CallRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM voice_calls WHERE status = 'live'
                    ORDER BY started_at DESC, id DESC
                    """
            ).map(CallRecord.init(row:))
        }
    }

    package func turns(of callID: String) async throws(RecordStoreError) -> [TurnRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM turns WHERE call_id = ? ORDER BY turn",
                arguments: [callID]
            ).map(TurnRecord.init(row:))
        }
    }

    package func toolLogs(of callID: String) async throws(RecordStoreError) -> [ToolLog] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM tool_logs WHERE call_id = ? ORDER BY started_at, rowid",
                arguments: [callID]
            ).map(ToolLog.init(row:))
        }
    }

    package func update(
        _ callID: String, _ change: CallChange
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            switch change {
            case .sentiment(let sentiment):
                try database.execute(
                    sql: "UPDATE voice_calls SET user_sentiment = ? WHERE id = ?",
                    arguments: [sentiment.rawValue, callID])
            case .turnSentiment(let turn, let score):
                try database.execute(
                    sql: "UPDATE turns SET sentiment_score = ? WHERE call_id = ? AND turn = ?",
                    arguments: [score, callID, turn])
            case .intervened:
                try database.execute(
                    sql: """
                        UPDATE voice_calls SET intervention_count = intervention_count + 1
                        WHERE id = ?
                        """, arguments: [callID])
            case .liveTranscript(let isEnabled):
                try database.execute(
                    sql: "UPDATE voice_calls SET live_transcript_enabled = ? WHERE id = ?",
                    arguments: [isEnabled, callID])
            case .recording(let place):
                try database.execute(
                    sql: "UPDATE voice_calls SET recording = ? WHERE id = ?",
                    arguments: [place, callID])
            case .cost(let micros, let currency):
                try database.execute(
                    sql: """
                        UPDATE voice_calls SET cost_micros = ?, currency = ? WHERE id = ?
                        """, arguments: [micros, currency, callID])
                guard database.changesCount > 0 else { return false }
                try database.execute(
                    sql: """
                        UPDATE conversations SET cost = (
                            SELECT SUM(cost) FROM voice_calls
                            WHERE conversation_id = conversations.id)
                        WHERE id = (SELECT conversation_id FROM voice_calls WHERE id = ?)
                        """, arguments: [callID])
            }
            return database.changesCount > 0
        }
    }

    package func judge(
        toolLog id: String, _ feedback: ToolFeedback?, correctionApplied: Bool
    ) async throws(RecordStoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE tool_logs SET user_feedback = ?, correction_applied = ? WHERE id = ?
                    """, arguments: [feedback?.rawValue, correctionApplied, id])
            return database.changesCount > 0
        }
    }
}

extension CallRecord {
    fileprivate init(row: Row) throws {
        let start = CallStarted(
            carrier: row["carrier"], carrierCallID: row["carrier_call_id"],
            language: row["language"], from: row["from_number"], to: row["to_number"])
        summary = CallSummary(id: row["id"], start: start, started: try row.time("started_at"))
        summary.status = try row.choice("status")
        summary.ended = try row.optionalTime("ended_at")
        summary.endReason = row["end_reason"]
        summary.durationSeconds = row["duration_seconds"]
        summary.turnsCount = row["turns_count"]
        summary.interruptionsCount = row["interruptions_count"]
        source = try row.choice("source")
        conversationID = row["conversation_id"]
        direction = try row.choice("direction")
        liveTranscriptEnabled = row["live_transcript_enabled"]
        toolCallsCount = row["tool_calls_count"]
        toolErrorsCount = row["tool_errors_count"]
        errorsCount = row["errors_count"]
        userSentiment = (row["user_sentiment"] as String?).flatMap(UserSentiment.init)
        interventionCount = row["intervention_count"]
        recording = row["recording"]
        costMicros = row["cost_micros"]
        currency = row["currency"]
        lastSeq = row["last_seq"]
    }
}

extension TurnRecord {
    fileprivate init(row: Row) {
        self.init(turn: row["turn"], user: row["user_text"])
        agent = row["agent_text"]
        heard = row["heard_text"]
        interrupted = row["interrupted"]
        filler = row["filler"]
        speculated = row["speculated"]
        endpointing = row["endpointing_ms"]
        sttLatency = row["stt_latency_ms"]
        llmLatency = row["llm_latency_ms"]
        chunking = row["chunking_ms"]
        ttsLatency = row["tts_latency_ms"]
        send = row["send_ms"]
        totalLatency = row["total_latency_ms"]
        bridge = row["bridge_ms"]
        firstAudioHeard = row["first_audio_heard_ms"]
    }
}

extension ToolLog {
    fileprivate init(row: Row) throws {
        id = row["id"]
        callID = row["call_id"]
        toolName = row["tool_name"]
        toolCallID = row["tool_call_id"]
        arguments = row["arguments"]
        success = row["success"]
        result = row["result"]
        errorMessage = row["error_message"]
        started = try row.time("started_at")
        durationMilliseconds = row["duration_ms"]
        userFeedback = (row["user_feedback"] as String?).flatMap(ToolFeedback.init)
        correctionApplied = row["correction_applied"]
    }
}
