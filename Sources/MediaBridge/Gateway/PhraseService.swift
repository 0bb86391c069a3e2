internal import Logging
internal import Pipeline
internal import ServiceLifecycle

/// Has ready-made phrases synthesised once the media loops run, on which voices open their sockets.
struct PhraseService: Service {
    let engines: EngineSet
    let logger: Logger

    /// Runs until asked to stop.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await engines.fillers.run(with: engines.engines.synthesizer) { sound, failure in
                logger.error(
                    "no voice says the fillers: a tone stands in",
                    metadata: [
                        "language": "\(sound.language.rawValue)", "why": "\(failure.text)",
                    ])
            }
        }
    }
}
