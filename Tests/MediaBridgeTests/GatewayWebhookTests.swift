import Foundation
import ProviderSimulators
import Synchronization
import Testing

@testable import MediaBridge

/// Webhooks of a whole gateway, from their registration to what a receiver gets.
@Suite(.tags(.integration), .serialized) struct GatewayWebhookTests {
    @Test func aReceiverIsToldACallInOrder() async throws {
        let received = Mutex<[SimulatedRequest]>([])
        let failures = Mutex(2)
        let server = try await SimulatedServer(http: { request, exchange in
            let fails = failures.withLock { left in
                defer { left = max(0, left - 1) }
                return left > 0
            }
            if !fails { received.withLock { $0.append(request) } }
            try await exchange.answer(status: fails ? 503 : 200)
        })
        let url = "http://127.0.0.1:\(server.port)/hook"
        try await GatewayUnderTest.run(settings: ["webhooksAllowPrivate": "true"]) { gateway in
            let hook = try jsonObject(
                try gateway.send(
                    "POST", "/webhooks/",
                    #"{"url":"\#(url)","events":["call_started","turn_completed","call_ended"],"#
                        + #""description":"test","generate_secret":true}"#, expecting: 201))
            #expect(hook["active"] as? Bool == true)
            #expect((hook["secret"] as? String)?.hasPrefix("whsec_") == true)
            let id = try #require(hook["id"] as? String)
            let caller = try GatewayTwilioCaller.greeted(gateway)
            #expect(try caller.asksAndIsAnswered())
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            #expect(try await ContinuousClock.awaits { received.withLock { $0.count >= 3 } })
            let requests = received.withLock { $0 }
            let bodies = try requests.map {
                try jsonObject(String(decoding: $0.body, as: UTF8.self))
            }
            #expect(
                bodies.map { $0["event_type"] as? String } == [
                    "call_started", "turn_completed", "call_ended",
                ])
            for body in bodies {
                #expect(
                    Set(body.keys) == ["event_type", "conversation_id", "data", "timestamp"])
            }
            let turn = try #require(bodies[1]["data"] as? [String: Any])
            #expect(turn["user_message"] is String && turn["ai_response"] is String)
            #expect((turn["metrics"] as? [String: Any])?["total_latency_ms"] is Double)
            let end = try #require(bodies[2]["data"] as? [String: Any])
            #expect((end["metrics"] as? [String: Any])?["total_turns"] as? Int == 1)
            #expect(Set(requests.map { $0.header("webhook-id") }).count == 3)
            #expect(requests.allSatisfy { $0.header("X-Webhook-Signature")?.count == 64 })
            #expect(
                requests.allSatisfy { $0.header("webhook-signature")?.hasPrefix("v1,") == true })
            let tried = try jsonObject(
                try gateway.send("POST", "/webhooks/test/\(id)", "", expecting: 200))
            #expect(tried["success"] as? Bool == true)
            let off = try jsonObject(
                try gateway.send("PATCH", "/webhooks/\(id)/toggle", "", expecting: 200))
            #expect(off["active"] as? Bool == false)
            let list = try gateway.send("GET", "/webhooks/", "", expecting: 200)
            #expect(list.contains(id) && !list.contains("whsec_"))
            _ = try gateway.send("DELETE", "/webhooks/\(id)", "", expecting: 200)
            #expect(try gateway.send("GET", "/webhooks", "", expecting: 200) == "[]")
        }
        await server.stop()
    }

    @Test func privateAddressesAreRefused() async throws {
        try await GatewayUnderTest.run { gateway in
            for host in ["127.0.0.1", "localhost", "2130706433", "[::1]", "10.0.0.8"] {
                _ = try gateway.send(
                    "POST", "/webhooks/", #"{"url":"https://\#(host)/x","events":["*"]}"#,
                    expecting: 422)
            }
            _ = try gateway.send(
                "POST", "/webhooks/", #"{"url":"http://8.8.8.8/x","events":["*"]}"#,
                expecting: 422)
            #expect(try gateway.send("GET", "/webhooks/", "", expecting: 200) == "[]")
        }
    }
}

extension GatewayUnderTest {
    /// The body of an answer with the expected status.
    fileprivate func send(
        _ method: String, _ target: String, _ body: String, expecting status: Int
    ) throws -> String {
        let client = try WireClient(port: ports.api)
        let lines = [
            "\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        let head = try client.readHead(within: .seconds(40))
        let answer = String(decoding: try client.readToEnd(), as: UTF8.self)
        try #require(
            Int(head[0].dropFirst(9).prefix(3)) == status, "\(method) \(target) → \(head) \(answer)"
        )
        return answer
    }
}
