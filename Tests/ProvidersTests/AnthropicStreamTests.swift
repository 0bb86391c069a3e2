import Pipeline
import Testing

@testable import Providers

@Suite struct AnthropicStreamTests {
    /// The stream of the API's own documents (streaming messages, tool use).
    private static let documented = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_01A","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":812,"cache_read_input_tokens":760,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Un momento, "}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01B","name":"reschedule","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"date\\": \\"2026-11-23\\", \\"ti"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"me\\": \\"15:00\\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":61}}

        event: message_stop
        data: {"type":"message_stop"}


        """

    @Test func theDocumentedStream() throws {
        var stream = AnthropicStream()
        #expect(
            try read(Self.documented, &stream) == [
                .text("Un momento, "),
                .toolCall(
                    ToolCall(
                        id: "toolu_01B", name: "reschedule",
                        arguments: #"{"date": "2026-11-23", "time": "15:00"}"#)),
            ])
        #expect(try stream.finish() == [])
        var usage = UsageAmount()
        usage.inputTokens = 812
        usage.cachedTokens = 760
        usage.outputTokens = 61
        #expect(stream.usage == usage)
    }

    /// Cut behind any event but the last, it has not ended.
    @Test func everyEarlyEnd() throws {
        let events = Self.documented.split(separator: "\n\n").map { $0 + "\n\n" }
        for count in 0..<events.count {
            var stream = AnthropicStream()
            _ = try read(events.prefix(count).joined(), &stream)
            if count < events.count {
                #expect(throws: ProviderFailure.closedEarly) { try stream.finish() }
            }
        }
    }

    @Test(arguments: [
        ("overloaded_error", ProviderFailure.overloaded), ("api_error", .server(status: 500)),
        ("rate_limit_error", .rateLimited(retryAfter: nil)),
        ("authentication_error", .unauthorised), ("invalid_request_error", .rejected(status: 400)),
        ("timeout_error", .timedOut), ("brand_new_error", .server(status: 500)),
    ])
    func errorsInTheStream(type: String, expected: ProviderFailure) {
        var stream = AnthropicStream()
        let error = #"{"type":"error","error":{"type":"\#(type)","message":"x"}}"#
        #expect(throws: expected) { try stream.take(.init(name: "error", data: error)) }
    }

    @Test func refusalsAndUnreadable() {
        var stream = AnthropicStream()
        let refusal = #"{"type":"message_delta","delta":{"stop_reason":"refusal"},"usage":{}}"#
        #expect(throws: ProviderFailure.rejected(status: 400)) {
            try stream.take(.init(data: refusal))
        }
        for data in ["", "{", "<html>", #"{"type":"content_block_delta","index":"x"}"#] {
            #expect(throws: ProviderFailure.garbage) { try stream.take(.init(data: data)) }
        }
    }

    @Test func unknownThingsAreSkipped() throws {
        var stream = AnthropicStream()
        for data in [
            #"{"type":"weather","index":{}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"hologram"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}"#,
            #"{"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"light"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
        ] {
            #expect(try stream.take(.init(data: data)) == [])
        }
    }

    /// Arguments that were cut off are never run; none at all are an empty object.
    @Test(arguments: [("", "{}"), (#"{\"a\":"#, nil), ("[1]", nil)])
    func arguments(json: String, expected: String?) throws {
        var stream = AnthropicStream()
        _ = try stream.take(
            .init(
                data: #"{"type":"content_block_start","index":0,"#
                    + #""content_block":{"type":"tool_use","id":"t","name":"n","input":{}}}"#))
        _ = try stream.take(
            .init(
                data: #"{"type":"content_block_delta","index":0,"#
                    + #""delta":{"type":"input_json_delta","partial_json":"\#(json)"}}"#))
        let stop = ServerSentEvents.Event(data: #"{"type":"content_block_stop","index":0}"#)
        if let expected {
            let call = ToolCall(id: "t", name: "n", arguments: expected)
            #expect(try stream.take(stop) == [.toolCall(call)])
        } else {
            #expect(throws: ProviderFailure.garbage) { try stream.take(stop) }
        }
    }

    private func read(_ text: String, _ stream: inout AnthropicStream) throws -> [ModelEvent] {
        var parser = ServerSentEvents()
        parser.append(Array(text.utf8))
        var events: [ModelEvent] = []
        while let event = try parser.next() { events += try stream.take(event) }
        return events
    }
}
