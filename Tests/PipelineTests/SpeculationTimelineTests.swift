import Events
import Pipeline
import Testing

/// The model asked before the turn is over: what it saves, and what it must never do.
@Suite struct SpeculationTimelineTests {
    static let lookUp = ToolCall(id: "t1", name: "find", arguments: "{}")

    /// A caller who speaks from 2 000 to 3 000 ms, known to be done at 3 480 ("Tuesday." tells
    /// little); their word is known at 3 010 and asked with when it has stood for 150 ms, at 3 160.
    static func call(
        _ interims: [(String, Int)] = [("Tuesday.", 910)], final: String = "tuesday",
        recognition: Int = 100, models: [[EngineScripts.ModelStep]], speculating: Bool = true
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions = [
            EngineScripts.Recognition(
                outcome: .final(final), delayMilliseconds: recognition,
                interims: interims.map { (text: $0.0, delayMilliseconds: $0.1) })
        ]
        scripts.models = [EngineScripts.answer("Hello.")] + models
        var call = SimulatedCall(scripts) { settings in
            settings.interimsAreStable = true
            settings.speculation.isOn = speculating
            settings.endpointing.minimum = .milliseconds(200)
            settings.endpointing.pause = .milliseconds(480)
            settings.endpointing.maximum = .milliseconds(1_200)
            settings.endpointing.usesProsody = false
        }
        call.voice = [2_000..<3_000]
        return call
    }

    private static func cancelTimes(_ call: SimulatedCall, of generation: Int) -> [Int] {
        call.actions.filter {
            if case .cancelAnswer(generation) = $0.action { true } else { false }
        }.map(\.time)
    }

    // MARK: The same words

    struct Saving: Sendable {
        let interim: (String, Int)
        let final: String
        let recognition: Int
        let model: Int
        let asked: Int
        let commit: Int
    }

