import Events
import Pipeline
import Testing

/// Agents that say anything in any order, in virtual time.
@Suite struct AgentBridgePropertyTests {
    private static func event(_ random: inout SeededGenerator) -> SpeechAgentEvent {
        let number = Int.random(in: 0...6, using: &random)
        let octets = [UInt8](repeating: 7, count: Int.random(in: 0...4_000, using: &random))
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return .ready
        case 1: return .interrupted(through: number)
        case 2, 3: return .turnEnded(utterance: number)
        case 4: return .heard("some words", utterance: number, isFinal: Bool.random(using: &random))
        case 5, 6: return .text("And then. ", response: number, isWhole: false)
        case 7, 8, 9:
            return .audio(
                SpeechBlock(octets: octets), response: number,
                readyAt: MonotonicTime(sinceStart: .zero))
        case 10, 11: return .responseEnded(number)
        case 12: return .corrected(from: "And then.", to: "And")
        case 13: return .toolCall(ToolCall(id: "t\(number)", name: "find", arguments: "{}"))
        case 14: return number == 6 ? .closing(.hangUp) : .sign
        default: return number == 6 ? .failed(.closedEarly) : .complained("odd")
        }
    }

    @Test(arguments: 0..<60) func nothingTrapsAndNobodyIsForgotten(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var call = BridgedCall(tellsResponseEnds: seed.isMultiple(of: 2))
        call.toolDelayMilliseconds = seed.isMultiple(of: 3) ? nil : 300
        call.canHandOver = !seed.isMultiple(of: 5)
        call.said = (0..<120).map { (100 + $0 * 150, Self.event(&random)) }
        call.said.insert((100, .ready), at: 0)
        call.voice = (0..<8).map { index in
            let start = index * 2_500 + Int.random(in: 0...1_500, using: &random)
            return start..<start + Int.random(in: 40...900, using: &random)
        }
        call.run(until: 30_000)
        let turns = call.turns.map(\.turn)
        #expect(turns == turns.sorted() && Set(turns).count == turns.count, "\(turns)")
        #expect(call.turns.allSatisfy { $0.turn <= call.bridge.turnsTaken })
        // Whoever waits at the end is waiting for something that is still on its way.
        let isOver =
            call.continuation != nil || call.transferredAt != nil || call.hungUpAt != nil
        #expect(isOver || call.bridge.phase != .processing)
    }
}
