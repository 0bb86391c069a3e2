internal import ControlAPI
internal import Synchronization

/// Which loop owns which live call, for commands from the control plane.
final class LiveCalls: Sendable {
    private let loops = Mutex<[String: Int]>([:])

    var count: Int { loops.withLock { $0.count } }
    func add(_ callID: String, onLoop index: Int) { loops.withLock { $0[callID] = index } }
    func remove(_ callID: String) { loops.withLock { $0[callID] = nil } }
    func loop(of callID: String) -> Int? { loops.withLock { $0[callID] } }
}

/// Steers live calls by posting to the loop that owns them.
struct LoopCallControl: CallControl {
    let liveCalls: LiveCalls
    let posters: [MediaLoopPoster<LoopMessage>]
    /// A loop takes orders every few milliseconds; one that needs longer than this is ending.
    private static let answerLimit = Duration.seconds(2)

    func end(callID: String) async throws(CallControlError) {
        guard let index = liveCalls.loop(of: callID) else { throw .callEnded }
        let (answers, answer) = AsyncStream.makeStream(of: Bool.self)
        let posted = posters[index].post(
            .end(callID: callID) { found in
                answer.yield(found)
                answer.finish()
            })
        guard posted else { throw .unavailable(reason: "the call's media loop is overloaded") }
        switch await first(of: answers) {
        case true?: return
        case false?: throw .callEnded
        case nil: throw .timedOut
        }
    }

    /// `nil` when the loop does not answer: it may have ended with the order in its inbox.
    private func first(of answers: AsyncStream<Bool>) async -> Bool? {
        await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await answers.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: Self.answerLimit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
