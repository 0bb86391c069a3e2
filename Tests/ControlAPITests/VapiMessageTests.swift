import Events
import Foundation
import Testing

@testable import ControlAPI

private typealias Call = VapiCallUnderTest

/// How messages are read; the forms are those of Vapi's documentation.
@Suite struct VapiMessageTests {
    private static func parsed(_ body: String) throws -> VapiMessage {
        try VapiMessage(parsing: Data(body.utf8))
    }

    /// All the shapes that are in circulation say the same.
    @Test(arguments: [
        #""toolCallList":[{"id":"c1","type":"function","function":{"name":"lookup","arguments":"{\"phone\":\"+44\"}"}}]"#,
        #""toolCallList":[{"id":"c1","function":{"name":"lookup","arguments":{"phone":"+44"}}}]"#,
        #""toolCallList":[{"id":"c1","name":"lookup","arguments":{"phone":"+44"}}]"#,
        #""toolCallList":[{"id":"c1","name":"lookup","parameters":{"phone":"+44"}}]"#,
        #""toolWithToolCallList":[{"type":"function","function":{"name":"lookup"},"toolCall":{"id":"c1","type":"function","function":{"name":"lookup","arguments":"{\"phone\":\"+44\"}"}}}]"#,
        #""toolWithToolCallList":[{"name":"lookup","toolCall":{"id":"c1","parameters":{"phone":"+44"}}}]"#,
    ])
    func toolCallsOfAnyShape(members: String) throws {
        guard
            case .toolCalls(let calls) = try Self.parsed(Call.message("tool-calls", at: 1, members))
                .kind
        else {
            Issue.record("no tool calls")
            return
        }
        #expect(
            calls.map { "\($0.id) \($0.name) \($0.arguments)" } == [#"c1 lookup {"phone":"+44"}"#])
    }

    @Test func argumentsThatAreNoneAreEmpty() throws {
        let members =
            #""toolCallList":[{"id":"c1","name":"a","arguments":""},{"id":"c2","name":"b"},"#
            + #"{"id":"c3","name":"c","arguments":"[1]"},{"name":"without an id"},7]"#
        guard
            case .toolCalls(let calls) = try Self.parsed(Call.message("tool-calls", at: 1, members))
                .kind
        else {
            Issue.record("no tool calls")
            return
        }
        #expect(calls.map(\.arguments) == ["{}", "{}", "{}"])
    }

    @Test func finalTranscriptsHaveTwoTypes() throws {
        for type in ["transcript", #"transcript[transcriptType="final"]"#] {
            let message = try Self.parsed(
                Call.message(
                    type, at: 1, #""role":"assistant","transcriptType":"final","transcript":"Sure""#
                ))
            guard case .transcript(let said, true) = message.kind else {
                Issue.record("no final transcript: \(type)")
                return
            }
            #expect(said == .init(speaker: .agent, text: "Sure"))
            #expect(message.name == "transcript")
        }
    }

    @Test func theCallIsKnownByItsObject() throws {
        let message = try Self.parsed(
            #"{"message":{"type":"hang","call":{"id":"c1","type":"outboundPhoneCall","#
                + #""startedAt":"2026-11-03T10:20:00.000Z","customer":{"number":"+4477"},"#
                + #""assistant":{"transcriber":{"language":"es-419"}},"#
                + #""monitor":{"controlUrl":"https://example.com/control"}}}}"#)
        var facts = try #require(message.call)
        #expect(facts.started == Date(timeIntervalSince1970: Call.start))
        facts.started = nil
        #expect(facts.id == "c1" && facts.isOutbound && facts.customerNumber == "+4477")
        #expect(facts.language == "es")
        #expect(facts.controlURL == "https://example.com/control")
        #expect(message.time == nil)
    }

    @Test(arguments: [
        "", "[]", "7", #"{"message":7}"#, #"{"message":{}}"#, #"{"message":{"type":7}}"#,
        #"{"message":{"type":""}}"#, #"{"message":{"type":"hang""#,
        #"{"message":{"type":"hang","call":{"id":"a b"}}}"#,
        #"{"message":{"type":"hang","call":{"id":"\#(String(repeating: "x", count: 129))"}}}"#,
        #"{"message":{"type":"hang","call":{"id":"\u0000"}}}"#,
    ])
    func whatIsNoMessageIsRefused(body: String) {
        // A call named by nothing that can be kept is refused like one that breaks off.
        do {
            let message = try Self.parsed(body)
            #expect(message.call == nil)
        } catch {
            #expect("\(error)".contains("400"))
        }
    }

    @Test func whatIsNotKnownIsCountedAsUnknown() throws {
        for type in ["model-output", "voice-input", "<script>", "assistant.started"] {
            #expect(try Self.parsed(Call.message(type, at: 1)).name == "unknown")
        }
    }

    /// Anything may stand anywhere: nothing traps, and times stay in order.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func anyValueMayStandAnywhere(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let samples = [
            #"{"message":{"type":"status-update","timestamp":1793701201000,"status":"ended","endedReason":"x","destination":{"number":"+1"},"call":{"id":"a","type":"b","startedAt":"2026-11-03T10:20:00Z","monitor":{"controlUrl":"u"}}}}"#,
            #"{"message":{"type":"tool-calls","timestamp":1,"call":{"id":"a"},"toolCallList":[{"id":"c","function":{"name":"n","arguments":"{}"}}]}}"#,
            #"{"message":{"type":"end-of-call-report","call":{"id":"a"},"endedReason":"x","startedAt":"2026-11-03T10:20:00Z","endedAt":"2026-11-03T10:21:00Z","cost":1.5,"costs":[{"cost":1}],"analysis":{"summary":"s","structuredData":{"a":[1]}},"artifact":{"recordingUrl":"https://a","messages":[{"role":"user","message":"hi","time":1793701201000,"endTime":2},{"role":"tool_calls","toolCalls":[{"id":"c","name":"n"}]},{"role":"tool_call_result","toolCallId":"c","result":"r"}]}}}"#,
            #"{"message":{"type":"transcript","call":{"id":"a"},"timestamp":1793701201000,"role":"user","transcriptType":"final","transcript":"t"}}"#,
        ]
        let values = [
            "null", "true", "-1", "1e308", "\"\"", "\"x\"", "[]", "{}", "[[[]]]", "1e400",
            "\"2026-13-45\"", "99999999999999999999", "\"\\u0000\"", "[{\"id\":\"a\"}]",
        ]
        var call = VapiCallUnderTest()
        for _ in 0..<20 {
            let sample = samples[Int.random(in: 0..<samples.count, using: &random)]
            let value = values[Int.random(in: 0..<values.count, using: &random)]
            _ = try? call.take(Self.mutated(sample, value, &random), at: 30)
        }
        _ = call.expire(at: 1e7)
        for event in call.events {
            #expect(event.secondsFromStart >= 0 && event.secondsFromStart.isFinite)
        }
        #expect(call.events.isEmpty || call.events.first?.body.type == .callStarted)
    }

    /// Puts `value` in the place of one value.
    private static func mutated(
        _ json: String, _ value: String, _ random: inout SplitMix
    ) -> String {
        let colons = json.indices.filter { json[$0] == ":" && json[json.index(before: $0)] == "\"" }
        let colon = colons[Int.random(in: 0..<colons.count, using: &random)]
        var depth = 0
        var isQuoted = false
        var end = json.index(after: colon)
        while end < json.endIndex {
            let character = json[end]
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted {
                if "{[".contains(character) { depth += 1 }
                if "}]".contains(character) { depth -= 1 }
                if depth < 0 || (depth == 0 && character == ",") { break }
            }
            end = json.index(after: end)
        }
        return json[...colon] + value + json[end...]
    }
}
