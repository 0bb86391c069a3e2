import Foundation
import ProviderSimulators
import Synchronization
import Testing

@testable import MediaBridge

/// Traces of a whole gateway at a collector: calls, what they ask of providers, control requests.
@Suite(.tags(.integration), .serialized) struct GatewayTracesTests {
    @Test func aCallIsOneTrace() async throws {
        let collector = try await SimulatedCollector()
        let server = try await SimulatedChatCompletions(
            dialect: .ollama, key: nil, models: ["tiny"]
        ) { _ in SimulatedModelAnswer("Good day to you.") }
        let settings = [
            "agent": "ollama", "ollama:\n  model: tiny\n  baseURL": server.url,
            "autoFallback": "false",
        ]
        var callID = ""
        try await GatewayUnderTest.run(
            settings: settings, environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url]
        ) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            try caller.say(frames: 15)
            #expect(try caller.hearsTheAnswer(), "the answer")
            try caller.listen(frames: 40)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            callID = try gateway.callID(of: caller.callSID)
            _ = try gateway.events(of: callID)
            try Self.request(
                gateway, "/api/v1/calls/\(callID)?number=%2B34600111222",
                traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        }
        // The gateway has stopped, so everything was sent.
        let trace = callID.replacing("-", with: "")
        let spans = collector.spans.filter { $0["traceId"] as? String == trace }
        let call = try #require(spans.first { $0["name"] as? String == "call" })
        #expect(call["parentSpanId"] == nil)
        let turn = try #require(spans.first { $0["name"] as? String == "turn" })
        #expect(turn["parentSpanId"] as? String == call["spanId"] as? String)
        let stages = spans.filter { $0["parentSpanId"] as? String == turn["spanId"] as? String }
        let names = stages.compactMap { $0["name"] as? String }
        #expect(names == ["endpointing", "stt", "llm", "chunking", "tts", "send"])
        for (stage, next) in zip(stages, stages.dropFirst()) {
            #expect(stage["endTimeUnixNano"] as? String == next["startTimeUnixNano"] as? String)
        }
        try Self.expect(turn, within: call)
        // The model's server was told which trace it works for.
        let requests = spans.filter { $0["kind"] as? Int == 3 }
        #expect(requests.count >= 2)
        let told = server.requests.compactMap { request in
            request.headers.first { $0.name.lowercased() == "traceparent" }?.value
        }
        #expect(!told.isEmpty)
        for header in told { #expect(header.hasPrefix("00-\(trace)-")) }
        let ids = Set(requests.compactMap { $0["spanId"] as? String })
        #expect(Set(told.map { String($0.dropFirst(36).prefix(16)) }).isSubset(of: ids))
        // A control request goes on with its sender's trace, and shows no number.
        let control = try #require(
            collector.spans.first {
                $0["traceId"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736"
            })
        #expect(control["parentSpanId"] as? String == "00f067aa0ba902b7")
        #expect(control["kind"] as? Int == 2)
        #expect((control["name"] as? String)?.hasPrefix("GET /api/v1/calls/") == true)
        for request in collector.requests {
            let text = String(decoding: request.body, as: UTF8.self)
            for secret in ["600111222", "Good day", "opening hours", server.url + "/"] {
                #expect(!text.contains(secret), "\(secret)")
            }
        }
        await server.stop()
        await collector.stop()
    }

    /// A collector that is away holds up nobody, and what it costs is counted.
    @Test func aCallGoesOnWithoutACollector() async throws {
        try await GatewayUnderTest.run(
            environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"]
        ) { gateway in
            let caller = try GatewayTwilioCaller.greeted(gateway)
            #expect(try caller.asksAndIsAnswered())
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let text = try gateway.request("GET", "/metrics").body
            #expect(text.contains("mediabridge_spans_total{outcome=\"dropped\"}"))
        }
    }

    private static func expect(_ inner: [String: Any], within outer: [String: Any]) throws {
        func time(_ span: [String: Any], _ name: String) throws -> UInt64 {
            try #require((span[name] as? String).flatMap { UInt64($0) })
        }
        #expect(try time(inner, "startTimeUnixNano") >= time(outer, "startTimeUnixNano"))
        #expect(try time(inner, "endTimeUnixNano") <= time(outer, "endTimeUnixNano"))
    }

    private static func request(
        _ gateway: GatewayUnderTest, _ target: String, traceparent: String
    ) throws {
        let client = try WireClient(port: gateway.ports.api)
        let lines = [
            "GET \(target) HTTP/1.1", "Host: localhost", "Connection: close",
            "traceparent: \(traceparent)",
        ]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        _ = try client.readHead(within: .seconds(10))
        _ = try client.readToEnd()
    }
}
