import Pipeline
import ProviderSimulators
import Synchronization
import Testing

@testable import Providers

/// The client of chat completions against the usual servers' dialects, over real sockets.
@Suite(.tags(.integration), .timeLimit(.minutes(1))) struct ChatCompletionsModelTests {
    private static let question: [Message] = [
        .agent("Taller Luna, dígame.", interrupted: true), .user("¿A qué hora abren?"),
        .context("The caller is a regular."),
    ]
    private static let dialects: [(ChatServer, SimulatedChatDialect)] = [
        (.openAI, .openAI), (.openRouter, .openRouter), (.ollama, .ollama), (.vLLM, .vLLM),
        (.llamaCpp, .llamaCpp),
    ]

    @Test(arguments: dialects)
    func aPlainAnswer(server: ChatServer, dialect: SimulatedChatDialect) async throws {
        let usages = Mutex<[UsageAmount]>([])
        try await withModel(server, dialect) { _ in
            SimulatedModelAnswer([.thinking("they ask for hours"), .text("Abrimos a las ocho.")])
        } _: { simulator, model in
            let heard = await ModelListener(
                model({ amount, engine in
                    #expect(engine.provider == server.rawValue)
                    usages.withLock { $0.append(amount) }
                }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.text == "Abrimos a las ocho.")
            #expect(heard.failure == nil)
            let request = try #require(simulator.requests.first)
            #expect(
                request.lastWords
                    == "¿A qué hora abren?\n<note>The caller is a regular.</note>")
        }
        let amount = try #require(usages.withLock { $0.first })
        #expect(amount.inputTokens == 100)
        #expect(amount.cachedTokens == 700)
        #expect(amount.outputTokens >= 5)
        #expect(usages.withLock { $0.count } == 1)
    }

    @Test(arguments: dialects)
    func aToolsRoundTrip(server: ChatServer, dialect: SimulatedChatDialect) async throws {
        try await withModel(server, dialect) { request in
            request.toolResults.isEmpty
                ? SimulatedModelAnswer([
                    .text("Un momento, "),
                    .tool(id: "call_1", name: "find_appointment", arguments: #"{"name":"Ana"}"#),
                    .tool(id: "call_2", name: "order_status", arguments: "{}"),
                ])
                : SimulatedModelAnswer("Mañana: \(request.toolResults.joined(separator: " y "))")
        } _: { _, model in
            let model = model({ _, _ in })
            var history: [Message] = [.user("Soy Ana.")]
            let first = await ModelListener(
                model.answer(.init(language: .spanish, history: history)))
            #expect(first.text == "Un momento, ")
            #expect(first.calls.map(\.name) == ["find_appointment", "order_status"])
            #expect(first.calls.map(\.arguments) == [#"{"name":"Ana"}"#, "{}"])
            #expect(Set(first.calls.map(\.id)).count == 2)
            history.append(.agent(first.text, interrupted: false))
            history += first.calls.map { .toolCall($0) }
            history += first.calls.map {
                .toolResult(ToolResult(callID: $0.id, succeeded: true, content: $0.name))
            }
            let second = await ModelListener(
                model.answer(.init(language: .spanish, history: history)))
            #expect(second.text == "Mañana: find_appointment y order_status")
        }
    }

    @Test func goodbyes() async throws {
        try await withModel(.openAI, .openAI) { _ in
            SimulatedModelAnswer([
                .text("Hasta luego."), .tool(id: "c", name: "end_call", arguments: "{}"),
            ])
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(.init(language: .spanish, history: [.user("Adiós")])))
            #expect(heard.text == "Hasta luego.")
            #expect(heard.calls == [])
            #expect(heard.events.last == .closing(.hangUp))
        }
    }

    @Test func cancellingClosesTheConnection() async throws {
        let usages = Mutex<[UsageAmount]>([])
        var long = SimulatedModelAnswer(String(repeating: "bla ", count: 100_000))
        long.delayBetween = .milliseconds(2)
        try await withModel(.openAI, .openAI) { [long] _ in
            long
        } _: { simulator, model in
            let model = model({ amount, _ in usages.withLock { $0.append(amount) } })
            var count = 0
            for try await _ in model.answer(.init(language: .spanish, history: [])) {
                count += 1
                if count == 5 { break }
            }
            var ends = simulator.ends.makeAsyncIterator()
            let end = await ends.next()
            #expect(end == .clientLeft)
        }
        // Nobody counted: both sides are estimated.
        let amount = try #require(usages.withLock { $0.first })
        #expect(amount.inputTokens > 100)
        #expect(amount.outputTokens >= 5)
    }

    @Test(
        arguments: [
            (.status(401), .unauthorised), (.status(500), .server(status: 500)),
            (.status(402), .unauthorised), (.status(422), .rejected(status: 422)),
            (.status(429, retryAfter: "0.5"), .rateLimited(retryAfter: .milliseconds(500))),
            (.status(429), .rateLimited(retryAfter: nil)), (.status(503), .overloaded),
            (.status(529), .overloaded), (.garbage(after: 3), .garbage),
            (.error(after: 3, type: "overloaded_error"), .overloaded),
            (.error(after: 0, type: "insufficient_quota"), .unauthorised),
            (.endEarly(after: 3), .closedEarly), (.endEarly(after: 99), .closedEarly),
            (.closeMidPiece(after: 3), .closedEarly), (.reset(after: 3), .closedEarly),
        ] as [(SimulatedModelAnswer.Fault, ProviderFailure)])
    func faults(fault: SimulatedModelAnswer.Fault, expected: ProviderFailure) async throws {
        var answer = SimulatedModelAnswer("Abrimos a las ocho.", fault: fault)
        answer.delayBetween = .milliseconds(20)
        try await withModel(.openAI, .openAI) { [answer] _ in
            answer
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.failure == expected)
            switch fault {
            case .garbage(let count), .error(let count, _), .endEarly(let count),
                .closeMidPiece(let count):
                #expect(heard.text == "Abrimos a las ocho.".prefix(4 * count))
            case .reset: #expect("Abrimos a las ocho.".hasPrefix(heard.text))
            case .status, .stallBeforeFirst, .stall, .stallAtEnd: #expect(heard.text == "")
            }
        }
    }

    @Test func numericErrorsOfOpenRouter() async throws {
        let answer = SimulatedModelAnswer("Abrimos.", fault: .error(after: 1, type: "429"))
        try await withModel(.openRouter, .openRouter) { _ in
            answer
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.text == "Abri")
            #expect(heard.failure == .rateLimited(retryAfter: nil))
        }
    }

    @Test(arguments: [SimulatedModelAnswer.Fault.stallBeforeFirst, .stall(after: 2)])
    func stalls(fault: SimulatedModelAnswer.Fault) async throws {
        try await withModel(.openAI, .openAI) { _ in
            SimulatedModelAnswer("Abrimos ya.", fault: fault)
        } _: { _, model in
            let stream = model({ _, _ in })
                .answer(.init(language: .spanish, history: Self.question))
            let heard = await ModelListener(stream, giveUpAfter: .milliseconds(300))
            #expect(heard.text == (fault == .stallBeforeFirst ? "" : "Abrimos "))
            #expect(heard.failure == nil)
        }
    }

    @Test func anEndThatDoesNotCome() async throws {
        try await withModel(.ollama, .ollama) { _ in
            SimulatedModelAnswer(
                [.text("Adiós."), .tool(id: "c", name: "end_call", arguments: "{}")],
                fault: .stallAtEnd)
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.text == "Adiós.")
            #expect(heard.events.last == .closing(.hangUp))
            #expect(heard.failure == nil)
        }
    }

    /// Not a provider at all, and one that does not stream although it was asked to.
    @Test(arguments: [
        ("text/html", "<html>Welcome</html>", "", ProviderFailure.garbage),
        ("application/json", "{}", "", .closedEarly),
        ("application/json", #"{"error":{"code":401}}"#, "", .unauthorised),
        (
            "application/json; charset=utf-8",
            #"{"choices":[{"message":{"content":"Hola"},"finish_reason":"stop"}]}"#, "Hola", nil
        ),
        ("text/event-stream", "", "", .closedEarly),
    ])
    func otherServers(
        type: String, body: String, text: String, failure: ProviderFailure?
    ) async throws {
        let server = try await SimulatedServer(
            http: { _, exchange in
                try await exchange.answer(
                    status: 200, headers: [("Content-Type", type)], body: body)
            })
        let http = ProviderHTTP()
        let configuration = try Self.configuration("http://127.0.0.1:\(server.port)/")
        let heard = await ModelListener(
            ChatCompletionsModel(configuration, server: .other, http: http)
                .answer(.init(language: .english, history: [])))
        #expect(heard.text == text)
        #expect(heard.failure == failure)
        await http.shutdown()
        await server.stop()
    }

    @Test func wrongSettingsAreToldAtStart() async throws {
        let server = try await SimulatedChatCompletions { _ in SimulatedModelAnswer("Hi") }
        let http = ProviderHTTP()
        let right = try Self.configuration(server.url)
        try await ChatCompletionsModel(right, server: .openAI, http: http).check()
        try await ChatCompletionsModel(right, server: .openAI, http: http).warmUp()
        var wrongKey = right
        wrongKey.key = nil
        var wrongModel = right
        wrongModel.model = "gpt-none"
        for (configuration, kind, expected) in [
            (right, ChatServer.other, ProviderFailure.rejected(status: 400)),
            (wrongKey, .openAI, .unauthorised), (wrongModel, .openAI, .rejected(status: 404)),
        ] {
            await #expect(throws: expected) {
                try await ChatCompletionsModel(configuration, server: kind, http: http).check()
            }
        }
        await http.shutdown()
        await server.stop()
    }

    private static func configuration(_ url: String) throws -> ModelConfiguration {
        try .workshop(url, model: "gpt-4.1-mini")
    }

    private func withModel(
        _ kind: ChatServer, _ dialect: SimulatedChatDialect,
        _ script: @escaping SimulatedChatCompletions.Script,
        _ body: (SimulatedChatCompletions, (@escaping UsageReport) -> ChatCompletionsModel)
            async throws -> Void
    ) async throws {
        let server = try await SimulatedChatCompletions(dialect: dialect, script: script)
        let configuration = try Self.configuration(server.url)
        try await ProviderHTTP.run(stopping: server.stop) { http in
            try await body(server) {
                ChatCompletionsModel(configuration, server: kind, http: http, usage: $0)
            }
        }
    }
}
