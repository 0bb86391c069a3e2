import Pipeline
import Testing

/// One request to providers A, B and C, told what they do, in virtual time.
private struct Request<Work: ChainedWork> {
    var policy: FailoverPolicy
    var relay: ChainRelay<Work>
    var starts: [ChainRelay<Work>.Source] = []
    var requests: [Work.Request] = []
    var given: [Work.Output] = []
    /// Everything else, one line each.
    var log: [String] = []

    init(_ work: Work, stage: EngineStage, providers: [String] = ["A", "B", "C"]) {
        policy = FailoverPolicy(
            stage: stage, providers: providers, hasLastResort: false, seed: 1)
        relay = ChainRelay(work)
        handle(.begin, at: 0)
    }

    mutating func handle(_ event: ChainRelay<Work>.Event, at milliseconds: Int) {
        let now = MonotonicTime(sinceStart: .milliseconds(milliseconds))
        relay.handle(event, at: now, policy: &policy)
        while let action = relay.nextAction() {
            switch action {
            case .start(let source, let request):
                starts.append(source)
                requests.append(request)
                log.append("\(milliseconds) start \(policy.name(of: source.provider))")
            case .cancel(let source):
                log.append("\(milliseconds) cancel \(policy.name(of: source.provider))")
            case .give(let output): given.append(output)
            case .switched(let change):
                let since = Int(change.since.sinceStart.milliseconds)
                log.append(
                    "\(milliseconds) \(change.from)→\(change.to) \(change.cause.name) since \(since)"
                )
            case .end: log.append("\(milliseconds) end")
            case .fail(let failure): log.append("\(milliseconds) fail \(failure.name)")
            }
        }
    }

    mutating func say(_ output: Work.Output, start: Int, at milliseconds: Int) {
        handle(.output(starts[start], output), at: milliseconds)
    }
}

@Suite struct ChainRelayTests {
    private static let question = ModelRequest(language: .english, history: [.user("Open?")])

    private static func answer(_ providers: [String] = ["A", "B", "C"]) -> Request<ChainedAnswer> {
        Request(ChainedAnswer(question), stage: .model, providers: providers)
    }

    private static func text(_ events: [ModelEvent]) -> String {
        events.map { if case .text(let text) = $0 { text } else { "<\($0)>" } }.joined()
    }

