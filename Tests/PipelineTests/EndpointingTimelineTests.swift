import Events
import Pipeline
import Testing

/// Turns whose end follows their words, and callers who are waited for once they were cut off.
@Suite struct EndpointingTimelineTests {
    /// A caller who speaks from 2 000 to 3 000 ms; interims count from the utterance's begin, which
    /// is known at 2 100.
    static func call(
        stable: Bool, interims: [(String, Int)], expecting: ExpectedEntity? = nil,
        language: Language = .english, usesProsody: Bool = false
    ) -> SimulatedCall {
        var scripts = EngineScripts()
        scripts.recognitions = [
            EngineScripts.Recognition(
                outcome: .final(interims.last?.0 ?? "hello"),
                interims: interims.map { (text: $0.0, delayMilliseconds: $0.1) })
        ]
        let hints = RecognitionHints(expecting: expecting)
        scripts.models = [
            [.event(.expects(hints), after: 0)] + EngineScripts.answer("Hello."),
            EngineScripts.answer("All right."),
        ]
        var call = SimulatedCall(scripts, language: language) {
            $0.interimsAreStable = stable
            $0.endpointing.minimum = .milliseconds(200)
            $0.endpointing.maximum = .milliseconds(1_200)
            $0.endpointing.usesProsody = usesProsody
        }
        call.voice = [2_000..<3_000]
        return call
    }

    struct Case: Sendable {
        let text: String
        let expecting: ExpectedEntity?
        let stable: Double
        let unstable: Double
        init(_ text: String, _ expecting: ExpectedEntity?, stable: Double, unstable: Double) {
            self.text = text
            self.expecting = expecting
            self.stable = stable
            self.unstable = unstable
        }
    }

    static let cases = [
        Case("I'd like to cancel my appointment", nil, stable: 200, unstable: 480),
        Case("tuesday", nil, stable: 480, unstable: 480),
        Case("tuesday and", nil, stable: 1_200, unstable: 1_200),
        Case("yes", .yesNo, stable: 200, unstable: 480),
        Case("yes", nil, stable: 480, unstable: 480),
        Case("five five five", .digits(count: 7), stable: 1_200, unstable: 1_200),
        Case("five five five one two three four", .digits(count: 7), stable: 200, unstable: 480),
        Case("ana at gmail", .email, stable: 1_200, unstable: 1_200),
    ]

    @Test(arguments: cases, [true, false])
    func turnEndsByItsWords(_ what: Case, stable: Bool) {
        // The last word is known 100 ms after the voice.
        var call = Self.call(
            stable: stable, interims: [("I", 300), (what.text, 1_000)], expecting: what.expecting)
        call.run(until: 9_000)
        #expect(call.turns.map(\.user) == [what.text])
        #expect(call.turns.first?.endpointing == (stable ? what.stable : what.unstable))
    }

    /// A word that comes late ends the turn when it comes, be it between two frames; it is waited
    /// for until 600 ms, or opens the turn again before its time.
    @Test(arguments: [(250, 250.0), (420, 420), (590, 590), (700, 600)])
    func lateWords(delayMilliseconds: Int, endpointing: Double) {
        var call = Self.call(
            stable: true, interims: [("I'd like to book a table please", 900 + delayMilliseconds)])
        call.run(until: 9_000)
        #expect(call.turns.first?.endpointing == endpointing)
        call = Self.call(stable: false, interims: [("a table for", 900 + delayMilliseconds)])
        call.run(until: 9_000)
        #expect(call.turns.first?.endpointing == (delayMilliseconds < 480 ? 1_200 : 480))
    }

    /// A voice that fell needs no last word; one held above waits when it has come: 231 ms and
    /// 543 ms by the odds 280 · e^−2.5 and 280 · 0.11 · e^2.5 to 720.
    @Test(arguments: [(Float(-2), 231.0), (4, 543)])
    func turnEndsByItsMelody(height: Float, endpointing: Double) {
        var call = Self.call(
            stable: true, interims: [("I'd like to book a table please", 900 + 250)],
            usesProsody: true)
        call.schedule(.intonation(Intonation(semitonesAboveLow: height)), at: 3_080)
        call.run(until: 9_000)
        #expect(call.turns.count == 1)
        #expect(abs((call.turns.first?.endpointing ?? 0) - endpointing) < 20)
    }

    /// "Quiero una cita para… el martes": one turn, where silence alone would have made two.
    @Test func hesitationIsWaitedFor() {
        for text in ["quiero una cita para", nil] {
            var call = Self.call(
                stable: false, interims: text.map { [($0, 1_000)] } ?? [], language: .spanish)
            call.voice = [2_000..<3_000, 3_900..<4_400]
            call.run(until: 9_000)
            let starts = call.times(of: .speechStarted)
            #expect(starts.count == (text == nil ? 2 : 1))
        }
    }

    /// Cut off after a pause of 600 ms, the caller is waited for the next time.
    @Test func aCutOffHappensOnce() {
        var scripts = EngineScripts()
        scripts.recognitions = [
            EngineScripts.Recognition(
                outcome: .final("tuesday"), delayMilliseconds: 300,
                interims: [(text: "tuesday", delayMilliseconds: 400)])
        ]
        scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer("All right.")]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 3_200..<3_800, 8_000..<8_600, 9_200..<9_800]
        call.run(until: 14_000)
        #expect(call.times(in: .userSpeaking) == [2_100, 3_300, 8_100])
        #expect(call.turns.map(\.turn) == [1, 2])
        // No more than half as long again as the pause that is configured.
        #expect(call.turns.map(\.endpointing) == [720, 720])
    }

    /// A cough behind the end of a turn teaches nothing.
    @Test func aCoughTeachesNothing() {
        var scripts = EngineScripts()
        scripts.recognitions = [
            EngineScripts.Recognition(
                outcome: .final("tuesday"), delayMilliseconds: 400,
                interims: [(text: "tuesday", delayMilliseconds: 400)])
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 3_200..<3_340, 8_000..<8_600]
        call.run(until: 14_000)
        #expect(call.times(in: .userSpeaking) == [2_100, 3_300, 8_100])
        #expect(call.turns.last?.endpointing == 480)
    }
}
