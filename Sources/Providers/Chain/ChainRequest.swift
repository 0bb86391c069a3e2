internal import Pipeline

/// Serves one request to a chain: starts and stops engines as its machine decides, and holds no rule
/// of its own.
///
/// It works on after its answer has ended while a provider is being probed, 3 s at most.
struct ChainRequest<Engine: Sendable, Work: ChainedWork> {
    typealias Relay = ChainRelay<Work>
    typealias Answer = AsyncThrowingStream<Work.Output, any Error>

    let chain: ProviderChain<Engine>
    let ask: @Sendable (Engine, Work.Request) -> Answer
    /// Told with the first output of every provider that is used.
    var onUse: @Sendable (FailoverPolicy.Provider) -> Void = { _ in }
    /// Told once the answer is over, with all that came of it.
    var onEnd: @Sendable (Work) -> Void = { _ in }

    /// Begins; ending the iteration early abandons the request.
    func stream(_ work: Work, preferring: FailoverPolicy.Provider? = nil) -> Answer {
        Answer { output in
            let (events, mail) = AsyncStream.makeStream(of: Relay.Event.self)
            output.onTermination = { reason in
                if case .cancelled = reason { mail.yield(.abandoned) }
            }
            let context = EngineContext.current
            let relay = Relay(work, preferring: preferring)
            mail.yield(.begin)
            // The first provider is asked before anybody has to wake up.
            Task.immediate(executorPreference: chain.clock.executor) {
                var attempts = Attempts(clock: chain.clock, mail: mail)
                await serve(relay, events, &attempts, output, context)
            }
        }
    }

    private func serve(
        _ begun: Relay, _ events: AsyncStream<Relay.Event>, _ attempts: inout Attempts<Work>,
        _ output: Answer.Continuation, _ context: EngineContext?
    ) async {
        var relay = begun
        var provider: FailoverPolicy.Provider?
        for await event in events {
            if case .deadline = event { attempts.deadlinePassed() }
            chain.handle(event, by: &relay)
            if let next = relay.provider, next != provider {
                provider = next
                onUse(next)
            }
            while let action = relay.nextAction() {
                switch action {
                case .start(let source, let request):
                    let engine = chain.links[source.provider].engine
                    attempts.start(source) { ask(engine, request) }
                case .cancel(let source): attempts.cancel(source)
                case .give(let piece): output.yield(piece)
                case .switched(let change): context?.report(change)
                case .end:
                    onEnd(relay.work)
                    if relay.hasBroken { context?.noteBreak() }
                    output.finish()
                case .fail(let failure):
                    output.finish(throwing: EngineError(exhausted: failure, chain.stage))
                }
            }
            guard !relay.isOver else { break }
            attempts.wake(at: relay.deadline(chain.settings))
        }
        attempts.cancelAll()
        output.finish()
    }
}

/// The tasks of one request: one per start of an engine, and a timer.
///
/// A task group cannot cancel one of its children, so they are held here.
struct Attempts<Work: ChainedWork> {
    private let clock: any ChainClock
    private let mail: AsyncStream<ChainRelay<Work>.Event>.Continuation
    private var tasks: [ChainRelay<Work>.Source: Task<Void, Never>] = [:]
    private var timer: Task<Void, Never>?
    private var timerIsDueAt: MonotonicTime?

    init(clock: any ChainClock, mail: AsyncStream<ChainRelay<Work>.Event>.Continuation) {
        self.clock = clock
        self.mail = mail
    }

    mutating func start(
        _ source: ChainRelay<Work>.Source,
        _ ask: @escaping @Sendable () -> AsyncThrowingStream<Work.Output, any Error>
    ) {
        let mail = mail
        tasks[source] = Task.immediate(executorPreference: clock.executor) {
            var hasDelivered = false
            do {
                for try await piece in ask() {
                    hasDelivered = true
                    mail.yield(.output(source, piece))
                }
                guard !Task.isCancelled else { return }
                mail.yield(.ended(source))
            } catch {
                mail.yield(.failed(source, ProviderFailure(error, hasDelivered: hasDelivered)))
            }
        }
    }

    mutating func cancel(_ source: ChainRelay<Work>.Source) {
        tasks.removeValue(forKey: source)?.cancel()
    }

    /// Says `.deadline` at `time`, or before it: a deadline that moves away with every token does
    /// not need a new timer each time.
    mutating func wake(at time: MonotonicTime?) {
        guard let time else { return }
        if let timerIsDueAt, timerIsDueAt <= time { return }
        timer?.cancel()
        timerIsDueAt = time
        let (clock, mail) = (clock, mail)
        timer = Task(executorPreference: clock.executor) {
            await clock.wait(until: time)
            if !Task.isCancelled { mail.yield(.deadline) }
        }
    }

    mutating func deadlinePassed() {
        timer = nil
        timerIsDueAt = nil
    }

    mutating func cancelAll() {
        for task in tasks.values { task.cancel() }
        timer?.cancel()
        mail.finish()
    }
}
