internal import Configuration
internal import Foundation
internal import Insight
internal import Pipeline
internal import Providers
internal import SystemPackage

/// Everything that can be set, with its default; DESIGN §6 names the sources.
struct GatewayConfiguration: Sendable {
    // A provider's name stands here as soon as its engine does; `EngineFactory` makes it.
    enum Recognizer: String, CaseIterable, Sendable {
        case pocketsphinx, sherpa, instant, deepgram, openai
    }
    enum Agent: String, CaseIterable, Sendable {
        case intent, instant, anthropic, openai, openrouter, ollama, vllm, llamacpp, lmstudio, rasa
    }
    enum Synthesizer: String, CaseIterable, Sendable {
        case espeak, sherpa, instant, elevenlabs, deepgram, openai
    }
    /// What is done when an answering machine takes a call that we made.
    enum Voicemail: String, CaseIterable, Sendable { case hangUp, message, ignore }
    enum VoiceDetection: String, CaseIterable, Sendable { case silero, energy, none }
    /// `auto`: where the recogniser does not take its interim words back.
    enum Speculation: String, CaseIterable, Sendable { case auto, on, off }

    /// Of the log on standard error; JSON has one object a line.
    enum LogFormat: String, CaseIterable, Sendable { case text, json }

    var logFormat = LogFormat.text
    /// Address of both ports; anything but loopback opens the gateway to a network.
    var bind = "127.0.0.1"
    var mediaPort = 8081
    var apiPort = 8080
    var access = AccessConfiguration()
    /// Media loops; 0 takes one per core.
    var loops = 0
    /// Threads that carry calls are scheduled before ordinary ones, where the system permits it.
    var isRealTime = true
    var maxCalls = 500
    var language = Language.english
    /// How money, dates and numbers are read out; `nil`: as usual in the call's language.
    var country: SpokenCountry?
    /// Chains, the most wanted first.
    var stt = [Recognizer.pocketsphinx]
    var agent = [Agent.intent]
    var tts = [Synthesizer.espeak]
    var providers = ProviderConfiguration()
    var speechAgent = SpeechAgentConfiguration()
    var twilio = TwilioConfiguration()
    /// The network; without optimisation it would need 90 ms for a window of 32.
    #if DEBUG
        var vad = VoiceDetection.energy
    #else
        var vad = VoiceDetection.silero
    #endif
    /// The network's weights, as `script/fetch-silero` leaves them.
    var sileroWeights = ".engines/silero-vad/silero-vad-6.2.3.safetensors"
    /// sherpa-onnx's library, as `script/fetch-sherpa` leaves it.
    var sherpaLibrary = ".engines/sherpa-onnx"
    /// Of the picture of an avatar; its provider's settings say which avatar it is.
    var avatarQuality = HeyGenAvatar.Quality.medium
    var silenceLimit = Duration.seconds(3)
    var fillerDelay = Duration.milliseconds(1_600)
    /// Silence that ends the caller's turn.
    var endpointPause = Duration.milliseconds(480)
    /// Silence that ends a turn whose words are clearly all, and one whose words are clearly not.
    var endpointMinimum = Duration.milliseconds(120)
    var endpointMaximum = Duration.milliseconds(1_500)
    /// The model is asked before the turn is over.
    var speculation = Speculation.auto
    /// The melody of the caller's voice shortens or lengthens these silences.
    var endpointProsody = true
    var bargeInDebounce = Duration.milliseconds(100)
    /// Silence after which a caller is asked whether they are there; zero: never.
    var idlePrompt = Duration.seconds(8)
    /// So many questions in vain, then the call is hung up.
    var idlePromptLimit = 2
    /// Without a key for this long, the digits so far are one input; zero: keys are only reported.
    var digitTimeout = Duration.seconds(3)
    /// The key that ends an input; empty: none.
    var digitTerminator = "#"
    /// A single 0 asks for a human.
    var zeroForHuman = true
    var voicemail = Voicemail.hangUp
    /// Left after the beep with `voicemail: message`.
    var voicemailMessage = ""
    /// On phone lines the agent's own echo is told from the caller.
    var echoProtection = true
    /// How long live calls may go on after SIGTERM.
    var drainLimit = Duration.seconds(30)
    /// A turn that takes longer is counted as over budget.
    var latencyBudget = Duration.milliseconds(1_500)
    /// What the gateway warns of.
    var alerts = AlertConfiguration()
    /// Where traces go.
    var tracing = TracingConfiguration()
    /// The file of the records, or `memory`: they go when the gateway stops.
    var database = "memory"
    /// Granular events are kept so long; zero: for ever.
    var eventDays = 30
    /// Ended calls with their turns, tools and conversations are kept so long; zero: for ever.
    var callDays = 0
    /// Records, live events and webhooks hold numbers as `+34******123`.
    var redactPhoneNumbers = false
    /// Records, live events and webhooks hold no words of callers and agent.
    var redactTranscripts = false
    /// Who is told what happens, besides the control API's clients.
    var outbox = OutboxConfiguration()
    /// Those who run calls elsewhere.
    var remoteCalls = RemoteCallConfiguration()
    /// Who is asked who calls.
    var contacts = ContactConfiguration()
    /// One JSON-lines file of events per call goes here; none by default.
    var journalDirectory: String?
    /// One flight record per call goes here, for `mediabridge replay`; none by default.
    var flightDirectory: String?
    /// Flight records hold both sides' audio, of calls with consent.
    var recordAudio = false
    var recordingConsent = RecordingConsent.perCall
    /// No flight record grows beyond this.
    var flightCallMegabytes = 64
    /// The oldest flight records go when all of them are larger than this.
    var flightMegabytes = 4_096
    var flightDays = 14

