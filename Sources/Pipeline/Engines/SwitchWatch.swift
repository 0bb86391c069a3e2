internal import Synchronization

/// Notes whether requests were served by another provider than the most wanted one of its chain.
///
/// What a stand-in said is good for the caller who waited, and not worth keeping for others.
package final class SwitchWatch: Sendable {
    private let noted = Atomic(false)

    package init() {}

    package var hasSwitched: Bool { noted.load(ordering: .relaxed) }

    /// Runs `request` under a context that notes changes of provider and passes them on.
    ///
    /// - Parameters:
    ///   - context: for whom the engines work; they look for it where they are asked.
    ///   - request: asks them.
    /// - Returns: what `request` does.
    package func watching<Answer>(
        _ context: EngineContext, _ request: () -> Answer
    ) -> Answer {
        let watched = EngineContext(call: context.call, generation: context.generation) {
            [noteSwitch] change in
            noteSwitch()
            context.report(change)
        }
        return EngineContext.$current.withValue(watched) { request() }
    }

    private func noteSwitch() { noted.store(true, ordering: .relaxed) }
}
