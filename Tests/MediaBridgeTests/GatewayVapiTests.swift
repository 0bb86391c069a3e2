import ControlAPI
import Foundation
import ProviderSimulators
import Records
import Synchronization
import Testing

@testable import MediaBridge

/// Calls that run at Vapi, kept and steered by a whole gateway; integration tests over real sockets.
@Suite(.tags(.integration), .serialized) struct GatewayVapiTests {
    private static let id = "5f0c0000-0000-4000-8000-000000000001"
    private static let environment = ["MEDIABRIDGE_VAPI_WEBHOOK_SECRET": "vapi-secret-for-tests"]
    private static let settings = ["webhooksAllowPrivate": "true"]
    private static let yaml = "vapi:\n  allowPrivateControl: true\n"

    @Test func aCallIsFollowedSteeredAndKept() async throws {
        let vapi = try await SimulatedVapi(callID: Self.id)
        let told = Mutex<[SimulatedRequest]>([])
        let receiver = try await SimulatedServer(http: { request, exchange in
            told.withLock { $0.append(request) }
            try await exchange.answer(status: 200)
        })
        try await GatewayUnderTest.run(
            settings: Self.settings, yaml: Self.yaml, environment: Self.environment
        ) { gateway in
            let url = "http://127.0.0.1:\(receiver.port)/"
            #expect(
                try gateway.request(
                    "POST", "/webhooks", #"{"url":"\#(url)","events":["*"]}"#
                ).status == 201)
            #expect(
                try gateway.vapi(vapi.message("status-update", at: 0, #""status":"in-progress""#))
                    == "{}")
            _ = try gateway.vapi(vapi.transcript("assistant", "Hello!", at: 1))
            _ = try gateway.vapi(vapi.transcript("user", "Where is", isFinal: false, at: 2))
            _ = try gateway.vapi(vapi.transcript("user", "Where is my order 1234?", at: 3))
            let answer = try gateway.vapi(
                vapi.toolCall("call_1", "order_status", #"{"order_number":"1234"}"#, at: 4))
            #expect(
                answer == #"{"results":[{"name":"order_status","result":"#
                    + #""{\"status\":\"ready\"}","toolCallId":"call_1"}]}"#)
            _ = try gateway.vapi(vapi.transcript("assistant", "It is ready.", at: 6))

            let steering = "/api/v1/vapi/call/\(Self.id)"
            let said = try gateway.post(
                steering + "/inject", #"{"message":"One moment.","type":"say"}"#)
            #expect(said["state"] as? String == "speaking")
            #expect(said["took_effect_at"] is String && said["effective_ms"] is Double)
            #expect(try gateway.post(steering + "/mute")["state"] as? String == "muted")
            #expect(
                try gateway.post("/api/v1/calls/\(Self.id)/unmute")["state"] as? String
                    == "unmuted")
            #expect(
                try gateway.request("POST", steering + "/dtmf", #"{"digits":"1"}"#).status == 409)
            let moved = try gateway.post(steering + "/transfer", #"{"to":"+15005550007"}"#)
            #expect(moved["state"] as? String == "transferred")
            // Vapi has nothing to steer any more.
            #expect(try gateway.request("POST", steering + "/end", "").status == 409)
            #expect(
                vapi.orders.map { $0.contains("transfer") ? "transfer" : $0 } == [
                    #"{"content":"One moment.","type":"say"}"#,
                    #"{"control":"mute-assistant","type":"control"}"#,
                    #"{"control":"unmute-assistant","type":"control"}"#, "transfer",
                ])

            _ = try gateway.vapi(
                vapi.message(
                    "status-update", at: 61,
                    #""status":"ended","endedReason":"assistant-forwarded-call""#))
            _ = try gateway.vapi(
                vapi.report([
                    ("bot", "Hello!", 0.5), ("user", "Where is my order 1234?", 2),
                    ("bot", "It is ready.", 5),
                ]))
            #expect(
                try gateway.events(of: Self.id).map(\.type) == [
                    "call_started", "carrier_status", "agent_speech", "transcript", "transcript",
                    "sentiment", "tool_call", "tool_result", "agent_speech",
                    "transfer_requested", "carrier_status", "turn_completed", "call_ended",
                ])
            let call = try gateway.object("/api/v1/calls/\(Self.id)")
            #expect(call["source"] as? String == "vapi" && call["status"] as? String == "ended")
            #expect(call["cost"] as? Double == 0.0931 && call["currency"] as? String == "USD")
            #expect(call["duration_seconds"] as? Double == 61)
            #expect(call["recording"] as? String == "https://storage.example.com/r.wav")
            #expect(call["intervention_count"] as? Int == 4)
            #expect(
                call["transcript"] as? String
                    == "ai: Hello!\nuser: Where is my order 1234?\nai: It is ready.")
            #expect((call["tools"] as? [[String: Any]])?.first?["success"] as? Bool == true)
            #expect(
                try gateway.metric(#"mediabridge_vapi_messages_total{type="transcript"}"#) == 4)
            #expect(try await ContinuousClock.awaits { told.withLock { $0.count >= 13 } })
            let end = try #require(told.withLock { $0.last })
            let body = try jsonObject(String(decoding: end.body, as: UTF8.self))
            #expect(body["event_type"] as? String == "call_ended")
            #expect((body["data"] as? [String: Any])?["cost_micros"] as? Int == 93_100)
        }
        await vapi.stop()
        await receiver.stop()
    }

    /// The gateway is away for the middle of a call.
    @Test func aRestartDoesNotBreakACall() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "vapi-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "mediabridge.sqlite").path(percentEncoded: false)
        let settings = ["database": path]
        let vapi = try await SimulatedVapi(callID: Self.id)
        let first = vapi.transcript("assistant", "Hello!", at: 1)
        try await GatewayUnderTest.run(settings: settings, environment: Self.environment) {
            _ = try $0.vapi(first)
            _ = try $0.vapi(vapi.toolCall("c1", "order_status", #"{"order_number":"2345"}"#, at: 2))
        }
        try await GatewayUnderTest.run(settings: settings, environment: Self.environment) {
            gateway in
            #expect(
                try gateway.object("/api/v1/calls/\(Self.id)")["status"] as? String == "live")
            // Both were here before; the tool is not run again.
            _ = try gateway.vapi(first)
            let again = try gateway.vapi(
                vapi.toolCall("c1", "order_status", #"{"order_number":"1234"}"#, at: 2))
            #expect(again.contains("in_progress"))
            // Without a message nobody knows where to steer it; this one says, but is private.
            let steering = "/api/v1/vapi/call/\(Self.id)/mute"
            let refused = try gateway.request("POST", steering, "")
            #expect(refused.status == 409 && refused.body.contains("HTTPS"))
            let report = vapi.report([
                ("bot", "Hello!", 0.5), ("user", "Goodbye", 30), ("bot", "Bye", 31),
            ])
            _ = try gateway.vapi(report)
            _ = try gateway.vapi(report)
            let events = try gateway.events(of: Self.id)
            #expect(
                events.map(\.type) == [
                    "call_started", "agent_speech", "tool_call", "tool_result", "transcript",
                    "sentiment", "agent_speech", "turn_completed", "call_ended",
                ])
            #expect(events[4].data["text"] as? String == "Goodbye")
        }
        await vapi.stop()
    }

    @Test func strangersAndNonsenseAreRefused() async throws {
        let hang = #"{"message":{"type":"hang","call":{"id":"a"}}}"#
        try await GatewayUnderTest.run(environment: Self.environment) {
            (gateway: GatewayUnderTest) async throws in
            #expect(try gateway.signed("/api/vapi/webhook", hang, "X-Vapi-Secret: x").status == 401)
            #expect(try gateway.signed("/api/vapi/webhook", hang, "X-None: x").status == 401)
            #expect(
                try gateway.signed("/api/webhooks/elevenlabs", "{}", "X-None: x").status == 401)
            let good = "X-Vapi-Secret: vapi-secret-for-tests"
            for bad in ["", "[1]", #"{"message":[]}"#, #"{"message":{"type":{}}}"#] {
                #expect(try gateway.signed("/api/vapi/webhook", bad, good).status == 400)
            }
            #expect(try gateway.signed("/api/vapi/webhook", hang, good).status == 200)
            let refused = "mediabridge_vapi_requests_refused_total"
            #expect(try gateway.metric(refused + #"{why="mismatch"}"#) == 1)
            #expect(try gateway.metric(refused + #"{why="missing"}"#) == 1)
        }
    }

    @Test func settingsAreRead() async throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "assistant-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try #"{"assistantId":"a-1","assistantOverrides":{}}"#
            .write(to: file, atomically: true, encoding: .utf8)
        let settings = try await GatewayUnderTest.configuration(
            [
                "mobileNumber": "+447700900999", "vapi.toolLimit": "5s",
                "vapi.assistantFile": file.path(percentEncoded: false),
                "vapi.signatureAlgorithm": "sha512",
            ], "", ["VAPI_API_KEY": "key", "MEDIABRIDGE_VAPI_HMAC_SECRET": "s"]
        ).remoteCalls
        #expect(settings.vapi.humanDestination == "+447700900999")
        #expect(settings.vapi.toolLimit == .seconds(5))
        #expect(settings.vapi.assistantAnswer != nil && settings.vapi.apiKey == "key")
        #expect(settings.plan.algorithm == .sha512 && settings.signingKey?.value == "s")
        for wrong in [
            ["vapi.transferNumber": "112"], ["vapi.toolLimit": "0s"],
            ["vapi.assistantFile": "/none"], ["vapi.toolURL": "tools"],
            ["vapi.signaturePayload": "{url}.{body}"], ["elevenlabs.creditPrice": "-1"],
            ["vapi.webhookSecret": "in a file"],
        ] {
            await #expect(throws: ConfigurationError.self) {
                try await GatewayUnderTest.configuration(wrong)
            }
        }
    }
}

extension GatewayUnderTest {
    /// What Vapi is told.
    fileprivate func vapi(_ body: String) throws -> String {
        let answer = try signed(
            "/api/vapi/webhook", body, "X-Vapi-Secret: vapi-secret-for-tests")
        try #require(answer.status == 200, "\(body) → \(answer)")
        return answer.body
    }

    /// A request with one more header.
    fileprivate func signed(
        _ target: String, _ body: String, _ header: String
    ) throws -> (status: Int, body: String) {
        let client = try WireClient(port: ports.api)
        let lines = [
            "POST \(target) HTTP/1.1", "Host: localhost", "Connection: close", header,
            "Content-Length: \(body.utf8.count)",
        ]
        try client.send(raw: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        let head = try client.readHead(within: .seconds(40))
        let text = String(decoding: try client.readToEnd(), as: UTF8.self)
        return (Int(head[0].dropFirst(9).prefix(3)) ?? 0, text)
    }
}
