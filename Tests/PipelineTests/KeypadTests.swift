import Events
import Pipeline
import Testing

/// Digits as one input: how they are gathered, and what becomes of them in a call.
@Suite struct KeypadTests {
    /// What comes of keys, each with its time in tenths of a second.
    ///
    /// One key per 500 ms, `.` is none; then nothing until 8 s. `[…]`: completed with these digits;
    /// `H`: a human asked for; `b`: began; `c`: cleared.
    @Test(arguments: [
        ("4815#", "", "b0 [4815]20"), ("4815", "", "b0 [4815]45"),
        ("48*15#", "", "b0 c10 b15 [15]25"), ("#", "", ""), ("*", "", ""),
        ("A4B5#", "", "b5 [45]20"),
        ("4815", "digits:4", "b0 [4815]15"), ("481516", "digits:4", "b0 [4815]15 b20 [16]55"),
        ("48", "digits:4", "b0 [48]35"), ("7", "digits:1", "[7]0"), ("7", "yesNo", "b0 [7]30"),
        ("0", "", "b0 H15"), ("0#", "", "b0 H5"), ("00#", "", "b0 [00]10"),
        ("01#", "", "b0 [01]10"),
        ("0", "digits:4", "b0 [0]30"), ("0", "date", "b0 [0]30"), ("0", "name", "b0 H15"),
        ("4....5", "", "b0 [45]55"), ("4......5", "", "b0 [4]30 b35 [5]65"),
        ("0.0", "", "b0 [00]40"),
    ])
    func digitsAreGathered(keys: String, asked: String, expected: String) {
        var settings = DigitCollector.Settings()
        settings.digitTimeout = .seconds(3)
        settings.zeroForHuman = true
        var collector = DigitCollector(settings: settings)
        let expecting = ExpectedEntity(parsing: asked)
        var actual: [String] = []
        for tenth in 0..<80 {
            let now = MonotonicTime(sinceStart: .milliseconds(tenth * 100))
            var actions = [collector.handle(.tick, expecting: expecting, at: now)]
            let index = tenth / 5
            if tenth.isMultiple(of: 5), index < keys.count, Array(keys)[index] != "." {
                actions.append(
                    collector.handle(.pressed(Array(keys)[index]), expecting: expecting, at: now))
            }
            for action in actions {
                switch action {
                case .none: break
                case .began: actual.append("b\(tenth)")
                case .cleared: actual.append("c\(tenth)")
                case .completed(let digits): actual.append("[\(digits)]\(tenth)")
                case .humanRequested: actual.append("H\(tenth)")
                }
            }
        }
        #expect(actual.joined(separator: " ") == expected)
        #expect(!collector.isCollecting)
    }

    @Test func settingsChangeTheKeys() {
        var settings = DigitCollector.Settings()
        var off = DigitCollector(settings: settings)
        let now = MonotonicTime(sinceStart: .zero)
        #expect(off.handle(.pressed("4"), expecting: nil, at: now) == .none)
        settings.digitTimeout = .seconds(3)
        settings.terminator = ""
        settings.longest = 3
        var collector = DigitCollector(settings: settings)
        let actions = "0#12".map { collector.handle(.pressed($0), expecting: nil, at: now) }
        #expect(actions == [.began, .none, .none, .completed("012")])
    }

    // MARK: In a call

    /// A greeting of 360 ms that ends at 440 ms, and answers of four seconds.
    private static func call(
        keys: [(digit: Character, time: Int)], voice: [Range<Int>] = [],
        heardAs words: [String] = ["my order is"], isGuarded: Bool = false
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        let answer = EngineScripts.answer("It is on its way to you and will arrive on Tuesday.")
        scripts.models = [
            EngineScripts.answer("Hello.", after: 0),
            isGuarded ? [.event(.guarded, after: 10)] + answer : answer, answer,
        ]
        scripts.recognitions = words.map { .says($0) }
        var call = SimulatedCall(scripts) { settings in
            settings.keypad.digitTimeout = .seconds(3)
            settings.keypad.zeroForHuman = true
        }
        call.voice = voice
        for (digit, time) in keys { call.schedule(.keyPressed(digit: digit), at: time) }
        return call
    }

    private static func keys(_ text: String, from start: Int) -> [(digit: Character, time: Int)] {
        text.enumerated().map { (digit: $1, time: start + $0 * 200) }
    }

    private static func records(_ call: SimulatedCall) -> [DTMFRecord] {
        call.events.compactMap { if case .dtmf(let record) = $0.body { record } else { nil } }
    }

