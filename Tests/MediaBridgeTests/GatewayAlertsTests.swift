import Foundation
import ProviderSimulators
import Synchronization
import Testing

@testable import MediaBridge

/// An alert of a whole gateway, as everybody is told of it who should be.
@Suite(.tags(.integration), .serialized) struct GatewayAlertsTests {
    @Test func aProviderWithAWrongKeyIsWarnedOf() async throws {
        let received = Mutex<[String]>([])
        let hook = try await SimulatedServer(http: { request, exchange in
            received.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
            try await exchange.answer(status: 200)
        })
        let model = try await SimulatedChatCompletions(models: ["gpt-4.1-mini"]) { _ in
            SimulatedModelAnswer("Never said.")
        }
        let settings = [
            "agent": "openai", "openai:\n  model: gpt-4.1-mini\n  baseURL": model.url,
            "webhooksAllowPrivate": "true", "alerts:\n  providerDown": "100ms",
        ]
        try await GatewayUnderTest.run(
            settings: settings, environment: ["OPENAI_API_KEY": "of-somebody-else"]
        ) { gateway in
            try Self.register("http://127.0.0.1:\(hook.port)/hook", gateway)
            let watcher = try LiveFollower(gateway)
            _ = try watcher.snapshot()
            let caller = try GatewayTwilioCaller.greeted(gateway)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            // Two looks, five seconds apart.
            var alert: [String: Any]?
            while alert == nil {
                let message = try watcher.message(within: .seconds(20))
                if message["type"] as? String == "alert" {
                    alert = message["alert"] as? [String: Any]
                }
            }
            #expect(alert?["rule"] as? String == "provider_down")
            #expect(alert?["subject"] as? String == "llm/openai")
            #expect(alert?["state"] as? String == "firing")
            #expect(try gateway.metric("mediabridge_alert_firing{rule=\"provider_down\"}") == 1)
            #expect(try await ContinuousClock.awaits { received.withLock { !$0.isEmpty } })
            let body = try jsonObject(try #require(received.withLock { $0.first }))
            #expect(body["event_type"] as? String == "error")
            #expect(body["conversation_id"] as? String == "gateway")
            let data = try #require(body["data"] as? [String: Any])
            #expect(data["stage"] as? String == "alert")
            #expect((data["error_message"] as? String)?.contains("llm/openai") == true)
            #expect((data["alert"] as? [String: Any])?["rule"] as? String == "provider_down")
        }
        await model.stop()
        await hook.stop()
    }

    private static func register(_ url: String, _ gateway: GatewayUnderTest) throws {
        let body = #"{"url":"\#(url)","events":["error"],"description":"alerts"}"#
        let client = try WireClient(port: gateway.ports.api)
        let lines = [
            "POST /webhooks/ HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        let head = try client.readHead(within: .seconds(10))
        try #require(head[0].contains("201"), "\(head)")
        _ = try client.readToEnd()
    }
}
