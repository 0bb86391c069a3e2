import Foundation
import HTTPTypes
import Records
import Testing

@testable import ControlAPI

/// Whatever a client sends, it gets what it asked for or a problem document, and no other error.
@Suite struct BadInputTests {
    /// Every member that any route reads, of a type that none of them takes.
    private static let wrongTypes =
        #"{"message":{"$ne":1},"type":[],"context":7,"to":{},"department":1,"reason":[],"digits":1,"#
        + #""prompt":{},"variables":[1],"url":7,"events":"*","secret":1,"generate_secret":"yes","#
        + #""entry_id":"one","caller_id":[],"user_id":1,"search_term":{},"mapped_terms":"x","#
        + #""approved":"maybe","user_feedback":5,"correction_applied":"x","name":[],"role":1,"#
        + #""from":1,"language":7,"ring_seconds":"long","detect_machine":1}"#
    private static let hostile =
        #"{"message":"'; DROP TABLE voice_calls;--","type":"<script>alert(1)</script>","digits":"<b>","#
        + #""context":"\u0000","to":"<script>","department":"\u0001","prompt":"\u0000","#
        + #""url":"javascript:alert(1)","events":["'; DROP TABLE webhooks;--"],"caller_id":"\u0000","#
        + #""search_term":"\u0000","mapped_terms":["\u0000"],"name":"\u0000","role":"' OR 1=1","#
        + #""approved":null,"user_feedback":"<b>","entry_id":-1}"#
    private static let identifiers = [
        "unknown", "%27%3B%20DROP%20TABLE%20voice_calls%3B--", "%3Cscript%3E", "%00",
        "..%2F..%2Fetc",
        String(repeating: "x", count: 300),
    ]

    private static func whileServing(
        _ body: (RunningServer, [ControlRouter.Route]) async throws -> Void
    ) async throws {
        let store = try SQLiteStore()
        let webhooks = WebhookServices(store: store, probe: FakeProbe())
        try await withServer(
            webhooks: webhooks, twilio: trustingTwilio, remoteCalls: RemoteCallServices.idle
        ) { server in
            try await body(server, try allRoutes().sorted { $0.path < $1.path })
        }
        try await store.close()
    }

    @Test(arguments: [
        "", "[]", "{", "null", "\u{FFFD}", wrongTypes, hostile,
        "{\"a\":" + String(repeating: "[", count: 5_000),
    ])
    func bodiesAreRefusedByAProblem(body: String) async throws {
        try await Self.whileServing { server, routes in
            for route in routes where route.method != .get {
                let target = route.path.replacingOccurrences(of: ":id", with: "unknown")
                let answer = try await server.send(route.method.rawValue, target, body: body)
                try expectNoFailure(answer, "\(route.method) \(target)")
            }
        }
    }

    @Test func hugeBodiesAreTooLarge() async throws {
        let huge = #"{"message":""# + String(repeating: "x", count: 17 * 1_024) + #""}"#
        try await Self.whileServing { server, routes in
            for route in routes where route.method == .post {
                // Providers may tell more at once.
                guard case .role = AccessRule(.post, path: route.path) else { continue }
                let target = route.path.replacingOccurrences(of: ":id", with: "unknown")
                let answer = try await server.send("POST", target, body: huge)
                #expect(answer.status == 413, "\(target)")
                try expectNoFailure(answer, target)
            }
        }
    }

    @Test(arguments: identifiers) func strangeIdentifiersAreNotFound(id: String) async throws {
        try await Self.whileServing { server, routes in
            // Twilio is told nothing where nothing is known, but told it in its language.
            for route in routes
            where route.path.contains(":id") && !route.path.hasPrefix("/api/twilio") {
                let target = route.path.replacingOccurrences(of: ":id", with: id)
                let answer = try await server.send(route.method.rawValue, target)
                try expectNoFailure(answer, "\(route.method) \(target)")
                #expect(answer.status >= 400, "\(route.method) \(target)")
                #expect(!answer.body.contains("<script>"))
            }
        }
    }

    @Test(arguments: [
        "limit=-1", "limit=x", "limit=99999999999999999999", "limit=1&limit=2", "from=yesterday",
        "from=2026-02-30", "status='%20OR%201=1", "cursor=%00", "number=%00", "after=-1",
        "from=2026-03-02&to=2026-03-01", "active=perhaps", "period=century",
    ])
    func queriesNeverFail(query: String) async throws {
        try await Self.whileServing { server, routes in
            for route in routes where route.method == .get {
                let target = route.path.replacingOccurrences(of: ":id", with: "unknown")
                let answer = try await server.get("\(target)?\(query)")
                try expectNoFailure(answer, "\(target)?\(query)")
            }
        }
    }

    private func expectNoFailure(_ answer: RawAnswer, _ what: String) throws {
        #expect(answer.status < 500, "\(what): \(answer.status) \(answer.body)")
        guard answer.status >= 400 else { return }
        #expect(answer.headers["content-type"] == "application/problem+json", "\(what)")
        let problem = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
        #expect(problem["status"] as? Int == answer.status, "\(what)")
        #expect((problem["detail"] as? String)?.isEmpty == false, "\(what)")
    }
}
