internal import Insight
internal import Pipeline
internal import Providers

/// The engines that the configuration names, made and made ready.
struct EngineSet: Sendable {
    let engines: CallEngines
    let fillers = FillerLibrary()
    private let espeak: EspeakSynthesizer?
    private let sphinx: PocketSphinxRecognizer?

    init(_ configuration: GatewayConfiguration) {
        let profile = BusinessProfile.workshop
        sphinx = configuration.stt == .pocketsphinx ? PocketSphinxRecognizer() : nil
        espeak = configuration.tts == .espeak ? EspeakSynthesizer() : nil
        engines = CallEngines(
            recognizer: sphinx ?? InstantRecognizer(),
            model: configuration.agent == .intent
                ? IntentAgent(profile: profile) : InstantModel(),
            synthesizer: espeak ?? InstantSynthesizer(),
            tools: AppointmentBook(profile: profile, now: { CivilTime.local() }))
    }

    /// Loads models, starts helper processes and synthesises the fillers.
    ///
    /// - Returns: what each part that is not ready lacks.
    func prepare() async -> EngineReadiness {
        var readiness = EngineReadiness()
        do { try await sphinx?.prepare() } catch { readiness.stt = EngineError(error) }
        do { try await espeak?.prepare() } catch { readiness.tts = EngineError(error) }
        if let failure = await fillers.prepare(with: engines.synthesizer) {
            readiness.tts = readiness.tts ?? failure
        }
        return readiness
    }

    func shutdown() async {
        await espeak?.shutdown()
        sphinx?.shutdown()
    }
}

/// What the engines lack, when they lack something.
struct EngineReadiness: Sendable {
    var stt: EngineError?
    var tts: EngineError?
}
