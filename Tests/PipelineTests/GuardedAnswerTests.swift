import Events
import Pipeline
import Testing

/// Answers that speech does not interrupt, and thresholds of their own for speaking and thinking.
@Suite struct GuardedAnswerTests {
    /// As `BargeInTimelineTests.call`, the long answer being guarded: heard from 3 410 ms on.
    static func call(
        sounds: [Range<Int>], heardAs texts: [String], recognition: Int = 100,
        change: (inout ConversationSettings) -> Void = { _ in }
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions =
            [.says("when do you open")] + texts.map { .says($0, after: recognition) }
        scripts.models = [
            EngineScripts.answer("Hello."),
            [.event(.guarded, after: 0)] + EngineScripts.answer(BargeInTimelineTests.long),
            EngineScripts.answer("Sure."),
        ]
        var call = SimulatedCall(scripts, settings: change)
        call.voice = [2_000..<2_600] + sounds
        return call
    }

    private static func answerEnd() -> Int {
        var call = call(sounds: [], heardAs: ["x"])
        call.run(until: 20_000)
        return call.carrier.sounds.last?.end ?? 0
    }

    /// The answer is heard to its end without a gap; then the words are answered.
    @Test(arguments: [300, 800, 2_000], [100, 1_900])
    func speechIsAnsweredAfterwards(length: Int, recognition: Int) throws {
        var call = Self.call(
            sounds: [5_000..<5_000 + length], heardAs: ["and on holidays"],
            recognition: recognition)
        call.run(until: 25_000)
        #expect(call.clearTimes.isEmpty && call.interruptions.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.user) == ["when do you open", "and on holidays"])
        #expect(call.turns.map(\.interrupted) == [false, false])
        let end = Self.answerEnd()
        #expect(call.isOnlyHeard(generation: 3, from: end))
        let asked = try #require(call.requests.last)
        #expect((end...end + 40).contains(asked.time))
        #expect(
            asked.request.history.suffix(2) == [
                .agent(BargeInTimelineTests.long, interrupted: false), .user("and on holidays"),
            ])
        #expect(call.times(of: .speechStarted).count == call.times(of: .speechEnded).count)
        #expect(try #require(call.turns.last?.totalLatency) < 600)
    }

    /// Still speaking when the answer ends, the caller has the floor.
    @Test func speechOverTheEnd() {
        let end = Self.answerEnd()
        let onset = (end - 500) / 20 * 20
        var call = Self.call(sounds: [onset..<onset + 1_500], heardAs: ["and on holidays"])
        call.run(until: 25_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.user) == ["when do you open", "and on holidays"])
        #expect(call.turns.last?.endpointing == 480)
    }

    /// Its words come only after the end of the answer.
    @Test func wordsAfterTheEnd() {
        let end = Self.answerEnd()
        let onset = (end - 900) / 20 * 20
        for text in ["and on holidays", ""] {
            var call = Self.call(
                sounds: [onset..<onset + 300], heardAs: [text], recognition: 1_000)
            call.run(until: 25_000)
            #expect(call.isHeardWholly(generation: 2))
            #expect(call.turns.map(\.user) == ["when do you open", text])
        }
    }

    @Test(arguments: [(140, "a word nobody said"), (400, "uh-huh"), (400, "")])
    func meaninglessSoundsAreForgotten(length: Int, text: String) {
        var call = Self.call(sounds: [5_000..<5_000 + length], heardAs: [text])
        call.run(until: 25_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.user) == ["when do you open"])
        #expect(call.conversation.turnsTaken == 1)
        #expect(call.conversation.phase == .idle)
    }

    @Test func severalUtterancesAreOneTurn() {
        var call = Self.call(
            sounds: [5_000..<5_400, 7_000..<7_500], heardAs: ["uh-huh", "on holidays"])
        call.run(until: 25_000)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.turns.map(\.user) == ["when do you open", "uh-huh on holidays"])
    }

    /// The words of a lost transcript are not waited for without end.
    @Test func aLostTranscript() {
        var call = Self.call(sounds: [5_000..<5_600], heardAs: [""])
        call.scripts.recognitions[1].outcome = .none
        call.run(until: 30_000)
        #expect(call.errorStages == ["stt"])
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.conversation.phase == .idle)
    }

    /// A client's own button is no speech.
    @Test func silenceRequestedIsObeyed() {
        var call = Self.call(sounds: [5_000..<5_600], heardAs: ["stop"])
        call.schedule(.silenceRequested, at: 5_300)
        call.run(until: 9_000)
        #expect(call.clearTimes == [5_300])
    }

    @Test(arguments: [4_500, 5_050, 5_300, 6_500])
    func theCallMayEndMeanwhile(at end: Int) {
        var call = Self.call(sounds: [5_000..<5_600], heardAs: ["on holidays"])
        call.schedule(.callEnded(.callerHungUp), at: end)
        call.run(until: 20_000)
        #expect(call.conversation.isEnded)
        #expect(call.turns.map(\.user) == ["when do you open"])
    }

    // MARK: Thresholds

    /// While the agent speaks, a sound pauses it only after so much voice.
    @Test(arguments: [(0, 5_100), (200, 5_200), (300, 5_300)])
    func voiceToPause(_ voice: Int, pausedAt: Int) {
        var call = Self.call(sounds: [5_000..<5_900], heardAs: ["stop"]) {
            $0.bargeIn.voiceToPause = .milliseconds(voice)
        }
        call.scripts.models[1].removeFirst()
        call.run(until: 20_000)
        #expect(call.clearTimes == [pausedAt])
        #expect(call.interruptions.map(\.time) == [5_500])
        #expect(call.interruptions.first?.what.onsetToClearMilliseconds == Double(pausedAt - 5_000))
    }

    @Test func aShortSoundDoesNotPause() {
        var call = Self.call(sounds: [5_000..<5_200], heardAs: ["stop"]) {
            $0.bargeIn.voiceToPause = .milliseconds(300)
        }
        call.scripts.models[1].removeFirst()
        call.run(until: 20_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.times(of: .speechStarted).count == 1)
        #expect(call.isHeardWholly(generation: 2))
    }

    /// While the agent thinks (3 080 to 3 410 ms), a sound reopens the turn only after so much voice.
    @Test(arguments: [
        (0, 120, true), (200, 120, false), (200, 260, true), (300, 260, false),
    ])
    func voiceToReopen(_ voice: Int, length: Int, reopens: Bool) {
        var call = Self.call(sounds: [3_100..<3_100 + length], heardAs: ["today"]) {
            $0.bargeIn.voiceToReopen = .milliseconds(voice)
            $0.bargeIn.voiceToPause = .milliseconds(500)
        }
        call.run(until: 20_000)
        #expect(call.times(in: .userSpeaking).count == (reopens ? 2 : 1))
        #expect(
            call.turns.first?.user == (reopens ? "when do you open today" : "when do you open"))
    }

    /// A sound that begins while the agent thinks and goes on while it speaks pauses the answer.
    @Test func aSoundFromThinkingIntoSpeaking() {
        var call = Self.call(sounds: [3_280..<4_200], heardAs: ["wait"]) {
            $0.bargeIn.voiceToReopen = .milliseconds(300)
        }
        call.scripts.models[1].removeFirst()
        call.run(until: 20_000)
        let speaking = call.times(in: .agentSpeaking)[1]
        #expect(call.clearTimes == [(speaking / 20 + 1) * 20], "at the next frame")
        #expect(call.interruptions.count == 1)
        #expect(call.turns.map(\.user) == ["when do you open", "wait"])
    }
}
