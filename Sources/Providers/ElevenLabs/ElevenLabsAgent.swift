internal import Foundation
package import Pipeline

/// ElevenLabs Conversational AI: an agent that is set up there and bridged to the call here.
///
/// Formats are settings of the agent: with `ulaw_8000` both ways a telephone's audio is passed
/// through; others are converted. With a key every call gets a signed address of its own, as
/// private agents need; without one the agent must be public. Nothing resumes a conversation whose
/// connection broke.
package struct ElevenLabsAgent: SpeechAgent {
    package struct Settings: Sendable {
        /// With or without `https://`; data residency has hosts of its own.
        package var baseURL = "https://api.elevenlabs.io"
        /// Never logged; `nil`: the agent is public.
        package var key: String?
        package var agentID: String
        /// What the agent's own settings are overridden with, where they allow it; a field that
        /// they do not allow ends the conversation at its start.
        package var overrides = Overrides()
        /// For the prompt's `{{name}}`, beside what is known of the call.
        package var variables: [String: String] = [:]

        package init(agentID: String, key: String?) {
            self.agentID = agentID
            self.key = key
        }
    }

    package struct Overrides: Equatable, Sendable {
        package var prompt: String?
        package var firstMessage: String?
        package var voice: String?
        /// The agent is told the call's language.
        package var sendsLanguage = false
        package init() {}
    }

    package let name = "elevenlabs"
    package let tellsResponseEnds = false
    private let settings: Settings
    private let http: ProviderHTTP

    package init(settings: Settings, http: ProviderHTTP) {
        self.settings = settings
        self.http = http
    }

    /// Tries the key and the agent by asking for a signed address.
    ///
    /// - Throws: `EngineError` that names what to change.
    package func check() async throws(EngineError) {
        try checkSettings()
        guard let key = settings.key else { return }
        do throws(ProviderFailure) {
            _ = try await Self.signedURL(settings, key, http)
        } catch {
            throw Self.explained(error)
        }
    }

    private func checkSettings() throws(EngineError) {
        guard !settings.agentID.isEmpty else {
            throw .unavailable(
                "the ElevenLabs agent has no id: set MEDIABRIDGE_ELEVENLABS_AGENT_ID")
        }
    }

    private static func explained(_ failure: ProviderFailure) -> EngineError {
        switch failure {
        case .unauthorised:
            .unavailable("ElevenLabs refuses the key: check ELEVENLABS_API_KEY and its rights")
        case .rejected(let status):
            .unavailable(
                "ElevenLabs refuses the agent (\(status)): check MEDIABRIDGE_ELEVENLABS_AGENT_ID")
        case .dns, .refused, .rateLimited, .server, .overloaded, .stalledBeforeFirst,
            .stalledMidStream, .garbage, .closedEarly, .timedOut:
            .failed("no agent at ElevenLabs: \(failure.name)")
        }
    }

    package func makeSession(
        _ request: SpeechAgentRequest, deliver: @escaping @Sendable (SpeechAgentEvent) -> Void
    ) throws(EngineError) -> any SpeechAgentSession {
        try checkSettings()
        let engine = Usage.Engine(stage: .agent, provider: name, model: "")
        let call = EngineContext.current?.call
        let session = ElevenLabsAgentSession(
            request, opening: opening(request).text, deliver: deliver
        ) {
            var amount = UsageAmount()
            amount.requests = 1
            amount.audioMilliseconds = $0
            call?.used(amount, of: engine)
        }
        var address = URLQuery(
            WebSocketBase.normalized(settings.baseURL) + "/v1/convai/conversation")
        address.add("agent_id", settings.agentID)
        if let key = settings.key {
            let (settings, http) = (settings, http)
            session.start { await Self.signedAddress(settings, key, http) }
        } else {
            session.connect(to: address.url)
        }
        return session
    }

    private static func signedAddress(
        _ settings: Settings, _ key: String, _ http: ProviderHTTP
    ) async -> Result<String, ProviderFailure> {
        do throws(ProviderFailure) {
            return .success(try await signedURL(settings, key, http))
        } catch {
            return .failure(error)
        }
    }

    /// Good for one conversation that begins within a quarter of an hour.
    private static func signedURL(
        _ settings: Settings, _ key: String, _ http: ProviderHTTP
    ) async throws(ProviderFailure) -> String {
        var base = WebSocketBase.normalized(settings.baseURL)
        base.replaceSubrange(
            base.startIndex..<base.index(base.startIndex, offsetBy: 2), with: "http")
        var address = URLQuery(base + "/v1/convai/conversation/get-signed-url")
        address.add("agent_id", settings.agentID)
        let answer: ProviderHTTPResponse
        let body: [UInt8]
        do {
            answer = try await http.send(
                ProviderHTTPRequest(
                    method: "GET", url: address.url, headers: [("xi-api-key", key)]))
            body = try await answer.body.collect(upTo: 1 << 14)
        } catch {
            throw ProviderFailure(http: error)
        }
        guard answer.status == 200 else {
            throw ProviderFailure(status: answer.status, retryAfter: answer.retryAfter)
        }
        let value = JSONValue(parsing: String(decoding: body, as: UTF8.self))
        guard let url = value?.object?["signed_url"]?.string else { throw .garbage }
        return url
    }

    /// The first message: what is known of the call, and what is other than in the agent's settings.
    private func opening(_ request: SpeechAgentRequest) -> JSONValue {
        var agent: [String: JSONValue] = [:]
        if let prompt = settings.overrides.prompt {
            agent["prompt"] = ["prompt": .string(prompt)]
        }
        if let words = settings.overrides.firstMessage { agent["first_message"] = .string(words) }
        if settings.overrides.sendsLanguage {
            agent["language"] = .string(request.language.rawValue)
        }
        var override: [String: JSONValue] = [:]
        if !agent.isEmpty { override["agent"] = .object(agent) }
        if let voice = settings.overrides.voice {
            override["tts"] = ["voice_id": .string(voice)]
        }
        var message: [String: JSONValue] = [
            "type": "conversation_initiation_client_data",
            "source_info": ["source": "mediabridge"],
        ]
        if !override.isEmpty { message["conversation_config_override"] = .object(override) }
        let variables = settings.variables.merging(request.variables) { $1 }
        if !variables.isEmpty {
            message["dynamic_variables"] = .object(variables.mapValues { .string($0) })
        }
        return .object(message)
    }
}
