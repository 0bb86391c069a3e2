import Foundation
import Glibc
import ProviderSimulators
import Testing

@testable import MediaBridge

/// Twilio's webhooks, streams and API with a whole gateway, over real sockets.
@Suite(.tags(.integration), .serialized) struct GatewayTwilioTests {
    private typealias Webhooks = GatewayTwilioWebhooks

    @Test func onlyStreamsOfAdmittedCallsGetIn() async throws {
        try await Webhooks.run { twilio in
            let caller = try twilio.stream()
            let token = try twilio.token(for: caller.callSID)
            #expect(try twilio.token(for: caller.callSID) == token, "asked twice")
            try caller.sendStart(parameters: #"{"token":"\#(token)"}"#)
            #expect(try caller.hearsTheAnswer())

            // The same token again, none at all, and one of another call.
            for parameters in [
                #"{"token":"\#(token)"}"#, "{}", #"{"token":"\#(try twilio.token(for: "CA9"))"}"#,
            ] {
                let stranger = try twilio.stream()
                try stranger.sendStart(parameters: parameters)
                #expect(try stranger.wire.closeCode() == 1_008)
            }
            // Without Twilio's signature there is not even a socket.
            #expect(throws: WireError.refused("HTTP/1.1 403 Forbidden")) {
                try GatewayTwilioCaller(twilio.gateway)
            }
            #expect(try caller.asksAndIsAnswered())
            try caller.expectsUnharmed(twilio.gateway)
            let tokens = "mediabridge_twilio_stream_tokens_total"
            #expect(try twilio.gateway.metric("\(tokens){kind=\"refused\"}") == 3)
            #expect(try twilio.gateway.metric("\(tokens){kind=\"redeemed\"}") == 1)
            let refused = GatewayUnderTest.edge("strangersRefused")
            #expect(try twilio.gateway.growth(of: refused, since: 0, upTo: 1) == 1)
        }
    }

    @Test(arguments: [
        "voice-webhook", "voice", "after-stream", "dial-status", "status", "stream-status", "amd",
        "whisper/x",
    ])
    func strangersAreRefused(name: String) async throws {
        try await Webhooks.run { twilio in
            let path = "/api/twilio/\(name)"
            let fields = Webhooks.fields("CA1")
            #expect(try twilio.post(path, fields, signature: .some(nil)).status == 403)
            #expect(try twilio.post(path, fields, signature: "AAAA").status == 403)
            #expect(try twilio.post(path, fields, signed: path + "/x").status == 403)
            #expect(try twilio.post(path + "?a=1", fields, signed: path).status == 403)
            let json = try twilio.postJSON(path, "{}")
            #expect(json.status == 403)
            #expect(try jsonObject(json.body)["status"] as? Int == 403)
            let metric = "mediabridge_twilio_requests_refused_total"
            #expect(try twilio.gateway.metric("\(metric){kind=\"missing\"}") == 2)
            #expect(try twilio.gateway.metric("\(metric){kind=\"wrong\"}") == 3)
            // Signed, but about no call.
            let status = try twilio.post(path, [("From", "+34600111222")]).status
            #expect(status == (name == "whisper/x" ? 200 : 400))
        }
    }

    @Test func withoutAnAccountTheCarrierAsksWhatComesNext() async throws {
        try await Webhooks.run { twilio in
            let caller = try twilio.greeted()
            let path = "/api/twilio/after-stream?language=es"
            let early = try twilio.post(path, Webhooks.fields(caller.callSID))
            #expect(early.body.contains(">\(Webhooks.mobile)</Number></Dial>"), "nothing is known")
            let id = try twilio.gateway.callID(of: caller.callSID)
            #expect(try twilio.gateway.request("POST", "/api/v1/calls/\(id)/end").status == 200)
            #expect(try caller.waitsForEnd())
            let late = try twilio.post(path, Webhooks.fields(caller.callSID))
            #expect(late.body.hasSuffix("<Response><Hangup/></Response>"))
        }
    }

    @Test func aCallThatEndedWellIsHungUpThroughTheAPI() async throws {
        let rest = try await SimulatedTwilioREST(
            token: Webhooks.token, faults: [.status(429, code: 20_429), .cutBefore])
        try await Webhooks.run(rest: rest) { twilio in
            let caller = try twilio.greeted()
            let id = try twilio.gateway.callID(of: caller.callSID)
            #expect(try twilio.gateway.request("POST", "/api/v1/calls/\(id)/end").status == 200)
            let updates = try await entries(3, of: rest)
            #expect(updates.allSatisfy { $0.path == "/Calls/\(caller.callSID).json" })
            #expect(updates.allSatisfy { $0["Status"] == "completed" && $0.isAuthorized })
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
            let events = try twilio.gateway.events(of: id)
            #expect(events.last?.data["reason"] as? String == "agent_hung_up")
        }
        await rest.stop()
    }

    /// A carrier that does nothing is not waited for: closing makes it go on to the mobile.
    @Test func aCallThatIsNotCutIsClosed() async throws {
        let rest = try await SimulatedTwilioREST(
            token: Webhooks.token, faults: [.status(401, code: 20_003)])
        try await Webhooks.run(rest: rest) { twilio in
            let caller = try twilio.greeted()
            let id = try twilio.gateway.callID(of: caller.callSID)
            #expect(try twilio.gateway.request("POST", "/api/v1/calls/\(id)/end").status == 200)
            #expect(try caller.waitsForEnd())
            #expect(caller.closeCode == 1_000)
        }
        await rest.stop()
    }

    /// A key asks for a human: who hears what it is about, then the caller.
    @Test func aHandOverWhispers() async throws {
        let rest = try await SimulatedTwilioREST(token: Webhooks.token)
        try await Webhooks.run(rest: rest) { twilio in
            let caller = try twilio.greeted()
            #expect(try caller.asksAndIsAnswered())
            try caller.sendDTMF("0")
            try caller.listen(frames: 100)
            let update = try #require(try await entries(1, of: rest).first)
            let document = try #require(update["Twiml"])
            #expect(document.contains(">\(Webhooks.mobile)</Number></Dial>"))
            let start = try #require(document.range(of: #"url=""#))
            let url = document[start.upperBound...].prefix { $0 != "\"" }
            let whisper = try twilio.post(
                String(url.dropFirst(Webhooks.base.count)), Webhooks.fields("CA77"))
            #expect(whisper.body.contains(#"<Say language="en">A call from the assistant."#))
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
        }
        await rest.stop()
    }

    /// Numbers and addresses as Twilio's <Number> and <Sip> take them.
    @Test(arguments: [
        ("+447700900777", ">+447700900777</Number></Dial>"),
        ("sip:sales@pbx.example", ">sip:sales@pbx.example</Sip></Dial>"),
    ])
    func anOperatorChoosesWhoTheCallerGets(destination: String, dialled: String) async throws {
        let rest = try await SimulatedTwilioREST(token: Webhooks.token)
        try await Webhooks.run(rest: rest) { twilio in
            let caller = try twilio.greeted()
            let id = try twilio.gateway.callID(of: caller.callSID)
            let answer = try twilio.gateway.post(
                "/api/v1/calls/\(id)/transfer", #"{"to":"\#(destination)"}"#)
            #expect(answer["state"] as? String == "transferred")
            let update = try #require(try await entries(1, of: rest).first)
            #expect(update["Twiml"]?.contains(dialled) == true, "\(update)")
            #expect(update["Twiml"]?.contains("/api/twilio/whisper/") == true)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
        }
        await rest.stop()
    }

    @Test func aFullGatewayForwardsAtOnce() async throws {
        try await Webhooks.run(settings: ["maxCalls": "2"]) { twilio in
            let caller = try twilio.greeted()
            let other = try twilio.stream()
            let answer = try twilio.post("/api/twilio/voice", Webhooks.fields("CA5"))
            #expect(answer.body.contains("<Response><Dial timeout="))
            #expect(answer.body.contains(">\(Webhooks.mobile)</Number></Dial></Response>"))
            let calls = "mediabridge_twilio_calls_total"
            #expect(try twilio.gateway.metric("\(calls){kind=\"forwarded\"}") == 1)
            #expect(try caller.asksAndIsAnswered())
            try caller.expectsUnharmed(twilio.gateway)
            other.wire.vanish()
        }
    }

    @Test func aCallThatWeMakeIsFollowedToItsEnd() async throws {
        let rest = try await SimulatedTwilioREST(token: Webhooks.token, faults: [.cutAfter])
        try await Webhooks.run(rest: rest) { twilio in
            let made = try twilio.postJSON(
                "/api/v1/calls", #"{"to":"+44 7700 900456","language":"es"}"#)
            #expect(made.status == 201, "\(made)")
            let sid = try #require(try jsonObject(made.body)["carrier_call_id"] as? String)
            let asked = try #require(rest.entries.first)
            #expect(asked["To"] == "+447700900456" && asked["From"] == "+15005550006")
            #expect(asked["Url"] == "\(Webhooks.base)/api/twilio/voice?language=es")
            #expect(asked["AsyncAmd"] == "true" && asked["MachineDetection"] == "Enable")
            #expect(
                asked.fields["StatusCallbackEvent"]
                    == ["initiated", "ringing", "answered", "completed"])
            // Made once, although its answer was lost.
            #expect(rest.entries.map(\.method) == ["POST", "GET"])

            for (number, status) in ["initiated", "ringing", "busy"].enumerated() {
                for _ in 0..<2 {
                    let fields = Webhooks.fields(sid).map {
                        switch $0.0 {
                        case "CallStatus": ($0.0, status)
                        case "Direction": ($0.0, "outbound-api")
                        default: $0  // fields of Twilio's
                        }
                    }
                    let told = try twilio.post(
                        "/api/twilio/status", fields + [("SequenceNumber", "\(number)")])
                    #expect(told.status == 204)
                }
            }
            let events = try twilio.gateway.events(of: twilio.gateway.callID(of: sid))
            #expect(
                events.map(\.type)
                    == ["call_started"] + Array(repeating: "carrier_status", count: 3)
                    + ["call_ended"])
            #expect(
                events.compactMap { $0.data["status"] as? String } == [
                    "initiated", "ringing", "busy",
                ])
            #expect(events.last?.data["reason"] as? String == "busy")
            #expect(events.first?.data["direction"] as? String == "outbound")
        }
        await rest.stop()
    }

    @Test func theTestCallTellsHowItWent() async throws {
        let rest = try await SimulatedTwilioREST(token: Webhooks.token)
        try await Webhooks.run(rest: rest) { twilio in
            let answer = try twilio.postJSON("/api/v1/calls/test", "")
            #expect(answer.status == 200, "\(answer)")
            let outcome = try jsonObject(answer.body)
            #expect(outcome["status"] as? String == "completed")
            #expect(outcome["answered"] as? Bool == true)
            #expect(outcome["duration_seconds"] as? Int == 7)
            #expect(outcome["cost"] as? Double == 0.014)
            #expect(rest.entries.first?["To"] == Webhooks.mobile)
            #expect(rest.entries.first?["Twiml"]?.contains("<Say language=\"en\">") == true)
        }
        await rest.stop()
    }

    @Test(arguments: [
        (#"{"to":"none"}"#, 422), ("{}", 422), ("[]", 400), (#"{"to":7}"#, 422), ("{", 400),
        (#"{"to":"+447700900456","language":"<b>"}"#, 422),
        (#"{"to":"+447700900456","ring_seconds":1}"#, 422),
    ])
    func badOrdersMakeNoCall(body: String, status: Int) async throws {
        let rest = try await SimulatedTwilioREST(token: Webhooks.token)
        try await Webhooks.run(rest: rest) { twilio in
            let answer = try twilio.postJSON("/api/v1/calls", body)
            #expect(answer.status == status)
            #expect(rest.entries.isEmpty)
        }
        await rest.stop()
    }

    @Test(arguments: [(400, 21_211, 422), (401, 20_003, 502), (400, 21_205, 502)])
    func refusalsAreProblems(status: Int, code: Int, expected: Int) async throws {
        let rest = try await SimulatedTwilioREST(
            token: Webhooks.token, faults: [.status(status, code: code)])
        try await Webhooks.run(rest: rest) { twilio in
            let answer = try twilio.postJSON("/api/v1/calls", #"{"to":"+447700900456"}"#)
            #expect(answer.status == expected)
            #expect(!answer.body.contains("+34"))
        }
        await rest.stop()
    }

    /// The API's requests once there are so many.
    private func entries(
        _ count: Int, of rest: SimulatedTwilioREST
    ) async throws -> [SimulatedTwilioREST.Entry] {
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while rest.entries.count < count {
            try #require(ContinuousClock.now < deadline, "\(rest.entries)")
            poll(nil, 0, 25)
        }
        return rest.entries
    }
}
