import Events
import Pipeline
import Testing

/// Promise 1: from the end of the caller's turn something audible, or the hand-over, comes within
/// `silenceLimit`, whatever fails.
@Suite struct SilencePromiseTests {
    private static let silenceLimit = 3_000
    private static let question = 2_000..<2_600

    enum Fault: CaseIterable, Sendable {
        case recogniserStalls, recogniserFails, recogniserUnderstandsNothing
        case modelStalls, modelFails, modelStallsAfterWords, modelSaysNothing
        case modelFailsAfterWords
        case synthesisStalls, synthesisFails, synthesisIsSilent
        case synthesisStallsAfterSound, synthesisFailsAfterSound
        case toolNeverAnswers

        func apply(to scripts: inout EngineScripts) {
            let greeting = EngineScripts.answer("Hello.")
            let tool = ToolCall(id: "t1", name: "find", arguments: "{}")
            switch self {
            case .recogniserStalls: scripts.recognitions = [.init(outcome: .none)]
            case .recogniserFails: scripts.recognitions = [.init(outcome: .failed)]
            case .recogniserUnderstandsNothing: scripts.recognitions = [.says("")]
            case .modelStalls: scripts.models = [greeting, []]
            case .modelFails: scripts.models = [greeting, [.fail(after: 50)]]
            case .modelStallsAfterWords:
                scripts.models = [greeting, [.say("Let me look at it. And", after: 90)]]
            case .modelSaysNothing: scripts.models = [greeting, [.end(after: 90)]]
            case .modelFailsAfterWords:
                scripts.models = [
                    greeting,
                    [.say("Let me look at it. And then I", after: 90), .fail(after: 900)],
                ]
            case .synthesisStalls: scripts.syntheses.append(.init(limit: 0, ending: .stall))
            case .synthesisFails: scripts.syntheses.append(.init(limit: 0, ending: .fail))
            case .synthesisIsSilent: scripts.syntheses.append(.init(limit: 0))
            // Not a whole frame: what is left over must not count as something that plays.
            case .synthesisStallsAfterSound:
                scripts.syntheses.append(.init(limit: 333 * 2, ending: .stall))
            case .synthesisFailsAfterSound:
                scripts.syntheses.append(.init(limit: 333 * 2, ending: .fail))
            case .toolNeverAnswers:
                scripts.models = [
                    greeting, [.event(.toolCall(tool), after: 100), .end(after: 0)],
                ]
                scripts.toolDelays = [nil]
            }
        }
    }

