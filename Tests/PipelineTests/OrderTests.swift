import Events
import Pipeline
import Testing

/// What an operator does to a call: words, tones, context, silence, another prompt, a hand-over.
@Suite struct OrderTests {
    /// "Hello." until 440 ms, the question from 2 000 to 2 600 ms, the long answer from 3 410 ms on.
    private static func call() -> SimulatedCall {
        var call = BargeInTimelineTests.call(sound: 0..<0, heardAs: "and then")
        call.record(keepsAudio: false)
        return call
    }

    private static func agentTexts(_ call: SimulatedCall) -> [String] {
        call.conversation.history.compactMap {
            if case .agent(let text, _) = $0 { text } else { nil }
        }
    }

    @Test func wordsAreSaidAtOnceWhenNobodySpeaks() {
        var call = Self.call()
        call.schedule(.ordered(.say("A colleague listens.")), at: 1_000)
        call.run(until: 1_001)
        #expect(call.conversation.orderOutcome == .done)
        #expect(call.conversation.phase == .processing)
        call.run(until: 1_900)
        // The synthesiser takes 80 ms.
        #expect(call.soundTime(from: 900) == 1_080)
        #expect(
            call.conversation.history.last == .agent("A colleague listens.", interrupted: false))
    }

    /// The sentence that is heard goes on to its end; what would have followed is not said.
    @Test(arguments: [3_500, 4_000, 5_000, 7_300, 9_140])
    func wordsFollowTheSentence(at time: Int) throws {
        var call = Self.call()
        call.schedule(.ordered(.say("Wait a moment.")), at: time)
        call.run(until: time + 1)
        #expect(call.conversation.orderOutcome == .queued)
        call.run(until: 30_000)
        #expect(call.clearTimes.isEmpty)
        #expect(call.interruptions.isEmpty)
        let texts = Self.agentTexts(call)
        #expect(texts.last == "Wait a moment.")
        // What the caller heard of the answer is what the history has.
        let heard = call.heardWords(ofGeneration: 2)
        #expect(texts == ["Hello.", heard, "Wait a moment."])
        #expect(BargeInTimelineTests.long.hasPrefix(heard))
        #expect(call.turns.first?.heard == heard)
        #expect(call.isHeardWholly(generation: 3))
        if time < 7_000 { #expect(heard.count < BargeInTimelineTests.long.count) }
    }

    @Test func wordsOrderedWhileTheCallerSpeaksAnswerThem() {
        var call = Self.call()
        call.schedule(.ordered(.say("One moment.")), at: 2_300)
        call.run(until: 9_000)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("when do you open"),
                .agent("One moment.", interrupted: false),
            ])
        #expect(call.requests.count == 1)  // the greeting's
    }

    @Test func wordsTakeThePlaceOfAnAnswerThatIsBeingMade() {
        var call = Self.call()
        call.schedule(.ordered(.say("One moment.")), at: 3_300)
        call.run(until: 9_000)
        #expect(Self.agentTexts(call) == ["Hello.", "One moment."])
        #expect(call.isHeardWholly(generation: 3))
    }

    /// A hand-over the model wanted still comes, after the operator's words.
    @Test func theClosingIsKept() throws {
        var call = Self.call()
        call.scripts.models[1].insert(.event(.closing(.transfer(reason: "sales")), after: 0), at: 0)
        call.schedule(.ordered(.say("One moment.")), at: 5_000)
        call.run(until: 30_000)
        #expect(Self.agentTexts(call).last == "One moment.")
        let last = try #require(call.synthesised[3])
        #expect(call.octetsHeard(from: 5_000).suffix(last.count) == last[...])
        #expect(call.isTransferred)
    }

    @Test func tooMuchIsRefused() {
        var call = Self.call()
        for index in 0..<10 { call.schedule(.ordered(.say("Word \(index).")), at: 2_300) }
        call.run(until: 2_301)
        #expect(call.conversation.orderOutcome == .refusedFull)
        call.run(until: 40_000)
        #expect(Self.agentTexts(call).filter { $0.hasPrefix("Word") }.count == 8)
    }

    // MARK: Mute

    /// The agent stops at once, the caller is heard, and nobody answers.
    @Test func aMutedAgentListens() {
        var call = Self.call()
        call.voice.append(8_000..<8_600)
        call.schedule(.ordered(.mute), at: 5_000)
        call.schedule(.ordered(.say("Hello?")), at: 5_500)
        call.run(until: 5_501)
        #expect(call.conversation.orderOutcome == .refusedMuted)
        call.run(until: 60_000)
        #expect(call.clearTimes == [5_000])
        #expect(call.soundTime(from: 5_000) == nil)
        #expect(call.interruptions.isEmpty)
        let heard = call.heardWords(ofGeneration: 2)
        #expect(
            call.conversation.history == [
                .agent("Hello.", interrupted: false), .user("when do you open"),
                .agent(heard, interrupted: true), .user("and then"),
            ])
        #expect(call.turns.map(\.user) == ["when do you open", "and then"])
        #expect(!call.isTransferred)
    }

    @Test func afterUnmutingTheAgentAnswers() {
        var call = Self.call()
        call.voice.append(8_000..<8_600)
        call.schedule(.ordered(.mute), at: 5_000)
        call.schedule(.ordered(.unmute), at: 7_000)
        call.run(until: 30_000)
        #expect(call.conversation.history.last == .agent("Sure.", interrupted: false))
        #expect(call.requests.last?.request.history.last == .user("and then"))
    }

    /// Whatever the call does at the moment, muting leaves it able to go on.
    @Test(arguments: Array(stride(from: 20, through: 12_000, by: 140)))
    func mutingAtAnyTime(at time: Int) {
        var call = BargeInTimelineTests.call(sound: 5_000..<5_300, heardAs: "stop")
        call.voice.append(20_000..<20_600)
        call.schedule(.ordered(.mute), at: time)
        call.schedule(.ordered(.unmute), at: max(time + 40, 3_200))
        call.run(until: 40_000)
        #expect(!call.conversation.isEnded)
        #expect(call.conversation.phase == .idle)
        #expect(call.soundTime(from: 20_700) != nil)
    }

    // MARK: What the model is told

    @Test func contextIsForTheModelAlone() {
        var call = Self.call()
        call.schedule(.ordered(.addContext("The caller is a VIP.")), at: 1_500)
        call.run(until: 20_000)
        #expect(
            call.requests.last?.request.history == [
                .agent("Hello.", interrupted: false), .context("The caller is a VIP."),
                .user("when do you open"),
            ])
    }

    /// The caller goes on: their words are joined, whatever was added behind them.
    @Test func contextDoesNotDoubleTheCallersWords() {
        var call = Self.call()
        call.voice.append(3_260..<3_800)
        call.schedule(.ordered(.addContext("VIP")), at: 3_250)
        call.run(until: 20_000)
        let users = call.conversation.history.filter { if case .user = $0 { true } else { false } }
        #expect(users == [.user("when do you open and then")])
        #expect(call.conversation.history.contains(.context("VIP")))
    }

    @Test func anotherPromptHoldsFromTheNextQuestionOn() {
        var call = Self.call()
        call.schedule(.ordered(.change(AgentOverride(variables: ["name": "Ana"]))), at: 1_000)
        call.schedule(.ordered(.change(AgentOverride(prompt: "Be brief."))), at: 1_500)
        call.run(until: 9_000)
        #expect(
            call.requests.map(\.request.agent) == [
                nil, AgentOverride(prompt: "Be brief.", variables: ["name": "Ana"]),
            ])
    }

    // MARK: Tones and ends

    @Test func tonesWaitForTheSentence() {
        let tones = [UInt8](repeating: 0x42, count: 600)
        var call = Self.call()
        call.schedule(.ordered(.sendTones(tones)), at: 1_000)
        call.schedule(.ordered(.sendTones(tones)), at: 5_000)
        call.run(until: 30_000)
        #expect(call.octetsHeard(from: 1_000).prefix(600) == tones[...])
        #expect(call.octetsHeard(from: 5_000).suffix(600) == tones[...])
        #expect(Self.agentTexts(call).count == 2)
    }

    @Test func aTransferRecordsWhatWasHeard() throws {
        var call = Self.call()
        call.schedule(
            .ordered(
                .transfer(
                    .init(department: "sales", reason: "asked", destination: "+15005550006"))),
            at: 5_000)
        call.schedule(.ordered(.mute), at: 6_000)
        call.run(until: 9_000)
        #expect(call.transferTime == 5_000)
        var expected = TransferRequested(department: "sales", priority: "normal", reason: "asked")
        expected.destination = "+15005550006"
        #expect(call.events.last?.body == .transferRequested(expected))
        // What the carrier still had is not known to have been heard.
        let heard = try #require(call.turns.last?.heard)
        #expect(heard == "We open at nine in the")
        #expect(call.heardWords(ofGeneration: 2).hasPrefix(heard))
        #expect(call.conversation.orderOutcome == .ended)
    }
}
