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

    func recognizer(
        _ name: GatewayConfiguration.Recognizer
    ) -> EngineSource<any SpeechRecognizer> {
        switch name {
        case .pocketsphinx:
            let sphinx = PocketSphinxRecognizer()
            return EngineSource(
                name: name.rawValue, engine: sphinx,
                prepare: { try await sphinx.prepare() }, shutdown: { sphinx.shutdown() })
        case .instant: return EngineSource(name: name.rawValue, engine: InstantRecognizer())
        }
    }

    func model(_ name: GatewayConfiguration.Agent) -> EngineSource<any LanguageModel> {
        switch name {
        case .intent:
            return EngineSource(name: name.rawValue, engine: IntentAgent(profile: profile))
        case .instant: return EngineSource(name: name.rawValue, engine: InstantModel())
        }
    }

    func synthesizer(
        _ name: GatewayConfiguration.Synthesizer
    ) -> EngineSource<any SpeechSynthesizer> {
        switch name {
        case .espeak:
            let espeak = EspeakSynthesizer()
            return EngineSource(
                name: name.rawValue, engine: espeak,
                prepare: { try await espeak.prepare() }, shutdown: { await espeak.shutdown() })
        case .instant: return EngineSource(name: name.rawValue, engine: InstantSynthesizer())
        }
    }
}
