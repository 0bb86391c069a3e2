import Pipeline
import Testing

@testable import Providers

/// OpenAI's Realtime messages as its documentation prints them, and what they mean for the call.
@Suite struct RealtimeDialogueTests {
    private static func parse(_ text: String) -> RealtimeMessage? {
        RealtimeMessage(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        (#"{"type":"session.created","session":{}}"#, RealtimeMessage.sessionCreated),
        (
            #"{"type":"input_audio_buffer.speech_started","audio_start_ms":120,"item_id":"i"}"#,
            .speechStarted
        ),
        (#"{"type":"input_audio_buffer.committed","item_id":"i"}"#, .committed(item: "i")),
        (
            #"{"type":"response.output_audio.delta","delta":"/w==","item_id":"i","response_id":"r","content_index":0}"#,
            .audio([0xFF], item: "i", contentIndex: 0, response: "r")
        ),
        (
            #"{"type":"response.audio.delta","delta":"/w==","item_id":"i","response_id":"r"}"#,
            .audio([0xFF], item: "i", contentIndex: 0, response: "r")
        ),
        (
            #"{"type":"response.function_call_arguments.done","call_id":"c","name":"n","arguments":"{}"}"#,
            .toolCall(ToolCall(id: "c", name: "n", arguments: "{}"))
        ),
        (
            #"{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"m"}}"#,
            .error(type: "invalid_request_error", code: "invalid_value")
        ),
        (#"{"type":"rate_limits.updated"}"#, .other),
        (#"{"type":"response.output_audio.delta","delta":"?"}"#, .other),
    ])
    func aMessage(text: String, expected: RealtimeMessage) {
        #expect(Self.parse(text) == expected)
    }

    @Test func theEndOfAResponseTellsItsUsageAndItsCalls() throws {
        let text = """
            {"type":"response.done","response":{"id":"r","status":"completed",
             "output":[{"type":"function_call","call_id":"c","name":"n","arguments":"{}"}],
             "usage":{"input_tokens":120,"output_tokens":40,
                      "input_token_details":{"cached_tokens":100}}}}
            """
        guard case .responseDone(let done) = try #require(Self.parse(text)) else {
            Issue.record("no response.done")
            return
        }
        #expect(done.calls == [ToolCall(id: "c", name: "n", arguments: "{}")])
        #expect(
            done.usage
                == RealtimeMessage.Usage(inputTokens: 20, cachedTokens: 100, outputTokens: 40))
    }

    private static func sent(_ outputs: [RealtimeDialogue.Output]) -> [JSONValue] {
        outputs.compactMap { if case .send(let message) = $0 { message } else { nil } }
    }
    private static func types(_ outputs: [RealtimeDialogue.Output]) -> [String] {
        sent(outputs).compactMap { $0.object?["type"]?.string }
    }

    /// More than was generated would be an error.
    @Test(arguments: [(400, 400), (1_000, 1_000), (1_700, 1_000)])
    func aTruncationIsBoundByWhatWasGenerated(heard: Int, expected: Int) {
        var dialogue = RealtimeDialogue(octetsPerSecond: 8_000, greeting: nil)
        let second = [UInt8](repeating: 0xFF, count: 8_000)
        _ = dialogue.take(.responseCreated(id: "r"))
        _ = dialogue.take(.audio(second, item: "item_7", contentIndex: 0, response: "r"))
        let orders = Self.sent(dialogue.truncate(response: 1, heardMilliseconds: heard))
        #expect(
            orders == [
                [
                    "type": "conversation.item.truncate", "item_id": "item_7",
                    "content_index": 0, "audio_end_ms": .integer(expected),
                ]
            ])
        #expect(Self.sent(dialogue.truncate(response: 2, heardMilliseconds: 1)).isEmpty)
    }

    /// Two responses at once are an error: the next one is asked for once the first is done.
    @Test func aResponseIsAskedForOnceAllToolsHaveAnswered() {
        var dialogue = RealtimeDialogue(octetsPerSecond: 8_000, greeting: nil)
        _ = dialogue.take(.responseCreated(id: "r"))
        for id in ["a", "b", "a"] {
            _ = dialogue.take(.toolCall(ToolCall(id: id, name: "n", arguments: "{}")))
        }
        func result(_ id: String) -> ToolResult {
            ToolResult(callID: id, succeeded: true, content: "{}")
        }
        #expect(Self.types(dialogue.answer(result("a"))) == ["conversation.item.create"])
        #expect(Self.types(dialogue.answer(result("b"))) == ["conversation.item.create"])
        let done = RealtimeMessage.Done(id: "r", status: "completed")
        #expect(Self.types(dialogue.take(.responseDone(done))) == ["response.create"])
    }

    @Test func anErrorAtTheStartIsFatalAndLaterOnesAreNot() {
        var dialogue = RealtimeDialogue(octetsPerSecond: 8_000, greeting: nil)
        _ = dialogue.take(.sessionCreated)
        let early = dialogue.take(.error(type: "invalid_request_error", code: "model_not_found"))
        guard case .tell(.failed(.rejected(status: 404))) = early.last else {
            Issue.record("\(early)")
            return
        }
        _ = dialogue.take(.sessionUpdated)
        let late = dialogue.take(.error(type: "invalid_request_error", code: "invalid_value"))
        guard case .tell(.complained) = late.last else {
            Issue.record("\(late)")
            return
        }
    }
}
