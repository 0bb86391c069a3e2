internal import Foundation
internal import Insight
internal import Pipeline
internal import Providers

/// The engines that the configuration names, made and made ready.
struct EngineSet: Sendable {
    let engines: CallEngines
    let fillers = FillerLibrary()
    let detection: VoiceDetection
    private let detectionError: EngineError?
    private let espeak: EspeakSynthesizer?
    private let sphinx: PocketSphinxRecognizer?

    init(_ configuration: GatewayConfiguration) {
        let profile = BusinessProfile.workshop
        (detection, detectionError) = Self.detection(configuration)
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
        var readiness = EngineReadiness(vad: detectionError)
        do { try await sphinx?.prepare() } catch { readiness.stt = EngineError(error) }
        do { try await espeak?.prepare() } catch { readiness.tts = EngineError(error) }
        if let failure = await fillers.prepare(with: engines.synthesizer) {
            readiness.tts = readiness.tts ?? failure
        }
        return readiness
    }

    /// The detector that is asked for; energy stands in for a network whose weights are missing.
    private static func detection(
        _ configuration: GatewayConfiguration
    ) -> (VoiceDetection, EngineError?) {
        switch configuration.vad {
        case .energy: return (.energy, nil)
        case .none: return (.none, nil)
        case .silero:
            let path = configuration.sileroWeights
            do {
                let octets = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
                return (.silero(try SileroWeights(SafetensorsFile(octets))), nil)
            } catch {
                let advice = "no usable weights at \(path): run script/fetch-silero; "
                return (.energy, .unavailable(advice + "voice is detected by energy meanwhile"))
            }
        }
    }

    func shutdown() async {
        await espeak?.shutdown()
        sphinx?.shutdown()
    }
}

/// What the engines lack, when they lack something.
struct EngineReadiness: Sendable {
    /// Calls are served all the same, on the energy detector.
    var vad: EngineError?
    var stt: EngineError?
    var tts: EngineError?

    /// Every part by name, with what it lacks.
    var parts: [(String, EngineError?)] { [("vad", vad), ("stt", stt), ("tts", tts)] }
}