    @Test func theNextModelAnswersWhenOneIsRefused() {
        var request = Self.answer()
        request.handle(.failed(request.starts[0], .refused), at: 20)
        request.say(.text("Yes, "), start: 1, at: 220)
        request.say(.text("we are."), start: 1, at: 260)
        request.handle(.ended(request.starts[1]), at: 300)
        #expect(Self.text(request.given) == "Yes, we are.")
        #expect(
            request.log == [
                "0 start A", "20 start B", "220 A→B refused since 20", "300 end",
            ])
        #expect(request.relay.isOver)
        #expect(request.requests.map(\.history.count) == [1, 1])
    }

    @Test func aBrokenAnswerGoesOnBehindItsLastWholeWord() {
        var request = Self.answer()
        request.say(.text("We open at nine and clo"), start: 0, at: 100)
        request.handle(.failed(request.starts[0], .closedEarly), at: 150)
        #expect(request.requests[1].history.count == 3)
        #expect(request.requests[1].history[1] == .agent("We open at nine and", interrupted: true))
        // It repeats the sentence it was to continue.
        request.say(.text("We open at nine and close at five."), start: 1, at: 400)
        request.handle(.ended(request.starts[1]), at: 420)
        #expect(Self.text(request.given) == "We open at nine and close at five.")
        #expect(
            request.log == [
                "0 start A", "150 start B", "400 A→B closed_early since 150", "420 end",
            ])
    }

    @Test func aSilenceInTheMiddleBreaksTheAnswerOffAfterASecond() {
        var request = Self.answer()
        request.say(.text("One moment, "), start: 0, at: 100)
        request.say(.text(""), start: 0, at: 900)  // a sign of life
        let deadline = request.relay.deadline(request.policy.settings)
        #expect(deadline == MonotonicTime(sinceStart: .milliseconds(1_900)))
        request.handle(.deadline, at: 1_900)
        // What the first one says now is nobody's.
        request.say(.text("please. "), start: 0, at: 1_950)
        request.say(.text("please."), start: 1, at: 2_000)
        request.handle(.ended(request.starts[1]), at: 2_010)
        #expect(Self.text(request.given) == "One moment, please.")
        #expect(
            request.log == [
                "0 start A", "1900 cancel A", "1900 start B",
                "2000 A→B stalled_mid_stream since 900", "2010 end",
            ])
    }

    @Test func anAnswerThatAskedForAToolEndsThere() {
        let call = ToolCall(id: "1", name: "find", arguments: "{}")
        var request = Self.answer()
        request.say(.text("Let me see. "), start: 0, at: 100)
        request.say(.toolCall(call), start: 0, at: 110)
        request.handle(.failed(request.starts[0], .closedEarly), at: 120)
        #expect(request.given == [.text("Let me see. "), .toolCall(call)])
        #expect(request.log == ["0 start A", "120 end"])
    }

    /// Given text, and what becomes of it when nobody can go on.
    @Test(arguments: [("We are open. ", "end"), ("We are ", "fail server_500")])
    func whatNobodyCanFinish(given: String, outcome: String) {
        var request = Self.answer(["A", "B"])
        request.say(.text(given), start: 0, at: 50)
        request.handle(.failed(request.starts[0], .garbage), at: 100)
        request.handle(.failed(request.starts[1], .server(status: 500)), at: 120)
        // A retry of the second may be planned; it fails as well.
        while let due = request.relay.deadline(request.policy.settings), !request.relay.isOver {
            let now = Int(due.sinceStart.milliseconds.rounded(.up))
            request.handle(.deadline, at: now)
            if let last = request.starts.last {
                request.handle(.failed(last, .server(status: 500)), at: now)
            }
        }
        #expect(request.log.prefix(2) == ["0 start A", "100 start B"])
        #expect(request.log.last?.hasSuffix(" \(outcome)") == true)
        #expect(request.log.contains { $0.contains("→human") } == (outcome != "end"))
        #expect(Self.text(request.given) == given)
        #expect(request.relay.isOver)
    }

    @Test func anAbandonedRequestStopsEverybody() {
        var request = Self.answer()
        request.handle(.deadline, at: 1_000)
        request.handle(.abandoned, at: 1_100)
        #expect(request.log == ["0 start A", "1000 start B", "1100 cancel A", "1100 cancel B"])
        request.say(.text("Late "), start: 0, at: 1_200)
        #expect(request.given.isEmpty)
        #expect(request.relay.isOver)
    }

    @Test func nobodyAtAllIsAHumansCase() {
        var request = Self.answer(["A"])
        request.handle(.failed(request.starts[0], .unauthorised), at: 30)
        #expect(
            request.log == [
                "0 start A", "30 A→human unauthorised since 30", "30 fail unauthorised",
            ])
    }

    // MARK: Speech

    @Test func theNextVoiceSaysTheRestWithItsTimesMoved() {
        let speech = ChainedSpeech(
            "one two three four", octetsPerSecond: 8_000, paces: [SpeakingPace(), SpeakingPace()])
        var request = Request(speech, stage: .speech, providers: ["A", "B"])
        let begun = ["one", "two", "three"].enumerated().map { index, word in
            WordTiming(word: word, start: .milliseconds(index * 400))
        }
        // 1 s of audio: "three" has begun at 0.8 s and is cut.
        request.say(
            SpeechBlock(octets: Array(repeating: 1, count: 8_000), words: begun), start: 0, at: 90)
        request.handle(.failed(request.starts[0], .closedEarly), at: 100)
        #expect(request.requests == ["one two three four", "three four"])
        let rest = [
            WordTiming(word: "three", start: .zero),
            WordTiming(word: "four", start: .milliseconds(350)),
        ]
        request.say(SpeechBlock(octets: [1, 2], words: rest), start: 1, at: 200)
        request.handle(.ended(request.starts[1]), at: 210)
        #expect(
            request.given.last?.words == [
                WordTiming(word: "three", start: .seconds(1)),
                WordTiming(word: "four", start: .milliseconds(1_350)),
            ])
        #expect(
            request.log == [
                "0 start A", "100 start B", "200 A→B closed_early since 100", "210 end",
            ]
        )
    }

    @Test func aVoiceThatBreaksOffBehindItsLastWordHasSaidItAll() {
        let speech = ChainedSpeech("one two", octetsPerSecond: 8_000, paces: [SpeakingPace()])
        var request = Request(speech, stage: .speech, providers: ["A"])
        let words = [
            WordTiming(word: "one", start: .zero), WordTiming(word: "two", start: .seconds(1)),
        ]
        request.say(
            SpeechBlock(octets: Array(repeating: 1, count: 16_000), words: words), start: 0, at: 90)
        request.handle(.failed(request.starts[0], .closedEarly), at: 100)
        #expect(request.log == ["0 start A", "100 end"])
    }

    @Test func aWholeChunkTeachesThePaceOfItsVoice() {
        let speech = ChainedSpeech("one two", octetsPerSecond: 8_000, paces: [SpeakingPace()])
        var request = Request(speech, stage: .speech, providers: ["A"])
        request.say(SpeechBlock(octets: Array(repeating: 1, count: 4_000)), start: 0, at: 90)
        request.handle(.ended(request.starts[0]), at: 100)
        #expect(request.relay.work.lesson?.text == "one two")
        #expect(request.relay.work.lesson?.audio == .milliseconds(500))
    }
}
