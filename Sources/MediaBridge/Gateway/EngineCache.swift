internal import Pipeline
internal import Providers

/// The response cache in front of the mind and the voice of all calls.
struct EngineCache: Sendable {
    let shared: SharedResponseCache
    let greetings: GreetingKeeper
    /// The engines with the cache in front.
    let engines: CallEngines

    /// `nil` where it is switched off, and for an assistant that keeps the dialogue itself: it
    /// must hear every turn.
    init?(_ uncached: CallEngines, _ chains: EngineChains, _ factory: EngineFactory) {
        let providers = factory.configuration.providers
        guard let settings = providers.responseCache, let first = chains.agent.first,
            first.rawValue != CloudProvider.rasa.rawValue
        else { return nil }
        shared = SharedResponseCache(settings)
        let minds = chains.agent.map { Self.name($0.rawValue, .model, providers) }
        var agent = CachingModel.Agent(first.rawValue) { language in
            let knowledge = factory.profile.promptValues(language).sorted { $0.key < $1.key }
            return CachedQuestion.fingerprint(
                of: [factory.prompt.text(language)] + knowledge.flatMap { [$0.key, $0.value] }
                    + minds)
        }
        agent.keepsAnswers = first != .intent && first != .instant
        agent.marked = providers.frequentQuestions
        let model = CachingModel(uncached.model, agent: agent, cache: shared)
        let name = chains.tts.first?.rawValue ?? ""
        let voice = CachingSynthesizer(
            uncached.synthesizer, name: { Self.name(name, .speech, providers, $0) }, cache: shared)
        engines = CallEngines(
            recognizer: uncached.recognizer, model: model, synthesizer: voice,
            tools: uncached.tools, warmUp: uncached.warmUp, avatar: uncached.avatar)
        greetings = GreetingKeeper(
            model, voice, cache: shared, first: factory.configuration.language)
    }

    /// An engine with what decides what it says, or how it sounds.
    private static func name(
        _ engine: String, _ stage: EngineStage, _ providers: ProviderConfiguration,
        _ language: Language? = nil
    ) -> String {
        let settings = CloudProvider(rawValue: engine).map {
            providers.settings(of: $0, for: stage)
        }
        let parts = [
            engine, settings?.model, settings?.baseURL,
            language.flatMap { settings?.voice(in: $0) },
        ]
        return parts.compactMap(\.self).joined(separator: "/")
    }
}
