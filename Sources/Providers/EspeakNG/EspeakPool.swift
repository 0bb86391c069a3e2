internal import Codecs
internal import Glibc
internal import Pipeline
internal import Synchronization

/// Keeps a few espeak-ng processes waiting and hands each request to one of them.
///
/// A process serves one request. Its successor is started when it has finished, not when it
/// begins: starting one takes 10 ms of a core, which the first audio would wait for.
final class EspeakPool: Sendable {
    private struct Worker {
        let language: Language
        let handOver: AsyncStream<EspeakJob>.Continuation
        let task: Task<Void, Never>
        var processIdentifier: Int32?
        var job: EspeakJob?
        var isRetry = false

        /// A cancelled one is on its way out.
        var isIdle: Bool { job == nil && !task.isCancelled }
    }

    private struct State {
        var workers: [Int: Worker] = [:]
        /// Oldest first; only while `maximumSpeaking` are served.
        var waiting: [EspeakJob] = []
        var isClosed = false
        var lastID = 0

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }
        var speaking: Int { workers.values.count { $0.job != nil } }
        func idle(_ language: Language) -> Int {
            workers.values.count { $0.isIdle && $0.language == language }
        }
    }

    private let settings: EspeakSynthesizer.Settings
    private let state = Mutex(State())

    /// Writing to a process that has died must be an error, not the end of the gateway.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    init(settings: EspeakSynthesizer.Settings) {
        self.settings = settings
        Self.brokenPipesAreErrors
    }

    var processIdentifiers: [Int32] {
        state.withLock { $0.workers.values.compactMap(\.processIdentifier) }
    }

    /// Has `octets` spoken into `blocks`, now or when a process is free.
    func submit(
        _ octets: [UInt8], language: Language, format: AudioFormat,
        blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) throws(EngineError) {
        guard settings.voices[language] != nil else {
            throw .unavailable("no espeak-ng voice is set for \(language.rawValue)")
        }
        let limit = settings.timeLimit
        try state.withLock { state throws(EngineError) in
            let id = state.nextID()
            // Under the lock: however short the limit, the job is in the table when it is over.
            let watchdog = Task { [weak self] in
                try await Task.sleep(for: limit)
                self?.abandon(id, because: .timedOut("espeak-ng took longer than \(limit)"))
            }
            blocks.onTermination = { [weak self] reason in
                watchdog.cancel()
                if case .cancelled = reason { self?.abandon(id, because: nil) }
            }
            let job = EspeakJob(
                id: id, octets: octets, language: language, format: format, blocks: blocks)
            guard !state.isClosed else { throw .unavailable("espeak-ng has been shut down") }
            if state.speaking < settings.maximumSpeaking {
                assign(job, in: &state)
            } else if state.waiting.count < settings.maximumWaiting {
                state.waiting.append(job)
            } else {
                throw .overloaded("\(state.waiting.count) texts wait for espeak-ng")
            }
        }
    }

    /// Starts as many processes as are to wait for a text.
    func fill() {
        state.withLock { fill(&$0) }
    }

    /// Kills every process and refuses what waits.
    ///
    /// - Returns: tasks that end when their processes are gone.
    @discardableResult
    func close() -> [Task<Void, Never>] {
        let (tasks, jobs) = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return (
                state.workers.values.map(\.task),
                state.waiting + state.workers.values.compactMap(\.job)
            )
        }
        for task in tasks { task.cancel() }
        // Outside the lock: finishing a stream runs its termination handler.
        for job in jobs {
            job.blocks.finish(throwing: EngineError.unavailable("espeak-ng has been shut down"))
        }
        return tasks
    }

    /// Nobody wants the job any more, or it took too long: its process is killed.
    private func abandon(_ id: Int, because error: EngineError?) {
        let (task, job) = state.withLock { state -> (Task<Void, Never>?, EspeakJob?) in
            if let index = state.waiting.firstIndex(where: { $0.id == id }) {
                return (nil, state.waiting.remove(at: index))
            }
            let worker = state.workers.values.first { $0.job?.id == id }
            return (worker?.task, worker?.job)
        }
        if let error { job?.blocks.finish(throwing: error) }
        task?.cancel()
    }

    /// Gives the job to the process that has waited longest, or to a new one.
    private func assign(_ job: EspeakJob, isRetry: Bool = false, in state: inout State) {
        let waiting = state.workers.filter {
            $0.value.isIdle && $0.value.language == job.language
        }
        // A process that died while it waited may have company: retry on a new one.
        let id = isRetry ? nil : waiting.keys.min()
        let chosen = id ?? start(job.language, in: &state)
        state.workers[chosen]?.job = job
        state.workers[chosen]?.isRetry = isRetry
        state.workers[chosen]?.handOver.yield(job)
    }

    @discardableResult
    private func start(_ language: Language, in state: inout State) -> Int {
        if state.workers.count >= settings.maximumProcesses {
            // Another language's idle process makes room; it leaves the table when it is gone.
            state.workers.values.first { $0.isIdle }?.task.cancel()
        }
        let id = state.nextID()
        let (jobs, handOver) = AsyncStream.makeStream(
            of: EspeakJob.self, bufferingPolicy: .bufferingOldest(1))
        let voice =
            settings.voices[language] ?? EspeakSynthesizer.Voice(name: "en-us", wordsPerMinute: 165)
        let process = EspeakProcess(program: settings.program, voice: voice)
        let task = Task {
            let outcome = await process.serve(jobs) { [weak self] identifier in
                self?.state.withLock { $0.workers[id]?.processIdentifier = identifier }
            }
            self.workerEnded(id, outcome)
        }
        state.workers[id] = Worker(language: language, handOver: handOver, task: task)
        return id
    }

    private func workerEnded(_ id: Int, _ outcome: EspeakProcess.Outcome) {
        let finished = state.withLock { state -> EspeakJob? in
            guard let worker = state.workers.removeValue(forKey: id) else { return nil }
            guard !state.isClosed else { return worker.job }
            var finished = worker.job
            if case .failed(.failed, wasHeard: false) = outcome, let job = worker.job,
                !worker.isRetry, !worker.task.isCancelled
            {
                assign(job, isRetry: true, in: &state)
                finished = nil
            }
            while state.speaking < settings.maximumSpeaking, !state.waiting.isEmpty {
                assign(state.waiting.removeFirst(), in: &state)
            }
            // After a failure nothing is started ahead, so that a broken program does not spin.
            let isHealthy =
                if case .spoke = outcome { true } else {
                    worker.task.isCancelled && worker.job != nil
                }
            if isHealthy, state.waiting.isEmpty { fill(&state) }
            return finished
        }
        switch outcome {
        case .spoke, .unused: finished?.blocks.finish()
        case .failed(let error, wasHeard: _): finished?.blocks.finish(throwing: error)
        }
    }

    private func fill(_ state: inout State) {
        guard !state.isClosed else { return }
        for language in settings.voices.keys {
            while state.idle(language) < settings.idlePerLanguage,
                state.workers.count < settings.maximumProcesses
            {
                start(language, in: &state)
            }
        }
    }
}
