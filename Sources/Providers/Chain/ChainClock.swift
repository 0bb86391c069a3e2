package import Pipeline

/// The time that chains of providers work by; tests bring their own.
package protocol ChainClock: Sendable {
    /// Where the chain's tasks run; `nil`: anywhere.
    var executor: (any TaskExecutor)? { get }
    func now() -> MonotonicTime
    /// Returns at `time`, or when the task is cancelled.
    func wait(until time: MonotonicTime) async
}

/// The process's own time.
package struct SystemClock: ChainClock {
    package init() {}

    package var executor: (any TaskExecutor)? { CallTasks.executor }
    package func now() -> MonotonicTime { .now() }
    package func wait(until time: MonotonicTime) async {
        try? await Task.sleep(for: now().duration(to: time))
    }
}
