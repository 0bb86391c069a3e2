import Pipeline
import Providers

extension ProviderHTTP {
    /// Runs an integration test's body with a client, then ends the client and the test's server,
    /// whatever the body does.
    static func run(
        stopping stop: () async -> Void, _ body: (ProviderHTTP) async throws -> Void
    ) async throws {
        let http = ProviderHTTP()
        do {
            try await body(http)
        } catch {
            await http.shutdown()
            await stop()
            throw error
        }
        await http.shutdown()
        await stop()
    }
}

extension ModelConfiguration {
    /// As the simulators' own key and one of their models want it, with the workshop's tools.
    static func workshop(_ url: String, model: String) throws -> ModelConfiguration {
        var configuration = ModelConfiguration(
            baseURL: url, key: "simulated-key", model: model,
            prompt: try SystemPrompt(of: .workshop))
        configuration.tools = .appointments(of: .workshop)
        return configuration
    }
}
