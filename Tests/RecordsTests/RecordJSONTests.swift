import Events
import Foundation
import Records
import Testing

private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

@Test func recordsHaveTheNamesOfTheContract() async throws {
    try await withStore { store, _ in
        _ = try await store.append(
            [
                call(
                    "a",
                    [
                        begun("CA1"), asked("find", arguments: #"{"q":"x"}"#), told("find", "[]"),
                        over(at: 9.5, costMicros: 12_500),
                    ])
            ], at: moment())
        _ = try await store.update("a", .sentiment(.positive))
        #expect(
            try json(#require(await store.call("a"))) == #"""
                {"carrier":"twilio","carrier_call_id":"CA1","conversation_id":"a","cost":0.0125,\#
                "currency":"USD","direction":"inbound","duration_seconds":9.5,\#
                "end_reason":"caller_hung_up","ended":"2026-03-09T08:05:09.500Z",\#
                "errors_count":0,"from":"+34600111222","id":"a","interruptions_count":0,\#
                "intervention_count":0,"language":"es","last_seq":4,\#
                "live_transcript_enabled":false,"source":"gateway",\#
                "started":"2026-03-09T08:05:00.000Z","status":"ended","to":"+34910000000",\#
                "tool_calls_count":1,"tool_errors_count":0,"turns_count":0,\#
                "user_sentiment":"positive"}
                """#)
        var log = try #require(await store.toolLogs(of: "a").first)
        log.id = "l"
        #expect(
            try json(log) == #"""
                {"arguments":"{\"q\":\"x\"}","call_id":"a","correction_applied":false,\#
                "duration_ms":10,"id":"l","result":"[]","started_at":"2026-03-09T08:05:01.000Z",\#
                "success":true,"tool_call_id":"t1","tool_name":"find"}
                """#)
        #expect(
            try json(#require(await store.conversation("a"))) == #"""
                {"cost":0.0125,"created_at":"2026-03-09T08:05:00.000Z","direction":"inbound",\#
                "duration":9.5,"ended_at":"2026-03-09T08:05:09.500Z","id":"a",\#
                "phone_number":"+34600111222","status":"ended","transcript":"",\#
                "twilio_call_sid":"CA1"}
                """#)
    }
}

@Test func aSecretIsNeverShown() async throws {
    try await withStore { store, _ in
        var hook = try await store.add(
            NewWebhook(url: "https://a.test/", events: ["error"], secret: "hidden"), at: moment())
        hook.id = "w"
        #expect(hook.secret == "hidden")
        #expect(
            try json(hook) == #"""
                {"active":true,"created_at":"2026-03-09T08:05:00.000Z","events":["error"],\#
                "id":"w","url":"https://a.test/"}
                """#)
    }
}
