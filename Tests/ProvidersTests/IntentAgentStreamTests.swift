import Foundation
import Insight
import Pipeline
import Providers
import Testing

@Suite struct IntentAgentStreamTests {
    @Test func wordsComeOneByOneAfterTheHints() async throws {
        let events = try await answer([.user("when are you open")])
        guard case .expects(let hints) = events.first else {
            Issue.record("the first event is \(String(describing: events.first))")
            return
        }
        #expect(hints.grammar?.hasPrefix("#JSGF V1.0;") == true)
        let pieces = events.dropFirst()
        #expect(pieces.prefix(4) == [.text("We"), .text(" are"), .text(" open"), .text(" Monday")])
    }

    @Test(arguments: Language.allCases)
    func theGrammarFollowsTheQuestion(language: Language) async throws {
        let agent = IntentAgent(now: { Self.now })
        let dayHistory: [Message] =
            language == .english ? [.user("an oil change")] : [.user("un cambio de aceite")]
        for (history, expected) in [([], ExpectedAnswer.anything), (dayHistory, .day)] {
            var hints: RecognitionHints?
            let request = ModelRequest(language: language, history: history)
            for try await event in agent.answer(request) {
                if case .expects(let value) = event { hints = value }
            }
            #expect(hints == agent.hints(expected, language))
        }
    }

    /// The same history gives the same answer, however often it is asked.
    @Test func aRetriedAnswerIsTheSame() async throws {
        let history: [Message] = [
            .user("an oil change on tuesday"), .agent("An oil", interrupted: true),
            .user("at ten"),
        ]
        #expect(try await answer(history) == answer(history))
        #expect(try await text(history).hasSuffix("What name is it for?"))
    }

    @Test func aToolThatFailsOffersAHuman() async throws {
        let call = ToolCall(id: "1", name: "order_status", arguments: #"{"order_number":"1234"}"#)
        let history: [Message] = [
            .user("order number 1234"), .toolCall(call),
            .toolResult(ToolResult(callID: "1", succeeded: false, content: "timed out")),
        ]
        #expect(try await text(history).hasSuffix("Shall I put you through to a colleague?"))
    }

    /// Another model's tools and an operator's notes do not disturb it.
    @Test func takesOverFromAnotherModel() async throws {
        let call = ToolCall(id: "x", name: "search_products", arguments: "{}")
        let history: [Message] = [
            .agent("Hi! How may I help?", interrupted: false), .user("a brake check"),
            .toolCall(call), .toolResult(ToolResult(callID: "x", succeeded: true, content: "[]")),
            .context("The caller is a regular."), .agent("Sure. When?", interrupted: false),
            .user("on thursday at nine"),
        ]
        #expect(
            try await text(history)
                == "On Thursday the 26th at nine o'clock. What name is it for?")
    }

    /// Sentences for the ear: at most three, and none longer than forty words.
    @Test(arguments: [
        "help", "how much does it cost", "when are you open", "an oil change", "purple", "no",
    ])
    func answersAreShort(line: String) async throws {
        let sentences = try await text([.user(line)]).split { ".?!".contains($0) }
        #expect(sentences.count <= 3)
        #expect(sentences.allSatisfy { $0.split(separator: " ").count <= 40 })
    }

    static let dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"

    @Test(.enabled(if: FileManager.default.fileExists(atPath: dictionary)))
    func theWorkshopsWordsHaveAPronunciation() throws {
        let text = try String(contentsOfFile: Self.dictionary, encoding: .utf8)
        let known = Set(text.split(separator: "\n").map { $0.prefix { $0 != " " } })
        let words = GrammarBuilder.vocabulary(
            language: .english, services: BusinessProfile.workshop.terms(.english))
        #expect(words.filter { !known.contains(Substring($0)) } == [])
    }

    private static var now: CivilTime {
        CivilTime(date: CivilDate(daysSince1970: 20_778), time: noon)
    }

    private static var noon: TimeOfDay {
        guard let noon = TimeOfDay(hour: 12) else { preconditionFailure("noon is a time") }
        return noon
    }

    private func answer(_ history: [Message]) async throws -> [ModelEvent] {
        var events: [ModelEvent] = []
        let request = ModelRequest(language: .english, history: history)
        for try await event in IntentAgent(now: { Self.now }).answer(request) {
            events.append(event)
        }
        return events
    }

    private func text(_ history: [Message]) async throws -> String {
        try await answer(history).reduce("") { text, event in
            if case .text(let piece) = event { text + piece } else { text }
        }
    }
}
