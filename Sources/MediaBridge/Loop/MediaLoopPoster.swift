internal import Synchronization

/// Carries values from any thread to one loop, in order, and wakes it.
///
/// Bounded: what comes while `capacity` values wait is refused and counted by the caller. It carries
/// commands and results, nothing per audio frame.
final class MediaLoopPoster<Message: Sendable>: Sendable {
    private struct State {
        var waiting: [Message] = []
        var isOpen = true
    }
    private let state = Mutex(State())
    private let refusals = Atomic<Int>(0)
    private let waker: LoopWaker
    private let capacity: Int

    init(capacity: Int, waker: LoopWaker) {
        self.capacity = capacity
        self.waker = waker
    }

    /// Values refused because the loop was too far behind or had ended.
    var refusedCount: Int { refusals.load(ordering: .relaxed) }

    /// Gives `message` to the loop; `false` when it was refused.
    @discardableResult func post(_ message: Message) -> Bool {
        let outcome = state.withLock { state -> PostOutcome in
            guard state.isOpen, state.waiting.count < capacity else { return .refused }
            state.waiting.append(message)
            return state.waiting.count == 1 ? .first : .later
        }
        switch outcome {
        case .first: waker.wake()
        case .later: break
        case .refused: _ = refusals.wrappingAdd(1, ordering: .relaxed)
        }
        return outcome != .refused
    }

    /// Swaps what waits with `spare`, which the loop has emptied; both keep their memory.
    func take(into spare: inout [Message]) {
        state.withLock { swap(&$0.waiting, &spare) }
    }

    /// Refuses everything from now on and forgets what waits.
    func close() {
        state.withLock {
            $0.isOpen = false
            $0.waiting = []
        }
    }
}

private enum PostOutcome { case first, later, refused }
