internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs the tasks of calls' engines on threads of their own, which live as long as the process.
///
/// Swift's own pool also serves the control API and the records; here an answer on its way to a
/// caller waits for neither. What a task starts while it runs, its own thread takes next, which is
/// sooner than another one could wake up. What blocks has no place here.
final class CallExecutor: TaskExecutor {
    private struct State {
        /// From `first` on they wait.
        var jobs: [UnownedJob] = []
        var first = 0
        var idleCount = 0
        var threads: [pthread_t] = []

        var waitingCount: Int { jobs.count - first }

        mutating func next() -> UnownedJob? {
            guard first < jobs.count else { return nil }
            defer {
                first += 1
                if first == jobs.count {
                    jobs.removeAll(keepingCapacity: true)
                    first = 0
                }
            }
            return jobs[first]
        }
    }

    private let state = Mutex(State())
    /// Rung once for every thread that is to stop being idle.
    private let bell = DispatchSemaphore(value: 0)

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threadCount: as many as there are cores.
    ///   - isRealTime: they are scheduled before ordinary ones, where the system permits it.
    /// - Throws: `LoopError.thread` when the system makes none.
    init(threadCount: Int, isRealTime: Bool) throws(LoopError) {
        for index in 0..<threadCount {
            _ = try LoopThread(name: "call-tasks-\(index)", isRealTime: isRealTime) { [self] in
                work()
            }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let thread = pthread_self()
        let wakes = state.withLock { state in
            state.jobs.append(job)
            let isOurs = state.waitingCount == 1 && state.threads.contains(thread)
            guard !isOurs, state.idleCount > 0 else { return false }
            state.idleCount -= 1
            return true
        }
        if wakes { bell.signal() }
    }

    private func work() {
        state.withLock { $0.threads.append(pthread_self()) }
        while true {
            let job = state.withLock { state in
                let job = state.next()
                if job == nil { state.idleCount += 1 }
                return job
            }
            if let job {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            } else {
                bell.wait()
            }
        }
    }
}
