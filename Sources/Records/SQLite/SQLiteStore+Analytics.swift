internal import Foundation
internal import GRDB

extension SQLiteStore {
    /// Ends that are no success: the caller did not get what a call is for, or nobody answered.
    private static let failures = """
        ('failed', 'connection_lost', 'drained', 'interrupted', 'busy', 'no-answer', 'no_answer',
        'canceled')
        """
    /// Of a column's time, its week's Monday.
    private static func week(of column: String) -> String {
        "date(\(column), 'weekday 0', '-6 days')"
    }

    package func callAnalytics(
        _ span: TimeSpan, status: CallSummary.Status?, per period: AnalyticsPeriod
    ) async throws(RecordStoreError) -> [CallAnalytics] {
        let day =
            switch period {
            case .day: "date(started_at)"
            case .week: Self.week(of: "started_at")
            }
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(day) AS period, COUNT(*) AS calls,
                        AVG(CASE WHEN status <> 'live' THEN duration_seconds END) AS duration,
                        AVG(CASE WHEN status <> 'live'
                            THEN status = 'ended' AND end_reason NOT IN \(Self.failures)
                            END) AS success
                    FROM voice_calls
                    WHERE started_at >= :from AND started_at < :to
                        AND (:status IS NULL OR status = :status)
                    GROUP BY 1 ORDER BY 1
                    """, arguments: span.arguments + ["status": status?.rawValue]
            ).map { row in
                CallAnalytics(
                    period: row["period"], calls: row["calls"],
                    meanDurationSeconds: row["duration"], successRate: row["success"])
            }
        }
    }

    package func toolAnalytics(
        _ span: TimeSpan, toolName: String?
    ) async throws(RecordStoreError) -> [ToolAnalytics] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    WITH used AS (
                        SELECT tool_name, success, duration_ms, user_feedback,
                            ROW_NUMBER() OVER timed AS place,
                            COUNT(duration_ms) OVER (PARTITION BY tool_name) AS timed_uses
                        FROM tool_logs
                        WHERE started_at >= :from AND started_at < :to
                            AND (:tool IS NULL OR tool_name = :tool)
                        WINDOW timed AS (
                            PARTITION BY tool_name ORDER BY duration_ms IS NULL, duration_ms)
                    )
                    SELECT tool_name, COUNT(*) AS uses, AVG(success) AS success_rate,
                        AVG(duration_ms) AS mean,
                        MIN(CASE WHEN place * 100 >= timed_uses * 95 THEN duration_ms END) AS p95,
                        COUNT(*) FILTER (WHERE user_feedback = 'helpful') AS helpful,
                        COUNT(*) FILTER (WHERE user_feedback = 'not_helpful') AS not_helpful
                    FROM used GROUP BY tool_name ORDER BY uses DESC, tool_name
                    """, arguments: span.arguments + ["tool": toolName]
            ).map { row in
                ToolAnalytics(
                    toolName: row["tool_name"], uses: row["uses"],
                    successRate: row["success_rate"], meanLatencyMilliseconds: row["mean"],
                    latencyP95Milliseconds: row["p95"], helpful: row["helpful"],
                    notHelpful: row["not_helpful"])
            }
        }
    }

    package func learningAnalytics(
        _ span: TimeSpan, status: MappingStatus?
    ) async throws(RecordStoreError) -> LearningAnalytics {
        let condition =
            switch status {
            case nil: "1"
            case .pending?: Self.pending
            case .approved?: "is_active AND (reviewed_at IS NOT NULL OR source = 'manual')"
            case .rejected?: "NOT is_active"
            }
        return try await read { database in
            let weeks = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(Self.week(of: "created_at")) AS week, COUNT(*) AS mappings,
                        SUM(times_used) AS uses, SUM(times_successful) AS successful
                    FROM search_term_mappings
                    WHERE created_at >= :from AND created_at < :to AND \(condition)
                    GROUP BY 1 ORDER BY 1
                    """, arguments: span.arguments)
            let pending = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM search_term_mappings
                    WHERE created_at >= :from AND created_at < :to AND \(Self.pending)
                    ORDER BY created_at DESC, id DESC LIMIT 100
                    """, arguments: span.arguments)
            return LearningAnalytics(
                weeks: weeks.map { row in
                    LearningAnalytics.Week(
                        week: row["week"], mappings: row["mappings"], uses: row["uses"],
                        successfulUses: row["successful"])
                },
                failingQueries: try Self.failingQueries(span, in: database),
                pending: try pending.map(SearchTermMapping.init(row:)))
        }
    }

    private static let pending = "is_active AND reviewed_at IS NULL AND source <> 'manual'"

    /// The most frequent 100 of tools called `search_…`, by the `query` they were given.
    private static func failingQueries(
        _ span: TimeSpan, in database: Database
    ) throws -> [LearningAnalytics.FailingQuery] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT arguments, started_at FROM tool_logs
                WHERE started_at >= :from AND started_at < :to AND tool_name GLOB 'search_*'
                    AND (success = 0 OR user_feedback = 'not_helpful'
                        OR TRIM(result) IN ('', '[]', '{}', 'null'))
                ORDER BY started_at
                """, arguments: span.arguments)
        let mapped = try Set(
            String.fetchAll(
                database, sql: "SELECT search_term FROM search_term_mappings WHERE is_active"))
        var failures: [String: (count: Int, lastSeen: String)] = [:]
        for row in rows {
            guard let query = Self.query(in: row["arguments"]), !mapped.contains(query) else {
                continue
            }
            failures[query, default: (0, "")].count += 1
            failures[query]?.lastSeen = row["started_at"]
        }
        return failures.map { query, seen in
            LearningAnalytics.FailingQuery(
                query: query, failures: seen.count, lastSeen: seen.lastSeen)
        }
        .sorted { ($1.failures, $0.query) < ($0.failures, $1.query) }
        .prefix(100).map { $0 }
    }

    /// What was searched for: arguments come from models, so they may be anything.
    private static func query(in arguments: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(arguments.utf8))
        guard let members = object as? [String: Any] else { return nil }
        let query = ["query", "search_term", "term", "q"].lazy
            .compactMap { members[$0] as? String }.first
        guard let query else { return nil }
        let term = normal(query)
        return term.isEmpty ? nil : term
    }
}

extension TimeSpan {
    /// What `:from` and `:to` stand for; open ends are beyond every time.
    fileprivate var arguments: StatementArguments {
        ["from": from?.recordText ?? "", "to": to?.recordText ?? "~"]
    }
}
