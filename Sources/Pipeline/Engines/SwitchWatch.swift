internal import Synchronization

/// Notes whether the most wanted provider of a chain served requests, and served them to the end.
///
/// What a stand-in said is good for the caller who waited, and not worth keeping for others.
package final class SwitchWatch: Sendable {
    private let noted = Atomic(false)

    package init() {}

    /// Another one came in, or an answer broke off.
    package var hasSwitched: Bool { noted.load(ordering: .relaxed) }

    /// Runs `request` under a context that notes what chains report and passes it on.
    ///
    /// - Parameters:
    ///   - context: for whom the engines work, who look for it where they are asked; `nil`: nobody.
    ///   - request: asks them.
    /// - Returns: what `request` does.
    package func watching<Answer>(
        _ context: EngineContext?, _ request: () -> Answer
    ) -> Answer {
        var watched = EngineContext(
            call: context?.call ?? EngineCall(id: ""), generation: context?.generation
        ) { [noteSwitch] change in
            noteSwitch()
            context?.report(change)
        }
        watched.noteBreak = { [noteSwitch] in
            noteSwitch()
            context?.noteBreak()
        }
        return EngineContext.$current.withValue(watched) { request() }
    }

    private func noteSwitch() { noted.store(true, ordering: .relaxed) }
}
