import AllocationCounter
import Codecs
import Foundation
import Pipeline
import Testing

/// The agent's own voice, come back over simulated lines.
///
/// Through a hybrid's short impulse response, quieter, later, and through µ-law both ways. The
/// callers and prompts are the fixtures'.
@Suite struct EchoEstimatorTests {
    struct Line: CustomTestStringConvertible, Sendable {
        let lossDecibels: Float
        let delayMilliseconds: Int
        var testDescription: String { "\(lossDecibels) dB after \(delayMilliseconds) ms" }
    }

    /// ITU-T G.131 calls echo beyond 25 ms disturbing; mobile and IP paths take up to 300 ms.
    static let lines = [
        Line(lossDecibels: 10, delayMilliseconds: 20),
        Line(lossDecibels: 12, delayMilliseconds: 90),
        Line(lossDecibels: 15, delayMilliseconds: 150),
        Line(lossDecibels: 20, delayMilliseconds: 200),
        Line(lossDecibels: 30, delayMilliseconds: 300),
    ]
    private static let agentStart = 1_000

    @Test(arguments: lines) func echoAloneIsNobody(line: Line) throws {
        let agent = try EchoLine.agent(seed: UInt64(line.delayMilliseconds))
        let inbound = EchoLine.echo(of: agent, line, startingAt: Self.agentStart)
        let heard = EchoLine.hear(inbound, while: agent, startsAt: Self.agentStart)
        #expect(heard.onsets == [])
        let delay = try #require(heard.delayMilliseconds)
        #expect(abs(delay - line.delayMilliseconds) <= 20)
        let loss = try #require(heard.returnLossDecibels)
        #expect(abs(loss - line.lossDecibels) <= 4)
        // The proof that there was something to be protected from.
        guard line.lossDecibels <= 20 else { return }
        let bare = EchoLine.hear(inbound, while: [], startsAt: Self.agentStart)
        #expect(bare.onsets.count >= 2)
    }

    /// Callers as loud as the agent, over an echo or a clean line, once a second has passed.
    @Test(arguments: [lines[0], lines[3], Line(lossDecibels: 99, delayMilliseconds: 100)])
    func callersAreStillHeard(line: Line) throws {
        var (kept, late) = (0, 0)
        let callers = try EchoLine.callers().enumerated().filter { $0.offset % 2 == 0 }
            .map(\.element)
        for (index, caller) in callers.enumerated() {
            let agent = try EchoLine.agent(seed: UInt64(index))
            let onset = Self.agentStart + 1_700 + index * 230
            var clean = EchoLine.silence(milliseconds: agent.count / 8 + 2_000)
            EchoLine.add(caller, to: &clean, at: onset)
            var inbound = EchoLine.echo(of: agent, line, startingAt: Self.agentStart)
            EchoLine.add(caller, to: &inbound, at: onset)
            let expected = EchoLine.hear(clean, while: [], startsAt: 0).onsets
            let first = try #require(expected.first { $0 > onset })
            let heard = EchoLine.hear(inbound, while: agent, startsAt: Self.agentStart).onsets
            guard let decision = heard.first(where: { $0 > onset && $0 < first + 1_000 })
            else { continue }
            kept += 1
            if decision - first > 40 { late += 1 }
        }
        #expect(Double(kept) >= 0.95 * Double(callers.count))
        // At 10 dB the bar stands just below the caller.
        #expect(late <= (line.lossDecibels < 15 ? 2 : 0))
    }

    /// What the agent never said, or what was cleared before it was played, raises no bar.
    @Test func withoutTheAgentNothingChanges() throws {
        let caller = try #require(try EchoLine.callers().first)
        var estimator = EchoEstimator()
        let agent = try EchoLine.agent(seed: 1)
        estimator.send(agent.span.extracting(0..<3_200))
        estimator.clear()
        for frame in 0..<caller.count / 160 {
            estimator.hear(caller.span.extracting(frame * 160..<frame * 160 + 160))
            for probability: Float in [0, 0.123_456_7, 0.5, 1, .leastNonzeroMagnitude] {
                #expect(estimator.adjusted(probability).bitPattern == probability.bitPattern)
            }
        }
        #expect(estimator.delayMilliseconds == nil)
    }

    /// 640 ms after the last sound its echo is over too.
    @Test func theBarComesDownAgain() throws {
        let agent = try EchoLine.agent(seed: 2)
        var estimator = EchoEstimator()
        estimator.send(agent.span.extracting(0..<1_600))
        let silence = [Int16](repeating: 0, count: 160)
        for _ in 0..<50 { estimator.hear(silence.span) }
        #expect(estimator.adjusted(0.7) == 0.7)
    }

    @Test func hearingAllocatesNothing() throws {
        let agent = try EchoLine.agent(seed: 3)
        var estimator = EchoEstimator()
        estimator.send(agent.span.extracting(0..<160))
        estimator.hear(agent.span.extracting(0..<160))
        let before = AllocationCounter_current_thread()
        for frame in 0..<200 {
            let span = agent.span.extracting(frame * 160..<frame * 160 + 160)
            estimator.send(span)
            estimator.hear(span)
        }
        estimator.clear()
        let count = AllocationCounter_current_thread() - before
        #expect(count == 0)
    }

    @Test(arguments: 0..<8) func anyInputGivesProbabilities(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var estimator = EchoEstimator()
        for _ in 0..<100 {
            let amplitude = Int16.random(in: 0...Int16.max, using: &random)
            let length = Int.random(in: 0...320, using: &random)
            let pcm = (0..<length).map { _ in
                Int16.random(in: -amplitude...amplitude, using: &random)
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: estimator.clear()
            case 1...4: estimator.send(pcm.span)
            default: estimator.hear(pcm.span)
            }
            let adjusted = estimator.adjusted(0.8)
            #expect(adjusted >= 0 && adjusted <= 0.8)
        }
    }
}
