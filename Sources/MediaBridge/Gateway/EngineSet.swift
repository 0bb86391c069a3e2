internal import Foundation
internal import Insight
internal import Pipeline
internal import Providers
internal import Records

/// The engines that the configuration names, in chains, made and made ready.
struct EngineSet: Sendable {
    let engines: CallEngines
    /// `nil`: our own conversation leads every call.
    let speechAgent: EngineSource<any SpeechAgent>?
    let fillers: FillerLibrary
    /// `nil`: every question is asked.
    let cache: EngineCache?
    let detection: VoiceDetection
    /// How the providers of each chain fare; empty for a stage with one engine.
    let health: @Sendable () -> [EngineStage: [FailoverPolicy.Health]]
    private let detectionName: String
    private let detectionError: EngineError?
    private let recognizers: [EngineSource<any SpeechRecognizer>]
    private let models: [EngineSource<any LanguageModel>]
    private let synthesizers: [EngineSource<any SpeechSynthesizer>]
    /// Beside the chains: a call asks for it, and speaks with its voice where it fails.
    private let avatar: EngineSource<any AvatarProvider>?
    let http: ProviderHTTP
    /// `nil`: no engine needs sockets that belong to no call.
    private let loop: EngineLoop?
    /// Calls' own loops open sockets with TLS.
    let usesSecureSockets: Bool

    /// - Parameters:
    ///   - configuration: which engines there are, and what they are asked with.
    ///   - customers: answers `lookup_customer`; `nil`: nobody does.
    /// - Throws: `ConfigurationError` for a prompt that cannot be filled in, `LoopError` when the
    ///   system gives no thread for engines' sockets.
    init(_ configuration: GatewayConfiguration, customers: ContactDirectory? = nil) throws {
        let profile = BusinessProfile.workshop
        // Before anything is made that would have to be shut down.
        _ = try EngineFactory.prompt(configuration, profile)
        fillers = FillerLibrary(language: configuration.language)
        (detection, detectionError) = Self.detection(configuration)
        detectionName = configuration.vad.rawValue
        http = ProviderHTTP(
            keepsConnections: configuration.providers.connectionPool,
            onLoopStart: { if configuration.isRealTime { RealTime.enter() } })
        let chains = EngineChains(configuration)
        let bases = chains.socketBases(configuration)
        usesSecureSockets = bases.contains { !$0.hasPrefix("ws://") && !$0.hasPrefix("http://") }
        loop =
            bases.isEmpty
            ? nil
            : try EngineLoop(isSecure: usesSecureSockets, isRealTime: configuration.isRealTime)
        let factory = try EngineFactory(
            configuration: configuration, profile: profile, http: http,
            connector: loop ?? NoConnector())
        speechAgent = factory.speechAgent()
        avatar = factory.avatar()
        recognizers = chains.stt.map { factory.recognizer($0) }
        models = chains.agent.map { factory.model($0) }
        synthesizers = chains.tts.map { factory.synthesizer($0) }
        let ear = Self.chain(
            .recognition, recognizers, endsBuiltIn: chains.stt.last == .pocketsphinx)
        let model = Self.chain(.model, models, endsBuiltIn: chains.agent.last == .intent)
        let voice = Self.chain(.speech, synthesizers, endsBuiltIn: chains.tts.last == .espeak)
        let book = AppointmentBook(profile: profile, now: { CivilTime.local() })
        var uncached = CallEngines(
            recognizer: ear.map { ChainedRecognizer($0) } ?? recognizers[0].engine,
            model: model.map { ChainedModel($0) } ?? models[0].engine,
            synthesizer: NormalizedSynthesizer(
                voice.map { ChainedSynthesizer($0) } ?? synthesizers[0].engine,
                country: configuration.country),
            tools: customers.map { CustomerTools(directory: $0, others: book) } ?? book)
        uncached.warmUp = configuration.providers.connectionPool ? EngineWarmUp() : nil
        uncached.avatar = avatar.map {
            NormalizedAvatar($0.engine, country: configuration.country)
        }
        cache = EngineCache(uncached, chains, factory)
        engines = cache?.engines ?? uncached
        health = {
            var health: [EngineStage: [FailoverPolicy.Health]] = [:]
            health[.recognition] = ear?.health
            health[.model] = model?.health
            health[.speech] = voice?.health
            return health
        }
    }

    /// Of the chains, the most wanted first.
    var names: [EngineStage: [String]] {
        [
            .recognition: recognizers.map(\.name), .model: models.map(\.name),
            .speech: synthesizers.map(\.name),
        ]
    }

    /// Loads models and starts helper processes.
    ///
    /// - Returns: every part by name, with what it lacks.
    func prepare() async -> EngineReadiness {
        var readiness = EngineReadiness()
        async let agents = Self.prepare(speechAgent.map { [$0] } ?? [], .agent)
        async let ears = Self.prepare(recognizers, .recognition)
        async let minds = Self.prepare(models, .model)
        async let voices = Self.prepare(synthesizers, .speech)
        readiness.parts = await agents + ears + minds + voices
        if let avatar {
            var part = EngineReadiness.Part(stage: "avatar", name: avatar.name)
            do { try await avatar.prepare() } catch { part.lack = EngineError(error) }
            readiness.parts.append(part)
        }
        readiness.parts.append(.init(stage: "vad", name: detectionName, lack: detectionError))
        return readiness
    }

    /// Has the voices that calls hear say something, which shows more than each one's readiness.
    func rehearse(_ readiness: inout EngineReadiness) async {
        guard let failure = await fillers.rehearse(with: engines.synthesizer) else { return }
        readiness.note(failure, of: .speech)
    }

    /// `nil`: one engine is no chain.
    private static func chain<Engine>(
        _ stage: EngineStage, _ sources: [EngineSource<Engine>], endsBuiltIn: Bool
    ) -> ProviderChain<Engine>? {
        guard sources.count > 1 else { return nil }
        return ProviderChain(
            stage: stage, sources.map { .init($0.name, $0.engine) }, hasLastResort: endsBuiltIn)
    }

    /// All at once: each may have to wait for a server.
    private static func prepare<Engine>(
        _ sources: [EngineSource<Engine>], _ stage: EngineStage
    ) async -> [EngineReadiness.Part] {
        await withTaskGroup(of: (Int, EngineReadiness.Part).self) { group in
            for (index, source) in sources.enumerated() {
                group.addTask {
                    var part = EngineReadiness.Part(stage: stage.rawValue, name: source.name)
                    do { try await source.prepare() } catch { part.lack = EngineError(error) }
                    return (index, part)
                }
            }
            let parts = await group.reduce(into: []) { $0.append($1) }
            return parts.sorted { $0.0 < $1.0 }.map(\.1)
        }
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
        for source in recognizers { await source.shutdown() }
        for source in models { await source.shutdown() }
        for source in synthesizers { await source.shutdown() }
        await loop?.shutdown()
        await http.shutdown()
    }
}

/// For engines that need no socket.
private struct NoConnector: EngineConnector {
    private final class Socket: EngineSocket {
        func send(text: String) {}
        func send(text octets: Span<UInt8>) {}
        func send(binary octets: Span<UInt8>) {}
        func close() {}
    }

    func connect(
        to endpoint: EngineEndpoint, receive: @escaping @Sendable (EngineSocketEvent) -> Void
    ) -> any EngineSocket {
        receive(.ended(.impossible("no loop for engines' sockets")))
        return Socket()
    }
}
