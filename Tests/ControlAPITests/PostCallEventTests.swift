import Events
import Foundation
import Records
import Testing

@testable import ControlAPI

/// What calls that ElevenLabs has run become; the form is that of its documentation.
@Suite struct PostCallEventTests {
    static let conversation =
        #"{"type":"post_call_transcription","event_timestamp":1795251600,"data":{"#
        + #""agent_id":"agent_1","conversation_id":"conv_1","status":"done","transcript":["#
        + #"{"role":"agent","message":"Hola Ana","time_in_call_secs":0},"#
        + #"{"role":"user","message":"Quiero cambiar mi cita","time_in_call_secs":2},"#
        + #"{"role":"agent","message":null,"time_in_call_secs":3,"tool_calls":[{"request_id":"r1","#
        + #""tool_name":"find","params_as_json":"{\"name\":\"Ana\"}"}],"tool_results":[{"#
        + #""request_id":"r1","tool_name":"find","result_value":"[]","is_error":false,"#
        + #""tool_latency_secs":0.25}]},"#
        + #"{"role":"agent","message":"¿Para cuándo?","time_in_call_secs":4,"interrupted":true,"#
        + #""conversation_turn_metrics":{"metrics":{"convai_llm_service_ttfb":{"elapsed_time":0.5}}}},"#
        + #"{"role":"user","message":"Mañana","time_in_call_secs":900}],"#
        + #""metadata":{"start_time_unix_secs":1795251500,"call_duration_secs":61,"cost":296,"#
        + #""termination_reason":"end_call tool","error":null,"main_language":"es","#
        + #""phone_call":{"type":"twilio","direction":"inbound","agent_number":"+1500","#
        + #""external_number":"+57300","call_sid":"CA1"}},"#
        + #""analysis":{"call_successful":"success","transcript_summary":"Ana cambia su cita.","#
        + #""call_summary_title":null,"data_collection_results":{}}}}"#

    private func call(
        _ body: String, _ settings: ElevenLabsSettings = ElevenLabsSettings()
    ) throws -> PostCallEvent.Call {
        let now = Date(timeIntervalSince1970: 1_795_251_700)
        let event = try PostCallEvent(parsing: Data(body.utf8), settings, at: now)
        guard case .call(let call) = event.kind else {
            throw Problem.badRequest("no call")
        }
        return call
    }

    @Test func aConversationIsACall() throws {
        let call = try call(Self.conversation)
        #expect(
            VapiCallUnderTest.lines(of: call.entries + [call.end]) == [
                "0.0 started elevenlabs es inbound +57300 +1500", "0.0 ai 0: Hola Ana",
                "2.0 user 1: Quiero cambiar mi cita", #"3.0 asks find r1 {"name":"Ana"}"#,
                "3.0 got find r1 true [] 250.0 ms", "4.0 ai 1: ¿Para cuándo?",
                "4.0 cut 1 after [¿Para cuándo?]",
                "61.0 turn 1 [Quiero cambiar mi cita] [¿Para cuándo?] cut", "61.0 user 2: Mañana",
                "61.0 turn 2 [Mañana] []",
                "61.0 ended agent_hung_up 61.0 s, 2 turns, 296000000 credits",
            ])
        #expect(call.entries[0].time == Date(timeIntervalSince1970: 1_795_251_500))
        #expect(call.summary == "Ana cambia su cita.")
        #expect(
            call.findings == #"{"agent_id":"agent_1","call_successful":"success","#
                + #""credits":296,"termination_reason":"end_call tool"}"#)
        let latency = call.entries.compactMap { entry -> Double? in
            if case .turnCompleted(let turn) = entry.body { turn.llmLatency } else { nil }
        }
        #expect(latency == [500])
        // A UUID of version 8 that is always the same.
        #expect(call.id == RemoteCallID.uuid(of: "conv_1", from: .elevenlabs))
        #expect(UUID(uuidString: call.id) != nil && Array(call.id)[14] == "8")
        #expect(call.id != RemoteCallID.uuid(of: "conv_1", from: .vapi))
    }

    @Test func creditsMayHaveAPrice() throws {
        var settings = ElevenLabsSettings()
        settings.creditPrice = 0.0001
        guard case .callEnded(let end) = try call(Self.conversation, settings).end.body else {
            return
        }
        #expect(end.costMicros == 29_600 && end.currency == "USD")
    }

    @Test func nobodyWasReached() throws {
        let call = try call(
            #"{"type":"call_initiation_failure","event_timestamp":1795251600,"data":{"#
                + #""agent_id":"agent_1","conversation_id":"conv_2","failure_reason":"no-answer","#
                + #""metadata":{"type":"twilio","body":{"CallSid":"CA2","From":"+1500","#
                + #""To":"+57300"}}}}"#)
        #expect(
            VapiCallUnderTest.lines(of: call.entries + [call.end]) == [
                "0.0 started elevenlabs en outbound +1500 +57300",
                "0.0 ended no_answer 0.0 s, 0 turns, -1 -",
            ])
    }

    @Test func onlyIDsAreNeeded() throws {
        let call = try call(
            #"{"type":"post_call_transcription","data":{"conversation_id":"c","transcript":null,"#
                + #""metadata":{"cost":"x","call_duration_secs":-4}}}"#)
        #expect(call.entries.count == 1)
        for bad in [
            "", "[]", "{}", #"{"type":"post_call_transcription"}"#,
            #"{"type":"post_call_transcription","data":{}}"#,
            #"{"type":"call_initiation_failure","data":{"conversation_id":"a b"}}"#,
        ] {
            #expect(throws: Problem.self) { try self.call(bad) }
        }
    }
}
