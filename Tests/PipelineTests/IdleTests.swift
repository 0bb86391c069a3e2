import AllocationCounter
import Events
import Pipeline
import Testing

/// A caller who falls silent: asked whether they are there, then taken leave of.
@Suite struct IdleTests {
    /// One character per second: `.` nobody has the floor, `b` somebody has, `s` a sign of the
    /// caller; `A` asked, `G` good-bye.
    @Test(arguments: [
        ("............", "...A...A...G"), ("...s........", ".......A...A"),
        ("..b.........", "......A...A."), (".....s......", "...A.....A.."),
        ("ssssssssssss", "............"),
    ])
    func watch(events: String, expected: String) {
        var settings = IdleWatch.Settings()
        settings.prompt = .seconds(3)
        var watch = IdleWatch(settings: settings)
        var actual = ""
        for (second, event) in events.enumerated() {
            let now = MonotonicTime(sinceStart: .seconds(second))
            switch watch.handle(event == "b" ? .busy : event == "s" ? .sign : .quiet, at: now) {
            case .none: actual += "."
            case .ask: actual += "A"
            case .sayGoodbye: actual += "G"
            }
        }
        #expect(actual == expected)
    }

    @Test func zeroNeverAsks() {
        var watch = IdleWatch(settings: IdleWatch.Settings())
        for second in 0..<1_000 {
            #expect(
                watch.handle(.quiet, at: MonotonicTime(sinceStart: .seconds(second))) == .none)
        }
    }

    /// "Hello." is heard from 80 ms to 440 ms; then nobody speaks unless `voice` says so.
    private static func call(
        greeting: String = "Hello.", voice: [Range<Int>] = [], heardAs words: [String] = ["yes"],
        language: Language = .english
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.models = [
            [.say(greeting), .end(after: 0)], EngineScripts.answer("Very well."),
        ]
        scripts.recognitions = words.map { .says($0) }
        var call = SimulatedCall(scripts, language: language) { settings in
            settings.idle.prompt = .seconds(8)
        }
        call.voice = voice
        return call
    }

    private static func spoken(_ call: SimulatedCall) -> [(time: Int, text: String)] {
        call.events.compactMap {
            if case .agentSpeech(let speech) = $0.body { ($0.time, speech.text) } else { nil }
        }
    }

    @Test(arguments: [
        (
            Language.english,
            ["Are you still there?", "Are you still there?", "I can't hear you. Goodbye."]
        ),
        (.spanish, ["¿Sigue ahí?", "¿Sigue ahí?", "Parece que no me escucha. Hasta luego."]),
    ])
    func silentCallerIsTakenLeaveOf(language: Language, expected: [String]) throws {
        var call = Self.call(language: language)
        call.run(until: 40_000)
        let said = Self.spoken(call).dropFirst()
        #expect(said.map(\.text) == expected)
        // Each question comes 8 s after the sound before it ended, within two ticks.
        let sounds = call.carrier.sounds
        try #require(sounds.count == 4)
        for (sound, words) in zip(sounds, said) {
            #expect((sound.end + 8_000...sound.end + 8_060).contains(words.time))
        }
        let hangUp = try #require(
            call.actions.first { if case .hangUp = $0.action { true } else { false } })
        guard case .hangUp(let reason) = hangUp.action else { return }
        #expect(reason == .callerSilent)
        #expect(reason.rawValue == "caller_silent")
        #expect((sounds[3].end...sounds[3].end + 40).contains(hangUp.time))
        // No model was asked, and no turn was taken.
        #expect(call.requests.count == 1)
        #expect(call.turns.isEmpty)
        #expect(
            call.conversation.history
                == [.agent("Hello.", interrupted: false)]
                + expected.map { .agent($0, interrupted: false) })
    }

    /// A turn between two questions: the count begins anew.
    @Test func wordsForgiveSilence() {
        var call = Self.call(
            voice: [12_000..<12_900], heardAs: ["i was looking for my calendar"])
        call.run(until: 32_000)
        #expect(
            Self.spoken(call).map(\.text) == [
                "Hello.", "Are you still there?", "Very well.", "Are you still there?",
                "Are you still there?",
            ])
        #expect(call.requests.count == 2)
        #expect(call.turns.map(\.user) == ["i was looking for my calendar"])
    }

    /// A cough restarts the clock and says nothing of the caller.
    @Test func coughsDoNotCount() {
        var call = Self.call(voice: [12_000..<12_120], heardAs: [""])
        call.run(until: 45_000)
        #expect(call.hangUpTime != nil)
        #expect(Self.spoken(call).count == 4)
        #expect(call.conversation.turnsTaken == 0)
    }

    @Test func keysAreASign() {
        var call = Self.call()
        for second in stride(from: 6, to: 60, by: 6) {
            call.schedule(.keyPressed(digit: "5"), at: second * 1_000)
        }
        call.run(until: 60_000)
        #expect(Self.spoken(call).map(\.text) == ["Hello."])
    }

    /// "Yes" to "Are you still there?" is no answer to what the model asked before.
    @Test(arguments: [
        ("yes", "Shall I book it?"), ("Yes, I'm here.", "Shall I book it?"),
        ("hello?", "Shall I book it?"),
    ])
    func presenceIsNoConfirmation(words: String, expected: String) throws {
        var call = Self.call(
            greeting: "Tuesday at ten, 55.50 euros. Shall I book it?", voice: [14_500..<15_200],
            heardAs: [words])
        call.run(until: 18_000)
        #expect(call.requests.count == 1, "the model was asked")
        #expect(Self.spoken(call).last?.text == expected)
        #expect(call.turns.map(\.user) == [words])
        #expect(call.turns.map(\.heard) == [expected])
        #expect(
            call.conversation.history.allSatisfy { if case .agent = $0 { true } else { false } })
    }

    /// Said over the question itself, where "yes" would be a backchannel.
    @Test func presenceInterruptsTheQuestion() throws {
        var plain = Self.call()
        plain.run(until: 10_000)
        let question = try #require(plain.carrier.sounds.last)
        var call = Self.call(voice: [question.start + 100..<question.start + 400])
        call.run(until: 14_000)
        #expect(Self.spoken(call).last?.text == "Go ahead, please.")
        #expect(call.requests.count == 1)
        #expect(call.clearTimes.count == 1)
    }

    /// Anything else goes to the model, "yes" as well when nobody asked.
    @Test func otherWordsGoToTheModel() {
        var call = Self.call(voice: [14_000..<14_700], heardAs: ["yes book it"])
        call.run(until: 18_000)
        #expect(call.requests.count == 2)
        var early = Self.call(voice: [3_000..<3_700])
        early.run(until: 6_000)
        #expect(early.requests.count == 2)
        guard case .user("yes") = early.conversation.history[1] else {
            Issue.record("the history lacks the caller's yes")
            return
        }
    }

    /// Who speaks while the question is being synthesised is listened to.
    @Test(arguments: [("no wait", 2), ("", 1)])
    func speechBeforeTheQuestionWins(words: String, requests: Int) {
        var call = Self.call(voice: [8_400..<8_560], heardAs: [words])
        call.scripts.syntheses = [.init(), .init(delayMilliseconds: 400)]
        call.run(until: 12_000)
        #expect(call.requests.count == requests)
        #expect(call.phases.last?.phase == .idle)
    }

    /// The agent's good-bye is cut by whoever is there after all.
    @Test func goodbyeCanBeInterrupted() throws {
        var plain = Self.call()
        plain.run(until: 40_000)
        let goodbye = try #require(plain.carrier.sounds.last)
        var call = Self.call(
            voice: [goodbye.start + 200..<goodbye.start + 1_300], heardAs: ["wait i am here"])
        call.run(until: goodbye.start + 6_000)
        #expect(call.hangUpTime == nil)
        #expect(call.requests.count == 2)
    }

    /// A synthesiser that fails must not ring a human for a caller who is gone.
    @Test func failedGoodbyeHangsUp() {
        var call = Self.call()
        call.scripts.syntheses = [
            .init(), .init(), .init(), .init(limit: 0, ending: .fail),
        ]
        call.run(until: 40_000)
        #expect(call.hangUpTime != nil)
        #expect(!call.isTransferred)
    }

    /// Waiting for a caller, for keys and for a beep takes no memory.
    @Test func waitingTakesNoMemory() {
        var call = Self.call()
        call.run(until: 1_000)
        var conversation = call.conversation
        var now = MonotonicTime(sinceStart: .seconds(1))
        var counts: [Int] = []
        counts.reserveCapacity(2)
        for _ in 0..<2 {  // the first time, the copy takes its own storage
            let before = AllocationCounter_current_thread()
            for _ in 0..<150 {
                now = now.advanced(by: .milliseconds(20))
                conversation.handle(.frameHeard(speechProbability: 0.1), at: now)
                conversation.handle(.tick, at: now)
            }
            counts.append(Int(AllocationCounter_current_thread() - before))
        }
        #expect(counts[1] == 0)
        #expect(conversation.phase == .idle)
    }
}
