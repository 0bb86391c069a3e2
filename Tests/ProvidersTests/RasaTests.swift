import Pipeline
import ProviderSimulators
import Testing

@testable import Providers

/// Rasa's clients against a server made from its documents, over real sockets.
@Suite(.tags(.integration), .timeLimit(.minutes(1))) struct RasaTests {
    @Test func aDialogue() async throws {
        let server = try await SimulatedRasa(dialogue: { turn in
            switch turn.message {
            case "/session_start": [#"{"text":"Hola."}"#, #"{"text":"¿Qué desea?"}"#]
            case "ventas":
                [
                    #"{"text":"Te paso."}"#, #"{"image":"https://example.test/a.png"}"#,
                    #"{"custom":{"action":"transfer","to":"sales"}}"#,
                ]
            case "adiós": [#"{"custom":{"action":"hangup"}}"#]
            default: []
            }
        })
        let http = ProviderHTTP()
        let model = RasaModel(.init(baseURL: server.url + "/"), conversation: "c1", http: http)
        for (history, expected) in [
            ([], [.text("Hola."), .text(" ¿Qué desea?")]),
            (
                [.user("nada"), .agent("Hola.", interrupted: true), .user(" / ventas ")],
                [.text("Te paso."), .closing(.transfer(reason: "to sales"))]
            ),
            ([.user("adiós"), .context("VIP")], [.closing(.hangUp)]),
        ] as [([Message], [ModelEvent])] {
            let heard = await ModelListener(
                model.answer(.init(language: .spanish, history: history)))
            #expect(heard.events == expected)
            #expect(heard.failure == nil)
        }
        let turns = server.turns
        #expect(turns.map(\.message) == ["/session_start", "ventas", "adiós"])
        #expect(turns.allSatisfy { $0.sender == "c1" && $0.channel == "voice" })
        await http.shutdown()
        await server.stop()
    }

    @Test(
        arguments: [
            (.status(409), .overloaded), (.status(500), .server(status: 500)),
            (.status(401), .unauthorised), (.status(404), .rejected(status: 404)),
            (.brokenAction, .garbage), (.garbage, .garbage), (.closeMidBody, .closedEarly),
        ] as [(SimulatedRasa.Fault, ProviderFailure)])
    func faults(fault: SimulatedRasa.Fault, expected: ProviderFailure) async throws {
        let server = try await SimulatedRasa(fault: fault, dialogue: { _ in [#"{"text":"x"}"#] })
        let http = ProviderHTTP()
        let model = RasaModel(.init(baseURL: server.url), conversation: "c", http: http)
        let heard = await ModelListener(
            model.answer(.init(language: .spanish, history: [.user("hola")])))
        #expect(heard.events == [])
        #expect(heard.failure == expected)
        await http.shutdown()
        await server.stop()
    }

    /// The answers of `/model/parse` in its documents, and what they mean at 0.7.
    @Test(arguments: [
        (
            #"{"text":"t","intent":{"name":"request_transfer","confidence":0.9731},"entities":[{"entity":"department","start":18,"end":24,"value":"sales","confidence_entity":0.991,"role":"target","group":"1"}],"intent_ranking":[{"name":"request_transfer","confidence":0.9731}]}"#,
            "request_transfer", "request_transfer"
        ),
        (
            #"{"intent":{"name":"ask_price","confidence":0.69},"entities":[]}"#, nil, "ask_price"
        ),
        (
            #"{"intent":{"name":"nlu_fallback","confidence":1.0},"entities":[],"intent_ranking":[{"name":"nlu_fallback","confidence":1.0},{"name":"ask_price","confidence":0.4}]}"#,
            nil, "ask_price"
        ),
        (#"{"intent":{"name":null,"confidence":0.0},"entities":[]}"#, nil, nil),
    ])
    func readings(answer: String, intent: String?, guess: String?) async throws {
        let server = try await SimulatedRasa(token: "a+b c", parse: { _ in answer })
        let http = ProviderHTTP()
        let parser = RasaParser(.init(baseURL: server.url, token: "a+b c"), http: http)
        #expect(try await parser.intent(of: "quiero hablar con ventas") == intent)
        let reading = try await parser.reading(of: "quiero hablar con ventas")
        #expect(reading.bestGuess?.name == guess)
        if let entity = reading.entities.first {
            #expect(entity.value == "sales")
            #expect(entity.confidence == 0.991)
            #expect(entity.role == "target")
        }
        let stranger = RasaParser(.init(baseURL: server.url), http: http)
        await #expect(throws: ProviderFailure.unauthorised) {
            try await stranger.intent(of: "hola")
        }
        await http.shutdown()
        await server.stop()
    }
}
