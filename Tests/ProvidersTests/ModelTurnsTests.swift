import Pipeline
import Testing

@testable import Providers

/// The shape chat APIs take a history in.
@Suite struct ModelTurnsTests {
    private static let greeting = "<note>The caller is on the line.</note>"
    private static let call = ToolCall(id: "a", name: "find", arguments: "{}")
    private static let other = ToolCall(id: "b", name: "find", arguments: "{}")

    private static func result(_ id: String, _ content: String = "ok") -> ToolResult {
        ToolResult(callID: id, succeeded: content == "ok", content: content)
    }

    @Test(
        arguments: [
            ([], [.caller(results: [], text: greeting)]),
            (
                [.agent("Hello.", interrupted: false), .user("Hi.")],
                [
                    .caller(results: [], text: greeting), .model(text: "Hello.", calls: []),
                    .caller(results: [], text: "Hi."),
                ]
            ),
            (
                [.user("One"), .user(" two "), .context("VIP"), .user("  ")],
                [.caller(results: [], text: "One\ntwo\n<note>VIP</note>")]
            ),
            (
                [
                    .user("Hi."), .agent("Yes,", interrupted: true),
                    .agent("what?", interrupted: false),
                ],
                [
                    .caller(results: [], text: "Hi."), .model(text: "Yes, what?", calls: []),
                    .caller(
                        results: [], text: "<note>The caller has not said anything. Go on.</note>"),
                ]
            ),
            (
                [
                    .user("Hi."), .agent("Wait.", interrupted: false), .toolCall(call),
                    .toolCall(other), .toolResult(result("b")), .toolResult(result("a")),
                    .user("So?"),
                ],
                [
                    .caller(results: [], text: "Hi."), .model(text: "Wait.", calls: [call, other]),
                    .caller(results: [result("a"), result("b")], text: "So?"),
                ]
            ),
            (
                [.user("Hi."), .toolCall(call), .user("Stop."), .toolResult(result("gone"))],
                [
                    .caller(results: [], text: "Hi."), .model(text: "", calls: [call]),
                    .caller(results: [result("a", "cancelled by caller")], text: "Stop."),
                ]
            ),
            (
                [
                    .toolCall(call), .toolResult(result("a")), .toolCall(call),
                    .toolResult(result("a", "no")),
                ],
                [
                    .caller(results: [], text: greeting), .model(text: "", calls: [call]),
                    .caller(results: [result("a")], text: ""),
                    .model(text: "", calls: [ToolCall(id: "a_1", name: "find", arguments: "{}")]),
                    .caller(results: [result("a_1", "no")], text: ""),
                ]
            ),
        ] as [([Message], [ModelTurns.Turn])])
    func turns(history: [Message], expected: [ModelTurns.Turn]) {
        #expect(ModelTurns(history).turns == expected)
    }

    /// The tools that end a call, by what the history says of them.
    @Test func closings() {
        let transfer = ToolCall(
            id: "t", name: "transfer_to_agent", arguments: #"{"department":"sales"}"#)
        let end = ModelEvent.toolCall(ToolCall(id: "e", name: "end_call", arguments: "{}"))
        let asked: [Message] = [.user("a human"), .toolCall(transfer)]

        var hangUp = ModelClosing(after: [.user("bye")])
        #expect(hangUp.take(.text("Bye.")) == .text("Bye."))
        #expect(hangUp.take(end) == nil)
        #expect(hangUp.finish() == .closing(.hangUp))

        var calling = ModelClosing(after: [.user("a human")])
        #expect(calling.take(.toolCall(transfer)) == .toolCall(transfer))
        #expect(calling.finish() == nil)

        #expect(ModelClosing(after: asked).finish() == nil)
        var answered = ModelClosing(after: asked + [.toolResult(Self.result("t"))])
        #expect(answered.take(end) == nil)
        #expect(answered.finish() == .closing(.transfer(reason: "to sales")))

        let stayed = asked + [.toolResult(Self.result("t")), .user("no, wait")]
        #expect(ModelClosing(after: stayed).finish() == nil)
    }
}
