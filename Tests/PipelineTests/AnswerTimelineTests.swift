import Events
import Pipeline
import Testing

/// Callers who go on speaking, tools, and results that come too late.
@Suite struct AnswerTimelineTests {
    private static let lookUp = ToolCall(id: "t1", name: "find", arguments: "{\"day\":\"friday\"}")
    private static let found = ToolResult(callID: "t1", succeeded: true, content: "{}")

    /// How far the first answer has come when the caller goes on at 3 300 ms.
    @Test(arguments: [
        (recognition: 500, model: 100, synthesis: 80), (50, 900, 80), (50, 200, 900),
        (50, 100, 1_200),
    ])
    func callerGoesOn(recognition: Int, model: Int, synthesis: Int) throws {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("book a table", after: recognition), .says("for two")]
        scripts.models = [
            EngineScripts.answer("Hello."), EngineScripts.answer("For how many?", after: model),
            EngineScripts.answer("For two then."),
        ]
        scripts.syntheses = [
            EngineScripts.Synthesis(), EngineScripts.Synthesis(delayMilliseconds: synthesis),
            EngineScripts.Synthesis(),
        ]
        if recognition == 500 { scripts.models.remove(at: 1) }
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 3_300..<3_900]
        call.run(until: 12_000)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("book a table for two"),
                .agent("For two then.", interrupted: false),
            ])
        #expect(call.turns.map(\.user) == ["book a table for two"])
        #expect(call.turns.map(\.turn) == [1])
        #expect(call.turns.first?.endpointing == 480)
        #expect(call.turns.first?.sttLatency == 100)
        #expect(call.isOnlyHeard(generation: 3, from: 2_000))
        #expect((call.conversation.staleResultCount > 0) == (recognition != 500))
        #expect(call.conversation.interruptionCount == 0)
    }

    @Test func toolsAreAskedAndAnswered() throws {
        var scripts = EngineScripts()
        let second = ToolCall(id: "t2", name: "find", arguments: "{}")
        scripts.models = [
            EngineScripts.answer("Hello."),
            [
                .say("Let me see.", after: 100), .event(.toolCall(Self.lookUp), after: 10),
                .event(.toolCall(second), after: 10), .end(after: 0),
            ],
            EngineScripts.answer("At ten."),
        ]
        scripts.toolDelays = [300, 200]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        call.run(until: 12_000)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("hello"),
                .agent("Let me see.", interrupted: false), .toolCall(Self.lookUp),
                .toolCall(second),
                .toolResult(ToolResult(callID: "t2", succeeded: true, content: "{}")),
                .toolResult(Self.found), .agent("At ten.", interrupted: false),
            ])
        let asked = try #require(call.requests.last)
        #expect(asked.generation == 2)
        #expect(asked.time == 3_180 + 120 + 300)
        #expect(call.turns.first?.agent == "Let me see. At ten.")
        #expect(call.turns.first?.heard == "Let me see. At ten.")
        #expect(call.isHeardWholly(generation: 2))
        let types = call.eventTypes.filter { $0 == .toolCall || $0 == .toolResult }
        #expect(types == [.toolCall, .toolCall, .toolResult, .toolResult])
    }

    /// A tool has an effect outside: what it answered is known, wherever the talk has gone.
    @Test func resultAfterAnInterruption() {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("is friday free"), .says("or saturday")]
        scripts.models = [
            EngineScripts.answer("Hello."),
            [
                .say(BargeInTimelineTests.long, after: 100),
                .event(.toolCall(Self.lookUp), after: 10), .end(after: 0),
            ],
            EngineScripts.answer("Saturday is free."),
        ]
        scripts.toolDelays = [6_000]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 4_500..<5_300]
        call.run(until: 14_000)
        let heard = call.heardWords(ofGeneration: 2)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("is friday free"),
                .agent(heard, interrupted: true), .toolCall(Self.lookUp), .toolResult(Self.found),
                .user("or saturday"), .agent("Saturday is free.", interrupted: false),
            ])
        #expect(call.requests.count == 3)
        #expect(call.times(of: .toolResult).count == 1)
        #expect(call.turns.map(\.agent).last == "Saturday is free.")
    }

    /// A cough while a tool runs, or before the greeting, takes nothing from the caller.
    @Test(arguments: [200, 1_500])
    func coughWhileAToolRuns(toolDelay: Int) throws {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("is friday free"), .says("")]
        scripts.models = [
            EngineScripts.answer("Hello."),
            [.event(.toolCall(Self.lookUp), after: 20), .end(after: 0)],
            EngineScripts.answer("It is."),
        ]
        scripts.toolDelays = [toolDelay]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 3_220..<3_340]
        call.run(until: 12_000)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("is friday free"),
                .toolCall(Self.lookUp), .toolResult(Self.found),
                .agent("It is.", interrupted: false),
            ])
        #expect(call.turns.map(\.user) == ["is friday free"])
        #expect(call.conversation.turnsTaken == 1)
    }

    @Test func coughBeforeTheGreeting() {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("")]
        scripts.models = [EngineScripts.answer("Hello.", after: 700)]
        var call = SimulatedCall(scripts)
        call.voice = [400..<520]
        call.run(until: 5_000)
        #expect(call.conversation.history == [.agent("Hello.", interrupted: false)])
        #expect(call.requests.count == 2)
    }

    /// A long answer is synthesised as it is heard, and an interruption forgets the rest.
    @Test(arguments: [0, 120, nil])
    func longAnswersAreSpokenInTime(markDelay: Int?) {
        var scripts = EngineScripts()
        let text = Array(repeating: BargeInTimelineTests.long, count: 12).joined(separator: " ")
        scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer(text)]
        var call = SimulatedCall(scripts)
        call.markDelay = markDelay
        call.voice = [2_000..<2_600]
        call.run(until: 20_000)
        let ahead = (call.synthesised[2]?.count ?? 0) - call.heardSpeech(ofGeneration: 2).count
        // 6 s, one chunk of at most 240 characters, and a lost mark's second.
        #expect(ahead <= 2_000 * 7 + 240 * 120 + 2_000 * 2)
        call.run(until: 180_000)
        #expect(call.isHeardWholly(generation: 2))
        #expect(!call.isTransferred)
        #expect(call.carrier.sounds.count == 2, "the answer had a gap")
        // 400 ms, one block in the carrier's hands at a time.
        #expect(call.carrier.mostBuffered <= 800)
        #expect(call.turns.first?.heard.wordsOnly == text.wordsOnly)
    }
}
