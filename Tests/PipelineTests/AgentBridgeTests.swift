import Events
import Pipeline
import Testing

/// Calls that a scripted speech agent leads, in virtual time.
@Suite struct AgentBridgeTests {
    private static let ulaw = 8

    /// A response of the agent: its words, and its audio in one block.
    private static func response(
        _ number: Int, _ text: String, milliseconds: Int, at time: Int
    ) -> [(Int, SpeechAgentEvent)] {
        [
            (time, .text(text, response: number, isWhole: false)),
            (time, audio(number, milliseconds: milliseconds)),
            (time, .responseEnded(number)),
        ]
    }

    private static func audio(_ number: Int, milliseconds: Int) -> SpeechAgentEvent {
        .audio(
            SpeechBlock(octets: Array(repeating: UInt8(number), count: milliseconds * ulaw)),
            response: number, readyAt: MonotonicTime(sinceStart: .zero))
    }

    private static func turn(_ number: Int, _ text: String, at time: Int) -> [(
        Int, SpeechAgentEvent
    )] {
        [
            (time, .turnEnded(utterance: number)),
            (time, .heard(text, utterance: number, isFinal: true)),
        ]
    }

    private static let ready: [(Int, SpeechAgentEvent)] = [(100, .ready)]

    @Test func aTurnHasItsLedgerAndItsHistory() throws {
        var call = BridgedCall()
        call.voice = [3_000..<3_800]
        call.said =
            Self.ready + Self.response(1, "Good morning.", milliseconds: 1_000, at: 300)
            + Self.turn(1, "What time is it?", at: 4_300)
            + Self.response(2, "It is noon.", milliseconds: 900, at: 4_700)
        call.run(until: 7_000)
        let turn = try #require(call.turns.first)
        #expect(call.turns.count == 1)
        #expect(turn.user == "What time is it?" && turn.agent == "It is noon.")
        #expect(turn.heard == "It is noon." && !turn.interrupted && !turn.filler)
        // Voice ended at 3.8 s, the agent said so at 4.3 s and spoke at 4.7 s.
        #expect(turn.endpointing == 500)
        #expect(turn.llmLatency == 400 && turn.totalLatency == 900)
        #expect(
            call.bridge.messages == [
                .agent("Good morning.", interrupted: false), .user("What time is it?"),
                .agent("It is noon.", interrupted: false),
            ])
    }

    /// Words may come after the answer to them; the record waits for them.
    @Test func lateWordsBelongToTheirTurn() throws {
        var call = BridgedCall()
        call.voice = [3_000..<3_800]
        call.said =
            Self.ready + Self.response(1, "Good morning.", milliseconds: 1_000, at: 300)
            + [(4_300, .turnEnded(utterance: 1))]
            + Self.response(2, "Noon.", milliseconds: 400, at: 4_500)
            + [(5_600, .heard("What time is it?", utterance: 1, isFinal: true))]
        call.run(until: 9_000)
        let turn = try #require(call.turns.first)
        #expect(call.turns.count == 1 && turn.user == "What time is it?")
        #expect(turn.sttLatency == nil)
        #expect(call.bridge.messages[1] == .user("What time is it?"))
    }

    @Test func anInterruptionStopsAtOnceAndTellsWhatWasHeard() throws {
        var call = BridgedCall()
        call.voice = [2_000..<3_000]
        let words = "one two three four five six seven eight nine ten"
        call.said =
            Self.ready + Self.response(1, words, milliseconds: 5_000, at: 1_000)
            + [(2_400, .interrupted(through: 1)), (2_450, Self.audio(1, milliseconds: 500))]
            + Self.turn(1, "wait", at: 3_500)
            + Self.response(2, "Yes?", milliseconds: 400, at: 3_700)
        call.run(until: 6_000)
        // The debounce is 100 ms.
        #expect(call.clears == [2_100])
        #expect(call.bridge.staleBlockCount == 1)
        #expect(call.truncations.map(\.response) == [1])
        // From 1.0 s to 2.1 s.
        #expect(call.truncations.first.map { abs($0.milliseconds - 1_100) <= 40 } == true)
        let interruption = try #require(call.interruptions.first)
        #expect(interruption.onsetToClearMilliseconds == 100)
        #expect(words.hasPrefix(interruption.heard) && !interruption.heard.isEmpty)
        #expect(call.bridge.messages.first == .agent(interruption.heard, interrupted: true))
        #expect(!call.octets(after: 2_100).contains(1))
    }

    /// A cough: the agent does not give way, and its answer goes on at the sample where it stopped.
    @Test func aSoundThatTheAgentIgnoresOnlyPauses() {
        var call = BridgedCall()
        call.voice = [2_000..<2_200]
        call.said = Self.ready + Self.response(1, "A long one.", milliseconds: 3_000, at: 1_000)
        call.run(until: 7_000)
        #expect(call.clears.count == 1)
        #expect(call.interruptions.isEmpty)
        #expect(call.carrier.heard.count == 3_000 * Self.ulaw)
    }

    @Test func noiseWithoutEndDoesNotMuteTheAgent() {
        var call = BridgedCall()
        call.voice = [2_000..<20_000]
        call.said =
            Self.ready + Self.response(1, "A long one.", milliseconds: 6_000, at: 1_000)
        call.run(until: 12_000)
        #expect(call.clears.count == 1)
        #expect(call.carrier.heard.count == 6_000 * Self.ulaw)
    }

    @Test func toolsRunAndTheirResultGoesBack() throws {
        var call = BridgedCall()
        call.voice = [3_000..<3_800]
        call.said =
            Self.ready + Self.response(1, "Hello.", milliseconds: 500, at: 300)
            + Self.turn(1, "My order?", at: 4_200)
            + [(4_300, .toolCall(ToolCall(id: "t", name: "order_status", arguments: "{}")))]
            + Self.response(2, "It is ready.", milliseconds: 600, at: 5_200)
        call.toolDelayMilliseconds = 400
        call.run(until: 8_000)
        #expect(call.results == ["t"])
        let turn = try #require(call.turns.first)
        #expect(turn.agent == "It is ready." && !turn.filler)
        #expect(
            call.bridge.messages == [
                .agent("Hello.", interrupted: false), .user("My order?"),
                .toolCall(ToolCall(id: "t", name: "order_status", arguments: "{}")),
                .toolResult(ToolResult(callID: "t", succeeded: true, content: "{}")),
                .agent("It is ready.", interrupted: false),
            ])
    }

    @Test func aTransferComesAfterTheLastWords() {
        var call = BridgedCall()
        call.said =
            Self.ready + Self.response(1, "I put you through.", milliseconds: 1_000, at: 300)
            + [(400, .closing(.transfer(reason: "to sales")))]
        call.run(until: 5_000)
        #expect(call.transferredAt.map { $0 >= 1_300 && $0 < 1_500 } == true)
    }

    /// What the agent answers to words that did not interrupt it comes after what it was saying.
    @Test func aTurnDuringAnAnswerIsAnsweredAfterIt() {
        var call = BridgedCall()
        call.said =
            Self.ready + Self.response(1, "Good morning.", milliseconds: 2_000, at: 300)
            + Self.turn(1, "Yes", at: 1_000)
            + Self.response(2, "Fine.", milliseconds: 500, at: 1_300)
        call.run(until: 6_000)
        #expect(call.clears.isEmpty)
        #expect(call.carrier.heard.count == 2_500 * Self.ulaw)
        #expect(call.turns.map(\.agent) == ["Fine."])
        #expect(call.turns.map(\.heard) == ["Fine."])
    }

    // MARK: Promise 1

    enum Fault: CaseIterable, Sendable {
        case neverReady, failsAtStart, mute, goesWhileCallerWaits, goesWhileIdle, goesMidAnswer
        case stallsMidAnswer, toolNeverAnswers, leavesInOrder, deaf
    }

    @Test(arguments: Fault.allCases) func nobodyIsLeftInSilence(_ fault: Fault) throws {
        var call = BridgedCall()
        let hello = Self.ready + Self.response(1, "Hello.", milliseconds: 600, at: 300)
        call.voice = [3_000..<3_800]
        let asked = hello + Self.turn(1, "Where?", at: 4_200)
        var expected = ConversationContinuation.Opening?.none
        switch fault {
        case .neverReady:
            call.said = []
            expected = .greet
        case .failsAtStart:
            call.said = [(150, .failed(.unauthorised))]
            expected = .greet
        case .mute:
            call.said = asked
            expected = .answer("Where?")
        case .goesWhileCallerWaits:
            call.said = asked + [(4_400, .failed(.closedEarly))]
            expected = .answer("Where?")
        case .goesWhileIdle:
            call.voice = []
            call.said = hello + [(4_400, .failed(.closedEarly))]
            expected = .listen
        case .goesMidAnswer:
            call.said =
                asked + [
                    (4_500, .text("It is in the", response: 2, isWhole: false)),
                    (4_500, Self.audio(2, milliseconds: 700)), (4_600, .failed(.garbage)),
                ]
            expected = .apologise
        case .stallsMidAnswer:
            call.said =
                asked + [
                    (4_500, .text("It is in the", response: 2, isWhole: false)),
                    (4_500, Self.audio(2, milliseconds: 700)),
                ]
            expected = .apologise
        case .toolNeverAnswers:
            call.said =
                asked + [(4_400, .toolCall(ToolCall(id: "t", name: "find", arguments: "{}")))]
            expected = .answer("Where?")
        case .leavesInOrder: call.said = hello + [(4_000, .ended)]
        case .deaf:
            call.said = hello  // it hears nothing of what the caller says
            expected = .apologise
        }
        call.run(until: 20_000)
        #expect(call.continuation?.opening == expected)
        #expect((call.hungUpAt != nil) == (fault == .leavesInOrder))
        // From the call's start, or the end of the caller's voice, to audio or to whoever is next.
        #expect(call.longestSilence < 3_000, "\(call.longestSilence) ms")
        if let continuation = call.continuation {
            #expect(continuation.change.stage == .agent && continuation.change.from == "robot")
            #expect(continuation.generation >= 1)
        }
    }

    @Test func withoutAConversationOfOurOwnAHumanTakesTheCall() {
        var call = BridgedCall()
        call.canHandOver = false
        call.said = [(150, .failed(.refused))]
        call.run(until: 5_000)
        #expect(call.transferredAt != nil)
        #expect(call.carrier.heard.count > 0)
    }

    @Test func keysAreToldAndZeroAsksForAHuman() {
        var call = BridgedCall()
        call.said = Self.ready + Self.response(1, "Hello.", milliseconds: 600, at: 300)
        call.keys = [(2_000, "4"), (2_200, "2"), (2_400, "#")]
        call.run(until: 5_000)
        #expect(call.toldToAgent == ["42"])
        call = BridgedCall()
        call.said = Self.ready + Self.response(1, "Hello.", milliseconds: 600, at: 300)
        call.keys = [(2_000, "0")]
        call.run(until: 6_000)
        #expect(call.transferredAt != nil)
    }

    /// A second without audio ends an answer where the agent does not say so.
    @Test func quietEndsAnAnswerOfAnAgentThatDoesNotTell() {
        var call = BridgedCall(tellsResponseEnds: false)
        call.said =
            Self.ready + [
                (300, .text("Hello.", response: 1, isWhole: false)),
                (300, Self.audio(1, milliseconds: 600)),
            ] + Self.turn(1, "Hi", at: 3_000)
            + [
                (3_200, Self.audio(2, milliseconds: 600)),
                (3_250, .text("Well.", response: 2, isWhole: false)),
            ]
        call.run(until: 7_000)
        #expect(call.turns.map(\.agent) == ["Well."])
        #expect(call.turns.map(\.interrupted) == [false])
        #expect(call.speeches == ["Hello.", "Well."])
    }

    @Test func aCorrectionReplacesWhatWasOnlyEstimated() {
        var call = BridgedCall()
        call.voice = [2_000..<2_600]
        call.said =
            Self.ready
            + Self.response(1, "one two three four five six seven", milliseconds: 4_000, at: 500)
            + [
                (2_300, .interrupted(through: 1)),
                (2_350, .corrected(from: "one two three four five six seven", to: "one two...")),
            ]
        call.run(until: 3_500)
        #expect(call.bridge.messages == [.agent("one two...", interrupted: true)])
    }
}
