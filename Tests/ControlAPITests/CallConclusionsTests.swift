import ControlAPI
import Events
import Testing

/// What follows from the events of a call, told right behind them.
@Suite struct CallConclusionsTests {
    private static func said(_ text: String, turn: Int = 1, isFinal: Bool = true) -> EventBody {
        .transcript(Transcript(text: text, isFinal: isFinal, turn: turn))
    }

    private static func asks(_ id: String, _ arguments: String, name: String = "schedule_callback")
        -> EventBody
    {
        .toolCall(ToolCallRecord(id: id, name: name, arguments: arguments))
    }

    private static func answers(
        _ id: String, succeeded: Bool = true, name: String = "schedule_callback"
    ) -> EventBody {
        .toolResult(
            ToolResultRecord(
                id: id, name: name, succeeded: succeeded, result: "{}", durationMilliseconds: 1))
    }

    @Test func aFrustratedCaller() {
        let call = Listened(language: "es")
        #expect(
            call.take(Self.said("Esto no funciona", turn: 4)) == [
                .sentiment(SentimentRecord(sentiment: "frustrated", score: -0.7, turn: 4)),
                .sentimentAlert(
                    SentimentAlert(
                        sentiment: "frustrated", score: -0.7, message: "Esto no funciona")),
                .contextIssue(
                    ContextIssueRecord(
                        issues: ["frustration"], needsEscalation: true, confidenceLevel: 0.7,
                        suggestedAction: "offer_human", turn: 4)),
            ])
        #expect(
            call.take(Self.said("El martes", turn: 5))
                == [.sentiment(SentimentRecord(sentiment: "neutral", score: 0, turn: 5))])
    }

    @Test func aWishForAHumanIsToldAtOnce() {
        let call = Listened(language: "en")
        let events = call.take(Self.said("Can I talk to a real person?"))
        #expect(events.map(\.type) == [.sentiment, .contextIssue])
        guard case .contextIssue(let issue)? = events.last else { return }
        #expect(issue.issues == ["human_requested"])
        #expect(issue.needsEscalation)
        #expect(issue.suggestedAction == "transfer_to_agent")
    }

    @Test func interimWordsAndSilenceSayNothing() {
        let call = Listened(language: "en")
        #expect(call.take(Self.said("this is terrible", isFinal: false)) == [])
        #expect(call.take(Self.said("")) == [])
        #expect(call.take(.speechStarted) == [])
    }

    @Test func aCallbackIsToldWhenTheToolSucceeds() {
        let call = Listened(language: "en")
        let wish = #"{"phone":"+447700900123","datetime":"2026-11-23T15:30","reason":"invoice"}"#
        #expect(call.take(Self.asks("t1", wish)) == [])
        #expect(
            call.take(Self.answers("t1")) == [
                .callbackScheduled(
                    CallbackScheduled(
                        phone: "+447700900123", datetime: "2026-11-23T15:30", reason: "invoice"))
            ])
        // The same result again, results of others, failures, and what is no object.
        #expect(call.take(Self.answers("t1")) == [])
        #expect(call.take(Self.asks("t2", wish)) == [])
        #expect(call.take(Self.answers("t2", succeeded: false)) == [])
        #expect(call.take(Self.asks("t3", wish, name: "book")) == [])
        #expect(call.take(Self.answers("t3", name: "book")) == [])
        #expect(call.take(Self.asks("t4", "no JSON")) == [])
        #expect(call.take(Self.answers("t4")) == [])
    }

    @Test func aModelThatLeavesArgumentsOut() {
        let call = Listened(language: "en")
        _ = call.take(Self.asks("t1", #"{"datetime":"tomorrow"}"#))
        #expect(
            call.take(Self.answers("t1")) == [
                .callbackScheduled(CallbackScheduled(phone: "", datetime: "tomorrow", reason: ""))
            ])
    }

    /// The same events give the same conclusions, whatever happens between them.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func aReplayConcludesTheSame(seed: UInt64) {
        let texts = ["no funciona", "¿cuánto cuesta?", "genial", "¿qué?", "vale", "un humano"]
        func run() -> [EventBody] {
            var random = seed
            var conclusions = CallConclusions(language: "es")
            return (1...200).flatMap { turn in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return conclusions.conclude(
                    from: Self.said(texts[Int(random >> 33) % texts.count], turn: turn))
            }
        }
        #expect(run() == run())
    }
}

/// A call whose conclusions are drawn one by one; tests look at them inside expectations.
private final class Listened {
    private var conclusions: CallConclusions

    init(language: String) { conclusions = CallConclusions(language: language) }

    func take(_ body: EventBody) -> [EventBody] { conclusions.conclude(from: body) }
}
