internal import Pipeline
internal import Synchronization

/// Tells when something that should make progress makes none for too long.
final class StallWatch: Sendable {
    private final class Progress: Sendable {
        let state: Mutex<(deadline: MonotonicTime, hasBegun: Bool)>
        init(deadline: MonotonicTime) { state = Mutex((deadline, false)) }
    }

    private let progress: Progress
    private let pause: Duration
    private let task: Task<Void, any Error>

    /// - Parameters:
    ///   - limits: until the first audio, and between two pieces.
    ///   - expired: called once, with whether anything had come.
    init(_ limits: SpeechLimits, expired: @escaping @Sendable (Bool) -> Void) {
        let progress = Progress(deadline: .now().advanced(by: limits.firstAudio))
        self.progress = progress
        pause = limits.pause
        task = Task {
            while true {
                let (deadline, hasBegun) = progress.state.withLock { $0 }
                let now = MonotonicTime.now()
                guard now < deadline else { return expired(hasBegun) }
                try await Task.sleep(for: now.duration(to: deadline))
            }
        }
    }

    func progressed() {
        let deadline = MonotonicTime.now().advanced(by: pause)
        progress.state.withLock { $0 = (deadline, true) }
    }

    func stop() { task.cancel() }
}
