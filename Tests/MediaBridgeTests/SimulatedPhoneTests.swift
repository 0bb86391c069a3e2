import Codecs
import Pipeline
import Testing

@testable import MediaBridge

/// What a simulated caller's keys do, on its own sample clock.
@Suite struct SimulatedPhoneTests {
    /// The agent speaks from `agent.lowerBound` to `agent.upperBound` (milliseconds); the keys that
    /// went out, each with its time.
    private static func keys(
        _ steps: [SimulatedPhone.Step], agent: Range<Int>, for milliseconds: Int = 4_000
    ) -> [String] {
        var phone = SimulatedPhone(steps: steps, startedAt: MonotonicTime(sinceStart: .zero))
        var pressed: [String] = []
        for time in stride(from: 0, to: milliseconds, by: 20) {
            if agent.contains(time) {
                // 500 Hz near full scale.
                phone.received(audio: (0..<160).map { $0 / 8 % 2 == 0 ? 0x80 : 0x00 })
            }
            phone.step()
            while let output = phone.nextOutput() {
                if case .digit(let digit) = output { pressed.append("\(digit)@\(time)") }
            }
        }
        return pressed
    }

    /// 700 ms after the agent's last sound, then 200 ms from key to key.
    @Test func keysFollowTheAgent() {
        let steps = [SimulatedPhone.Step(action: .press(Array("481#"), interruptAfter: nil))]
        #expect(
            Self.keys(steps, agent: 200..<1_000)
                == ["4@1700", "8@1900", "1@2100", "#@2300"])
    }

    @Test func keysInterruptTheAgent() {
        let steps = [SimulatedPhone.Step(action: .press(Array("0#"), interruptAfter: 400))]
        #expect(Self.keys(steps, agent: 200..<3_000) == ["0@600", "#@800"])
    }

    @Test func whoIsCalledSpeaksFirst() {
        let steps = [
            SimulatedPhone.Step(action: .press(["5"], interruptAfter: nil), isAtOnce: true)
        ]
        #expect(Self.keys(steps, agent: 3_000..<3_100) == ["5@0"])
    }

    /// The step after the keys waits for the agent's answer to them.
    @Test func nextStepWaitsForTheAnswer() {
        let steps = [
            SimulatedPhone.Step(action: .press(["5", "#"], interruptAfter: nil), isAtOnce: true),
            SimulatedPhone.Step(action: .press(["6"], interruptAfter: nil)),
        ]
        #expect(
            Self.keys(steps, agent: 1_500..<2_000) == ["5@0", "#@200", "6@2700"])
    }
}
