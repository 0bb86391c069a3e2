import Foundation
import Insight
import Pipeline
import Providers
import Testing

/// How long a caller may pause in answer to what the built-in agent asks.
@Suite struct IntentAgentPauseTests {
    /// What the agent asked before each line of the demonstration calls.
    private static let asked: [ExpectedAnswer] = [
        .anything, .anything, .day, .name, .confirmation, .anything,
    ]

    struct DemoCall: Decodable {
        struct Step: Decodable { let text: String }
        let steps: [Step]
    }

    /// Milliseconds of silence that end a turn of these words, known 100 ms after the voice.
    private static func wait(
        _ words: String, _ asked: ExpectedAnswer, _ language: Language, stable: Bool
    ) -> Int {
        let hints = IntentAgent().hints(asked, language)
        var settings = Endpointer.Settings()
        settings.minimum = .milliseconds(200)
        settings.pause = .milliseconds(480)
        settings.maximum = .milliseconds(1_200)
        settings.usesProsody = false  // what the words alone are worth
        var endpointer = Endpointer(
            language: language, settings: settings, interimsAreStable: stable)
        endpointer.begin(expecting: hints.expecting)
        let voice = MonotonicTime(sinceStart: .seconds(3))
        endpointer.heard(words, at: voice.advanced(by: .milliseconds(100)))
        return Int(endpointer.wait(lastVoice: voice).milliseconds)
    }

    /// With a recogniser that takes its interims back no turn of the demonstration waits longer
    /// than it would without words; with one that does not, the yes is taken at once.
    @Test(arguments: [("demo", Language.english), ("demo-es", .spanish)])
    func demonstrationTurnsAreNotSlower(name: String, language: Language) throws {
        let url = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "audio-fixtures/demo/\(name).json")
        let steps = try JSONDecoder().decode(DemoCall.self, from: Data(contentsOf: url)).steps
        try #require(steps.count == Self.asked.count)
        for (step, asked) in zip(steps, Self.asked) {
            #expect(Self.wait(step.text, asked, language, stable: false) == 480)
            let stable = Self.wait(step.text, asked, language, stable: true)
            #expect(stable <= 480)
            if asked == .confirmation { #expect(stable == 200) }
        }
    }

    /// What is asked for decides: the same words are half an answer, or a whole one.
    @Test(arguments: [
        ("yes", ExpectedAnswer.confirmation, 200), ("yes", .anything, 480),
        ("on tuesday", .day, 200), ("on tuesday", .anything, 480), ("next", .day, 1_200),
        ("at half past", .time, 1_200), ("three pm", .time, 200),
        ("john", .name, 480), ("my name is", .name, 1_200), ("john smith", .name, 200),
        ("one two three", .orderNumber, 1_200), ("one two three four", .orderNumber, 200),
        ("one two three", .anything, 480),
    ])
    func theQuestionSetsThePause(words: String, asked: ExpectedAnswer, milliseconds: Int) {
        #expect(Self.wait(words, asked, .english, stable: true) == milliseconds)
    }

    /// A question asked twice, or in vain, is answered alike: all there is stands in the history.
    @Test func askingLeavesNoTrace() async throws {
        let agent = IntentAgent(now: {
            CivilTime(date: CivilDate(daysSince1970: 20_778), time: Self.noon)
        })
        let history: [Message] = [
            .user("an oil change on tuesday"), .agent("At what time?", interrupted: false),
        ]
        func answer(_ text: String) async throws -> [ModelEvent] {
            var events: [ModelEvent] = []
            let request = ModelRequest(language: .english, history: history + [.user(text)])
            for try await event in agent.answer(request) { events.append(event) }
            return events
        }
        let alone = try await answer("at ten")
        _ = try await answer("cancel my appointment")
        _ = try await answer("goodbye")
        #expect(try await answer("at ten") == alone)
    }

    private static var noon: TimeOfDay {
        guard let noon = TimeOfDay(hour: 12) else { preconditionFailure("noon is a time") }
        return noon
    }
}
