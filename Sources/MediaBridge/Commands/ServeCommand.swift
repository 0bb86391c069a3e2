internal import ArgumentParser
internal import Logging

/// `mediabridge serve`: the gateway.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answers calls until SIGTERM, then lets live ones finish.",
        discussion: """
            Media WebSockets on port 8081 (/twilio, /audio), control API on 8080, loopback only \
            unless told otherwise. Settings come from MEDIABRIDGE_* variables over \
            mediabridge.yaml over defaults; docs/configuration.md lists them all.

            Engines are chains of names between commas, the most wanted first:
              stt    pocketsphinx, deepgram, openai, sherpa
              agent  intent, anthropic, openai, openrouter, ollama, vllm, llamacpp, lmstudio, rasa
              tts    espeak, elevenlabs, deepgram, openai, sherpa
              speechAgent  none, elevenlabs, openai

            MEDIABRIDGE_STT=deepgram DEEPGRAM_API_KEY=… mediabridge doctor tries them and says what \
            is missing. Keys come from the environment, or from the file that NAME_FILE names.
            """)

    @Option(help: "A configuration file instead of mediabridge.yaml.")
    var config: String?

    func run() async throws {
        let configuration = try await GatewayConfiguration.load(file: config)
        switch configuration.logFormat {
        case .text: LoggingSystem.bootstrap(StreamLogHandler.standardError)
        case .json: LoggingSystem.bootstrap { _ in JSONLogHandler() }
        }
        try await Gateway(configuration: configuration, logger: Logger(label: "mediabridge")).run()
    }
}
