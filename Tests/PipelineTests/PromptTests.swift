import Pipeline
import Testing

/// What a language model is told: the system prompt filled in, the history in bounds.
@Suite struct PromptTests {
    @Test(arguments: [
        ("Hola {{name}}.", "Hola Ana."), ("{{ name }}{{shop.city}}", "AnaLugo"), ("", ""),
        ("No variables } here {", "No variables } here {"), ("{{tricky}}", "{{name}}"),
    ])
    func filled(template: String, expected: String) throws {
        let values = ["name": "Ana", "shop.city": "Lugo", "tricky": "{{name}}", "unused": "x"]
        #expect(try PromptTemplate(parsing: template).filled(with: values) == expected)
    }

    @Test(arguments: [
        ("Hi {{name", PromptTemplateError.unclosed(position: 3)),
        ("{{}}", .badName("", position: 0)), ("ñ{{a b}}", .badName("a b", position: 1)),
        ("{{a{{b}}", .badName("a{{b", position: 0)),
    ])
    func badTemplates(text: String, expected: PromptTemplateError) {
        #expect(throws: expected) { try PromptTemplate(parsing: text) }
    }

    @Test func unknownVariables() throws {
        let template = try PromptTemplate(parsing: "{{b}} {{a}} {{b}}")
        #expect(template.variables == ["a", "b"])
        #expect(throws: PromptTemplateError.unknownVariable("a")) { try template.check(known: []) }
        try template.check(known: ["a", "b", "c"])
        #expect(throws: PromptTemplateError.unknownVariable("a")) {
            try template.filled(with: ["b": "1"])
        }
    }

    /// Ten turns of 14 tokens each and room for six: the first four go together.
    @Test func oldTurnsGoInGroups() {
        var window = ContextWindow()
        window.leastTurns = 2
        let history: [Message] = (0..<10).flatMap {
            [.user("u\($0)"), .agent("a\($0)", interrupted: false)]
        }
        #expect(history.prefix(2).reduce(0) { $0 + ContextWindow.tokens(in: $1) } == 14)
        window.mostTokens = 140
        #expect(window.bounded(history) == history)
        for tokens in [139, 84] {
            window.mostTokens = tokens
            #expect(window.bounded(history) == Array(history.dropFirst(8)))
        }
        window.mostTokens = 83
        #expect(window.bounded(history) == Array(history.dropFirst(16)))
        window.mostTokens = 153
        let prompt = String(repeating: "p", count: 42)  // 14 tokens
        #expect(window.bounded(history, systemPrompt: prompt) == Array(history.dropFirst(8)))
    }

    @Test func addedContextStays() {
        var window = ContextWindow()
        window.mostTokens = 30
        window.leastTurns = 1
        let history: [Message] = [
            .context("VIP"), .user("one two three"), .agent("four five", interrupted: false),
            .user("six"),
        ]
        #expect(window.bounded(history) == history.filter { $0 != history[1] && $0 != history[2] })
    }

    /// A late result does not part from its call, though the caller spoke between them.
    @Test func aCallAndItsLateResultStayTogether() {
        var window = ContextWindow()
        window.mostTokens = 46
        window.leastTurns = 1
        window.turnsAtATime = 1
        let call = Message.toolCall(ToolCall(id: "c", name: "find", arguments: "{}"))
        let result = Message.toolResult(ToolResult(callID: "c", succeeded: true, content: "1"))
        let history: [Message] = [
            .user("old words of the caller that are long"), .user("look"), call, .user("still?"),
            result, .agent("Here.", interrupted: false),
        ]
        #expect(window.bounded(history) == Array(history.dropFirst()))
    }

    /// One result too large for everything is cut, and says so.
    @Test func hugeResultsAreCut() throws {
        var window = ContextWindow()
        window.mostTokens = 200
        let history: [Message] = [
            .user("look"), .toolCall(ToolCall(id: "c", name: "find", arguments: "{}")),
            .toolResult(
                ToolResult(
                    callID: "c", succeeded: true, content: String(repeating: "é", count: 5_000))),
        ]
        let bounded = window.bounded(history)
        #expect(bounded.count == 3)
        #expect(bounded.prefix(2) == history.prefix(2))
        let tokens = bounded.reduce(0) { $0 + ContextWindow.tokens(in: $1) }
        #expect((190...200).contains(tokens))
        guard case .toolResult(let result) = bounded[2] else { throw CancellationError() }
        #expect(result.content.hasSuffix("é…"))
    }

    /// In bounds, in order, newest turn kept, pairs whole, whatever the call was like.
    @Test(arguments: 0..<200)
    func randomHistories(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let history = Self.history(&random)
        var window = ContextWindow()
        window.mostTokens = Int.random(in: 600...1_500, using: &random)
        window.leastTurns = Int.random(in: 0...5, using: &random)
        window.turnsAtATime = Int.random(in: 0...5, using: &random)
        let bounded = window.bounded(history)
        #expect(bounded.reduce(0) { $0 + ContextWindow.tokens(in: $1) } <= window.mostTokens)
        #expect(bounded.last?.kind == history.last?.kind)
        let calls = bounded.compactMap { if case .toolCall(let call) = $0 { call.id } else { nil } }
        for case .toolResult(let result) in bounded { #expect(calls.contains(result.callID)) }
        let results = bounded.compactMap {
            if case .toolResult(let result) = $0 { result.callID } else { nil }
        }
        for case .toolCall(let call) in bounded { #expect(results.contains(call.id)) }
        let contexts = { (messages: [Message]) in messages.filter { $0.kind == "context" }.count }
        #expect(contexts(bounded) == contexts(history))
    }

    private static func history(_ random: inout SeededGenerator) -> [Message] {
        var history: [Message] = [.agent("Hola.", interrupted: false)]
        for index in 0..<Int.random(in: 1...40, using: &random) {
            let text = String(repeating: "ya ", count: Int.random(in: 1...60, using: &random))
            history.append(.user(text))
            if Int.random(in: 0..<4, using: &random) == 0 {
                let id = "call-\(index)"
                history.append(.toolCall(ToolCall(id: id, name: "n", arguments: "{}")))
                if Bool.random(using: &random) { history.append(.user("¿Sigue ahí?")) }
                history.append(.toolResult(ToolResult(callID: id, succeeded: true, content: text)))
            }
            if Int.random(in: 0..<12, using: &random) == 0 { history.append(.context("Note.")) }
            history.append(.agent(text, interrupted: Bool.random(using: &random)))
        }
        return history
    }
}

extension Message {
    fileprivate var kind: String {
        switch self {
        case .user: "user"
        case .agent: "agent"
        case .toolCall: "call"
        case .toolResult: "result"
        case .context: "context"
        }
    }
}
