import Codecs
import Pipeline
import Synchronization

/// What a scripted engine does when it is asked; times in milliseconds from the step before.
enum EngineStep<Output: Sendable>: Sendable {
    case give(Output, after: Int)
    case fail(ProviderFailure, after: Int)
    case stall
}

/// Plays a script on virtual time for each request; the last one goes on for ever.
final class ScriptedEngine<Request: Sendable, Output: Sendable>: Sendable {
    private struct State {
        var scripts: [[EngineStep<Output>]]
        var requests: [Request] = []
        var cancelled = 0
    }
    private let time: VirtualTime
    private let state: Mutex<State>

    init(_ time: VirtualTime, _ scripts: [[EngineStep<Output>]]) {
        self.time = time
        state = Mutex(State(scripts: scripts))
    }

    var requests: [Request] { state.withLock { $0.requests } }
    /// Answers whose consumers went away.
    var cancelledCount: Int { state.withLock { $0.cancelled } }

    func play(_ request: Request) -> AsyncThrowingStream<Output, any Error> {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.scripts.count > 1 ? state.scripts.removeFirst() : state.scripts[0]
        }
        return AsyncThrowingStream { output in
            let work = Task(executorPreference: time) { [time] in
                for step in script {
                    switch step {
                    case .give(let piece, let delay):
                        await time.wait(milliseconds: delay)
                        output.yield(piece)
                    case .fail(let failure, let delay):
                        await time.wait(milliseconds: delay)
                        return output.finish(throwing: failure)
                    case .stall: await time.wait(milliseconds: 60_000)
                    }
                }
                output.finish()
            }
            output.onTermination = { [self] reason in
                guard case .cancelled = reason else { return }
                state.withLock { $0.cancelled += 1 }
                work.cancel()
            }
        }
    }
}

struct ScriptedModel: LanguageModel {
    let engine: ScriptedEngine<ModelRequest, ModelEvent>

    init(_ time: VirtualTime, _ scripts: [EngineStep<ModelEvent>]...) {
        engine = ScriptedEngine(time, scripts)
    }

    func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        engine.play(request)
    }
}

struct ScriptedVoice: SpeechSynthesizer {
    let engine: ScriptedEngine<String, SpeechBlock>

    init(_ time: VirtualTime, _ scripts: [EngineStep<SpeechBlock>]...) {
        engine = ScriptedEngine(time, scripts)
    }

    func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        engine.play(text)
    }
}
