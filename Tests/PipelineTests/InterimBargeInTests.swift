import Events
import Pipeline
import Testing

/// Interim words tell an interruption from a backchannel before either is over.
@Suite struct InterimBargeInTests {
    /// A sound at 5 000 ms over the long answer, its words known 200 ms after it began.
    private static func call(_ text: String, length: Int, stable: Bool) -> SimulatedCall {
        var call = BargeInTimelineTests.call(sound: 5_000..<5_000 + length, heardAs: text)
        call = SimulatedCall(call.scripts) { $0.interimsAreStable = stable }
        call.scripts.recognitions[1].interims = [(text: text, delayMilliseconds: 100)]
        call.voice = [2_000..<2_600, 5_000..<5_000 + length]
        return call
    }

    /// Real words are obeyed when known; an unstable text waits for its end, or for half a second.
    @Test(arguments: [
        (300, true, 5_200), (300, false, 5_880), (900, true, 5_200), (900, false, 5_500),
    ])
    func wordsConfirm(length: Int, stable: Bool, at time: Int) {
        var call = Self.call("stop", length: length, stable: stable)
        call.run(until: 20_000)
        #expect(call.clearTimes == [5_100])
        #expect(call.interruptions.map(\.time) == [time])
        #expect(call.turns.map(\.user) == ["when do you open", "stop"])
    }

    /// A backchannel of 900 ms of voice lets the answer go on, but not one that never ends.
    @Test(arguments: [
        (900, true, nil), (900, false, 5_500), (1_600, true, 6_200), (400, true, nil),
    ])
    func longBackchannel(length: Int, stable: Bool, cutAt time: Int?) {
        var call = Self.call("yeah, yeah, I see", length: length, stable: stable)
        call.run(until: 25_000)
        #expect(call.interruptions.map(\.time) == (time.map { [$0] } ?? []))
        #expect(call.isHeardWholly(generation: 2) == (time == nil))
    }

    /// A background voice of which no word is understood pauses the answer for two seconds of it.
    @Test(arguments: [(1_900, 6_900), (6_000, 7_000)])
    func wordlessVoiceEndsNothing(length: Int, resumedBy time: Int) {
        var call = Self.call("", length: length, stable: true)
        call.scripts.recognitions[1].interims = []
        call.run(until: 30_000)
        #expect(call.clearTimes == [5_100])
        #expect(call.interruptions.isEmpty)
        #expect(call.isHeardWholly(generation: 2))
        #expect(call.phases.contains { $0.phase == .agentSpeaking && $0.time >= time })
    }
}
