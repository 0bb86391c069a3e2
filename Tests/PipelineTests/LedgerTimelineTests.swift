import Events
import Pipeline
import Testing

/// A plain turn, millisecond by millisecond.
@Suite struct LedgerTimelineTests {
    /// Each engine's own delayMilliseconds, and how long results wait and sending takes.
    struct Delays: CustomTestStringConvertible, Sendable {
        let recognition, firstToken, restOfSentence, synthesis, queue, send: Int
        var testDescription: String {
            "\(recognition)+\(firstToken)+\(restOfSentence)+\(synthesis), \(queue), \(send)"
        }
    }

    @Test(arguments: [
        Delays(
            recognition: 137, firstToken: 213, restOfSentence: 40, synthesis: 86, queue: 0, send: 0),
        Delays(
            recognition: 137, firstToken: 213, restOfSentence: 40, synthesis: 86, queue: 7, send: 3),
        Delays(recognition: 1, firstToken: 1, restOfSentence: 0, synthesis: 1, queue: 11, send: 0),
        Delays(
            recognition: 300, firstToken: 400, restOfSentence: 90, synthesis: 250, queue: 1, send: 2
        ),
    ])
    func figuresAreTheScriptedDelays(_ delays: Delays) throws {
        var scripts = EngineScripts()
        scripts.recognitions = [.says("when do you open", after: delays.recognition)]
        scripts.models = [
            [.say("Hello."), .end(after: 0)],
            [
                .say("At ", after: delays.firstToken), .say("nine."),
                .end(after: delays.restOfSentence),
            ],
        ]
        scripts.syntheses = [EngineScripts.Synthesis(delayMilliseconds: delays.synthesis)]
        scripts.queueDelay = delays.queue
        scripts.sendDelayMilliseconds = delays.send
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        call.run(until: 8_000)

        try #require(call.turns.count == 1)
        let turn = call.turns[0]
        #expect(turn.user == "when do you open")
        #expect(turn.agent == "At nine.")
        #expect(turn.heard == "At nine.")
        #expect(!turn.interrupted && !turn.filler)
        #expect(turn.endpointing == 480)
        #expect(turn.sttLatency == Double(delays.recognition + delays.queue))
        #expect(turn.llmLatency == Double(delays.firstToken + delays.queue))
        #expect(turn.chunking == Double(delays.restOfSentence))
        #expect(turn.ttsLatency == Double(delays.synthesis + delays.queue))
        #expect(turn.send == Double(delays.send))
        // Three results waited; asking the recogniser and handing over the audio took `send` each.
        let bridge = 3 * delays.queue + delays.send + min(delays.send, delays.recognition)
        #expect(turn.bridge == Double(bridge))
        let total =
            480 + delays.recognition + delays.firstToken + delays.restOfSentence + delays.synthesis
            + 3 * delays.queue + delays.send
        #expect(turn.totalLatency == Double(total))
        // The carrier plays at once, so its first mark tells when the first octet was sent.
        #expect(turn.firstAudioHeard == Double(total - delays.send))
    }

    @Test func eventsAndHistoryOfOneTurn() {
        var scripts = EngineScripts()
        scripts.recognitions = [
            EngineScripts.Recognition(
                outcome: .final("when do you open"), interims: [("when", 200), ("when do", 400)])
        ]
        scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer("At nine.")]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        call.run(until: 8_000)
        #expect(
            call.eventTypes == [
                .agentSpeech, .speechStarted, .transcript, .transcript, .speechEnded, .transcript,
                .agentSpeech, .turnCompleted,
            ])
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("when do you open"),
                .agent("At nine.", interrupted: false),
            ])
        #expect(call.requests.map(\.request.history.count) == [0, 2])
        #expect(call.times(of: .speechStarted) == [2_100])
        #expect(call.times(of: .speechEnded) == [3_080])
        #expect(call.conversation.turnsTaken == 1)
        #expect(call.conversation.staleResultCount == 0)
        #expect(call.isHeardWholly(generation: 2))
    }

    /// What covered a wait is told apart: engines were still at work, so nothing is the bridge's.
    @Test func turnThatBeginsWithAFiller() throws {
        var scripts = EngineScripts()
        scripts.models = [
            EngineScripts.answer("Hello."), EngineScripts.answer("Yes.", after: 1_500),
        ]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600]
        call.run(until: 9_000)
        let turn = try #require(call.turns.first)
        #expect(turn.filler)
        #expect(turn.totalLatency == 1_600)
        #expect(turn.bridge == nil && turn.send == nil)
        #expect(turn.heard == "Yes.")
    }

    /// A carrier that falls silent in the middle of a word does not keep the turn open.
    @Test(arguments: [2_300..<4_000, 2_640..<4_000, 2_760..<9_000])
    func missingFramesEndTheTurn(_ lost: Range<Int>) throws {
        var call = SimulatedCall(EngineScripts())
        call.voice = [2_000..<2_600]
        call.lostFrames = lost
        call.run(until: 8_000)
        let voiceEnd = min(2_600, lost.lowerBound - lost.lowerBound % 20)
        let ended = try #require(call.times(of: .speechEnded).first)
        #expect((voiceEnd + 460...voiceEnd + 520).contains(ended))
        #expect(call.turns.count == 1)
    }
}
