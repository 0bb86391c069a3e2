package import Foundation

/// Figures over many calls.
package protocol AnalyticsStore: Sendable {
    /// Calls that started in the time, per day or week, the earliest first.
    func callAnalytics(_ span: TimeSpan, status: CallSummary.Status?, per period: AnalyticsPeriod)
        async throws(RecordStoreError) -> [CallAnalytics]
    /// Tools that were used in the time, the most used first.
    func toolAnalytics(_ span: TimeSpan, toolName: String?) async throws(RecordStoreError)
        -> [ToolAnalytics]
    /// What was learned in the time, and what is still to be learned.
    func learningAnalytics(_ span: TimeSpan, status: MappingStatus?) async throws(RecordStoreError)
        -> LearningAnalytics
}

/// From a time until before another; what is `nil` is open.
package struct TimeSpan: Equatable, Sendable {
    package var from: Date?
    package var to: Date?

    package init(from: Date? = nil, to: Date? = nil) {
        self.from = from
        self.to = to
    }
}

package enum AnalyticsPeriod: String, Sendable, CaseIterable {
    case day
    /// From Monday on.
    case week
}

/// Of one day or week.
package struct CallAnalytics: Equatable, Sendable, Encodable {
    /// The day, or the week's Monday, as `2026-03-09`.
    package var period: String
    package var calls: Int
    /// Of the calls that are over.
    package var meanDurationSeconds: Double?
    /// The share of the calls that are over which neither failed nor broke off; 0 to 1.
    package var successRate: Double?

    private enum CodingKeys: String, CodingKey {
        case period, calls
        case meanDurationSeconds = "mean_duration_seconds"
        case successRate = "success_rate"
    }
}

package struct ToolAnalytics: Equatable, Sendable, Encodable {
    package var toolName: String
    package var uses: Int
    /// Of the uses that ended; 0 to 1.
    package var successRate: Double?
    package var meanLatencyMilliseconds: Double?
    /// 95 of 100 uses were at most as slow.
    package var latencyP95Milliseconds: Double?
    package var helpful: Int
    package var notHelpful: Int

    private enum CodingKeys: String, CodingKey {
        case toolName = "tool_name"
        case uses
        case successRate = "success_rate"
        case meanLatencyMilliseconds = "avg_latency_ms"
        case latencyP95Milliseconds = "p95_latency_ms"
        case helpful
        case notHelpful = "not_helpful"
    }
}

package enum MappingStatus: String, Sendable, CaseIterable {
    /// Suggested and waiting for a human.
    case pending
    case approved, rejected
}

package struct LearningAnalytics: Equatable, Sendable, Encodable {
    package struct Week: Equatable, Sendable, Encodable {
        /// Its Monday, as `2026-03-09`.
        package var week: String
        package var mappings: Int
        package var uses: Int
        package var successfulUses: Int

        private enum CodingKeys: String, CodingKey {
            case week, mappings, uses
            case successfulUses = "successful_uses"
        }
    }

    /// A search that found nothing, or failed, and has no mapping in force.
    package struct FailingQuery: Equatable, Sendable, Encodable {
        package var query: String
        package var failures: Int
        package var lastSeen: String

        private enum CodingKeys: String, CodingKey {
            case query, failures
            case lastSeen = "last_seen"
        }
    }

    package var weeks: [Week]
    package var failingQueries: [FailingQuery]
    package var pending: [SearchTermMapping]

    private enum CodingKeys: String, CodingKey {
        case weeks
        case failingQueries = "failing_queries"
        case pending = "suggestions_pending"
    }
}
