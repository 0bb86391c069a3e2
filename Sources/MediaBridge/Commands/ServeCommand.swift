internal import ArgumentParser
internal import Logging

/// `mediabridge serve`: the gateway.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answers calls until SIGTERM, then lets live ones finish.",
        discussion: """
            Media WebSockets on port 8081 (/twilio, /audio), control API on 8080. Settings come \
            from MEDIABRIDGE_* variables over mediabridge.yaml over defaults: mediaPort, apiPort, \
            bind, loops, maxCalls, language, stt (pocketsphinx, instant), agent (a chain of names \
            between commas: intent, anthropic, openai, openrouter, ollama, vllm, llamacpp, lmstudio, \
            instant), tts (espeak, instant), vad (energy, silero, none), \
            sileroWeights, silenceLimit, fillerDelay, endpointPause, endpointMinimum, \
            endpointMaximum, endpointProsody, speculation (auto, on, off), bargeInDebounce, \
            echoProtection, idlePrompt, idlePromptLimit, digitTimeout, digitTerminator, \
            zeroForHuman, voicemail (hangUp, message, ignore), voicemailMessage, \
            drainLimit, latencyBudget, database (a path, memory), eventDays, callDays, \
            redactPhoneNumbers, redactTranscripts, journalDirectory, flightDirectory, recordAudio, \
            recordingConsent (perCall, announced), flightCallMegabytes, flightMegabytes, \
            flightDays, chunkedSpeech, connectionPool, autoFallback, responseCache, \
            responseCacheTime, responseCacheAnswers, responseCacheMegabytes, \
            frequentQuestions, priceTable, \
            currency, systemPrompt, promptFile, promptVariables.NAME; of each provider \
            PROVIDER.baseURL and .model \
            (MEDIABRIDGE_MEDIA_PORT and so on). Keys come from PROVIDER_API_KEY in the environment, \
            or from the file that PROVIDER_API_KEY_FILE names.
            """)

    @Option(help: "A configuration file instead of mediabridge.yaml.")
    var config: String?

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let configuration = try await GatewayConfiguration.load(file: config)
        try await Gateway(configuration: configuration, logger: Logger(label: "mediabridge")).run()
    }
}
