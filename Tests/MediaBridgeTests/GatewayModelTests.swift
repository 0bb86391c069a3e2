import ProviderSimulators
import Synchronization
import Testing

@testable import MediaBridge

/// Calls that a language model behind HTTP answers, chosen by the configuration alone.
@Suite(.tags(.integration)) struct GatewayModelTests {
    @Test func metricsTellHowProvidersFare() async throws {
        let server = try await SimulatedChatCompletions(
            dialect: .ollama, key: nil, models: ["tiny"]
        ) { _ in
            SimulatedModelAnswer("Never said.", fault: .status(500))
        }
        let settings = ["agent": "ollama", "ollama:\n  model: tiny\n  baseURL": server.url]
        try await GatewayUnderTest.run(settings: settings) { gateway in
            let labels = #"{stage="llm",provider="ollama""#
            #expect(
                try gateway.metric("mediabridge_provider_state\(labels),state=\"closed\"}") == 1)
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart()
            #expect(try caller.hearsTheAnswer(), "the built-in agent's greeting")
            #expect(try gateway.metric("mediabridge_provider_failures_total\(labels)}") >= 1)
            #expect(try gateway.metric("mediabridge_provider_requests_total\(labels)}") >= 1)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
        }
        await server.stop()
    }

    @Test func aServerOfChatCompletionsAnswers() async throws {
        let asked = Mutex(0)
        let server = try await SimulatedChatCompletions(
            dialect: .ollama, key: nil, models: ["tiny"]
        ) { _ in
            asked.withLock { $0 += 1 }
            return SimulatedModelAnswer("Hello from the model.")
        }
        let yaml = """
            autoFallback: false
            ollama:
              model: tiny
              baseURL: \(server.url)
            """
        try await GatewayUnderTest.run(settings: ["agent": "ollama"], yaml: yaml) { gateway in
            let before = asked.withLock { $0 }
            let caller = try GatewayTwilioCaller(gateway)
            try caller.sendStart()
            #expect(try caller.hearsTheAnswer(), "the greeting")
            #expect(asked.withLock { $0 } == before + 1)
            try caller.sendStop()
            #expect(try caller.waitsForEnd())
        }
        await server.stop()
    }
}
