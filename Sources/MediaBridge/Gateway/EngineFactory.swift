internal import Insight
internal import Pipeline
internal import Providers

/// Makes every engine that the configuration can name: one place per provider and kind.
///
/// An engine made here may lack its key or model; `prepare` says so, and `doctor` asks it.
struct EngineFactory: Sendable {
    let configuration: GatewayConfiguration
    let profile: BusinessProfile
    /// Shared by all engines that speak HTTP.
    let http: ProviderHTTP
    /// Opens the sockets that belong to no call.
    let connector: any EngineConnector
    /// What language models are told.
    let prompt: SystemPrompt

    /// - Throws: `ConfigurationError` for a prompt with a variable that nothing stands for.
    init(
        configuration: GatewayConfiguration, profile: BusinessProfile, http: ProviderHTTP,
        connector: any EngineConnector
    ) throws(ConfigurationError) {
        self.configuration = configuration
        self.profile = profile
        self.http = http
        self.connector = connector
        prompt = try Self.prompt(configuration, profile)
    }

    /// What language models are told.
    ///
    /// - Throws: `ConfigurationError` for a prompt with a variable that nothing stands for.
    static func prompt(
        _ configuration: GatewayConfiguration, _ profile: BusinessProfile
    ) throws(ConfigurationError) -> SystemPrompt {
        let callers = configuration.noCallerVariables
        do throws(PromptTemplateError) {
            guard let own = configuration.providers.prompt else {
                return try SystemPrompt(of: profile)
            }
            let values = Language.allCases.map { language in
                let values = callers.merging(profile.promptValues(language)) { $1 }
                return (language, values.merging(own.values) { $1 })
            }
            return try SystemPrompt(
                own.template, values: Dictionary(uniqueKeysWithValues: values))
        } catch {
            throw .value("systemPrompt", "\(error)", "variables that have a value")
        }
    }

    func model(_ name: GatewayConfiguration.Agent) -> EngineSource<any LanguageModel> {
        switch name {
        case .intent:
            return EngineSource(name: name.rawValue, engine: IntentAgent(profile: profile))
        case .instant: return EngineSource(name: name.rawValue, engine: InstantModel())
        case .anthropic:
            let model = AnthropicModel(
                settings(
                    .anthropic, at: AnthropicModel.defaultBaseURL, model: "claude-haiku-4-5"),
                http: http, usage: Self.count)
            return cloud(.anthropic, .model, model) { try await model.check() }
        case .openai: return chat(.openAI, .openai, model: "gpt-4.1-mini")
        case .openrouter: return chat(.openRouter, .openrouter, model: nil)
        case .ollama: return chat(.ollama, .ollama, model: nil)
        case .vllm: return chat(.vLLM, .vllm, model: nil)
        case .llamacpp: return chat(.llamaCpp, .llamacpp, model: "default")
        case .lmstudio: return chat(.lmStudio, .lmstudio, model: nil)
        case .rasa:
            let own = configuration.providers.settings(of: .rasa, for: .model)
            let model = RasaModel(
                RasaConfiguration(
                    baseURL: own.baseURL ?? "http://127.0.0.1:5005", token: own.key?.value),
                http: http, usage: Self.count)
            return cloud(.rasa, .model, model) { try await model.check() }
        }
    }

    private func chat(
        _ server: ChatServer, _ provider: CloudProvider, model defaultModel: String?
    ) -> EngineSource<any LanguageModel> {
        let settings = settings(provider, at: server.defaultBaseURL ?? "", model: defaultModel)
        let model = ChatCompletionsModel(settings, server: server, http: http, usage: Self.count)
        let lacksModel = settings.model.isEmpty
        return cloud(provider, .model, model) {
            guard !lacksModel else {
                let variable = "MEDIABRIDGE_\(provider.rawValue.uppercased())_MODEL"
                throw EngineError.unavailable("\(provider.rawValue) has no model: set \(variable)")
            }
            try await model.check()
        }
    }

    /// An engine whose check, when it fails, says what to do about it.
    func cloud<Engine>(
        _ provider: CloudProvider, _ stage: EngineStage, _ engine: Engine,
        check: @escaping @Sendable () async throws -> Void
    ) -> EngineSource<Engine> {
        let lack = configuration.lack(of: provider.rawValue, for: stage)
        let advice = EngineAdvice(provider: provider, stage: stage)
        return EngineSource(name: provider.rawValue, engine: engine) {
            if let lack { throw EngineError.unavailable(lack) }
            do { try await Self.limited(check) } catch { throw advice.error(error) }
        }
    }

    /// Nobody waits longer for a provider at start.
    private static let checkLimit = Duration.seconds(10)

    private static func limited(_ check: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await check() }
            group.addTask {
                try await Task.sleep(for: checkLimit)
                throw ProviderFailure.timedOut
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// What models may ask for.
    var tools: [ToolDefinition] {
        .appointments(of: profile) + (configuration.contacts.asksOthers ? [.lookUpCustomer] : [])
    }

    private func settings(
        _ provider: CloudProvider, at baseURL: String, model: String?
    ) -> ModelConfiguration {
        let own = configuration.providers.settings(of: provider, for: .model)
        var settings = ModelConfiguration(
            baseURL: own.baseURL ?? baseURL, key: own.key?.value,
            model: own.model ?? model ?? "", prompt: prompt)
        settings.tools = tools
        return settings
    }

    /// Counts for the call that the request was made for.
    @Sendable private static func count(_ amount: UsageAmount, of engine: Usage.Engine) {
        EngineContext.current?.call.used(amount, of: engine)
    }

    /// The face that calls may ask for; `nil` where none is configured.
    func avatar() -> EngineSource<any AvatarProvider>? {
        let own = configuration.providers.settings(of: .heygen, for: .speech)
        guard own.key != nil || own.model != nil else { return nil }
        var settings = HeyGenAvatar.Settings()
        settings.baseURL = own.baseURL ?? settings.baseURL
        settings.key = own.key?.value ?? ""
        settings.avatar = own.model ?? ""
        for language in Language.allCases { settings.voices[language] = own.voice(in: language) }
        settings.quality = configuration.avatarQuality
        // Of a face that hangs the caller hears nothing: the voice is to take over soon.
        settings.timing.answering = .seconds(3)
        let avatar = HeyGenAvatar(settings: settings, http: http)
        return cloud(.heygen, .speech, avatar) { try await avatar.check() }
    }
}
