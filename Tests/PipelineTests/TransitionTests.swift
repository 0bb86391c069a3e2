import Events
import Pipeline
import Testing

/// The states of DESIGN §4 and how one leads to another.
@Suite struct TransitionTests {
    /// DESIGN §4, with the ways back that promise 1 and reversible barge-in need.
    static let table: [Conversation.Phase: Set<Conversation.Phase>] = [
        .idle: [.userSpeaking, .processing, .ended],
        .userSpeaking: [.processing, .idle, .ended],
        .processing: [.agentSpeaking, .userSpeaking, .idle, .ended],
        .agentSpeaking: [.idle, .interrupted, .ended],
        .interrupted: [.agentSpeaking, .userSpeaking, .processing, .ended],
        .ended: [],
    ]

    @Test(arguments: Conversation.Phase.allCases)
    func successorsAreTheTable(_ phase: Conversation.Phase) {
        #expect(phase.successors == Self.table[phase])
    }

    /// Every transition of the table, made.
    ///
    /// Only keys that were taken back lead from `userSpeaking` to `idle`: whether a sound was a turn
    /// is known once its transcript is, in `processing`.
    @Test func everyTransitionIsReached() {
        var seen: Set<String> = []
        for call in Self.calls {
            for (from, to) in zip(call.phases, call.phases.dropFirst()) {
                #expect(Self.table[from.phase]?.contains(to.phase) == true)
                seen.insert("\(from.phase)-\(to.phase)")
            }
        }
        let legal = Set(Self.table.flatMap { from, next in next.map { "\(from)-\($0)" } })
        #expect(seen == legal)
    }

    private static var calls: [SimulatedCall] {
        var calls: [SimulatedCall] = []
        var plain = BargeInTimelineTests.call(sound: 5_000..<5_800, heardAs: "stop")
        plain.run(until: 15_000)
        var words = BargeInTimelineTests.call(sound: 5_000..<5_300, heardAs: "stop")
        words.run(until: 15_000)
        var cough = BargeInTimelineTests.call(sound: 5_000..<5_140, heardAs: "")
        cough.run(until: 20_000)
        var goingOn = BargeInTimelineTests.call(sound: 3_100..<3_600, heardAs: "then")
        goingOn.run(until: 9_000)
        var clickScripts = EngineScripts()
        clickScripts.recognitions = [.says("")]
        var click = SimulatedCall(clickScripts)
        click.voice = [2_000..<2_120]
        click.run(until: 5_000)
        // The caller hangs up in every state there is, and talks before the greeting begins.
        for end in [1_500, 2_300, 3_150, 4_000, 5_150] {
            var call = BargeInTimelineTests.call(sound: 5_000..<5_300, heardAs: "stop")
            call.schedule(.callEnded(.callerHungUp), at: end)
            call.run(until: 9_000)
            calls.append(call)
        }
        var early = SimulatedCall(EngineScripts())
        early.conversation = Conversation(
            settings: ConversationSettings(language: .english, octetsPerSecond: 2_000))
        for _ in 0..<5 { early.handle(.frameHeard(speechProbability: 1)) }
        var keys = SimulatedCall(EngineScripts()) { $0.keypad.digitTimeout = .seconds(3) }
        keys.schedule(.keyPressed(digit: "4"), at: 2_000)
        keys.schedule(.keyPressed(digit: "*"), at: 2_300)
        keys.run(until: 4_000)
        calls += [plain, words, cough, goingOn, click, early, keys]
        return calls
    }

    @Test(arguments: [1_500, 2_300, 3_150, 4_000, 5_150, 5_500], [true, false])
    func callEndsInAnyState(at end: Int, byCaller: Bool) {
        var call = BargeInTimelineTests.call(sound: 5_000..<5_300, heardAs: "stop")
        call.schedule(byCaller ? .callEnded(.callerHungUp) : .hangUpRequested(.drained), at: end)
        call.run(until: end)
        let events = call.events.count
        call.run(until: 20_000)
        #expect(call.conversation.isEnded)
        #expect(call.hangUpTime == (byCaller ? nil : end))
        #expect(call.actions.allSatisfy { $0.time <= end }, "something was done after the end")
        #expect(call.events.count == events)
        #expect(call.requests.count <= 2)
        if end >= 4_000 {
            #expect(call.turns.map(\.interrupted) == [true])
            #expect(call.turns.first?.heard == call.turns.first?.heard.trimmedEnd)
        }
        if case .agent(let text, let interrupted) = call.conversation.history.last, end >= 4_000 {
            #expect(interrupted)
            #expect(BargeInTimelineTests.long.hasPrefix(text))
        }
    }

    /// The agent's own end of a call waits until its last word was heard.
    @Test(arguments: [Closing.hangUp, .transfer(reason: "asked for")], [0, 120])
    func closingWaitsForTheAnswer(_ closing: Closing, markDelay: Int) throws {
        var scripts = EngineScripts()
        scripts.models = [
            EngineScripts.answer("Hello."),
            [.event(.closing(closing), after: 100), .say("Good bye then."), .end(after: 0)],
        ]
        var call = SimulatedCall(scripts)
        call.markDelay = markDelay
        call.voice = [2_000..<2_600]
        call.run(until: 12_000)
        let last = try #require(call.carrier.sounds.last)
        let end = try #require(closing == .hangUp ? call.hangUpTime : call.transferTime)
        #expect((last.end + markDelay...last.end + markDelay + 20).contains(end))
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.conversation.isEnded)
        #expect(call.turns.first?.heard == "Good bye then.")
        #expect(call.eventTypes.contains(.transferRequested) == (closing != .hangUp))
    }

    /// Whoever is interrupted while saying good-bye stays.
    @Test func closingIsForgottenWhenInterrupted() {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("bye"), .says("one more thing")]
        scripts.models = [
            EngineScripts.answer("Hello."),
            [
                .event(.closing(.hangUp), after: 100), .say(BargeInTimelineTests.long),
                .end(after: 0),
            ],
            EngineScripts.answer("Yes?"),
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 5_000..<5_900]
        call.run(until: 15_000)
        #expect(call.hangUpTime == nil)
        #expect(call.conversation.phase == .idle)
    }

    /// A closing without a word, also behind a filler.
    @Test(arguments: [100, 2_000])
    func closingWithoutWords(after delayMilliseconds: Int) {
        var scripts = EngineScripts()
        scripts.models = [
            EngineScripts.answer("Hello."),
            [.event(.closing(.hangUp), after: delayMilliseconds), .end(after: 0)],
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        call.run(until: 12_000)
        #expect(call.hangUpTime != nil)
        #expect(call.carrier.isSilent)
    }
}

extension String {
    fileprivate var trimmedEnd: String { last?.isWhitespace == true ? String(dropLast()) : self }
}
