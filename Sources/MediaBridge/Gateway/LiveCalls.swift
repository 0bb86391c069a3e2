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

    func end(callID: String) async throws(CallControlError) {
        guard let index = liveCalls.loop(of: callID) else { throw .callEnded }
        let (answers, answer) = AsyncStream.makeStream(of: Bool.self)
        let posted = posters[index].post(
            .end(callID: callID) { found in
                answer.yield(found)
                answer.finish()
            })
        guard posted else { throw .unavailable(reason: "the call's media loop is overloaded") }
        for await found in answers {
            if found { return }
            throw .callEnded
        }
        throw .timedOut
    }
}
