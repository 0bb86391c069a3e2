import Insight
import Pipeline
import Providers
import Testing

/// What the built-in agent makes of a caller whose name is known.
@Suite struct IntentAgentCallerTests {
    /// The answers to a caller's turns, the greeting first; of tools their arguments.
    private func answers(
        to turns: [String], _ variables: [String: String], _ language: Language = .english
    ) async throws -> [String] {
        let now = try Saturday.noon()
        let agent = IntentAgent(now: { now })
        let book = AppointmentBook(profile: .workshop, now: { now })
        var history: [Message] = [.context("The caller's number is that of somebody.")]
        var all: [String] = []
        for turn in [nil] + turns.map(Optional.some) {
            if let turn { history.append(.user(turn)) }
            var isDone = false
            while !isDone {
                isDone = true
                var text = ""
                let request = ModelRequest(
                    language: language, history: history,
                    agent: AgentOverride(variables: variables))
                for try await event in agent.answer(request) {
                    switch event {
                    case .text(let piece): text += piece
                    case .toolCall(let call):
                        all.append(call.arguments)
                        history.append(.toolCall(call))
                        history.append(.toolResult(await book.run(call, callID: "test")))
                        isDone = false
                    case .expects, .guarded, .closing: break
                    }
                }
                guard !text.isEmpty else { continue }
                all.append(text)
                history.append(.agent(text, interrupted: false))
            }
        }
        return all
    }

    @Test(arguments: [
        (["name": "Ana Ruiz", "first_name": "Ana"], Language.english, "Hello Ana, this is Luna"),
        (["name": "Ana Ruiz"], .english, "Hello Ana Ruiz, this is Luna"),
        (["name": "Ana Ruiz", "first_name": "Ana"], .spanish, "Hola Ana, le atiende"),
        (["name": " ", "first_name": "Ana"], .english, "Hello, this is Luna"),
        ([:], .spanish, "Hola, le atiende"),
    ])
    func greeting(variables: [String: String], language: Language, expected: String) async throws {
        let greeting = try #require(try await answers(to: [], variables, language).first)
        #expect(greeting.hasPrefix(expected), "\(greeting)")
    }

    @Test func aKnownNameIsNotAskedFor() async throws {
        let booking = try await answers(
            to: ["an oil change on tuesday at half past ten", "yes please"],
            ["name": "Ana Ruiz", "first_name": "Ana"])
        #expect(
            booking.dropFirst() == [
                "An oil change on Tuesday the 24th at half past ten for Ana Ruiz. Shall I book it?",
                #"{"date":"2026-11-24","name":"Ana Ruiz","service":"oil_change","time":"10:30"}"#,
                "Done. See you on Tuesday the 24th at half past ten. What else can I do for you?",
            ])
    }

    /// Whoever has a telephone in hand need not be its owner.
    @Test func theCallersOwnWordWins() async throws {
        let booking = try await answers(
            to: ["an oil change on tuesday at half past ten, my name is John Smith"],
            ["name": "Ana Ruiz"])
        #expect(
            booking.last
                == "An oil change on Tuesday the 24th at half past ten for John Smith. Shall I book it?"
        )
    }
}