    @Test(arguments: [
        // The whole answer is there when the words are.
        Saving(
            interim: ("Tuesday.", 910), final: "tuesday", recognition: 100, model: 150,
            asked: 3_160,
            commit: 3_580),
        // It is still on its way.
        Saving(
            interim: ("Tuesday.", 910), final: "Tuesday", recognition: 100, model: 900,
            asked: 3_160, commit: 3_580),
        // Words that come late end the turn as they come: the transcript's time is saved.
        Saving(
            interim: ("I'd like to cancel my appointment", 1_150),
            final: "I'd like to cancel my appointment.", recognition: 300, model: 400,
            asked: 3_250, commit: 3_550),
        // What tells nothing is asked with once the turn is over.
        Saving(
            interim: ("tuesday", 1_000), final: "Tuesday!", recognition: 300, model: 200,
            asked: 3_480, commit: 3_780),
    ])
    func answerComesSooner(_ saving: Saving) throws {
        var totals: [Double] = []
        for isOn in [false, true] {
            var call = Self.call(
                [saving.interim], final: saving.final, recognition: saving.recognition,
                models: [EngineScripts.answer("All right.", after: saving.model)],
                speculating: isOn)
            call.run(until: 9_000)
            let asked = try #require(call.requests.last)
            #expect(asked.time == (isOn ? saving.asked : saving.commit))
            #expect(asked.generation == 2)
            #expect(call.requests.count == 2)
            #expect(asked.request.history.count == 2)
            #expect(
                call.conversation.history == [
                    .agent("Hello.", interrupted: false), .user(saving.final),
                    .agent("All right.", interrupted: false),
                ])
            let turn = try #require(call.turns.first)
            #expect(turn.speculated == (isOn ? true : nil))
            #expect(turn.bridge == 0)
            let ready = saving.asked + saving.model
            #expect(
                turn.llmLatency == Double(isOn ? max(0, ready - saving.commit) : saving.model))
            totals.append(try #require(turn.totalLatency))
            #expect(call.isHeardWholly(generation: 2))
            #expect(call.conversation.staleResultCount == 0)
            #expect(call.conversation.speculationCount == (isOn ? 1 : 0))
            #expect(call.conversation.wastedSpeculationCount == 0)
        }
        // A token takes 2 ms, the end of the stream 1.
        let answerTime = saving.model + 3
        #expect(totals[0] - totals[1] == Double(min(answerTime, saving.commit - saving.asked)))
        #expect(totals[0] == Double(saving.commit - 3_000 + answerTime + 80))
    }

    /// Results that wait 7 ms each and sending that takes 3: the bridge's share counts the waits for
    /// the words, for the speech and, when the words came first, for the model's sentence.
    @Test(arguments: [(150, 2), (900, 3)])
    func bridgeCountsItsOwnShare(model: Int, waits: Int) throws {
        var call = Self.call(models: [EngineScripts.answer("All right.", after: model)])
        call.scripts.queueDelay = 7
        call.scripts.sendDelayMilliseconds = 3
        call.run(until: 9_000)
        let turn = try #require(call.turns.first)
        #expect(turn.speculated == true)
        #expect(turn.bridge == Double(waits * 7 + 2 * 3))
    }

    @Test func nothingHappensBeforeTheTranscript() {
        let answer: [EngineScripts.ModelStep] = [
            .event(.expects(RecognitionHints(phrases: ["p"])), after: 10),
            .event(.guarded, after: 0),
            .say("One moment."), .event(.toolCall(Self.lookUp), after: 10), .end(after: 0),
        ]
        let closing: [EngineScripts.ModelStep] = [
            .say("Bye.", after: 50), .event(.closing(.hangUp), after: 0), .end(after: 0),
        ]
        var call = Self.call(models: [answer, closing])
        call.run(until: 9_000)
        #expect(call.requests.map(\.time) == [0, 3_160, 3_580 + 200])
        let acts = call.actions.filter { (3_160..<3_580).contains($0.time) }.map(\.action)
        for action in acts {
            switch action {
            case .askModel, .finishUtterance, .emit(.speechEnded): break
            default: Issue.record("\(action) before the transcript")  // nothing else is right
            }
        }
        #expect(acts.count == 3)
        #expect(call.times(of: .toolCall) == [3_580])
        #expect(call.times(of: .toolResult) == [3_780])
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("tuesday"),
                .agent("One moment.", interrupted: false), .toolCall(Self.lookUp),
                .toolResult(ToolResult(callID: "t1", succeeded: true, content: "{}")),
                .agent("Bye.", interrupted: false),
            ])
        #expect(call.hangUpTime != nil)
        #expect(call.isHeardWholly(generation: 2))
    }

    /// What the answer says of itself holds from the moment it is one: it cannot be interrupted, and
    /// the next words are heard with its hints.
    @Test func guardsAndHintsAreTaken() {
        let text = BargeInTimelineTests.long
        let answer: [EngineScripts.ModelStep] = [
            .event(.expects(RecognitionHints(phrases: ["p"])), after: 10),
            .event(.guarded, after: 0),
            .say(text), .end(after: 0),
        ]
        var call = Self.call(models: [answer, EngineScripts.answer("Fine.")])
        call.voice.append(4_500..<5_500)
        call.run(until: 60_000)
        #expect(call.interruptions.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        let hints = call.actions.compactMap {
            if case .beginUtterance(let utterance) = $0.action {
                utterance.hints.phrases
            } else {
                nil
            }
        }
        #expect(hints == [[], ["p"]])
    }

    // MARK: Other words

    @Test(arguments: [100, 1_800])
    func anotherTranscriptIsAskedAnew(recognition: Int) throws {
        // After 1 600 ms a filler is heard, before the words are known.
        var call = Self.call(
            final: "Wednesday.", recognition: recognition,
            models: [
                [
                    .say("Tuesday is free."), .event(.toolCall(Self.lookUp), after: 10),
                    .event(.expects(RecognitionHints(phrases: ["p"])), after: 0),
                    .event(.closing(.hangUp), after: 0), .end(after: 0),
                ], EngineScripts.answer("Wednesday then."),
            ])
        call.voice.append(8_000..<9_000)
        call.run(until: 14_000)
        let known = 3_480 + recognition
        #expect(Self.cancelTimes(call, of: 2) == [known])
        #expect(Array(call.requests.map(\.time).prefix(3)) == [0, 3_160, known])
        #expect(Array(call.requests.map(\.generation).prefix(3)) == [1, 2, 3])
        #expect(
            Array(call.conversation.history.prefix(3)) == [
                .agent("Hello.", interrupted: false), .user("Wednesday."),
                .agent("Wednesday then.", interrupted: false),
            ])
        #expect(call.synthesised[2] == nil)
        #expect(call.isHeardWholly(generation: 3))
        #expect(call.times(of: .toolCall).isEmpty)
        #expect(call.hangUpTime == nil)
        let turn = try #require(call.turns.first)
        #expect(turn.speculated == nil)
        #expect(turn.filler == (recognition > 1_000))
        let total: Double = turn.filler ? 1_600 : 480 + 100 + 153 + 80
        #expect(turn.totalLatency == total)
        #expect(turn.bridge == (turn.filler ? nil : 0))
        let hints = call.actions.compactMap {
            if case .beginUtterance(let utterance) = $0.action {
                utterance.hints.phrases
            } else {
                nil
            }
        }
        #expect(hints == [[], []])
    }

    /// The voice is more than a cough 200 ms after its onset; other words tell at once.
    @Test(arguments: [
        ([("Tuesday.", 910)], 3_500), ([("Tuesday.", 910), ("Tuesday, or", 1_350)], 3_450),
    ])
    func callerGoesOn(interims: [(String, Int)], cancelled: Int) {
        var call = Self.call(
            interims + [("Tuesday, or Wednesday.", 1_910)], final: "Tuesday, or Wednesday.",
            models: [EngineScripts.answer("Tuesday?"), EngineScripts.answer("Either then.")])
        call.voice = [2_000..<3_000, 3_300..<4_000]
        call.run(until: 9_000)
        #expect(Self.cancelTimes(call, of: 2) == [cancelled])
        // "… or Wednesday.", known at 4 010, is complete: the turn ends at 4 200.
        #expect(call.requests.map(\.time) == [0, 3_160, 4_160])
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("Tuesday, or Wednesday."),
                .agent("Either then.", interrupted: false),
            ])
        #expect(call.conversation.wastedSpeculationCount == 1)
        #expect(call.synthesised[2] == nil)
        #expect(call.turns.map(\.speculated) == [true])
        #expect(call.octetsHeard(from: 3_000) == call.synthesised[3])
    }

    /// A cough in the pause changes no words: what was asked stays asked.
    @Test func coughKeepsTheQuestion() {
        var call = Self.call(models: [EngineScripts.answer("All right.")])
        call.voice = [2_000..<3_000, 3_240..<3_380]
        call.run(until: 9_000)
        #expect(call.requests.map(\.time) == [0, 3_160])
        #expect(call.turns.map(\.speculated) == [true])
        #expect(call.isHeardWholly(generation: 2))
    }

    /// The caller goes on after the turn was taken to be over, before its words were known.
    @Test func turnIsReopened() {
        var call = Self.call(
            recognition: 400,
            models: [EngineScripts.answer("Tuesday?"), EngineScripts.answer("Twice then.")])
        call.voice = [2_000..<3_000, 3_500..<4_100]
        call.run(until: 9_000)
        #expect(call.times(in: .userSpeaking) == [2_100, 3_600])
        #expect(Self.cancelTimes(call, of: 2) == [3_600])
        #expect(call.conversation.history.contains(.user("tuesday tuesday")))
        #expect(call.conversation.history.last == .agent("Twice then.", interrupted: false))
        #expect(call.synthesised[2] == nil)
    }

    /// The first half is not known when the second is asked about: nothing is asked early.
    @Test func halfATurnIsNotAsked() {
        var call = Self.call(
            recognition: 1_500,
            models: [EngineScripts.answer("Tuesday?"), EngineScripts.answer("Twice then.")])
        call.voice = [2_000..<3_000, 3_500..<4_100]
        call.run(until: 9_000)
        #expect(call.requests.count == 3)
        #expect(call.conversation.history.contains(.user("tuesday tuesday")))
        #expect(call.conversation.speculationCount == 1)
    }

    /// The words are others, and the filler that covered the wait still plays when the caller goes
    /// on: it is taken back.
    @Test func fillerStopsAfterAnotherTranscript() {
        var call = Self.call(
            final: "Wednesday.", recognition: 1_800, models: [EngineScripts.answer("Fine.")])
        call.voice = [2_000..<3_000, 5_200..<6_000]
        call.run(until: 5_400)
        #expect(call.requests.map(\.time) == [0, 3_160, 5_280])
        #expect(call.clearTimes == [5_300])
    }

    /// Nobody is asked while an answer with tools may come back.
    @Test func displacedAnswerIsWaitedFor() {
        var call = Self.call(
            models: [
                [.event(.toolCall(Self.lookUp), after: 20), .end(after: 0)],
                EngineScripts.answer("All right."),
            ])
        call.scripts.toolDelays = [400]
        call.voice = [2_000..<3_000, 3_700..<4_700]
        call.run(until: 9_000)
        // The second turn is known to be over at 4 700 + 480, its words 100 ms later.
        #expect(call.requests.map(\.time) == [0, 3_160, 5_280])
    }

    /// Two transcripts that do not come hand the caller over; what was asked early is cancelled once.
    @Test func deafRecogniserHandsOver() {
        var call = Self.call(models: [EngineScripts.answer("Pardon?")])
        call.scripts.recognitions[0].outcome = .none
        call.voice = [2_000..<3_000, 9_000..<10_000]
        call.run(until: 20_000)
        #expect(call.isTransferred)
        #expect(call.requests.map(\.generation) == [1, 2, 3, 4])
        #expect(Self.cancelTimes(call, of: 2).count == 1)
        #expect(Self.cancelTimes(call, of: 4).count == 1)
        #expect(call.conversation.wastedSpeculationCount == 2)
    }

    /// Before and after the end of the turn.
    @Test(arguments: [3_300, 3_500])
    func callEnds(at end: Int) {
        var call = Self.call(models: [EngineScripts.answer("All right.", after: 10)])
        call.schedule(.callEnded(.callerHungUp), at: end)
        call.run(until: 5_000)
        #expect(Self.cancelTimes(call, of: 2) == [end])
        #expect(call.conversation.wastedSpeculationCount == 1)
        #expect(call.synthesised[2] == nil)
        #expect(!call.conversation.history.contains(.agent("All right.", interrupted: false)))
    }

    /// A model that fails early is asked again when it must; the call does not suffer.
    @Test(arguments: [100, 400])
    func failureIsAskedAnew(after failure: Int) {
        var call = Self.call(
            models: [[.fail(after: failure)], EngineScripts.answer("All right.")])
        call.run(until: 9_000)
        #expect(call.requests.map(\.time) == [0, 3_160, 3_580])
        #expect(call.requests.map(\.generation) == [1, 2, 3])
        #expect(call.errorStages == ["llm"])
        #expect(!call.isTransferred)
        #expect(call.isHeardWholly(generation: 3))
    }

    // MARK: When it is not asked

    @Test(arguments: [
        ([("Tuesday and", 910)], false),  // more must come
        ([("Tuesday.", 500)], true),  // the last word may be missing, until 400 ms have passed
        ([("", 910)], false),
    ])
    func doubtfulWordsAreNotAskedInThePause(interims: [(String, Int)], atEnd: Bool) {
        var call = Self.call(interims, models: [EngineScripts.answer("All right.")])
        call.run(until: 3_380)
        #expect(call.requests.count == 1)
        call.run(until: 9_000)
        #expect(call.turns.map(\.speculated) == [atEnd ? true : nil])
    }

    // MARK: The off-switch

    /// Questions before the end of a turn by the turns they were asked in.
    private static func askedTurns(_ recognitions: [EngineScripts.Recognition]) -> [Int] {
        var call = Self.call(models: [EngineScripts.answer("Yes.")])
        call.scripts.recognitions = recognitions
        call.voice = (0..<recognitions.count).map { 2_000 + $0 * 4_000..<3_000 + $0 * 4_000 }
        call.run(until: recognitions.count * 4_000 + 3_000)
        #expect(call.turns.count == recognitions.count)
        return call.requests.filter { $0.time % 4_000 == 3_160 }.map { $0.time / 4_000 + 1 }
    }

    @Test func wasteSwitchesItOff() {
        let interims = [(text: "Tuesday.", delayMilliseconds: 910)]
        let wrong = EngineScripts.Recognition(outcome: .final("Wednesday."), interims: interims)
        let right = EngineScripts.Recognition(outcome: .final("Tuesday."), interims: interims)
        #expect(
            Self.askedTurns(Array(repeating: wrong, count: 19))
                == [1, 2, 3, 4, 5, 6, 12, 18])
        #expect(
            Self.askedTurns(
                Array(repeating: wrong, count: 6) + Array(repeating: right, count: 10))
                == [1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 16])
        #expect(Self.askedTurns(Array(repeating: right, count: 9)) == Array(1...9))
    }
}
