import ControlAPI
import Events
import Records
import Testing

@Test func callsAreListed() async throws {
    try await withServer { server in
        #expect(try await server.get("/api/v1/calls").body == #"{"calls":[]}"#)
        try await server.journal.append(callID: "a", [started])
        let answer = try await server.get("/api/v1/calls?limit=1")
        #expect(answer.status == 200)
        #expect(
            answer.body == #"""
                {"calls":[{"carrier":"twilio","carrier_call_id":"CA1","conversation_id":"a",\#
                "direction":"inbound","duration_seconds":0,"errors_count":0,"id":"a",\#
                "interruptions_count":0,"intervention_count":0,"language":"en","last_seq":1,\#
                "live_transcript_enabled":false,"source":"gateway",\#
                "started":"2026-03-09T08:05:00.000Z","status":"live","tool_calls_count":0,\#
                "tool_errors_count":0,"turns_count":0}]}
                """#)
    }
}

@Test(arguments: ["a", "CA1", "%43A1"])
func oneCallHasItsTurns(id: String) async throws {
    try await withServer { server in
        let turn = TurnRecord(turn: 1, user: "hi")
        try await server.journal.append(
            callID: "a", [started, entry(.turnCompleted(turn), at: 2), ended])
        let answer = try await server.get("/api/v1/calls/\(id)")
        #expect(answer.status == 200)
        #expect(
            answer.body == #"""
                {"carrier":"twilio","carrier_call_id":"CA1","conversation_id":"a",\#
                "direction":"inbound","duration_seconds":9.5,"end_reason":"caller_hung_up",\#
                "ended":"2026-03-09T08:05:09.500Z","errors_count":0,"id":"a",\#
                "interruptions_count":0,"intervention_count":0,"language":"en","last_seq":3,\#
                "live_transcript_enabled":false,"source":"gateway",\#
                "started":"2026-03-09T08:05:00.000Z","status":"ended","tool_calls_count":0,\#
                "tool_errors_count":0,"tools":[],"transcript":"","turns":[{"agent":"",\#
                "filler":false,"heard":"","interrupted":false,"turn":1,"user":"hi"}],\#
                "turns_count":1}
                """#)
    }
}

private struct Page: Decodable, Equatable {
    let events: [CallEvent]
    let next: Int
    let ended: Bool
}

@Test func eventsAreReadInPieces() async throws {
    try await withServer { server in
        try await server.journal.append(
            callID: "a", [started, entry(.dtmf(DTMFRecord(digit: "5")), at: 1)])
        let first: Page = try await server.get("/api/v1/calls/a/events").json()
        #expect(first.events.map(\.seq) == [1, 2])
        #expect(first.next == 2)
        #expect(!first.ended)
        try await server.journal.append(callID: "a", [ended])
        let second: Page = try await server.get("/api/v1/calls/CA1/events?after=2").json()
        #expect(second.events.map(\.body.type) == [.callEnded])
        #expect(second.ended)
        let rest = try await server.get("/api/v1/calls/a/events?after=3&wait_ms=30000")
        #expect(rest.body == #"{"ended":true,"events":[],"next":3}"#)
    }
}

/// The simulated caller asks by the carrier's id before the gateway has seen `start`.
@Test func aReaderWaitsForTheCallToAppear() async throws {
    try await withServer { server in
        async let answer = server.get("/api/v1/calls/CA1/events?after=0&wait_ms=30000")
        await server.readerWaits()
        try await server.journal.append(callID: "a", [started])
        let page: Page = try await answer.json()
        #expect(page.events.map(\.seq) == [1])
    }
}

/// Shutting down does not wait for a reader that waits for a quiet call.
@Test func shutdownAnswersWhoWaits() async throws {
    try await withServer { server in
        try await server.journal.append(callID: "a", [started])
        async let answer = server.get("/api/v1/calls/a/events?after=1&wait_ms=30000")
        await server.readerWaits()
        await server.shutDown()
        #expect(try await answer.body == #"{"ended":false,"events":[],"next":1}"#)
    }
}

@Test func endingACall() async throws {
    let calls = FakeCalls()
    try await withServer(control: calls) { server in
        try await server.journal.append(callID: "a", [started])
        let answer = try await server.send("POST", "/api/v1/calls/CA1/end", body: "{}")
        #expect(answer.status == 200)
        #expect(answer.body.hasPrefix(#"{"call_id":"a","effective_ms":"#))
        #expect(answer.body.contains(#","state":"ended","took_effect_at":""#))
        #expect(calls.ended == ["a"])

        try await server.journal.append(callID: "a", [ended])
        #expect(try await server.send("POST", "/api/v1/calls/a/end").status == 409)
        #expect(try await server.send("POST", "/api/v1/calls/b/end").status == 404)
        #expect(calls.ended == ["a"])
    }
}

@Test(arguments: [
    (CallControlError.callUnknown, 404), (.callEnded, 409), (.timedOut, 504),
    (.unavailable(reason: "The gateway is draining."), 503),
])
func aCallThatCannotBeEnded(failure: CallControlError, status: Int) async throws {
    try await withServer(control: FakeCalls(failure: failure)) { server in
        try await server.journal.append(callID: "a", [started])
        let answer = try await server.send("POST", "/api/v1/calls/a/end")
        #expect(answer.status == status)
        #expect(answer.headers["content-type"] == "application/problem+json")
    }
}
