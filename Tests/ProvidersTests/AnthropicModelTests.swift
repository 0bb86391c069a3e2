import Pipeline
import ProviderSimulators
import Synchronization
import Testing

@testable import Providers

/// Claude's client against a server made from the API's documents, over real sockets.
@Suite(.tags(.integration), .timeLimit(.minutes(1))) struct AnthropicModelTests {
    private static let question: [Message] = [
        .agent("Taller Luna, dígame.", interrupted: true), .user("¿A qué hora abren?"),
    ]

    @Test func aPlainAnswer() async throws {
        let usages = Mutex<[UsageAmount]>([])
        try await withModel { _ in
            SimulatedModelAnswer("Abrimos a las ocho.")
        } _: { server, model in
            let heard = await ModelListener(
                model({ amount, engine in
                    #expect(engine.provider == "anthropic")
                    #expect(engine.model == "claude-haiku-4-5")
                    usages.withLock { $0.append(amount) }
                }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.text == "Abrimos a las ocho.")
            #expect(heard.failure == nil)
            let request = try #require(server.requests.first)
            #expect(request.lastWords == "¿A qué hora abren?")
            let body = try #require(JSONValue(parsing: request.body)?.object)
            #expect(body["max_tokens"] == 150)
            #expect(body["temperature"] == 0.7)
            #expect(body["stream"] == true)
            #expect(request.body.contains("Speak Spanish"))
        }
        var expected = UsageAmount()
        expected.requests = 1
        expected.inputTokens = 40
        expected.cachedTokens = 700
        expected.cacheWriteTokens = 60
        expected.outputTokens = 5  // pieces of four characters
        #expect(usages.withLock { $0 } == [expected])
    }

    /// Tools, their results, and thinking that goes back with them.
    @Test func aToolsRoundTrip() async throws {
        try await withModel { request in
            request.toolResults.isEmpty
                ? SimulatedModelAnswer([
                    .thinking("the diary"), .text("Un momento, "),
                    .tool(id: "toolu_1", name: "find_appointment", arguments: #"{"name":"Ana"}"#),
                    .tool(id: "toolu_2", name: "order_status", arguments: "{}"),
                ])
                : SimulatedModelAnswer("Mañana: \(request.toolResults.joined(separator: " y "))")
        } _: { server, model in
            let model = model({ _, _ in })
            var history: [Message] = [.user("Soy Ana.")]
            let first = await ModelListener(
                model.answer(.init(language: .spanish, history: history)))
            #expect(first.text == "Un momento, ")
            #expect(first.calls.map(\.name) == ["find_appointment", "order_status"])
            #expect(first.calls.first?.arguments == #"{"name":"Ana"}"#)
            history.append(.agent(first.text, interrupted: false))
            history += first.calls.map { .toolCall($0) }
            history += first.calls.map {
                .toolResult(ToolResult(callID: $0.id, succeeded: true, content: $0.name))
            }
            let second = await ModelListener(
                model.answer(.init(language: .spanish, history: history)))
            #expect(second.text == "Mañana: find_appointment y order_status")
            #expect(server.requests.last?.body.contains(#""signature":"c2ln""#) == true)
        }
    }

    @Test func aTransferClosesTheCall() async throws {
        let transfer = ToolCall(id: "t", name: "transfer_to_agent", arguments: "{}")
        try await withModel { _ in
            SimulatedModelAnswer("Le paso.")
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(
                    .init(
                        language: .spanish,
                        history: [
                            .user("Un humano."), .toolCall(transfer),
                            .toolResult(ToolResult(callID: "t", succeeded: true, content: "{}")),
                        ])))
            #expect(heard.events.last == .closing(.transfer(reason: "asked for by the model")))
        }
    }

    /// The connection closes when the caller barges in, and what was made is paid for.
    @Test func cancellingClosesTheConnection() async throws {
        let usages = Mutex<[UsageAmount]>([])
        var long = SimulatedModelAnswer(String(repeating: "bla ", count: 100_000))
        long.delayBetween = .milliseconds(2)
        try await withModel { [long] _ in
            long
        } _: { server, model in
            let model = model({ amount, _ in usages.withLock { $0.append(amount) } })
            var count = 0
            for try await _ in model.answer(.init(language: .spanish, history: [])) {
                count += 1
                if count == 5 { break }
            }
            var ends = server.ends.makeAsyncIterator()
            let end = await ends.next()
            #expect(end == .clientLeft)
        }
        let amounts = usages.withLock { $0 }
        #expect(amounts.count == 1)
        #expect((amounts.first?.outputTokens ?? 0) >= 5)
        #expect(amounts.first?.cachedTokens == 700)
    }

    @Test(
        arguments: [
            (.status(401), .unauthorised), (.status(500), .server(status: 500)),
            (.status(429, retryAfter: "7"), .rateLimited(retryAfter: .seconds(7))),
            (.status(529), .overloaded), (.status(400), .rejected(status: 400)),
            (.garbage(after: 3), .garbage), (.garbage(after: 0), .garbage),
            (.error(after: 3, type: "overloaded_error"), .overloaded),
            (.error(after: 0, type: "api_error"), .server(status: 500)),
            (.endEarly(after: 3), .closedEarly), (.endEarly(after: 99), .closedEarly),
            (.closeMidPiece(after: 3), .closedEarly), (.reset(after: 3), .closedEarly),
        ] as [(SimulatedModelAnswer.Fault, ProviderFailure)])
    func faults(fault: SimulatedModelAnswer.Fault, expected: ProviderFailure) async throws {
        var answer = SimulatedModelAnswer("Abrimos a las ocho.", fault: fault)
        // A reset may overtake what was sent before it: the client is given time to read that.
        answer.delayBetween = .milliseconds(20)
        try await withModel { [answer] _ in
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

    /// A stall is nobody's end: what came before it is there, and leaving ends it.
    @Test(arguments: [SimulatedModelAnswer.Fault.stallBeforeFirst, .stall(after: 2)])
    func stalls(fault: SimulatedModelAnswer.Fault) async throws {
        try await withModel { _ in
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
        try await withModel { _ in
            SimulatedModelAnswer("Abrimos ya.", fault: .stallAtEnd)
        } _: { _, model in
            let heard = await ModelListener(
                model({ _, _ in }).answer(.init(language: .spanish, history: Self.question)))
            #expect(heard.text == "Abrimos ya.")
            #expect(heard.failure == nil)
        }
    }

    @Test func nobodyListens() async throws {
        let server = try await SimulatedAnthropic { _ in SimulatedModelAnswer("") }
        let url = server.url
        await server.stop()
        let http = ProviderHTTP()
        let heard = await ModelListener(
            AnthropicModel(try Self.configuration(url), http: http)
                .answer(.init(language: .spanish, history: [])))
        #expect(heard.failure == .refused)
        await http.shutdown()
    }

    @Test func wrongSettingsAreToldAtStart() async throws {
        let server = try await SimulatedAnthropic { _ in SimulatedModelAnswer("Hi") }
        let http = ProviderHTTP()
        var right = try Self.configuration(server.url)
        try await AnthropicModel(right, http: http).check()
        try await AnthropicModel(right, http: http).warmUp()
        right.extra = ["temperature": 1, "model": "claude-haiku-5-5"]
        var wrongKey = right
        wrongKey.key = "other"
        var wrongModel = try Self.configuration(server.url)
        wrongModel.model = "claude-none"
        for (configuration, expected) in [
            (right, ProviderFailure.rejected(status: 400)), (wrongKey, .unauthorised),
            (wrongModel, .rejected(status: 404)),
        ] {
            await #expect(throws: expected) {
                try await AnthropicModel(configuration, http: http).check()
            }
        }
        await http.shutdown()
        await server.stop()
    }

    private static func configuration(_ url: String) throws -> ModelConfiguration {
        try .workshop(url, model: "claude-haiku-4-5")
    }

    private func withModel(
        _ script: @escaping SimulatedAnthropic.Script,
        _ body: (SimulatedAnthropic, (@escaping UsageReport) -> AnthropicModel) async throws -> Void
    ) async throws {
        let server = try await SimulatedAnthropic(script: script)
        let configuration = try Self.configuration(server.url)
        try await ProviderHTTP.run(stopping: server.stop) { http in
            try await body(server) { AnthropicModel(configuration, http: http, usage: $0) }
        }
    }
}
