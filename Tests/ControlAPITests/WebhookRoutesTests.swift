import ControlAPI
import Events
import Foundation
import Records
import Testing

/// Answers for addresses without asking anybody.
struct FakeProbe: WebhookProbe {
    var allowsPrivate = false

    func isPrivate(host: String) async -> Bool { host == "inside.test" }

    func test(_ webhook: Webhook) async -> WebhookDelivery {
        WebhookDelivery(
            id: "d1", webhookID: webhook.id, eventType: "test", attempt: 1, succeeded: false,
            statusCode: 500, errorMessage: "the receiver answered 500",
            attempted: Date(timeIntervalSince1970: 1_773_043_500))
    }
}

private func withWebhooks(
    allowsPrivate: Bool = false, _ body: (RunningServer, SQLiteStore) async throws -> Void
) async throws {
    let store = try SQLiteStore()
    let services = WebhookServices(
        store: store, probe: FakeProbe(allowsPrivate: allowsPrivate))
    try await withServer(webhooks: services) { server in try await body(server, store) }
    try await store.close()
}

private struct Hook: Decodable {
    let id: String
    let url: String
    let events: [String]
    let active: Bool
    let secret: String?
}

@Test func webhooksAreRegisteredListedToggledAndDeleted() async throws {
    try await withWebhooks { server, _ in
        let answer = try await server.send(
            "POST", "/webhooks/",
            body:
                #"{"url":"https://a.test/x","events":["call_ended","call_ended"],"secret":"0123456789abcdef"}"#
        )
        #expect(answer.status == 201)
        let hook: Hook = try answer.json()
        #expect(hook.url == "https://a.test/x")
        #expect(hook.events == ["call_ended"])
        #expect(hook.active)
        // What the client knows is not told again.
        #expect(hook.secret == nil)
        let list: [Hook] = try await server.get("/webhooks/").json()
        #expect(list.map(\.id) == [hook.id])
        let off: Hook = try await server.send("PATCH", "/webhooks/\(hook.id)/toggle").json()
        #expect(!off.active)
        let on: Hook = try await server.send("PATCH", "/webhooks/\(hook.id)/toggle").json()
        #expect(on.active)
        let test = try await server.send("POST", "/webhooks/test/\(hook.id)")
        #expect(
            test.body == #"""
                {"attempt":1,"attempted_at":"2026-03-09T08:05:00.000Z",\#
                "error_message":"the receiver answered 500","event_type":"test","id":"d1",\#
                "status_code":500,"success":false}
                """#)
        #expect(try await server.send("DELETE", "/webhooks/\(hook.id)").status == 200)
        #expect(try await server.send("DELETE", "/webhooks/\(hook.id)").status == 404)
        #expect(try await server.send("PATCH", "/webhooks/\(hook.id)/toggle").status == 404)
        #expect(try await server.send("POST", "/webhooks/test/\(hook.id)").status == 404)
        #expect(try await server.get("/webhooks").body == "[]")
        #expect(try await server.send("PUT", "/webhooks").status == 405)
    }
}

@Test(arguments: [
    ("", 422), ("[]", 400), (#"{"url":1,"events":["*"]}"#, 422),
    (#"{"url":"https://a.test"}"#, 422), (#"{"url":"https://a.test","events":"*"}"#, 422),
    (#"{"url":"https://a.test","events":[]}"#, 422),
    (#"{"url":"https://a.test","events":["nonsense"]}"#, 422),
    (#"{"url":"http://a.test","events":["*"]}"#, 422),
    (#"{"url":"ftp://a.test","events":["*"]}"#, 422),
    (#"{"url":"https://","events":["*"]}"#, 422),
    (#"{"url":"https://u:p@a.test","events":["*"]}"#, 422),
    (#"{"url":"https://inside.test","events":["*"]}"#, 422),
    (#"{"url":"https://a.test","events":["*"],"secret":"short"}"#, 422),
    (#"{"url":"https://a.test","events":["*"],"secret":"whsec_no-base64-at-all"}"#, 422),
    (#"{"url":"https://a.test/<script>","events":["'; DROP TABLE webhooks;--"]}"#, 422),
])
func badWebhooksAreRefused(body: String, status: Int) async throws {
    try await withWebhooks { server, store in
        let answer = try await server.send("POST", "/webhooks/", body: body)
        #expect(answer.status == status, "\(answer.body)")
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(try await store.webhooks().isEmpty)
    }
}

@Test func aSecretIsMadeOnRequestAndToldOnce() async throws {
    try await withWebhooks(allowsPrivate: true) { server, store in
        let hook: Hook = try await server.send(
            "POST", "/webhooks",
            body: #"{"url":"http://inside.test","events":["*"],"generate_secret":true}"#
        ).json()
        let secret = try #require(hook.secret)
        #expect(secret.hasPrefix("whsec_"))
        #expect(Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
        #expect(try await store.webhook(hook.id)?.secret == secret)
        #expect(try await !server.get("/webhooks").body.contains("secret"))
    }
}

@Test func deadEntriesAreListedAndRedelivered() async throws {
    try await withWebhooks { server, store in
        let time = Date(timeIntervalSince1970: 1_773_043_500)
        let hook = try await store.add(
            NewWebhook(url: "https://a.test", events: ["*"]), at: time)
        let other = try await store.add(
            NewWebhook(url: "https://b.test", events: ["*"]), at: time)
        _ = try await store.append([CallEntries(callID: "a", [started, ended])], at: time)
        _ = try await store.abandon(
            hook.destination, queuedBefore: nil, because: "down", at: time)
        let dead = try await server.get("/webhooks/\(hook.id)/dead")
        #expect(dead.body.contains(#""event_type":"call_started""#))
        #expect(dead.body.contains(#""last_error":"down""#))
        let id = try #require(
            await store.deadEntries(destination: nil, page: PageRequest()).records.last?.id)
        let path = "/webhooks/\(hook.id)/redeliver"
        #expect(
            try await server.send(
                "POST", "/webhooks/\(other.id)/redeliver", body: #"{"entry_id":\#(id)}"#
            ).status == 404)
        #expect(
            try await server.send("POST", path, body: #"{"entry_id":\#(id)}"#).body
                == #"{"redelivered":1}"#)
        #expect(try await server.send("POST", path).body == #"{"redelivered":1}"#)
        #expect(try await server.send("POST", path).body == #"{"redelivered":0}"#)
        #expect(try await server.send("POST", path, body: "7").status == 400)
        #expect(try await store.backlog()[hook.destination] == 2)
    }
}
