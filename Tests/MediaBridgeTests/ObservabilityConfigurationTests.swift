import Foundation
import Logging
import Synchronization
import Testing

@testable import MediaBridge

/// Settings of alerts, traces and the log.
@Suite struct ObservabilityConfigurationTests {
    @Test func alertsHaveSensibleDefaults() async throws {
        let configuration = try await GatewayUnderTest.configuration(["latencyBudget": "900ms"])
        #expect(configuration.alerts.isOn)
        let rules = configuration.alerts.rules
        #expect(rules.latency == .milliseconds(900))
        #expect(rules.errorShare == 0.05)
        #expect(rules.providerDown == .seconds(30))
        #expect(rules.costPerDayMicros == nil)
        #expect(rules.lossShare == 0.02)
        #expect(rules.lateShare == 0.01)
    }

    @Test func thresholdsAndSwitches() async throws {
        let yaml = """
            alerts:
              latency: 2s
              errorPercent: 2.5
              providerDown: 0s
              lossPercent: 0
              latePercent: 3
              costPerDay: 50
              window: 10m
            """
        let rules = try await GatewayUnderTest.configuration([:], yaml).alerts.rules
        #expect(rules.latency == .seconds(2))
        #expect(rules.errorShare == 0.025)
        #expect(rules.providerDown == nil)
        #expect(rules.lossShare == nil)
        #expect(rules.lateShare == 0.03)
        #expect(rules.costPerDayMicros == 50_000_000)
        #expect(rules.window == .seconds(600))
        let off = try await GatewayUnderTest.configuration([:], "alerts:\n  on: false\n")
        #expect(!off.alerts.isOn)
    }

    @Test(arguments: ["errorPercent: 101", "lossPercent: many", "window: 5s", "costPerDay: -1"])
    func nonsenseIsRefused(line: String) async throws {
        await #expect(throws: ConfigurationError.self) {
            try await GatewayUnderTest.configuration([:], "alerts:\n  \(line)\n")
        }
    }

    @Test(
        arguments: [
            ([:], nil),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"],
                "http://collector:4318/v1/traces"
            ),
            (
                ["OTEL_EXPORTER_OTLP_ENDPOINT": "https://x.example/otlp/"],
                "https://x.example/otlp/v1/traces"
            ),
            (
                [
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://traces:4318/in",
                ], "http://traces:4318/in"
            ),
        ] as [([String: String], String?)])
    func whereTracesGo(environment: [String: String], expected: String?) async throws {
        let configuration = try await GatewayUnderTest.configuration([:], "", environment)
        #expect(configuration.tracing.url == expected)
    }

    @Test func headersOfTheCollector() async throws {
        let tracing = try await GatewayUnderTest.configuration(
            [:], "",
            [
                "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%3Db, x-team = voice",
                "OTEL_SERVICE_NAME": "bridge-1",
            ]
        ).tracing
        #expect(tracing.headers.map(\.name) == ["api-key", "x-team"])
        #expect(tracing.headers.map(\.value) == ["a=b", "voice"])
        #expect(tracing.serviceName == "bridge-1")
        // Whatever is wrong with it, a key is not repeated.
        do {
            _ = try await GatewayUnderTest.configuration(
                [:], "", ["OTEL_EXPORTER_OTLP_HEADERS": "secret-without-a-name"])
            Issue.record("taken")
        } catch let error as ConfigurationError {
            #expect(!error.description.contains("secret-without"))
        }
    }

    @Test func aLogLineIsOneJSONObject() throws {
        let lines = Mutex<[Data]>([])
        var logger = Logger(label: "test") { _ in
            JSONLogHandler { line in lines.withLock { $0.append(line) } }
        }
        logger[metadataKey: "call_id"] = "c1"
        logger.warning("engine \"failed\"\n", metadata: ["stage": "llm"])
        logger.debug("not wanted")
        let data = try #require(lines.withLock { $0.first })
        #expect(lines.withLock { $0.count } == 1)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.hasSuffix("\n") && text.count { $0 == "\n" } == 1)
        let object = try jsonObject(text)
        #expect(object["call_id"] as? String == "c1")
        #expect(object["level"] as? String == "warning")
        #expect(object["message"] as? String == "engine \"failed\"\n")
        #expect(object["stage"] as? String == "llm")
        #expect(object["time"] is String)
    }
}
