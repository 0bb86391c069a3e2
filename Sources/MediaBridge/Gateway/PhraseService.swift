internal import Logging
internal import Pipeline
internal import Providers
internal import ServiceLifecycle

/// Has ready-made phrases and greetings synthesised once the media loops run, on which voices open
/// their sockets.
struct PhraseService: Service {
    let engines: EngineSet
    let logger: Logger

    /// Runs until asked to stop.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await keepGreetings() }
                group.addTask { await makeFillers() }
            }
        }
    }

    private func keepGreetings() async {
        await engines.cache?.greetings.run { language, error in
            logger.warning(
                "no greeting is ready: callers wait for it",
                metadata: [
                    "language": "\(language.rawValue)", "why": "\(EngineError(error).text)",
                ])
        }
    }

    private func makeFillers() async {
        await engines.fillers.run(with: engines.engines.synthesizer) { sound, failure in
            logger.error(
                "no voice says the fillers: a tone stands in",
                metadata: [
                    "language": "\(sound.language.rawValue)", "why": "\(failure.text)",
                ])
        }
    }
}
