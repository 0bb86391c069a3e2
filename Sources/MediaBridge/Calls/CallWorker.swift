internal import Codecs
internal import Pipeline

/// Runs the engines of one call on the control plane and posts what they say to the call's loop.
struct CallWorker: Sendable {
    let callID: String
    let language: Language
    let speechFormat: AudioFormat
    let engines: CallEngines
    /// Takes events to the loop; never blocks.
    let post: @Sendable (Conversation.Event) -> Void

    /// Serves requests until their stream ends, which cancels whatever is still at work.
    func run(_ requests: AsyncStream<EngineRequest>) async {
        await withDiscardingTaskGroup { group in
            var answer = AnswerWork(generation: 0)
            for await request in requests {
                switch request {
                case .cancel(let generation):
                    if generation >= answer.generation { answer.cancel() }
                case .ask(let question, let generation):
                    let cancelled = answer.signal(for: generation)
                    group.addTask {
                        await run(until: cancelled) { await ask(question, generation) }
                    }
                case .speak(let text, let chunk):
                    let cancelled = answer.signal(for: chunk.generation)
                    group.addTask { await run(until: cancelled) { await speak(text, chunk) } }
                case .runTool(let call, let generation):
                    group.addTask { await runTool(call, generation) }
                }
            }
            group.cancelAll()
        }
    }

    /// Runs `work` until it is done or `signal` ends, whichever is first.
    private func run(
        until signal: AsyncStream<Never>, _ work: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work() }
            group.addTask { for await _ in signal {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func ask(_ question: ModelRequest, _ generation: Int) async {
        let askedAt = MonotonicTime.now()
        do {
            for try await said in engines.model.answer(question) {
                let timing = EngineTiming(askedAt: askedAt, readyAt: .now())
                post(.modelSaid(said, generation: generation, timing: timing))
            }
            guard !Task.isCancelled else { return }
            let timing = EngineTiming(askedAt: askedAt, readyAt: .now())
            post(.modelEnded(generation: generation, timing: timing))
        } catch {
            guard !Task.isCancelled else { return }
            post(.modelFailed(EngineError(error), generation: generation))
        }
    }

    private func speak(_ text: String, _ chunk: Conversation.ChunkID) async {
        let askedAt = MonotonicTime.now()
        do {
            let blocks = engines.synthesizer.synthesize(
                text, language: language, format: speechFormat)
            for try await block in blocks {
                let timing = EngineTiming(askedAt: askedAt, readyAt: .now())
                post(.speechReady(block, chunk: chunk, timing: timing))
            }
            guard !Task.isCancelled else { return }
            post(.speechEnded(chunk: chunk))
        } catch {
            guard !Task.isCancelled else { return }
            post(.speechFailed(EngineError(error), chunk: chunk))
        }
    }

    private func runTool(_ call: ToolCall, _ generation: Int) async {
        let start = MonotonicTime.now()
        let result = await engines.tools.run(call, callID: callID)
        post(.toolAnswered(result, generation: generation, took: start.duration(to: .now())))
    }
}

/// What is at work for the newest answer; one call has one answer at a time.
private struct AnswerWork {
    private(set) var generation: Int
    private var signals: [AsyncStream<Never>.Continuation] = []

    init(generation: Int) { self.generation = generation }

    /// A stream that ends when the work of `generation` is to stop; an older answer stops now.
    mutating func signal(for generation: Int) -> AsyncStream<Never> {
        if generation > self.generation {
            cancel()
            self.generation = generation
        }
        let (cancelled, signal) = AsyncStream.makeStream(of: Never.self)
        signals.append(signal)
        return cancelled
    }

    mutating func cancel() {
        for signal in signals { signal.finish() }
        signals = []
    }
}

extension EngineError {
    /// Engines throw `EngineError`; anything else is a failure described by its type alone.
    init(_ error: any Error) {
        self = (error as? EngineError) ?? .failed("unexpected \(type(of: error))")
    }
}
