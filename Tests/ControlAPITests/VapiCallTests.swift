import Events
import Foundation
import Testing

@testable import ControlAPI

private typealias Call = VapiCallUnderTest

/// What messages make of a call; the forms are those of Vapi's documentation.
@Suite struct VapiCallTests {
    private static let report = Call.message(
        "end-of-call-report", at: 125,
        #""endedReason":"customer-ended-call","startedAt":"2026-11-03T10:20:00.000Z","#
            + #""endedAt":"2026-11-03T10:22:01.000Z","cost":0.0931,"#
            + #""costs":[{"type":"vapi","cost":0.05}],"#
            + #""analysis":{"summary":"A table was booked.","successEvaluation":"true","#
            + #""structuredData":{"booked":true}},"artifact":{"#
            + #""recordingUrl":"https://storage.example.com/a.wav","messages":["#
            + #"{"role":"system","message":"Be kind.","time":1793701200000},"#
            + #"{"role":"bot","message":"Hello!","time":1793701201000,"endTime":1793701202000},"#
            + #"{"role":"user","message":"A table for two","time":1793701203000},"#
            + #"{"role":"bot","message":"Sure, for when?","time":1793701206000},"#
            + #"{"role":"user","message":"Tonight","time":1793701208000}]}"#)

    private static let end = [
        "recording https://storage.example.com/a.wav",
        #"analysis {"costs":[{"cost":0.05,"type":"vapi"}],"ended_reason":"customer-ended-call","#
            + #""structured_data":{"booked":true},"success_evaluation":"true"} A table was booked."#,
    ]

    private static let messages = [
        Call.message("status-update", at: 0, #""status":"in-progress""#),
        Call.transcript("assistant", "Hello!", at: 2),
        Call.message("speech-update", at: 3, #""status":"started","role":"user","turn":1"#),
        Call.transcript("user", "A table", isFinal: false, at: 3.5),
        Call.transcript("user", "A table for two", at: 4),
        Call.message("speech-update", at: 4.2, #""status":"stopped","role":"user","turn":1"#),
        Call.transcript("assistant", "Sure, for", isFinal: false, at: 6.5),
        Call.transcript("assistant", "Sure, for when?", at: 7),
        Call.message("user-interrupted", at: 7.5, #""turnId":"t-17""#),
        Call.transcript("user", "Tonight", at: 8),
        Call.message("hang", at: 9),
        Call.message(
            "status-update", at: 121, #""status":"ended","endedReason":"customer-ended-call""#),
    ]

    @Test func aCallFromItsFirstMessageToItsReport() throws {
        var call = Call()
        let lines = try (Self.messages + [Self.report]).flatMap { try call.take($0) }
        #expect(
            lines == [
                "0.0 started vapi en inbound +447700900123 +15005550006", "0.0 call in-progress",
                "2.0 ai 0: Hello!", "live true", "3.0 speech_started", "3.5 user 1~ A table",
                "4.0 user 1: A table for two", "4.2 speech_ended", "6.5 ai 1~ Sure, for",
                "7.0 ai 1: Sure, for when?", "7.5 cut 1 after [Sure, for when?]",
                "8.0 turn 1 [A table for two] [Sure, for when?] cut", "8.0 user 2: Tonight",
                "9.0 agent hang", "121.0 call ended",
            ] + Self.end + [
                "121.0 turn 2 [Tonight] []",
                "121.0 ended caller_hung_up 121.0 s, 2 turns, 93100 USD",
            ])
        #expect(call.call.isSettled)
    }

    /// Nothing was heard of it before.
    @Test func aReportAloneIsAWholeCall() throws {
        var call = Call()
        #expect(
            try call.take(Self.report) == [
                "0.0 started vapi en inbound +447700900123 +15005550006", "1.0 ai 0: Hello!",
                "3.0 user 1: A table for two", "6.0 ai 1: Sure, for when?",
                "8.0 turn 1 [A table for two] [Sure, for when?]", "8.0 user 2: Tonight",
            ] + Self.end + [
                "121.0 turn 2 [Tonight] []",
                "121.0 ended caller_hung_up 121.0 s, 2 turns, 93100 USD",
            ])
        #expect(try call.take(Call.transcript("user", "Tonight", at: 8)) == [])
    }

    /// Every sentence is there once, whatever comes twice, in another order, or never.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyOrderTellsEverythingOnce(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var sent = Self.messages.filter { _ in UInt64.random(in: 0..<8, using: &random) > 0 }
        sent += sent.filter { _ in Bool.random(using: &random) } + [Self.report]
        sent.shuffle(using: &random)
        let restart = Int.random(in: 0...sent.count, using: &random)
        var call = Call()
        for (index, message) in sent.enumerated() {
            if index == restart { call.restart() }
            _ = try call.take(message)
        }
        let bodies = call.events.map(\.body)
        #expect(bodies.first?.type == .callStarted)
        #expect(bodies.count { $0.type == .callStarted } == 1)
        #expect(bodies.count { $0.type == .callEnded } == 1)
        let words = bodies.compactMap { body -> String? in
            switch body {
            case .transcript(let said) where said.isFinal: said.text
            case .agentSpeech(let said): said.text
            default: nil
            }
        }
        #expect(words.sorted() == ["A table for two", "Hello!", "Sure, for when?", "Tonight"])
        #expect(call.events.allSatisfy { $0.secondsFromStart >= 0 })
    }

    /// Transcripts have to be asked for; a history of the call comes anyway.
    @Test func wordsComeFromHistoriesToo() throws {
        func update(_ count: Int, isEnded: Bool, at seconds: Double) -> String {
            let all = [
                #"{"role":"bot","message":"Hello!","time":1793701201000"#,
                #"{"role":"user","message":"Hi there","time":1793701203000"#,
                #"{"role":"bot","message":"Hello!","time":1793701204000"#,
            ]
            let last = isEnded ? #","endTime":1793701205000}"# : "}"
            let list = all.prefix(count).joined(separator: "},") + last
            return Call.message("conversation-update", at: seconds, #""messages":[\#(list)]"#)
        }
        var call = Call()
        #expect(
            try call.take(update(1, isEnded: false, at: 1)) == [
                "0.0 started vapi en inbound +447700900123 +15005550006"
            ])
        #expect(try call.take(update(1, isEnded: true, at: 2)) == ["0.0 ai 0: Hello!"])
        #expect(try call.take(update(2, isEnded: true, at: 3)) == ["2.0 user 1: Hi there"])
        #expect(try call.take(update(3, isEnded: true, at: 5)) == ["3.0 ai 1: Hello!"])
        #expect(try call.take(update(3, isEnded: true, at: 6)) == [])
        // A transcript of what a history has told is late.
        #expect(try call.take(Call.transcript("user", "Hi there.", at: 3)) == ["live true"])
    }

    @Test func toolsAreToldOnceWhoeverTellsThem() throws {
        var call = Call()
        let asked =
            #""toolCallList":[{"id":"call_1","type":"function","function":"#
            + #"{"name":"lookup","arguments":"{\"q\":\"x\"}"}}]"#
        #expect(
            try call.take(Call.message("tool-calls", at: 4, asked)).last
                == #"0.0 asks lookup call_1 {"q":"x"}"#)
        let history = Call.message(
            "conversation-update", at: 5,
            #""messages":[{"role":"tool_calls","message":"","time":1793701204000,"toolCalls":["#
                + #"{"id":"call_1","type":"function","function":{"name":"lookup","#
                + #""arguments":"{}"}},{"id":"call_2","type":"function","function":"#
                + #"{"name":"book","arguments":{"day":1}}}]},"#
                + #"{"role":"tool_call_result","toolCallId":"call_2","name":"book","#
                + #""result":"{\"ok\":true}","time":1793701204500}]"#)
        #expect(
            try call.take(history) == [
                #"0.0 asks book call_2 {"day":1}"#,
                #"0.5 got book call_2 true {"ok":true} 500.0 ms"#,
            ])
        #expect(try call.take(Call.message("tool-calls", at: 6, asked)) == [])
    }

    @Test func aCallWithoutAReportEndsAllTheSame() throws {
        var call = Call()
        for message in Self.messages { _ = try call.take(message) }
        #expect(call.expire(at: 150.9) == [])
        #expect(
            call.expire(at: 151) == [
                "121.0 turn 2 [Tonight] []", "121.0 ended caller_hung_up 121.0 s, 2 turns, -1 -",
            ])
        #expect(call.expire(at: 1_000) == [])
        // The report may come after all, and says more.
        #expect(
            try call.take(Self.report, at: 200) == Self.end + [
                "121.0 ended caller_hung_up 121.0 s, 2 turns, 93100 USD"
            ])
    }

    /// As in calls that are led here; what began before a restart does not begin again.
    @Test func whatACallerThinksOfItIsTold() throws {
        var call = Call()
        _ = try call.take(Self.messages[0])
        let first = try call.take(Call.transcript("user", "This is not working", at: 4))
        #expect(
            first == [
                "4.0 user 1: This is not working", "4.0 mood frustrated in 1",
                "4.0 alert frustrated: This is not working",
                #"4.0 issues ["frustration"] offer_human"#, "live true",
            ])
        call.restart()
        let second = try call.take(Call.transcript("user", "It is not working", at: 6))
        #expect(
            second == [
                "6.0 user 1: It is not working", "6.0 mood frustrated in 1",
                "6.0 alert frustrated: It is not working", "live true",
            ])
    }

    @Test func silenceOfHalfAnHourEndsACall() throws {
        var call = Call()
        for message in Self.messages.prefix(3) { _ = try call.take(message) }
        call.restart()
        #expect(call.expire(at: 3 + 1_799) == [])
        #expect(
            call.expire(at: 3 + 1_800) == ["3.0 ended connection_lost 3.0 s, 0 turns, -1 -"])
    }

    @Test func aCallThatRingsHasNotBeenAnswered() throws {
        var call = Call()
        func status(_ name: String, at seconds: Double) -> String {
            Call.message("status-update", at: seconds, #""status":"\#(name)""#)
                .replacing("inboundPhoneCall", with: "outboundPhoneCall")
        }
        #expect(try call.take(status("queued", at: 0)) == [])
        #expect(
            try call.take(status("ringing", at: 1)) == [
                "0.0 started vapi en outbound +15005550006 +447700900123", "0.0 call ringing",
            ])
        _ = try call.take(status("in-progress", at: 6))
        #expect(
            try call.take(Call.transcript("user", "Hello?", at: 8)) == [
                "2.0 user 1: Hello?", "live true",
            ])
    }

    @Test func aForwardedCallIsATransfer() throws {
        var call = Call()
        let forwarding =
            #""status":"forwarding","destination":{"type":"number","number":"+447700900999"}"#
        #expect(
            try call.take(Call.message("status-update", at: 9, forwarding)).suffix(2) == [
                "0.0 call forwarding",
                "0.0 transfer +447700900999 the assistant forwards the call",
            ])
    }

    @Test(arguments: [
        ("customer-ended-call", "caller_hung_up"), ("assistant-ended-call", "agent_hung_up"),
        ("assistant-said-end-call-phrase", "agent_hung_up"),
        ("assistant-forwarded-call", "transferred"), ("silence-timed-out", "caller_silent"),
        ("voicemail", "voicemail"), ("customer-did-not-answer", "no_answer"),
        ("pipeline-error-openai-llm-failed", "failed"),
        ("call.in-progress.error-vapifault-openai-llm-failed", "failed"),
        ("call.start.error-get-org", "failed"), ("assistant-request-failed", "failed"),
        ("something-new.of-theirs", "something_new_of_theirs"),
    ])
    func reasonsAreOurs(theirs: String, ours: String) {
        #expect(VapiEndReason.name(theirs) == ours)
    }
}
