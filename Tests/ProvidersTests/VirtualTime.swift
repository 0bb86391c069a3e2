import Pipeline
import Providers
import Synchronization

/// A clock that stands still while anybody works, and the thread on which they do: tasks run one
/// after the other, and when none can, the next sleeper wakes.
final class VirtualTime: ChainClock, TaskExecutor {
    private struct State {
        var now = MonotonicTime(sinceStart: .zero)
        var jobs: [UnownedJob] = []
        var sleepers: [Int: (due: MonotonicTime, continuation: CheckedContinuation<Void, Never>)] =
            [:]
        var cancelled: Set<Int> = []
        var nextSleeper = 0
    }
    private let state = Mutex(State())

    var executor: (any TaskExecutor)? { self }
    func now() -> MonotonicTime { state.withLock { $0.now } }
    var milliseconds: Int { Int(now().sinceStart.milliseconds) }

    /// For tests that play a loop and start no task.
    func advance(milliseconds: Int) {
        state.withLock { $0.now = $0.now.advanced(by: .milliseconds(milliseconds)) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func wait(until time: MonotonicTime) async {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.contains(id) || time <= state.now { return true }
                    state.sleepers[id] = (time, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume()
        }
    }

    func wait(milliseconds: Int) async {
        await wait(until: now().advanced(by: .milliseconds(milliseconds)))
    }

    /// Runs `body` and all that comes of it until nobody works or sleeps.
    func run(_ body: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self) { await body() }
        while true {
            if let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
                continue
            }
            let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
                let first = state.sleepers.min {
                    ($0.value.due, $0.key) < ($1.value.due, $1.key)
                }
                guard let first else { return nil }
                state.now = first.value.due
                state.sleepers[first.key] = nil
                return first.value.continuation
            }
            guard let next else { return }
            next.resume()
        }
    }
}