    /// What of it a call is told, beside what is known of the call itself.
    func apply(to settings: inout ConversationSettings) {
        settings.silenceLimit = silenceLimit
        settings.fillerDelay = fillerDelay
        settings.endpointing.pause = endpointPause
        settings.endpointing.minimum = endpointMinimum
        settings.endpointing.maximum = endpointMaximum
        settings.endpointing.usesProsody = endpointProsody
        settings.speculation.isOn =
            switch speculation {
            case .auto: settings.interimsAreStable
            case .on: true
            case .off: false
            }
        settings.speech.start(afterVoiceOf: bargeInDebounce)
        settings.idle.prompt = idlePrompt
        settings.idle.promptLimit = idlePromptLimit
        settings.keypad.digitTimeout = digitTimeout
        settings.keypad.terminator = digitTerminator
        settings.keypad.zeroForHuman = zeroForHuman
        settings.chunkedSpeech = providers.chunkedSpeech
        settings.voicemail.isDetected = voicemail != .ignore
        settings.voicemail.message = voicemail == .message ? voicemailMessage : ""
    }

    /// What the providers named in chains lack, as far as it can be seen without asking them.
    var lacks: [String] {
        let chains: [(EngineStage, [String])] = [
            (.recognition, stt.map(\.rawValue)), (.model, agent.map(\.rawValue)),
            (.speech, tts.map(\.rawValue)),
            (.agent, speechAgent.provider.map { [$0.rawValue] } ?? []),
        ]
        return chains.flatMap { stage, names in names.compactMap { lack(of: $0, for: stage) } }
    }

    /// - Returns: advice; `nil` for an engine that lacks nothing or is built in.
    func lack(of name: String, for stage: EngineStage) -> String? {
        CloudProvider(rawValue: name).flatMap {
            if stage == .agent { return speechAgent.lack(providers.settings(of: $0, for: stage)) }
            return providers.settings(of: $0, for: stage).lack(of: $0, for: stage)
        }
    }

    /// Reads `MEDIABRIDGE_*` over the file over the defaults.
    ///
    /// - Parameters:
    ///   - file: a YAML file; `nil` reads `mediabridge.yaml` when there is one.
    ///   - environment: the process's own unless under test.
    /// - Returns: settings that are valid, each by itself and together.
    /// - Throws: `ConfigurationError` that names the setting.
    static func load(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> GatewayConfiguration {
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(
                with: "mediabridge")
        ]
        do {
            providers.append(
                try await FileProvider<YAMLSnapshot>(
                    filePath: .init(file ?? "mediabridge.yaml"), allowMissing: file == nil))
        } catch {
            throw ConfigurationError.file(file ?? "mediabridge.yaml", "\(error)")
        }
        return try GatewayConfiguration(
            SettingReader(ConfigReader(providers: providers), environment: environment))
    }

