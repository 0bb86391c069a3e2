import Events
import Foundation
import Testing

/// The JSON of every event type, written out by hand from DESIGN §5 and §7.
private let golden: [(EventBody, String)] = [
    (
        .callStarted(
            CallStarted(
                carrier: "twilio", carrierCallID: "CA1", language: "es", from: "+34600",
                to: "+34900")
        ),
        #"""
        "call_started","data":{"carrier":"twilio","carrier_call_id":"CA1","from":"+34600",\#
        "language":"es","to":"+34900"}
        """#
    ),
    (
        .callStarted(CallStarted(carrier: "audio", carrierCallID: "a-1", language: "en")),
        #"""
        "call_started","data":{"carrier":"audio","carrier_call_id":"a-1","language":"en"}
        """#
    ),
    (
        .callEnded(
            CallEnded(
                reason: "caller_hung_up", durationSeconds: 12.5, turns: 3, interruptions: 1)),
        #"""
        "call_ended","data":{"duration_seconds":12.5,"interruptions":1,"reason":"caller_hung_up",\#
        "turns":3}
        """#
    ),
    (.speechStarted, #""speech_started","data":{}"#),
    (.speechEnded, #""speech_ended","data":{}"#),
    (
        .transcript(Transcript(text: "¿Quién es? \"Yo\"", isFinal: true, turn: 2)),
        #""transcript","data":{"is_final":true,"text":"¿Quién es? \"Yo\"","turn":2}"#
    ),
    (
        .agentSpeech(AgentSpeech(text: "Un momento.", turn: 0, filler: true)),
        #""agent_speech","data":{"filler":true,"text":"Un momento.","turn":0}"#
    ),
    (
        .interruption(Interruption(turn: 1, heard: "We are open", onsetToClearMilliseconds: 140.5)),
        #"""
        "interruption","data":{"heard":"We are open","onset_to_clear_ms":140.5,"turn":1}
        """#
    ),
    (.turnCompleted(fullTurn), fullTurnJSON),
    (
        .turnCompleted(TurnRecord(turn: 1, user: "hi")),
        #"""
        "turn_completed","data":{"agent":"","filler":false,"heard":"","interrupted":false,\#
        "turn":1,"user":"hi"}
        """#
    ),
    (
        .toolCall(ToolCallRecord(id: "t1", name: "book", arguments: #"{"day":"monday"}"#)),
        #"""
        "tool_call","data":{"arguments":"{\"day\":\"monday\"}","id":"t1","name":"book"}
        """#
    ),
    (
        .toolResult(
            ToolResultRecord(
                id: "t1", name: "book", succeeded: false, result: "full",
                durationMilliseconds: 3.25)),
        #"""
        "tool_result","data":{"duration_ms":3.25,"id":"t1","name":"book","result":"full",\#
        "succeeded":false}
        """#
    ),
    (
        .sentiment(SentimentRecord(sentiment: "frustrated", score: -0.7, turn: 3)),
        #""sentiment","data":{"score":-0.7,"sentiment":"frustrated","turn":3}"#
    ),
    (
        .sentimentAlert(
            SentimentAlert(sentiment: "frustrated", score: -0.7, message: "no funciona")),
        #"""
        "sentiment_alert","data":{"message":"no funciona","score":-0.7,"sentiment":"frustrated"}
        """#
    ),
    (
        .contextIssue(
            ContextIssueRecord(
                issues: ["human_requested", "frustration"], needsEscalation: true,
                confidenceLevel: 0.93, suggestedAction: "transfer_to_agent", turn: 3)),
        #"""
        "context_issue","data":{"confidence_level":0.93,"issues":["human_requested",\#
        "frustration"],"needs_escalation":true,"suggested_action":"transfer_to_agent","turn":3}
        """#
    ),
    (
        .callbackScheduled(
            CallbackScheduled(
                phone: "+34600111222", datetime: "2026-11-23T15:30", reason: "the invoice")),
        #"""
        "callback_scheduled","data":{"datetime":"2026-11-23T15:30","phone":"+34600111222",\#
        "reason":"the invoice"}
        """#
    ),
    (
        .transferRequested(
            TransferRequested(department: "sales", priority: "high", reason: "asked")),
        #"""
        "transfer_requested","data":{"department":"sales","priority":"high","reason":"asked"}
        """#
    ),
    (
        .providerFailover(
            ProviderFailover(
                stage: "tts", from: "elevenlabs", to: "espeak-ng", cause: "server_500",
                gapMilliseconds: 312.5)),
        #"""
        "provider_failover","data":{"cause":"server_500","from":"elevenlabs","gap_ms":312.5,\#
        "stage":"tts","to":"espeak-ng"}
        """#
    ),
    (
        .carrierStatus(CarrierStatus(leg: "call", status: "ringing")),
        #""carrier_status","data":{"leg":"call","status":"ringing"}"#
    ),
    (.dtmf(DTMFRecord(digit: "#")), ##""dtmf","data":{"digit":"#"}"##),
    (.dtmf(DTMFRecord(input: "4815")), ##""dtmf","data":{"digit":"","input":"4815"}"##),
    (
        .quality(
            Quality(framesReceived: 500, framesLost: 2, messagesRejected: 1, audioRefusedOctets: 0)),
        #"""
        "quality","data":{"audio_refused_octets":0,"frames_lost":2,"frames_received":500,\#
        "messages_rejected":1}
        """#
    ),
    (
        .quality(
            Quality(
                framesReceived: 3_000, framesLost: 0, messagesRejected: 0, audioRefusedOctets: 0,
                clockDriftPartsPerMillion: -81.5)),
        #"""
        "quality","data":{"audio_refused_octets":0,"clock_drift_ppm":-81.5,"frames_lost":0,\#
        "frames_received":3000,"messages_rejected":0}
        """#
    ),
    (
        .error(ErrorRecord(stage: "tts", errorMessage: "gone")),
        #""error","data":{"error_message":"gone","stage":"tts"}"#
    ),
]

private var fullTurn: TurnRecord {
    var turn = TurnRecord(turn: 2, user: "and Sunday?")
    turn.agent = "We are closed on Sunday."
    turn.heard = "We are closed"
    turn.interrupted = true
    turn.filler = true
    turn.speculated = true
    turn.endpointing = 400
    turn.sttLatency = 1.5
    turn.llmLatency = 2.5
    turn.chunking = 0.25
    turn.ttsLatency = 30.5
    turn.send = 0.125
    turn.totalLatency = 434.875
    turn.bridge = 0.5
    turn.firstAudioHeard = 460.75
    return turn
}

private let fullTurnJSON = #"""
    "turn_completed","data":{"agent":"We are closed on Sunday.","bridge_ms":0.5,\#
    "chunking_ms":0.25,"endpointing_ms":400,"filler":true,"first_audio_heard_ms":460.75,\#
    "heard":"We are closed","interrupted":true,"llm_latency_ms":2.5,"send_ms":0.125,\#
    "speculated":true,"stt_latency_ms":1.5,"total_latency_ms":434.875,\#
    "tts_latency_ms":30.5,"turn":2,"user":"and Sunday?"}
    """#

private func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
}

/// The whole object with its keys in alphabetical order; `tail` is the type and the data.
private func object(typeAndData tail: String) throws -> String {
    let parts = tail.split(separator: #","data":"#, maxSplits: 1)
    let type = try #require(parts.first)
    let data = try #require(parts.last)
    return #"{"call_id":"call-1","data":\#(data),"id":"0e8400e2-9b41-44d4-a716-446655440000","#
        + #""seconds_from_start":1.235,"seq":7,"time":"2026-03-09T08:05:03.250Z","type":\#(type)}"#
}

@Test(arguments: golden.indices)
func eventJSON(index: Int) throws {
    let (body, tail) = golden[index]
    let event = CallEvent(
        id: try #require(UUID(uuidString: "0E8400E2-9B41-44D4-A716-446655440000")),
        callID: "call-1", seq: 7, time: Date(timeIntervalSince1970: 1_773_043_503.25),
        secondsFromStart: 1.2349, body: body)
    let octets = try encoder().encode(event)
    #expect(String(decoding: octets, as: UTF8.self) == (try object(typeAndData: tail)))

    let decoded = try JSONDecoder().decode(CallEvent.self, from: octets)
    #expect(decoded.body == body)
    #expect(decoded.time == event.time)
    #expect(decoded.secondsFromStart == 1.235)
    #expect(try encoder().encode(decoded) == octets)
}

@Test func everyEventTypeHasAGoldenExample() {
    let covered = Set(golden.map { $0.0.type.rawValue })
    #expect(covered == Set(EventType.allCases.map(\.rawValue)))
}

/// A time that came from JSON goes back to the same JSON, whatever its milliseconds.
@Test func timesKeepTheirMilliseconds() throws {
    var changed: [String] = []
    for millisecond in 0..<1_000 {
        let digits = String(String(1_000 + millisecond).dropFirst())
        let time = "2026-03-09T08:05:03.\(digits)Z"
        let json = """
            {"id":"0e8400e2-9b41-44d4-a716-446655440000","call_id":"c","seq":1,\
            "type":"speech_started","time":"\(time)","seconds_from_start":0,"data":{}}
            """
        let event = try JSONDecoder().decode(CallEvent.self, from: Data(json.utf8))
        let again = String(decoding: try encoder().encode(event), as: UTF8.self)
        if !again.contains(time) { changed.append(time) }
    }
    #expect(changed.isEmpty)
}

@Test(
    arguments: [
        #"{"#,
        #"{}"#,
        #"{"id":"x","call_id":"c","seq":1,"type":"dtmf","time":"2026-03-09T08:05:03.000Z","#
            + #""seconds_from_start":0,"data":{"digit":"1"}}"#,
        #"{"id":"0e8400e2-9b41-44d4-a716-446655440000","call_id":"c","seq":1,"type":"unheard_of","#
            + #""time":"2026-03-09T08:05:03.000Z","seconds_from_start":0,"data":{}}"#,
        #"{"id":"0e8400e2-9b41-44d4-a716-446655440000","call_id":"c","seq":1,"type":"dtmf","#
            + #""time":"yesterday","seconds_from_start":0,"data":{"digit":"1"}}"#,
        #"{"id":"0e8400e2-9b41-44d4-a716-446655440000","call_id":"c","seq":1,"type":"dtmf","#
            + #""time":"2026-03-09T08:05:03.000Z","seconds_from_start":0,"data":{}}"#,
    ])
func brokenEventsAreRefused(json: String) {
    #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(CallEvent.self, from: Data(json.utf8))
    }
}
