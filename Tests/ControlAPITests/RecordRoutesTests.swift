import ControlAPI
import Events
import Foundation
import Records
import Testing

private struct ProblemDocument: Decodable {
    struct Part: Decodable, Equatable {
        let pointer: String?
        let parameter: String?
    }
    let status: Int
    let errors: [Part]?
}

@Test func aConversationFromItsBeginningToItsEnd() async throws {
    try await withServer { server in
        let begun = try await server.send(
            "POST", "/conversations", body: #"{"caller_id":"+34600111222"}"#)
        #expect(begun.status == 201)
        let conversation: [String: String] = try begun.json()
        let id = try #require(conversation["id"])
        #expect(conversation["conversation_id"] == id)
        #expect(conversation["phone_number"] == "+34600111222")
        #expect(conversation["status"] == "live")
        let metrics = try await server.send("POST", "/conversations/\(id)/end")
        #expect(metrics.status == 200)
        #expect(
            metrics.body == #"""
                {"avg_llm_latency_ms":null,"avg_sentiment_score":null,"avg_stt_latency_ms":null,\#
                "avg_total_latency_ms":null,"avg_tts_latency_ms":null,"conversation_id":"\#(id)",\#
                "interruptions_count":0,"total_turns":0}
                """#)
        #expect(try await server.get("/conversations/\(id)").body.contains(#""status":"ended""#))
        #expect(try await server.get("/conversations/\(id)/metrics").body == metrics.body)
        #expect(
            try await server.get("/metrics/summary?limit=5").body.contains(
                #""conversations_count":1"#))
    }
}

/// Ending a conversation ends the call it has.
@Test func aConversationEndsItsCalls() async throws {
    let calls = FakeCalls()
    try await withServer(control: calls) { server in
        try await server.journal.append(callID: "a", [started])
        async let ending = server.send("POST", "/conversations/a/end")
        while calls.ended.isEmpty { await Task.yield() }
        try await server.journal.append(
            callID: "a", [entry(.turnCompleted(TurnRecord(turn: 1, user: "hi")), at: 2), ended])
        let answer = try await ending
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""total_turns":1"#))
        #expect(calls.ended == ["a"])
        #expect(try await server.store.call("a")?.interventionCount == 1)
    }
}

@Test func callsAreFiltered() async throws {
    try await withServer { server in
        for (index, id) in ["a", "b", "c"].enumerated() {
            let start = CallStarted(
                carrier: id == "c" ? "vapi" : "twilio", carrierCallID: "CA\(id)", language: "en")
            try await server.journal.append(
                callID: id, [entry(.callStarted(start), at: Double(index))])
        }
        try await server.journal.append(callID: "b", [ended])
        struct Page: Decodable {
            struct Call: Decodable { let id: String }
            let calls: [Call]
            let next: String?
        }
        func ids(_ query: String) async throws -> [String] {
            try await server.get("/api/v1/calls?\(query)").json(Page.self).calls.map(\.id)
        }
        #expect(try await ids("") == ["c", "b", "a"])
        #expect(try await ids("status=ended") == ["b"])
        #expect(try await ids("source=vapi") == ["c"])
        #expect(try await ids("from=2026-03-09T08:05:01Z&to=2026-03-09T08:05:02Z") == ["b"])
        #expect(try await ids("direction=outbound") == [])
        let first: Page = try await server.get("/api/v1/calls?limit=2").json()
        let cursor = try #require(first.next)
        #expect(try await ids("limit=2&cursor=\(cursor)") == ["a"])
    }
}

@Test func mappingsAreMadeAndReviewed() async throws {
    try await withServer { server in
        let body = #"{"search_term":" Crema ","mapped_terms":["moisturiser"],"source":"manual"}"#
        let made = try await server.send("POST", "/api/v1/vapi/mappings", body: body)
        #expect(made.status == 201)
        #expect(made.body.contains(#""search_term":"crema""#))
        #expect(try await server.send("POST", "/api/v1/mappings", body: body).status == 409)
        struct List: Decodable {
            struct Mapping: Decodable {
                let id: String
                let isActive: Bool
                let reviewer: String?

                private enum CodingKeys: String, CodingKey {
                    case id
                    case isActive = "is_active"
                    case reviewer = "reviewed_by"
                }
            }
            let mappings: [Mapping]
        }
        let list: List = try await server.get("/api/v1/vapi/mappings").json()
        let id = try #require(list.mappings.first?.id)
        let path = "/api/v1/vapi/mappings/\(id)/review"
        let reviewed: List.Mapping = try await server.send(
            "PUT", path, body: #"{"approved":false}"#
        ).json()
        #expect(!reviewed.isActive)
        #expect(reviewed.reviewer == "anonymous")
        #expect(try await server.get("/api/v1/mappings").json(List.self).mappings.isEmpty)
        #expect(
            try await server.get("/api/v1/mappings?active=false").json(List.self).mappings.count
                == 1)
    }
}

@Test(arguments: ["/api/v1/analytics", "/api/v1/vapi/analytics"])
func figuresOfManyCalls(base: String) async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started, ended])
        #expect(
            try await server.get(base + "/calls?from=2026-03-01").body
                == #"{"calls":[{"calls":1,"mean_duration_seconds":9.5,"period":"2026-03-09","#
                + #""success_rate":1}],"period":"day"}"#)
        #expect(try await server.get(base + "/tools").body == #"{"tools":[]}"#)
        #expect(
            try await server.get(base + "/learnings").body
                == #"{"failing_queries":[],"suggestions_pending":[],"weeks":[]}"#)
    }
}

@Test func toolsAreJudged() async throws {
    try await withServer { server in
        try await server.journal.append(
            callID: "a",
            [
                started,
                entry(.toolCall(ToolCallRecord(id: "t", name: "find", arguments: "{}")), at: 1),
            ])
        let id = try #require(try await server.store.toolLogs(of: "a").first?.id)
        let answer = try await server.send(
            "PUT", "/api/v1/tool-logs/\(id)/feedback",
            body: #"{"user_feedback":"not_helpful","correction_applied":true}"#)
        #expect(answer.status == 200)
        let log = try #require(try await server.store.toolLogs(of: "a").first)
        #expect(log.userFeedback == .notHelpful)
        #expect(log.correctionApplied)
    }
}

private let mappings = "/api/v1/vapi/mappings"

/// What a client can get wrong in a body, and where it is told to look.
@Test(arguments: [
    ("POST", "/conversations", "{}", 422, ["#/caller_id"]),
    ("POST", "/conversations", "", 422, ["#/caller_id"]),
    ("POST", "/conversations", #"{"caller_id":{"$gt":""}}"#, 422, ["#/caller_id"]),
    ("POST", "/conversations", #"{"caller_id":"a\u0000b"}"#, 422, ["#/caller_id"]),
    ("POST", "/conversations", "[1]", 400, nil), ("POST", "/conversations", "nonsense", 400, nil),
    ("POST", "/conversations", #"{"caller_id":"\ud800"}"#, 400, nil),
    ("POST", "/conversations/nobody/end", "", 404, nil),
    ("GET", "/conversations/nobody/metrics", "", 404, nil),
    ("GET", "/conversations/%00/metrics", "", 404, nil),
    ("GET", "/metrics/summary?limit=0", "", 400, ["limit"]),
    (
        "POST", mappings, #"{"search_term":7,"source":"x"}"#, 422,
        ["#/search_term", "#/mapped_terms", "#/source"]
    ),
    (
        "POST", mappings, #"{"search_term":"  ","mapped_terms":["a",1]}"#, 422,
        ["#/search_term", "#/mapped_terms/1"]
    ),
    (
        "POST", mappings, #"{"search_term":"a","mapped_terms":["b"],"learned_from_call_id":"x"}"#,
        422, ["#/learned_from_call_id"]
    ),
    ("PUT", mappings + "/nobody/review", #"{"approved":true}"#, 404, nil),
    ("PUT", mappings + "/nobody/review", #"{"approved":"yes"}"#, 422, ["#/approved"]),
    ("DELETE", mappings, "", 405, nil), ("TRACE", mappings, "", 405, nil),
    ("PUT", "/api/v1/tool-logs/nobody/feedback", "{}", 404, nil),
    ("POST", "/api/v1/keys", "{}", 422, ["#/role", "#/name"]),
    ("GET", "/api/v1/calls?status=x&from=y&cursor=", "", 400, ["status", "from", "cursor"]),
    ("GET", "/api/v1/analytics/calls?from=2026-03-02&to=2026-03-01", "", 400, ["to"]),
    ("GET", "/api/v1/analytics/tools?tool_name='%3BDROP%20TABLE%20turns--", "", 200, nil),
    ("GET", "/api/v1/calls?number=%3Cscript%3E", "", 200, nil),
])
func badBodies(
    method: String, target: String, body: String, status: Int, places: [String]?
) async throws {
    try await withServer { server in
        let answer = try await server.send(method, target, body: body)
        #expect(answer.status == status)
        guard status >= 400 else { return }
        #expect(answer.headers["content-type"] == "application/problem+json")
        let problem: ProblemDocument = try answer.json()
        #expect(problem.errors?.compactMap { $0.pointer ?? $0.parameter } == places)
    }
}