    private init(_ settings: SettingReader) throws(ConfigurationError) {
        logFormat = try settings.choice("logFormat") ?? logFormat
        bind = settings.text("bind") ?? bind
        mediaPort = try settings.number("mediaPort", in: 0...65_535) ?? mediaPort
        apiPort = try settings.number("apiPort", in: 0...65_535) ?? apiPort
        access = try AccessConfiguration(settings)
        loops = try settings.number("loops", in: 0...256) ?? loops
        isRealTime = try settings.flag("realTime") ?? isRealTime
        maxCalls = try settings.number("maxCalls", in: 1...100_000) ?? maxCalls
        language = try settings.choice("language") ?? language
        country = try settings.choice("country")
        stt = try settings.chain("stt") ?? stt
        agent = try settings.chain("agent") ?? agent
        tts = try settings.chain("tts") ?? tts
        providers = try ProviderConfiguration(settings)
        speechAgent = try SpeechAgentConfiguration(settings)
        twilio = try TwilioConfiguration(settings)
        vad = try settings.choice("vad") ?? vad
        sileroWeights = settings.text("sileroWeights") ?? sileroWeights
        sherpaLibrary = settings.text("sherpaLibrary") ?? sherpaLibrary
        avatarQuality = try settings.choice("avatarQuality") ?? avatarQuality
        silenceLimit = try settings.duration("silenceLimit") ?? silenceLimit
        fillerDelay = try settings.duration("fillerDelay") ?? fillerDelay
        endpointPause = try settings.duration("endpointPause") ?? endpointPause
        endpointMinimum = try settings.duration("endpointMinimum") ?? endpointMinimum
        endpointMaximum = try settings.duration("endpointMaximum") ?? endpointMaximum
        if let choice: Speculation = try settings.choice("speculation") {
            speculation = choice
        } else if let isOn = try settings.flag("speculation") {  // what YAML makes of on and off
            speculation = isOn ? .on : .off
        }
        endpointProsody = try settings.flag("endpointProsody") ?? endpointProsody
        bargeInDebounce = try settings.duration("bargeInDebounce") ?? bargeInDebounce
        idlePrompt = try settings.duration("idlePrompt") ?? idlePrompt
        idlePromptLimit =
            try settings.number("idlePromptLimit", in: 0...100) ?? idlePromptLimit
        digitTimeout = try settings.duration("digitTimeout") ?? digitTimeout
        digitTerminator = try settings.key("digitTerminator") ?? digitTerminator
        zeroForHuman = try settings.flag("zeroForHuman") ?? zeroForHuman
        voicemail = try settings.choice("voicemail") ?? voicemail
        voicemailMessage = settings.text("voicemailMessage") ?? voicemailMessage
        echoProtection = try settings.flag("echoProtection") ?? echoProtection
        drainLimit = try settings.duration("drainLimit") ?? drainLimit
        latencyBudget = try settings.duration("latencyBudget") ?? latencyBudget
        alerts = try AlertConfiguration(settings, latencyBudget: latencyBudget)
        tracing = try TracingConfiguration(settings)
        database = settings.text("database") ?? database
        eventDays = try settings.number("eventDays", in: 0...36_500) ?? eventDays
        callDays = try settings.number("callDays", in: 0...36_500) ?? callDays
        redactPhoneNumbers = try settings.flag("redactPhoneNumbers") ?? redactPhoneNumbers
        redactTranscripts = try settings.flag("redactTranscripts") ?? redactTranscripts
        outbox = try OutboxConfiguration(settings)
        remoteCalls = try RemoteCallConfiguration(settings)
        contacts = try ContactConfiguration(settings, outbox)
        journalDirectory = settings.text("journalDirectory")
        flightDirectory = settings.text("flightDirectory")
        recordAudio = try settings.flag("recordAudio") ?? recordAudio
        recordingConsent = try settings.choice("recordingConsent") ?? recordingConsent
        flightCallMegabytes =
            try settings.number("flightCallMegabytes", in: 1...1_024) ?? flightCallMegabytes
        flightMegabytes =
            try settings.number("flightMegabytes", in: 1...10_000_000) ?? flightMegabytes
        flightDays = try settings.number("flightDays", in: 1...3_650) ?? flightDays
        guard fillerDelay < silenceLimit else {
            throw .value("fillerDelay", "\(fillerDelay)", "a time below silenceLimit")
        }
        guard voicemail != .message || !voicemailMessage.isEmpty else {
            throw .value("voicemailMessage", "", "the words to leave, with voicemail: message")
        }
        guard !recordAudio || flightDirectory != nil else {
            throw .value("recordAudio", "true", "true only with a flightDirectory to record into")
        }
        guard endpointMinimum <= endpointMaximum else {
            throw .value(
                "endpointMinimum", "\(endpointMinimum)", "a time up to endpointMaximum")
        }
    }
}

/// Why a configuration cannot be used; the text tells what to change.
enum ConfigurationError: Error, CustomStringConvertible {
    case file(String, String)
    case value(String, String, String)
    /// What the providers that chains name lack.
    case providers([String])

    var description: String {
        switch self {
        case .file(let path, let reason): "cannot read the configuration \(path): \(reason)"
        case .value(let name, let value, let wanted):
            "the setting \(name) is \"\(value)\"; it takes \(wanted)"
        case .providers(let lacks): lacks.joined(separator: "; ")
        }
    }
}
