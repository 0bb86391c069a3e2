import Pipeline
import Testing

@testable import Providers

@Suite struct ChatCompletionsStreamTests {
    private static func delta(_ delta: String, reason: String = "null") -> String {
        #"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(reason)}]}"#
    }

    private static func call(_ id: String, _ name: String, _ arguments: String) -> ModelEvent {
        .toolCall(ToolCall(id: id, name: name, arguments: arguments))
    }

    private static let get = #"{"branch":"centro"}"#

    /// What servers send for one answer, and what it means.
    @Test(arguments: [
        // OpenAI, with its usage chunk that has no choices.
        (
            [
                delta(#"{"role":"assistant","content":""}"#), delta(#"{"content":"Abrimos"}"#),
                delta(#"{"content":" hoy."}"#), delta("{}", reason: #""stop""#),
                #"{"choices":[],"usage":{"prompt_tokens":31,"completion_tokens":9}}"#, "[DONE]",
            ],
            [.text("Abrimos"), .text(" hoy.")]
        ),
        // Arguments in pieces.
        (
            [
                delta(
                    #"{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get","arguments":""}}]}"#
                ),
                delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"branch\":"}}]}"#),
                delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"\"centro\"}"}}]}"#),
                delta("{}", reason: #""tool_calls""#), "[DONE]",
            ],
            [call("call_1", "get", get)]
        ),
        // Ollama: whole, without identifiers, "stop"; an object instead of a string.
        (
            [
                delta(
                    #"{"content":null,"tool_calls":[{"function":{"name":"get","arguments":"{\"branch\":\"centro\"}"}}]}"#
                ),
                delta(#"{"tool_calls":[{"function":{"name":"get","arguments":{"a":1}}}]}"#),
                delta(#"{"content":""}"#, reason: #""stop""#),
            ],
            [call("bridge-call-3", "get", get), call("bridge-call-4", "get", #"{"a":1}"#)]
        ),
        // Parallel calls that all have index 0 but a new identifier; the name repeated.
        (
            [
                delta(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}"#),
                delta(
                    #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}"#
                ),
                delta(#"{"tool_calls":[{"index":0,"id":"b","function":{"name":"f"}}]}"#),
                delta("{}", reason: #""tool_calls""#), "[DONE]",
            ],
            [call("a", "f", "{}"), call("b", "f", "{}")]
        ),
        // Thoughts, in a field and between tags that are cut.
        (
            [
                delta(#"{"reasoning_content":"hm"}"#), delta(#"{"content":"<thi"}"#),
                delta(#"{"content":"nk>no</th"}"#), delta(#"{"content":"ink>\n\nYes <"}"#),
                delta(#"{"content":"3"}"#), "{}", delta("null"),
                delta("{}", reason: #""length""#),
            ],
            [.text("Yes "), .text("<3")]
        ),
        // A server that forgot the blank line, and one that does not stream at all.
        (
            [delta(#"{"content":"a"}"#) + "\n" + delta(#"{"content":"b"}"#) + "\n[DONE]"],
            [.text("a"), .text("b")]
        ),
        (
            [#"{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}"#],
            [.text("whole")]
        ),
        ([delta(#"{"refusal":"I can't."}"#, reason: #""stop""#)], [.text("I can't.")]),
    ])
    func answers(data: [String], expected: [ModelEvent]) throws {
        var stream = ChatCompletionsStream(earlierCalls: 2)
        var events: [ModelEvent] = []
        for data in data where !stream.isFinished { events += try stream.take(.init(data: data)) }
        events += try stream.finish()
        #expect(events == expected)
    }

    @Test func cachedTokensAreCountedApart() throws {
        var stream = ChatCompletionsStream()
        #expect(stream.usage == nil)
        _ = try stream.take(
            .init(
                data: #"{"usage":{"prompt_tokens":90,"completion_tokens":7,"#
                    + #""prompt_tokens_details":{"cached_tokens":64}}}"#))
        var expected = UsageAmount()
        expected.inputTokens = 26
        expected.cachedTokens = 64
        expected.outputTokens = 7
        #expect(stream.usage == expected)
    }

    @Test(
        arguments: [
            (#"{"error":{"message":"x","code":"model_not_found"}}"#, .rejected(status: 404)),
            (#"{"error":{"code":502,"message":"x"},"choices":[{}]}"#, .server(status: 502)),
            (#"{"error":{"code":429,"message":"x"}}"#, .rateLimited(retryAfter: nil)),
            (#"{"error":{"code":"insufficient_quota"}}"#, .unauthorised),
            (#"{"error":"went wrong"}"#, .server(status: 500)),
            (
                #"{"object":"error","message":"x","type":"BadRequestError","code":400}"#,
                .rejected(status: 400)
            ),
            (#"{"error":{"code":503,"type":"unavailable_error"}}"#, .overloaded),
            (delta("{}", reason: #""content_filter""#), .rejected(status: 400)),
            (delta("{}", reason: #""error""#), .server(status: 500)),
            ("<html>", .garbage), (#"{"choices":7}"#, .garbage),
        ] as [(String, ProviderFailure)])
    func failures(data: String, expected: ProviderFailure) {
        var stream = ChatCompletionsStream()
        #expect(throws: expected) { try stream.take(.init(data: data)) }
    }

    @Test func anEndWithoutAReasonIsNone() throws {
        var stream = ChatCompletionsStream()
        _ = try stream.take(.init(data: Self.delta(#"{"content":"Abri"}"#)))
        #expect(throws: ProviderFailure.closedEarly) { try stream.finish() }
    }
}
