internal import Codecs
internal import Pipeline
internal import Tracing

/// Runs the engines of one call on the control plane and posts what they say to the call's loop.
struct CallWorker: Sendable {
    let callID: String
    let language: Language
    let speechFormat: AudioFormat
    let engines: CallEngines
    let engineCall: EngineCall
    /// Takes events to the loop; never blocks.
    let post: @Sendable (Conversation.Event) -> Void
    /// Takes where the call's face is seen to the loop, `nil` when it is not; never blocks.
    ///
    /// Without it the call has no face.
    var show: (@Sendable (AvatarRoom?) -> Void)?
    /// Finds out who calls and tells the call; `nil`: the call has begun.
    var identify: (@Sendable () async -> Void)?

    /// Serves requests until their stream ends, which cancels whatever is still at work.
    func run(_ requests: AsyncStream<EngineRequest>) async {
        // What engines ask of servers is part of the call's trace.
        await ServiceContext.$current.withValue(.ofCall(callID)) { await serve(requests) }
    }

    private func serve(_ requests: AsyncStream<EngineRequest>) async {
        let warming = engines.warmUp?.begin(engines, language, speechFormat, at: .now())
        defer { warming?.cancel() }
        let identifying = identify.map { identify in Task { await identify() } }
        defer { identifying?.cancel() }
        let face = openFace()
        var shownGeneration = 0
        var answer = AnswerWork()
        var tools: [Task<Void, Never>] = []
        for await request in requests {
            switch request {
            case .cancel(let generation):
                answer.cancel(upTo: generation)
                if generation >= shownGeneration { face?.interrupt() }
            case .speakByFace(let text, let chunk):
                shownGeneration = chunk.generation
                face?.say(text, chunk)
            case .ask(let question, let generation):
                engineCall.prefer(question.agent?.engines ?? [:])
                answer.start(generation) {
                    await EngineContext.$current.withValue(context(generation)) {
                        await ask(question, generation)
                    }
                }
            case .speak(let text, let chunk):
                answer.start(chunk.generation) {
                    await EngineContext.$current.withValue(context(chunk.generation)) {
                        await speak(text, chunk)
                    }
                }
            case .runTool(let call, let generation):
                tools.append(
                    Task(executorPreference: CallTasks.executor) {
                        await runTool(call, generation)
                    })
            }
        }
        for tool in tools { tool.cancel() }
        for tool in tools { await tool.value }
        await answer.end()
        await face?.close()
    }

    private func openFace() -> CallFace? {
        guard let show else { return nil }
        guard let avatar = engines.avatar else {
            show(nil)
            return nil
        }
        return CallFace(avatar, language, post: post, show: show)
    }

    private func context(_ generation: Int) -> EngineContext {
        EngineContext(call: engineCall, generation: generation) {
            post(.providerSwitched($0, generation: generation))
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
            var meter = SpeechLevelMeter(speechFormat)
            for try await block in blocks {
                let timing = EngineTiming(askedAt: askedAt, readyAt: .now())
                post(.speechReady(meter.measure(block), chunk: chunk, timing: timing))
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
///
/// A task group cannot cancel one of its children, and a group per request costs every turn two
/// more wake-ups; so these tasks are held here, and none outlives `CallWorker.run`.
private struct AnswerWork {
    private var generation = 0
    private var tasks: [Task<Void, Never>] = []

    /// Starts a piece of work; what an older answer still does is cancelled.
    mutating func start(_ generation: Int, _ work: @escaping @Sendable () async -> Void) {
        if generation > self.generation {
            cancel(upTo: self.generation)
            self.generation = generation
        }
        // Asking an engine begins at once; it goes on elsewhere as soon as it has to wait.
        tasks.append(Task.immediate(executorPreference: CallTasks.executor) { await work() })
    }

    mutating func cancel(upTo generation: Int) {
        guard generation >= self.generation else { return }
        for task in tasks { task.cancel() }
        tasks = []
    }

    /// Cancels what is left and waits for it.
    func end() async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}

extension EngineError {
    /// Engines throw `EngineError` or `ProviderFailure`; anything else is a failure described by its
    /// type alone.
    init(_ error: any Error) {
        switch error {
        case let error as EngineError: self = error
        case let failure as ProviderFailure:
            self = .failed("the provider failed: \(failure.name)")
        default: self = .failed("unexpected \(type(of: error))")
        }
    }
}
