internal import Synchronization

/// The names that one loop waits for: looked up on other threads, answered on the loop's.
///
/// libuv's own lookups tell of their end by `uv_async_send`, which has the loop spin; see `LoopWaker`.
final class HostLookups: Sendable {
    struct Answer: Sendable {
        let lookup: Int
        /// An IP address; `nil`: the name has none.
        let address: String?
    }

    private struct State {
        var count = 0
        var answers: [Answer] = []
    }
    private let state = Mutex(State())
    private let waker: LoopWaker

    init(waker: LoopWaker) { self.waker = waker }

    /// - Returns: the number of the lookup, whose answer wakes the loop.
    func begin(_ host: String) -> Int {
        let lookup = state.withLock { state in
            state.count += 1
            return state.count
        }
        HostResolver.lookUp(host) { [self] addresses in
            let answer = Answer(lookup: lookup, address: addresses.first?.text)
            state.withLock { $0.answers.append(answer) }
            waker.wake()
        }
        return lookup
    }

    /// Those since the last time.
    func takeAnswers() -> [Answer] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }
}
