import Glibc
import Synchronization
import Testing

@testable import MediaBridge

/// The threads that calls' tasks run on.
@Suite struct CallExecutorTests {
    /// What tasks tell of themselves.
    private final class Notes<Note: Sendable>: Sendable {
        private let notes = Mutex<[Note]>([])
        var all: [Note] { notes.withLock { $0 } }
        func add(_ note: Note) { notes.withLock { $0.append(note) } }
    }

    @Test func tasksRunOnItsThreadsAndNoneIsForgotten() async throws {
        let executor = try CallExecutor(threadCount: 2, isRealTime: false)
        let threads = Notes<pthread_t>()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask(executorPreference: executor) {
                    for _ in 0..<100 {
                        threads.add(pthread_self())
                        await Task.yield()
                    }
                }
            }
        }
        #expect(threads.all.count == 10_000)
        #expect((1...2).contains(Set(threads.all).count))
    }

    /// What a task starts wakes no thread; it must run all the same once the task waits or ends.
    @Test func whatATaskStartsFollowsIt() async throws {
        let executor = try CallExecutor(threadCount: 1, isRealTime: false)
        let order = Notes<String>()
        await Task(executorPreference: executor) {
            let child = Task(executorPreference: executor) {
                order.add("child")
                await Task(executorPreference: executor) { order.add("grandchild") }.value
            }
            order.add("parent")
            await child.value
        }.value
        #expect(order.all == ["parent", "child", "grandchild"])
    }

    @Test(.enabled(if: RealTime.isPermitted)) func itsThreadsComeFirst() async throws {
        for isRealTime in [true, false] {
            let executor = try CallExecutor(threadCount: 1, isRealTime: isRealTime)
            let isEntered = await Task(executorPreference: executor) { RealTime.isEntered }.value
            #expect(isEntered == isRealTime)
        }
    }

    /// A recogniser that a call's thread starts must not hold up other calls.
    @Test(.enabled(if: RealTime.isPermitted)) func whatTheyStartIsOrdinary() async throws {
        let (answers, answer) = AsyncStream<Bool>.makeStream()
        let thread = try LoopThread(name: "first", isRealTime: true) {
            answer.yield(RealTime.isEntered)
            let second = try? LoopThread(name: "second") {
                answer.yield(RealTime.isEntered)
                answer.finish()
            }
            second?.join()
        }
        let told = await answers.reduce(into: []) { $0.append($1) }
        thread.join()
        #expect(told == [true, false])
    }
}
