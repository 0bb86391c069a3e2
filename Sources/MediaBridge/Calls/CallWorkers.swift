internal import Pipeline

/// Gives every call a task of its own on the control plane, all in one group.
///
/// Calls are started from media loops, which cannot await; leaving `run()` cancels them all.
struct CallWorkers: Sendable {
    private typealias Job = (worker: CallWorker, requests: AsyncStream<EngineRequest>)
    private let jobs: AsyncStream<Job>
    private let starts: AsyncStream<Job>.Continuation

    private let executor: (any TaskExecutor)?

    /// - Parameter executor: where calls' tasks run; `nil`: anywhere.
    init(executor: (any TaskExecutor)? = nil) {
        self.executor = executor
        (jobs, starts) = AsyncStream.makeStream(of: Job.self)
    }

    func start(_ worker: CallWorker, serving requests: AsyncStream<EngineRequest>) {
        starts.yield((worker, requests))
    }

    /// No call starts after this; `run()` returns when the live ones are over.
    func finish() { starts.finish() }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask(executorPreference: executor) {
                    await CallTasks.$executor.withValue(executor) {
                        await job.worker.run(job.requests)
                    }
                }
            }
        }
    }
}
