import Synchronization

/// A clock that moves only when told to.
final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        let sinceStart: Duration
        func advanced(by step: Duration) -> Self { Self(sinceStart: sinceStart + step) }
        func duration(to later: Self) -> Duration { later.sinceStart - sinceStart }
        static func < (lhs: Self, rhs: Self) -> Bool { lhs.sinceStart < rhs.sinceStart }
    }

    private struct Sleep {
        let deadline: Instant
        let wake: AsyncStream<Void>.Continuation
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var sleeps: [Sleep] = []
    }

    private let state = Mutex(State())
    private let begun: AsyncStream<Void>
    private let begin: AsyncStream<Void>.Continuation

    init() {
        (begun, begin) = AsyncStream.makeStream(of: Void.self)
    }

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (alarm, wake) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            if deadline <= state.now {
                wake.finish()
            } else {
                state.sleeps.append(Sleep(deadline: deadline, wake: wake))
            }
        }
        begin.yield()
        for await _ in alarm {}
        try Task.checkCancellation()
    }

    /// Returns when one more sleep has begun; each one counts once.
    func nextSleep() async {
        var iterator = begun.makeAsyncIterator()
        await iterator.next()
    }

    func advance(by step: Duration) {
        state.withLock { state in
            state.now = state.now.advanced(by: step)
            for sleep in state.sleeps where sleep.deadline <= state.now { sleep.wake.finish() }
            state.sleeps.removeAll { $0.deadline <= state.now }
        }
    }
}
