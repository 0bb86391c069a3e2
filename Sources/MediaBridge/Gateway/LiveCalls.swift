internal import Codecs
internal import ControlAPI
internal import Foundation
internal import Pipeline
internal import Synchronization

/// Which loop owns which live call, for commands from the control plane.
final class LiveCalls: Sendable {
    struct Place: Sendable {
        let loop: Int
        /// Of the audio that goes to the caller.
        let outbound: AudioFormat
    }

    private let places = Mutex<[String: Place]>([:])

    var count: Int { places.withLock { $0.count } }

    func add(_ callID: String, onLoop index: Int, outbound: AudioFormat) {
        places.withLock { $0[callID] = Place(loop: index, outbound: outbound) }
    }

    func remove(_ callID: String) { places.withLock { $0[callID] = nil } }
    func place(of callID: String) -> Place? { places.withLock { $0[callID] } }
}

/// Steers live calls by posting to the loop that owns them.
struct LoopCallControl: CallControl {
    let liveCalls: LiveCalls
    let posters: [MediaLoopPoster<LoopMessage>]
    /// Of the chains, by name.
    let engines: [EngineStage: [String]]
    /// A loop takes orders every few milliseconds; one that needs longer than this is ending.
    private static let answerLimit = Duration.seconds(2)

    func end(callID: String) async throws(CallControlError) {
        _ = try await perform(.end, on: callID)
    }

    func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect {
        guard let place = liveCalls.place(of: callID) else { throw .callEnded }
        if case .changeAgent(_, _, let wish) = action { try expectKnown(wish.byStage) }
        let order = CallOrder(action, in: place.outbound)
        let (answers, answer) = AsyncStream.makeStream(of: Answer.self)
        let posted = posters[place.loop].post(
            .order(order, callID: callID) { effect in
                answer.yield(Answer(effect: effect, time: Date()))
                answer.finish()
            })
        guard posted else { throw .unavailable(reason: "the call's media loop is overloaded") }
        guard let first = await first(of: answers) else { throw .timedOut }
        guard let effect = first.effect else { throw .callEnded }
        return CallActionEffect(
            time: first.time, secondsFromStart: effect.secondsFromStart,
            state: try order.state(after: effect.outcome))
    }

    private func expectKnown(_ wish: [EngineStage: String]) throws(CallControlError) {
        for (stage, name) in wish {
            let known = engines[stage] ?? []
            guard known.contains(name) else {
                throw .refused(
                    reason: "No such engine is configured; there are: "
                        + known.joined(separator: ", ") + ".")
            }
        }
    }

    private struct Answer: Sendable {
        let effect: CallOrder.Effect?
        let time: Date
    }

    /// `nil` when the loop does not answer: it may have ended with the order in its inbox.
    private func first(of answers: AsyncStream<Answer>) async -> Answer? {
        await withTaskGroup(of: Answer?.self) { group in
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
