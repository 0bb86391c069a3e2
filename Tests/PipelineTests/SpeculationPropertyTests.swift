import AllocationCounter
import Events
import Pipeline
import Testing

/// What holds of questions asked before the end of a turn, whatever happens.
@Suite struct SpeculationPropertyTests {
    /// Every question is answered or cancelled, and nothing of a cancelled one gets out.
    @Test(arguments: 0..<60)
    func heldAnswersStayUnheard(seed: Int) {
        let call = RandomCall.run(seed: seed, speculates: true)
        var phase = Conversation.Phase.idle
        var phases = call.phases[...]
        var isTranscribed = false
        var early: Set<Int> = []
        var cancelled: Set<Int> = []
        var spoken: Set<Int> = []
        for (time, action) in call.actions {
            while let next = phases.first, next.time < time {
                phase = next.phase
                isTranscribed = false
                phases.removeFirst()
            }
            switch action {
            case .askModel(_, let generation):
                #expect(!cancelled.contains(generation))
                if phase == .userSpeaking, !isTranscribed { early.insert(generation) }
            case .emit(.transcript(let transcript)) where transcript.isFinal:
                isTranscribed = true
            case .cancelAnswer(let generation):
                cancelled.insert(generation)
            case .runTool(_, let generation):
                #expect(!cancelled.contains(generation))
                spoken.insert(generation)
            case .speak(_, let chunk), .speakByFace(_, let chunk):
                #expect(!cancelled.contains(chunk.generation))
                spoken.insert(chunk.generation)
            case .beginUtterance, .finishUtterance, .cancelUtterance, .sendAudio, .sendMark,
                .sendClear, .emit, .transfer, .hangUp:
                break
            }
        }
        #expect(call.conversation.speculatedGeneration == nil)
        let texts = call.conversation.history.compactMap {
            if case .agent(let text, _) = $0 { text } else { nil }
        }
        for (index, request) in call.requests.enumerated()
        where cancelled.contains(request.generation) && !spoken.contains(request.generation) {
            #expect(!texts.contains { $0.contains("number \(index),") })
        }
        // Among them may be a greeting that waited for who answers.
        #expect(early.count >= call.conversation.speculationCount)
        #expect(early.isSubset(of: cancelled.union(spoken)))
        #expect(early.subtracting(spoken).count >= call.conversation.wastedSpeculationCount)
    }

    @Test func framesTakeNoMemory() {
        var call = SpeculationTimelineTests.call(models: [EngineScripts.answer("All right.")])
        call.run(until: 3_300)
        #expect(call.conversation.speculatedGeneration == 2)
        var conversation = call.conversation
        let now = MonotonicTime(sinceStart: .milliseconds(3_300))
        for isCounted in [false, true] {
            let before = AllocationCounter_current_thread()
            for _ in 0..<1_000 {
                conversation.handle(.frameHeard(speechProbability: 0.1), at: now)
                while conversation.nextAction() != nil {}
                conversation.performed(at: now)
            }
            if isCounted { #expect(AllocationCounter_current_thread() - before == 0) }
        }
        #expect(conversation.phase == .userSpeaking)
    }
}