    @Test(arguments: Fault.allCases, [0, 2])
    func everyFaultAlone(_ fault: Fault, fillers: Int) throws {
        for apology in [true, false] {
            var scripts = EngineScripts()
            scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer("At nine.")]
            fault.apply(to: &scripts)
            var call = SimulatedCall(scripts, fillers: fillers, apology: apology)
            call.voice = [Self.question]
            call.run(until: 40_000)
            expectPromise(of: call)
            switch fault {
            case .recogniserFails, .recogniserUnderstandsNothing, .recogniserStalls:
                // Once is no reason to give up while there is something to say meanwhile.
                #expect(call.isTransferred == (fault == .recogniserStalls && fillers == 0))
            default:
                #expect(call.isTransferred)
                #expect(call.times(of: .transferRequested).count == 1)
            }
            guard call.isTransferred, apology else { continue }
            let end = call.carrier.heard.suffix(2_000)
            #expect(end.allSatisfy { $0 == SimulatedCall.apologyOctet }, "the apology comes whole")
        }
    }

    @Test(arguments: 0..<240)
    func faultsTogether(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var call = Self.randomCall(&random)
        call.run(until: 60_000)
        expectPromise(of: call)
        #expect([.idle, .ended].contains(call.conversation.phase))
    }

    /// A second silence limit moves everything with it.
    @Test(arguments: [800, 1_500, 2_000, 5_000])
    func otherLimits(limit: Int) throws {
        for fillers in [0, 1] {
            var scripts = EngineScripts()
            scripts.models = [EngineScripts.answer("Hello."), []]
            var call = SimulatedCall(scripts, fillers: fillers) {
                $0.silenceLimit = .milliseconds(limit)
            }
            call.voice = [Self.question]
            call.run(until: 30_000)
            let sound = try #require(call.soundTime(from: Self.question.upperBound))
            #expect(sound - Self.question.upperBound <= limit)
            #expect(call.isTransferred)
        }
    }

    /// The recogniser fails twice in a row: a human understands better.
    @Test func twoFailedTranscripts() {
        var scripts = EngineScripts()
        scripts.recognitions = [.init(outcome: .failed)]
        scripts.models = [EngineScripts.answer("Hello."), EngineScripts.answer("Again, please?")]
        var call = SimulatedCall(scripts)
        call.voice = [2_000..<2_600, 6_000..<6_600]
        call.run(until: 12_000)
        #expect(call.isTransferred)
        #expect(call.errorStages == ["stt", "stt"])
    }

    /// The history of an answer that broke off holds what came out, and no more.
    @Test(arguments: [
        Fault.synthesisStallsAfterSound, .synthesisFailsAfterSound, .modelFailsAfterWords,
    ])
    func brokenAnswersAreStoredAsHeard(_ fault: Fault) throws {
        var scripts = EngineScripts()
        scripts.models = [
            EngineScripts.answer("Hello."), EngineScripts.answer("We open at nine today."),
        ]
        fault.apply(to: &scripts)
        var call = SimulatedCall(scripts)
        call.voice = [Self.question]
        call.run(until: 30_000)
        let turn = try #require(call.turns.first)
        let whole = fault == .modelFailsAfterWords ? "Let me look at it." : "We open at nine today."
        #expect(whole.hasPrefix(turn.heard))
        #expect((turn.heard == whole) == (fault == .modelFailsAfterWords))
        for case .agent(let text, interrupted: _) in call.conversation.history.dropFirst(2) {
            #expect(text == turn.heard)
        }
    }

    // MARK: What the promise says

    private func expectPromise(
        of call: SimulatedCall, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let voice = call.voice.sorted { $0.lowerBound < $1.lowerBound }
        for (index, sound) in voice.enumerated() where sound.count > 200 {
            let heardEnd = (sound.upperBound + 19) / 20 * 20
            let deadline = heardEnd + Self.silenceLimit
            let next = index + 1 < voice.count ? voice[index + 1].lowerBound : Int.max
            guard next >= deadline, !call.hasEnded(before: sound.upperBound) else { continue }
            let reaction = min(
                call.soundTime(from: heardEnd) ?? .max, call.transferTime ?? .max)
            #expect(reaction <= deadline, "silence after \(sound)", sourceLocation: sourceLocation)
        }
        #expect(longestWait(in: call) <= Self.silenceLimit, sourceLocation: sourceLocation)
        // A filler lasts 1 s and is never spoken over by another.
        var last = Int.min / 2
        for case (let time, .agentSpeech(let speech)) in call.events where speech.filler {
            let pause = time - last
            #expect(pause >= 1_000 || speech.text == "Sorry.", sourceLocation: sourceLocation)
            last = time
        }
    }

    /// The longest silence while the agent had the floor.
    private func longestWait(in call: SimulatedCall) -> Int {
        var longest = 0
        var quietSince = 0
        for time in stride(from: 0, to: call.now, by: 20) {
            let phase = call.phases.last { $0.time <= time }?.phase
            let isHeard =
                call.voice.contains { $0.contains(time - 20) }
                || call.carrier.sounds.contains { $0.start < time && time - 20 < $0.end }
            if isHeard || phase == .idle || phase == .userSpeaking || phase == .ended {
                quietSince = time
            }
            longest = max(longest, time - quietSince)
        }
        return longest
    }

    private static func randomCall(_ random: inout SeededGenerator) -> SimulatedCall {
        var scripts = EngineScripts()
        let words = "We open at nine in the morning, and we close at seven. On Sunday it is closed."
        scripts.recognitions = (0..<3).map { _ in
            .says(
                Bool.random(using: &random) ? "when" : "mm-hm",
                after: .random(in: 1...1_800, using: &random))
        }
        scripts.models = (0..<4).map { _ in
            EngineScripts.answer(words, after: .random(in: 1...2_500, using: &random))
        }
        scripts.syntheses = (0..<6).map { _ in
            .init(
                delayMilliseconds: .random(in: 1...2_000, using: &random),
                blockOctets: .random(in: 1...400, using: &random) * 2)
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            Fault.allCases.randomElement(using: &random)?.apply(to: &scripts)
        }
        scripts.queueDelay = .random(in: 0...30, using: &random)
        var call = SimulatedCall(
            scripts, fillers: .random(in: 0...3, using: &random),
            apology: .random(using: &random))
        call.markDelay = [0, 80, nil].randomElement(using: &random) ?? 0
        var time = 1_500
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let length = Int.random(in: 60...1_500, using: &random)
            call.voice.append(time..<time + length)
            time += length + Int.random(in: 200...9_000, using: &random)
        }
        return call
    }
}

extension SimulatedCall {
    fileprivate func hasEnded(before time: Int) -> Bool {
        phases.contains { $0.phase == .ended && $0.time <= time }
    }
}
