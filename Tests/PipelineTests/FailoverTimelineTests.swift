import Events
import Pipeline
import Testing

/// What the caller hears of a change of provider, in whole simulated calls.
@Suite struct FailoverTimelineTests {
    /// The caller asks from 2.0 s to 2.6 s; the answer is the call's second.
    private static func call(answerAfter delayMilliseconds: Int = 900) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.models = [
            EngineScripts.answer("Hello."),
            EngineScripts.answer("We open at nine and close at five.", after: delayMilliseconds),
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        return call
    }

    private static func change(
        _ stage: EngineStage, to: String = "b", since milliseconds: Int
    ) -> ProviderSwitch {
        ProviderSwitch(
            stage: stage, from: "a", to: to, cause: .server(status: 500),
            since: MonotonicTime(sinceStart: .milliseconds(milliseconds)))
    }

    private static func failovers(
        _ call: SimulatedCall
    ) -> [(time: Int, event: ProviderFailover)] {
        call.events.compactMap { time, body in
            if case .providerFailover(let event) = body { (time, event) } else { nil }
        }
    }

    @Test func theGapLastsFromTheTroubleToTheFirstAudio() throws {
        var call = Self.call()
        call.schedule(
            .providerSwitched(Self.change(.model, since: 3_300), generation: 2), at: 3_900)
        call.run(until: 12_000)
        let (time, event) = try #require(Self.failovers(call).first)
        let speaking = try #require(call.phases.last { $0.phase == .agentSpeaking })
        #expect(time == speaking.time)
        #expect(
            event
                == ProviderFailover(
                    stage: "llm", from: "a", to: "b", cause: "server_500",
                    gapMilliseconds: Double(time - 3_300)))
        #expect(Self.failovers(call).count == 1)
    }

    /// The trouble began while the caller still spoke: only what they waited counts.
    @Test func theCallersOwnVoiceIsNoGap() throws {
        var call = Self.call()
        call.schedule(
            .providerSwitched(Self.change(.recognition, since: 2_100), generation: nil), at: 2_300)
        call.run(until: 12_000)
        let (time, event) = try #require(Self.failovers(call).first)
        #expect(event.stage == "stt")
        #expect(event.gapMilliseconds == Double(time - 2_600))
    }

    /// A voice changes while there is still audio to be heard.
    @Test func audioThatNeverRanOutMakesNoGap() throws {
        var call = Self.call(answerAfter: 150)
        call.run(until: 3_600)
        let speaking = try #require(call.phases.last)
        try #require(speaking.phase == .agentSpeaking)
        call.schedule(
            .providerSwitched(Self.change(.speech, since: 3_700), generation: 2), at: 3_800)
        call.run(until: 12_000)
        let failovers = Self.failovers(call)
        #expect(failovers.map(\.event.gapMilliseconds) == [0])
    }

    @Test func anAnswerNobodyWaitsForCostsNothing() {
        var call = Self.call()
        call.schedule(
            .providerSwitched(Self.change(.speech, since: 2_000), generation: 1), at: 3_500)
        call.run(until: 12_000)
        #expect(Self.failovers(call).map(\.time) == [3_500])
        #expect(Self.failovers(call).map(\.event.gapMilliseconds) == [0])
    }

    @Test func withNobodyLeftTheGapEndsWithTheApology() throws {
        var scripts = EngineScripts()
        scripts.models = [EngineScripts.answer("Hello."), [.fail(after: 700)]]
        var call = SimulatedCall(scripts, apology: true)
        call.voice = [2_000..<2_600]
        let human = Self.change(.model, to: ProviderSwitch.human, since: 3_400)
        call.schedule(.providerSwitched(human, generation: 2), at: 3_450)
        call.run(until: 15_000)
        let (time, event) = try #require(Self.failovers(call).first)
        #expect(event.to == "human")
        #expect(event.gapMilliseconds == Double(time - 3_400))
        #expect(call.isTransferred)
    }
}
