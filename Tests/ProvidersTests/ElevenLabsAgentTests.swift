import Codecs
import Pipeline
import Testing

@testable import Providers

/// The agent's messages as ElevenLabs documents them, and what they mean for the call.
@Suite struct ElevenLabsAgentTests {
    private static func parse(_ text: String) -> ElevenLabsAgentMessage? {
        ElevenLabsAgentMessage(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        (
            #"{"type":"conversation_initiation_metadata","conversation_initiation_metadata_event":{"conversation_id":"conv_1","agent_output_audio_format":"pcm_16000","user_input_audio_format":"ulaw_8000"}}"#,
            ElevenLabsAgentMessage.metadata(agentFormat: "pcm_16000", userFormat: "ulaw_8000")
        ),
        (
            #"{"type":"audio","audio_event":{"audio_base_64":"/wA=","event_id":3}}"#,
            .audio([0xFF, 0x00], eventID: 3, alignment: nil)
        ),
        (
            #"{"type":"agent_response","agent_response_event":{"agent_response":"Hola Ana"}}"#,
            .response("Hola Ana")
        ),
        (
            #"{"type":"agent_response_correction","agent_response_correction_event":{"original_agent_response":"Hola Ana","corrected_agent_response":"Hola..."}}"#,
            .correction(original: "Hola Ana", corrected: "Hola...")
        ),
        (
            #"{"type":"user_transcript","user_transcription_event":{"user_transcript":"sí"}}"#,
            .userTranscript("sí")
        ),
        (
            #"{"type":"interruption","interruption_event":{"event_id":9}}"#,
            .interruption(eventID: 9)
        ),
        (
            #"{"type":"ping","ping_event":{"event_id":12345,"ping_ms":null}}"#,
            .ping(eventID: 12_345)
        ),
        (
            #"{"type":"client_tool_call","client_tool_call":{"tool_name":"order_status","tool_call_id":"c1","parameters":{"order_number":"7"}}}"#,
            .toolCall(ToolCall(id: "c1", name: "order_status", arguments: #"{"order_number":"7"}"#))
        ),
        (#"{"type":"vad_score","vad_score_event":{"vad_score":0.9}}"#, .other),
        (#"{"type":"interruption"}"#, .other), (#"{"news":1}"#, .other),
    ])
    func aMessage(text: String, expected: ElevenLabsAgentMessage) {
        #expect(Self.parse(text) == expected)
    }

    @Test(arguments: ["", "<html>", "[1]", "{"]) func whatIsNoObjectIsGarbage(text: String) {
        #expect(Self.parse(text) == nil)
    }

    /// `a` audio, `t` text, `e` response ended, `T` turn ended, `h` words, `i` interrupted, with
    /// the number of the response or utterance; `.` nothing but a sign of life.
    private static func trace(_ outputs: [ElevenLabsAgentDialogue.Output]) -> String {
        outputs.map { output in
            switch output {
            case .audio(_, let response, _): return "a\(response)"
            case .send(let message): return "<\(message.object?["type"]?.string ?? "")>"
            case .begin: return "begin"
            case .tell(let event):
                switch event {
                case .text(_, let response, _): return "t\(response)"
                case .responseEnded(let response): return "e\(response)"
                case .turnEnded(let utterance): return "T\(utterance)"
                case .heard(_, let utterance, let isFinal):
                    return (isFinal ? "h" : "?") + "\(utterance)"
                case .interrupted(let response): return "i\(response)"
                case .sign: return "."
                case .toolCall: return "tool"
                case .closing(.hangUp): return "hang up"
                case .closing(.transfer(let reason)): return "transfer \(reason)"
                case .ready, .audio, .corrected, .complained, .ended, .failed:
                    return "\(event)"
                }
            }
        }.joined(separator: " ")
    }

    @Test func responsesAreNumberedAndLateAudioIsDropped() {
        var dialogue = ElevenLabsAgentDialogue()
        let piece: [UInt8] = [0xFF]
        let messages: [(ElevenLabsAgentMessage, String)] = [
            // The text comes before or after the first audio.
            (.response("Hello"), "t1"), (.audio(piece, eventID: 1, alignment: nil), "a1"),
            (.userTranscript("hi"), "T1 h1"), (.audio(piece, eventID: 2, alignment: nil), "a2"),
            (.response("Well"), "t2"), (.audio(piece, eventID: 3, alignment: nil), "a2"),
            (.interruption(eventID: 3), "i2"), (.audio(piece, eventID: 3, alignment: nil), "."),
            (.tentativeTranscript("no"), "?2"), (.userTranscript("no"), "T2 h2"),
            (.audio(piece, eventID: 4, alignment: nil), "a3"), (.responseComplete, "e3"),
            (.response("More"), "t4"), (.ping(eventID: 5), "<pong> ."), (.other, "."),
        ]
        for (message, expected) in messages {
            #expect(Self.trace(dialogue.take(message)) == expected, "\(message)")
        }
    }

    @Test func aTransferClosesTheCallOnceItSucceeded() {
        for succeeded in [true, false] {
            var dialogue = ElevenLabsAgentDialogue()
            let call = ToolCall(
                id: "c1", name: "transfer_to_agent", arguments: #"{"department":"sales"}"#)
            #expect(Self.trace(dialogue.take(.toolCall(call))) == "tool")
            let result = ToolResult(callID: "c1", succeeded: succeeded, content: "{}")
            #expect(
                Self.trace(dialogue.answer(result))
                    == "<client_tool_result>" + (succeeded ? " transfer to sales" : ""))
        }
        var dialogue = ElevenLabsAgentDialogue()
        let end = ToolCall(id: "c2", name: "end_call", arguments: "{}")
        #expect(Self.trace(dialogue.take(.toolCall(end))) == "hang up")
    }

    @Test func formatsAreReadAndOthersAreRefused() {
        #expect(SpeechSource(elevenLabs: "ulaw_8000") == SpeechSource(.telephone))
        #expect(SpeechSource(elevenLabs: "pcm_44100")?.hertz == 44_100)
        #expect(SpeechSource(elevenLabs: "mp3_22050_32") == nil)
        #expect(SpeechSource(elevenLabs: "pcm_999999999999") == nil)
        var dialogue = ElevenLabsAgentDialogue()
        let outputs = dialogue.take(
            .metadata(agentFormat: "opus_48000", userFormat: "ulaw_8000"))
        guard case .tell(.failed(.rejected(status: 415))) = outputs.last else {
            Issue.record("\(outputs)")
            return
        }
    }

    /// The caller's µ-law goes as it came, and what waited for the connection goes first.
    @Test func theUplinkWrapsWhatItHears() throws {
        var uplink = AgentUplink(from: .telephone, before: #"{"a":""#, after: #""}"#)
        var sent: [String] = []
        func note(_ octets: Span<UInt8>) {
            var text: [UInt8] = []
            for index in octets.indices { text.append(octets[index]) }
            sent.append(String(decoding: text, as: UTF8.self))
        }
        let early: [UInt8] = [1, 2, 3]
        uplink.hear(early.span) { note($0) }
        try uplink.open(in: .telephone) { note($0) }
        let frame = [UInt8](repeating: 0, count: 160)
        uplink.hear(frame.span) { note($0) }
        #expect(sent == [#"{"a":"AQID"}"#])
        uplink.hear(frame.span) { note($0) }
        // 320 octets are 428 characters of base64.
        #expect(sent.count == 2 && sent[1].count == 428 + 8)
    }

    @Test func audioIsBroughtFromOneFormatToAnother() throws {
        var audio = try AgentAudio(
            from: SpeechSource(.linear16, hertz: 24_000), to: .telephone)
        let second = [UInt8](repeating: 0, count: 48_000)
        let octets = audio.convert(second.span)
        #expect(abs(octets.count - 8_000) < 200)
        #expect(octets.allSatisfy { $0 == 0xFF || $0 == 0x7F })
    }
}
