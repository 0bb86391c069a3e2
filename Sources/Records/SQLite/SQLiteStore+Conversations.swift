package import Foundation
internal import GRDB

extension SQLiteStore {
    package func create(
        _ conversation: NewConversation, at now: Date
    ) async throws(RecordStoreError) -> Conversation {
        let id = UUID().uuidString.lowercased()
        let number = conversation.phoneNumber.map(redaction.number)
        return try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO conversations (
                        id, user_id, agent_id, phone_number, status, created_at)
                    VALUES (?, ?, ?, ?, 'live', ?)
                    """,
                arguments: [
                    id, conversation.userID, conversation.agentID, number, now.recordText,
                ])
            return try Self.conversation(id, in: database)
        }.unwrapped("conversations")
    }

    package func conversation(_ id: String) async throws(RecordStoreError) -> Conversation? {
        try await read { try Self.conversation(id, in: $0) }
    }

    package func endConversation(
        _ id: String, at now: Date
    ) async throws(RecordStoreError) -> Conversation? {
        try await write { database in
            let begun = try Self.conversation(id, in: database)
            guard let begun, begun.status == CallSummary.Status.live.rawValue else { return begun }
            try database.execute(
                sql: """
                    UPDATE conversations SET status = 'ended', ended_at = ?, duration = ?
                    WHERE id = ?
                    """,
                arguments: [now.recordText, now.timeIntervalSince(begun.created), id])
            return try Self.conversation(id, in: database)
        }
    }

    package func metrics(
        ofConversation id: String
    ) async throws(RecordStoreError) -> ConversationMetrics? {
        try await read { database in
            guard try Self.conversation(id, in: database) != nil else { return nil }
            return ConversationMetrics(
                conversationID: id, figures: try Self.averages([id], in: database))
        }
    }

    package func metricsSummary(limit: Int) async throws(RecordStoreError) -> MetricsSummary {
        try await read { database in
            let ids = try String.fetchAll(
                database,
                sql: "SELECT id FROM conversations ORDER BY created_at DESC, id DESC LIMIT ?",
                arguments: [limit])
            return MetricsSummary(
                conversationsCount: ids.count, figures: try Self.averages(ids, in: database))
        }
    }

    private static func conversation(_ id: String, in database: Database) throws -> Conversation? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM conversations WHERE id = ?", arguments: [id]
        ).map(Conversation.init(row:))
    }

    private static func averages(_ ids: [String], in database: Database) throws -> TurnAverages {
        let list = try JSONText.encode(ids)
        let turns = try Row.fetchOne(
            database,
            sql: """
                SELECT COUNT(*) AS turns, AVG(stt_latency_ms) AS stt, AVG(llm_latency_ms) AS llm,
                    AVG(tts_latency_ms) AS tts, AVG(total_latency_ms) AS total,
                    AVG(sentiment_score) AS sentiment
                FROM turns WHERE conversation_id IN (SELECT value FROM json_each(?))
                """, arguments: [list])
        let interruptions = try Int.fetchOne(
            database,
            sql: """
                SELECT SUM(interruptions_count) FROM voice_calls
                WHERE conversation_id IN (SELECT value FROM json_each(?))
                """, arguments: [list])
        return TurnAverages(
            totalTurns: turns?["turns"] ?? 0, sttLatency: turns?["stt"], llmLatency: turns?["llm"],
            ttsLatency: turns?["tts"], totalLatency: turns?["total"],
            sentimentScore: turns?["sentiment"], interruptionsCount: interruptions ?? 0)
    }
}

// MARK: What was found out

extension SQLiteStore {
    package func add(_ analysis: ConversationAnalysis) async throws(RecordStoreError) {
        let redaction = redaction
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO conversation_analysis (
                        id, conversation_id, analysis_type, programmatic_results, ai_insights,
                        confidence, cost, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    analysis.id, analysis.conversationID, analysis.analysisType,
                    analysis.programmaticResults.flatMap(redaction.json),
                    analysis.aiInsights.map(redaction.words), analysis.confidence,
                    analysis.cost, analysis.created.recordText,
                ])
        }
    }

    package func analyses(
        ofConversation id: String
    ) async throws(RecordStoreError) -> [ConversationAnalysis] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM conversation_analysis WHERE conversation_id = ?
                    ORDER BY created_at DESC, id DESC
                    """, arguments: [id]
            ).map { row in
                ConversationAnalysis(
                    id: row["id"], conversationID: row["conversation_id"],
                    analysisType: row["analysis_type"],
                    programmaticResults: row["programmatic_results"],
                    aiInsights: row["ai_insights"], confidence: row["confidence"],
                    cost: row["cost"], created: try row.time("created_at"))
            }
        }
    }

    package func add(_ log: ConversationLog) async throws(RecordStoreError) {
        let redaction = redaction
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO conversation_logs (
                        id, user_id, message, intent, entities, action, nlu_response,
                        llm_response, api_calls, processing_time_ms, success, timestamp)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    log.id, redaction.number(log.userID), redaction.words(log.message),
                    log.intent, log.entities.map(redaction.words), log.action,
                    log.nluResponse.map(redaction.words), log.llmResponse.map(redaction.words),
                    log.apiCalls.map(redaction.words), log.processingMilliseconds, log.success,
                    log.time.recordText,
                ])
        }
    }

    package func conversationLogs(
        ofUser id: String, limit: Int
    ) async throws(RecordStoreError) -> [ConversationLog] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM conversation_logs WHERE user_id = ?
                    ORDER BY timestamp DESC, id DESC LIMIT ?
                    """, arguments: [id, limit]
            ).map(ConversationLog.init(row:))
        }
    }
}

extension Optional {
    /// What a transaction has just written.
    func unwrapped(_ what: String) throws(RecordStoreError) -> Wrapped {
        guard let self else { throw .unreadable(what: what) }
        return self
    }
}

extension Conversation {
    fileprivate init(row: Row) throws {
        id = row["id"]
        userID = row["user_id"]
        agentID = row["agent_id"]
        twilioCallSID = row["twilio_call_sid"]
        transcript = row["transcript"]
        durationSeconds = row["duration"]
        cost = row["cost"]
        status = row["status"]
        phoneNumber = row["phone_number"]
        direction = row["direction"]
        created = try row.time("created_at")
        ended = try row.optionalTime("ended_at")
    }
}

extension ConversationLog {
    fileprivate init(row: Row) throws {
        self.init(
            id: row["id"], userID: row["user_id"], message: row["message"],
            success: row["success"], time: try row.time("timestamp"))
        intent = row["intent"]
        entities = row["entities"]
        action = row["action"]
        nluResponse = row["nlu_response"]
        llmResponse = row["llm_response"]
        apiCalls = row["api_calls"]
        processingMilliseconds = row["processing_time_ms"]
    }
}
