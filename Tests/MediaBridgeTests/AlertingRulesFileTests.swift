import Foundation
import Testing

@testable import MediaBridge

/// The alerting rules that are shipped for Prometheus name only metrics that `/metrics` prints.
@Suite(.tags(.integration)) struct AlertingRulesFileTests {
    private static func rules() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/alerts.yml"), encoding: .utf8)
    }

    @Test func everyMetricIsPrinted() async throws {
        let named = Set(
            try Self.rules().matches(of: #/mediabridge_[a-z0-9_]+/#).map { String($0.output) })
        #expect(named.count >= 10)
        try await GatewayUnderTest.run { gateway in
            let text = try gateway.request("GET", "/metrics").body
            var types: [String: String] = [:]
            for line in text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                types[String(words[2])] = String(words[3])
            }
            for name in named {
                let family = name.hasSuffix("_bucket") ? String(name.dropLast(7)) : name
                let type = try #require(types[family], "\(name) is no metric")
                #expect((type == "histogram") == name.hasSuffix("_bucket"))
            }
        }
    }

    /// What the issue asks for by name: calls, stages, provider errors, queues, lateness, lag.
    @Test func whatAnOperatorNeedsIsPrinted() async throws {
        try await GatewayUnderTest.run { gateway in
            let text = try gateway.request("GET", "/metrics").body
            for name in [
                "mediabridge_calls", "mediabridge_calls_ended_total",
                "mediabridge_turn_stage_milliseconds", "mediabridge_turn_total_milliseconds",
                "mediabridge_provider_failures_total", "mediabridge_engine_errors_total",
                "mediabridge_outbox_pending", "mediabridge_journal_waiting_events",
                "mediabridge_frames_late_total", "mediabridge_loop_lag_max_milliseconds",
                "mediabridge_alert_firing",
            ] {
                #expect(text.contains("# TYPE \(name) "), "\(name) is missing")
            }
            #expect(text.contains("mediabridge_alert_firing{rule=\"latency_over_budget\"} 0\n"))
            #expect(!text.contains("rule=\"cost_per_day\""), "it is off unless a limit is set")
            let ready = try gateway.object("/readyz")
            let parts = try #require(ready["parts"] as? [String: [String: Any]])
            #expect(parts["store"]?["ready"] as? Bool == true)
        }
    }
}
