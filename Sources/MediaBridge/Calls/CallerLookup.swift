internal import Pipeline
internal import Records

/// Finds out who calls while the call waits to begin, and tells the call.
struct CallerLookup: Sendable {
    let directory: ContactDirectory
    /// How long the opening of a call is held back.
    let limit: Duration
    /// Values of a caller whom nobody knows, for templates that name them.
    let noVariables: [String: String]
    let figures: CallerFigures

    /// Who is to be looked up; `nil` where there is no number of anybody's.
    func number(of opening: CallOpening) -> CallerNumber? {
        guard
            let number = (opening.isOutbound ? opening.to : opening.from).flatMap({
                CallerNumber($0)
            })
        else {
            figures.count(.withheld)
            return nil
        }
        return number
    }

    /// Tells a call who calls, as it becomes known, then that it may begin.
    ///
    /// - Parameters:
    ///   - number: of the caller, or of whom we called.
    ///   - post: takes events to the call's loop; never blocks.
    func tell(_ number: CallerNumber, _ post: @Sendable (Pipeline.Conversation.Event) -> Void) async
    {
        let begin = MonotonicTime.now()
        var told: KnownCaller?
        var isLate = false
        for await known in await directory.caller(number) where known != told {
            isLate = told == nil && begin.duration(to: .now()) >= limit
            post(.ordered(.change(AgentOverride(variables: known.variables))))
            if let note = known.note(since: told) { post(.ordered(.addContext(note))) }
            told = known
        }
        post(.callStarted)
        guard !Task.isCancelled else { return }
        figures.count(told == nil ? .unknown : isLate ? .late : .known)
    }
}
