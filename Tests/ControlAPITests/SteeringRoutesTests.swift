import ControlAPI
import Events
import Records
import Testing

/// What a request makes of a call, and what it is told.
@Suite struct SteeringRoutesTests {
    private static let calls = "/api/v1/calls/CA1"
    private static let vapi = "/api/v1/vapi/call/CA1"

    @Test(arguments: [
        (calls + "/inject", #"{"message":" Hola. ","type":"say"}"#, CallAction.say("Hola.")),
        (vapi + "/inject", #"{"message":"VIP","type":"add-message"}"#, .addContext("VIP")),
        (calls + "/context", #"{"context":"VIP"}"#, .addContext("VIP")),
        (calls + "/context", #"{"message":"VIP"}"#, .addContext("VIP")),
        (calls + "/mute", "", .mute), (vapi + "/mute", "{}", .mute),
        (calls + "/unmute", "", .unmute), (vapi + "/unmute", "", .unmute),
        (calls + "/dtmf", #"{"digits":"1w#D"}"#, .sendTones("1w#D")),
        (
            calls + "/transfer", #"{"to":"+15005550006","department":"sales","reason":"asked"}"#,
            .transfer(destination: "+15005550006", department: "sales", reason: "asked")
        ),
        (
            calls + "/transfer", "{}",
            .transfer(destination: "", department: "", reason: "an operator asked for it")
        ),
        (
            calls + "/agent", #"{"prompt":"Be kind.","variables":{"name":"Zoë"}}"#,
            .changeAgent(
                prompt: "Be kind.", variables: ["name": "Zoë"], engines: EngineWish())
        ),
        (
            calls + "/agent", #"{"engines":{"tts":"elevenlabs"}}"#,
            .changeAgent(prompt: nil, variables: [:], engines: EngineWish(tts: "elevenlabs"))
        ),
    ])
    func requestsAreActions(target: String, body: String, action: CallAction) async throws {
        let calls = FakeCalls()
        try await withServer(control: calls) { server in
            try await server.journal.append(callID: "a", [started])
            let answer = try await server.send("POST", target, body: body)
            #expect(answer.status == 200)
            #expect(calls.actions == [action])
            #expect(answer.body.hasPrefix(#"{"call_id":"a","effective_ms":"#))
            #expect(
                answer.body.hasSuffix(
                    #""seconds_from_start":1.25,"state":"muted","#
                        + #""took_effect_at":"2026-03-09T08:05:01.250Z"}"#))
        }
    }

    @Test(arguments: [
        ("inject", ""), ("inject", "{}"), ("inject", #"{"message":"x"}"#),
        ("inject", #"{"message":5,"type":"say"}"#), ("inject", #"{"message":"x","type":"shout"}"#),
        ("inject", #"{"message":"  ","type":"say"}"#),
        ("inject", #"{"message":"\u0000","type":"say"}"#),
        ("context", "{}"), ("context", #"{"context":null}"#), ("dtmf", "{}"),
        ("dtmf", #"{"digits":"12 3"}"#), ("dtmf", #"{"digits":""}"#), ("agent", "{}"),
        ("agent", #"{"variables":{"a":1}}"#), ("agent", #"{"variables":{"":"x"}}"#),
        ("agent", #"{"variables":["x"]}"#), ("agent", #"{"engines":{"stt":"deepgram"}}"#),
        ("agent", #"{"engines":{"tts":7}}"#), ("transfer", #"{"to":"<script>"}"#),
        ("transfer", #"{"to":"911"}"#), ("transfer", #"{"department":""}"#),
    ])
    func badMembersAreRefused(name: String, body: String) async throws {
        try await expect(422, for: "\(Self.calls)/\(name)", body: body)
    }

    @Test(arguments: [
        ("inject", "[]"), ("inject", #"{"message":"x","type":"#), ("mute", "[1]"),
    ])
    func whatIsNoObjectIsRefused(name: String, body: String) async throws {
        try await expect(400, for: "\(Self.calls)/\(name)", body: body)
    }

    @Test func textsHaveAnEnd() async throws {
        let long = #"{"message":""# + String(repeating: "x", count: 2_001) + #"","type":"say"}"#
        try await expect(422, for: Self.calls + "/inject", body: long)
    }

    private func expect(_ status: Int, for target: String, body: String) async throws {
        let calls = FakeCalls()
        try await withServer(control: calls) { server in
            try await server.journal.append(callID: "a", [started])
            let answer = try await server.send("POST", target, body: body)
            #expect(answer.status == status, "\(answer.body)")
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(calls.actions.isEmpty)
        }
    }

    @Test func callsThatAreNotLiveAreNotSteered() async throws {
        let calls = FakeCalls()
        try await withServer(control: calls) { server in
            #expect(try await server.send("POST", Self.calls + "/mute").status == 404)
            try await server.journal.append(callID: "a", [started, ended])
            #expect(try await server.send("POST", Self.vapi + "/mute").status == 409)
            #expect(try await server.send("GET", Self.calls + "/mute").status == 405)
            #expect(calls.actions.isEmpty)
        }
    }

    @Test func aCallMayRefuse() async throws {
        try await withServer(control: FakeCalls(failure: .refused(reason: "Muted."))) { server in
            try await server.journal.append(callID: "a", [started])
            let answer = try await server.send(
                "POST", Self.calls + "/inject", body: #"{"message":"x","type":"say"}"#)
            #expect(answer.status == 409)
            #expect(answer.body.contains("Muted."))
        }
    }
}
