/// Decides when a caller who says nothing is asked whether they are there, and when that is over.
///
/// Only time in which nobody has the floor counts; `now` never decreases.
package struct IdleWatch: Sendable {
    package struct Settings: Sendable {
        /// Silence of both sides until the agent asks; `.zero`: it never does.
        ///
        /// Off unless configured, so that calls recorded before this existed replay as they were.
        package var prompt: Duration = .zero
        /// So many questions without a sign of the caller; then the agent says good-bye.
        package var promptLimit = 2
        /// What is asked; empty: "Are you still there?" in the call's language.
        package var question = ""
        /// What is said before hanging up; empty: as `question`.
        package var farewell = ""
        package init() {}
    }

    package enum Event: Sendable {
        /// Nobody has the floor.
        case quiet
        /// The caller or the agent has it.
        case busy
        /// The caller is there: words, a key, a command.
        case sign
    }

    package enum Action: Equatable, Sendable { case none, ask, sayGoodbye }

    private let settings: Settings
    private var quietSince: MonotonicTime?
    private var askedCount = 0

    package init(settings: Settings) { self.settings = settings }

    /// Asked, and no sign came yet.
    package var hasAsked: Bool { askedCount > 0 }

    package mutating func handle(_ event: Event, at now: MonotonicTime) -> Action {
        switch event {
        case .busy: quietSince = nil
        case .sign:
            quietSince = nil
            askedCount = 0
        case .quiet:
            guard settings.prompt > .zero else { return .none }
            let since = quietSince ?? now
            quietSince = since
            guard since.duration(to: now) >= settings.prompt else { return .none }
            quietSince = nil
            guard askedCount < settings.promptLimit else { return .sayGoodbye }
            askedCount += 1
            return .ask
        }
        return .none
    }
}
