import AllocationCounter
import Events
import Pipeline
import Testing

/// What holds for a conversation whatever happens, and what a frame may cost.
@Suite struct ConversationPropertyTests {
    /// Events in any order, of any generation, in states where they make no sense.
    @Test(arguments: 0..<60)
    func randomEventsNeverTrap(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var settings = ConversationSettings(language: .spanish, octetsPerSecond: 8_000)
        settings.interimsAreStable = seed.isMultiple(of: 2)
        settings.speculation.isOn = seed.isMultiple(of: 4)
        settings.bargeIn.voiceToPause = .milliseconds(seed % 3 * 120)
        settings.bargeIn.voiceToReopen = .milliseconds(seed % 5 * 90)
        settings.idle.prompt = .milliseconds(seed % 4 * 700)
        settings.keypad.digitTimeout = .milliseconds(seed % 3 * 400)
        settings.keypad.zeroForHuman = seed.isMultiple(of: 5)
        settings.voicemail.isDetected = seed % 6 == 5
        settings.voicemail.message = "Llámenos, por favor."
        settings.fillers = [Filler(text: "Ya.", octets: [UInt8](repeating: 1, count: 3_333))]
        var conversation = Conversation(settings: settings)
        var now = 0
        var marks: [PlayoutMark] = []
        var asked: [Conversation.ChunkID] = []
        var wasEnded = false
        var loudFrames = 0
        for _ in 0..<4_000 {
            now += Int.random(in: 0...25, using: &random)
            let time = MonotonicTime(sinceStart: .milliseconds(now))
            var event = Self.event(marks: marks, chunks: asked, now: time, &random)
            if loudFrames == 0, Int.random(in: 0..<80, using: &random) == 0 { loudFrames = 40 }
            if loudFrames > 0 {
                loudFrames -= 1
                event = .frameHeard(speechProbability: 1)
            }
            let before = conversation.phase
            conversation.handle(event, at: time)
            #expect(before == conversation.phase || !before.successors.isEmpty)
            var count = 0
            while let action = conversation.nextAction() {
                count += 1
                if case .sendMark(let mark) = action { marks.append(mark) }
                switch action {
                case .speak(_, let chunk), .speakByFace(_, let chunk): asked.append(chunk)
                default: break  // of no consequence to what may come
                }
                if wasEnded { Issue.record("\(action) after the end") }
            }
            #expect(count <= 40, "one event asked for \(count) actions")
            conversation.performed(at: time)
            if wasEnded { #expect(conversation.isEnded) }
            wasEnded = conversation.isEnded
        }
    }

    private static func event(
        marks: [PlayoutMark], chunks: [Conversation.ChunkID], now: MonotonicTime,
        _ random: inout SeededGenerator
    ) -> Conversation.Event {
        let newest = chunks.last?.generation ?? 1
        let generation = max(0, newest + Int.random(in: -1...1, using: &random))
        let timing = EngineTiming(askedAt: now, readyAt: now)
        let chunk =
            chunks.last ?? Conversation.ChunkID(generation: generation, index: 0)
        let id = String(Int.random(in: 0..<3, using: &random))
        switch Int.random(in: 0..<2_000, using: &random) {
        case 0..<700: return .frameHeard(speechProbability: .random(in: 0...0.6, using: &random))
        case 700..<1_200: return .tick
        case 1_200..<1_300:
            let said: [ModelEvent] = [
                .text("Hola, ¿qué tal? "), .text(""), .text("Muy bien. Y usted"),
                .toolCall(ToolCall(id: id, name: "n", arguments: "{}")), .guarded,
                .expects(RecognitionHints(expecting: .digits(count: 3))), .expects(.none),
                .closing(.hangUp), .closing(.transfer(reason: "r")),
            ]
            let limit = Int.random(in: 0..<20, using: &random) == 0 ? 9 : 6
            return .modelSaid(
                said[Int.random(in: 0..<limit, using: &random)], generation: generation,
                timing: timing)
        case 1_300..<1_380: return .modelEnded(generation: generation, timing: timing)
        case 1_380..<1_382: return .modelFailed(.failed("x"), generation: generation)
        case 1_382..<1_430:
            return .toolAnswered(
                ToolResult(callID: id, succeeded: true, content: ""), generation: generation,
                took: .zero)
        case 1_430..<1_600:
            let octets = [UInt8](repeating: 1, count: Int.random(in: 0...999, using: &random) * 2)
            return .speechReady(SpeechBlock(octets: octets), chunk: chunk, timing: timing)
        case 1_600..<1_680: return .speechEnded(chunk: chunk)
        case 1_680..<1_682: return .speechFailed(.timedOut("x"), chunk: chunk)
        case 1_682..<1_800:
            guard let mark = marks.randomElement(using: &random) else { return .tick }
            return .markReturned(mark)
        case 1_800..<1_900:
            let outcomes: [RecognitionResult.Outcome] = [
                .final("hola"), .final(""), .final("sí"), .failed(.failed("x")), .interim("hola y"),
            ]
            return .recognised(
                RecognitionResult(
                    utterance: Int.random(in: 0...12, using: &random),
                    outcome: outcomes[Int.random(in: 0..<5, using: &random)], readyAt: now))
        case 1_900..<1_920: return .callStarted
        case 1_920..<1_930: return .silenceRequested
        case 1_932..<1_950:
            return .intonation(Intonation(semitonesAboveLow: .random(in: -6...11, using: &random)))
        case 1_950..<1_960:
            let change = ProviderSwitch(
                stage: .speech, from: "a", to: "b", cause: .refused, since: now)
            return .providerSwitched(
                change, generation: Bool.random(using: &random) ? generation : nil)
        case 1_960..<1_975:
            let news: [Conversation.FaceNews] = [
                .ready, .spoke(chunk, lasting: .milliseconds(900)),
                .spoke(chunk, lasting: .zero), .cut(chunk, after: .seconds(1)),
                .lost(.failed("x")),
            ]
            return .face(news[Int.random(in: 0..<5, using: &random)])
        case 1_930: return .hangUpRequested(.drained)
        case 1_960..<1_970:
            let orders: [Conversation.Order] = [
                .say("Hola."), .addContext("x"), .mute, .unmute, .sendTones([1, 2, 3, 4]),
                .change(AgentOverride(prompt: "p")), .say("Un momento. Ya vuelvo."),
            ]
            return .ordered(orders[Int.random(in: 0..<7, using: &random)])
        case 1_931: return .callEnded(.connectionLost)
        case 1_932..<1_934: return .beepHeard
        default:
            return .keyPressed(digit: "0456789*#A".randomElement(using: &random) ?? "5")
        }
    }

    /// Where a call is when its frames are counted: the time it takes to get there.
    @Test(arguments: [
        (Conversation.Phase.idle, 1_500), (.userSpeaking, 2_400), (.agentSpeaking, 4_000),
    ])
    func framesTakeNoMemory(phase: Conversation.Phase, at start: Int) {
        var call = BargeInTimelineTests.call(sound: 0..<0, heardAs: "")
        call.run(until: start)
        var conversation = call.conversation
        #expect(conversation.phase == phase)
        let probability: Float = phase == .userSpeaking ? 0.9 : 0.1
        var now = MonotonicTime(sinceStart: .milliseconds(start))
        // The copy's own storage, and what still has to be sent.
        Self.hear(probability, conversation: &conversation, at: now)
        let before = AllocationCounter_current_thread()
        for _ in 0..<1_000 {
            // While the agent speaks time stands still, so that no audio falls due.
            if phase != .agentSpeaking { now = now.advanced(by: .milliseconds(20)) }
            Self.hear(probability, conversation: &conversation, at: now)
        }
        #expect(AllocationCounter_current_thread() - before == 0)
        #expect(conversation.phase == phase)
    }

    private static func hear(
        _ probability: Float, conversation: inout Conversation, at now: MonotonicTime
    ) {
        conversation.handle(.frameHeard(speechProbability: probability), at: now)
        while conversation.nextAction() != nil {}
        conversation.performed(at: now)
        conversation.handle(.tick, at: now)
        while conversation.nextAction() != nil {}
        conversation.performed(at: now)
    }
}