    /// "4815#" in silence: one turn, answered when the terminator came.
    @Test func inputIsATurn() {
        var call = Self.call(keys: Self.keys("4815#", from: 2_000))
        call.run(until: 12_000)
        #expect(call.requests.count == 2)
        #expect(call.requests.last?.time == 2_800)
        #expect(call.requests.last?.request.history.last == .user("4815"))
        #expect(call.turns.map(\.user) == ["4815"])
        #expect(call.turns.first?.endpointing == 0)
        #expect(call.times(in: .userSpeaking) == [2_000])
        #expect(
            Self.records(call)
                == "4815#".map { DTMFRecord(digit: String($0)) } + [DTMFRecord(input: "4815")])
        #expect(!call.eventTypes.contains(.speechStarted))
    }

    @Test func inputEndsByItself() {
        var call = Self.call(keys: Self.keys("4815", from: 2_000))
        call.run(until: 12_000)
        #expect(call.requests.last?.time == 5_600)
        #expect(call.turns.map(\.user) == ["4815"])
        // Waiting for keys was no silence of the agent's: no filler.
        #expect(call.turns.map(\.filler) == [false])
    }

    @Test func asteriskTakesItBack() {
        var call = Self.call(keys: Self.keys("48*", from: 2_000))
        call.run(until: 8_000)
        #expect(call.requests.count == 1)
        #expect(call.conversation.turnsTaken == 0)
        #expect(
            call.phases.map(\.phase) == [
                .idle, .processing, .agentSpeaking, .idle, .userSpeaking, .idle,
            ])
    }

    /// The first digit clears the answer; it is cut where it was heard.
    @Test func keysInterrupt() throws {
        var call = Self.call(
            keys: Self.keys("7#", from: 5_000), voice: [2_000..<2_600])
        call.run(until: 15_000)
        #expect(call.clearTimes == [5_000])
        let cut = try #require(call.interruptions.first)
        #expect(cut.time == 5_000)
        #expect(cut.what.heard == call.heardWords(ofGeneration: 2))
        #expect(!cut.what.heard.isEmpty)
        #expect(call.turns.map(\.interrupted) == [true, false])
        #expect(call.turns.last?.user == "7")
        #expect(call.isHeardWholly(generation: 3))
    }

    /// A guarded answer is heard out; the input is answered after it.
    @Test func guardedAnswersAreHeardOut() {
        var call = Self.call(
            keys: Self.keys("7#", from: 5_000), voice: [2_000..<2_600], isGuarded: true)
        call.run(until: 20_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.user) == ["my order is", "7"])
        #expect(call.turns.map(\.interrupted) == [false, false])
    }

    /// The answer is heard out while digits still come in: the last key's pause ends them.
    @Test func inputOutlastsAGuardedAnswer() throws {
        var call = Self.call(keys: [], voice: [2_000..<2_600], isGuarded: true)
        call.run(until: 4_000)
        var plain = call
        plain.run(until: 20_000)
        let end = try #require(plain.carrier.sounds.last?.end)
        call.schedule(.keyPressed(digit: "7"), at: end - 300)
        call.schedule(.keyPressed(digit: "8"), at: end + 500)
        call.run(until: end + 9_000)
        #expect(call.turns.map(\.user) == ["my order is", "78"])
        #expect(call.requests.last.map { (3_500...3_520).contains($0.time - end) } == true)
    }

    /// Spoken and keyed in the same turn; the keys end it, whatever silence came before.
    @Test func keysJoinSpeech() {
        var call = Self.call(
            keys: Self.keys("4815#", from: 2_700), voice: [2_000..<2_600])
        call.run(until: 12_000)
        #expect(call.turns.map(\.user) == ["my order is 4815"])
        // The recogniser takes 100 ms from the end of the input at 3,500 ms.
        #expect(call.requests.last?.time == 3_600)
    }

    /// Words after the first key belong to the turn, which ends when they do.
    @Test func speechJoinsKeys() {
        var call = Self.call(
            keys: Self.keys("48#", from: 2_000), voice: [2_100..<3_000], heardAs: ["please"])
        call.run(until: 12_000)
        #expect(call.turns.map(\.user) == ["please 48"])
        #expect(call.times(of: .speechEnded).count == 1)
        #expect(call.requests.count == 2)
    }

    /// The tone of a key, heard as a sound of 120 ms, is no speech to wait for.
    @Test func keyTonesAreNoSpeech() {
        var call = Self.call(
            keys: Self.keys("48#", from: 2_000), voice: [2_000..<2_120], heardAs: [""])
        call.run(until: 12_000)
        #expect(call.turns.map(\.user) == ["48"])
        #expect(call.requests.last?.time == 2_400)
    }

    /// Keys while the model thinks reopen the turn.
    @Test func keysReopenTheTurn() {
        var call = Self.call(keys: [], voice: [2_000..<2_600])
        call.scripts.models[1] = EngineScripts.answer("Which one?", after: 900)
        call.schedule(.keyPressed(digit: "9"), at: 3_500)
        call.schedule(.keyPressed(digit: "#"), at: 3_700)
        call.run(until: 12_000)
        #expect(call.turns.map(\.user) == ["my order is 9"])
        #expect(
            call.requests.map(\.request.history.last) == [
                nil, .user("my order is"), .user("my order is 9"),
            ])
    }

    /// A wish for a human, from silence, over the agent's voice, and over words it may not cut.
    @Test(arguments: [(2_000, false), (5_000, false), (5_000, true)])
    func zeroAsksForAHuman(at time: Int, isGuarded: Bool) throws {
        var call = Self.call(
            keys: [(digit: "0", time: time)], voice: time > 2_000 ? [2_000..<2_600] : [],
            isGuarded: isGuarded)
        call.run(until: 25_000)
        #expect(call.isTransferred)
        #expect(call.requests.count == (time > 2_000 ? 2 : 1), "the model was asked")
        let said = call.events.compactMap {
            if case .agentSpeech(let speech) = $0.body { speech.text } else { nil }
        }
        #expect(said.last == "I'll put you through to a person.")
        let transfer = call.events.compactMap {
            if case .transferRequested(let request) = $0.body { request } else { nil }
        }
        #expect(transfer.map(\.reason) == ["the caller pressed 0"])
        let last = try #require(call.carrier.sounds.last)
        #expect(call.transferTime.map { $0 - last.end < 40 } == true, "before it was heard")
        #expect(call.turns.last?.user == "0")
    }

    /// Neither a word nor another key keeps the caller from the human they asked for.
    @Test func theWayToAHumanIsGuarded() {
        var call = Self.call(
            keys: [
                (digit: "0", time: 2_000), (digit: "#", time: 2_100), (digit: "5", time: 2_400),
            ], voice: [2_200..<4_000])
        call.run(until: 12_000)
        #expect(call.isTransferred)
        #expect(call.clearTimes.isEmpty)
        #expect(call.requests.count == 1)
    }
}
