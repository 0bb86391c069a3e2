internal import Pipeline

/// Turns the tools that end a call into `ModelEvent.closing`.
///
/// `end_call` never reaches a runner: its goodbye stands in the same answer. `transfer_to_agent`
/// is run like any tool, so that it is recorded, announced and may fail; the answer that follows
/// its result, in which the model takes leave, closes the call, whichever provider makes it. The
/// history tells: no state is kept, and a caller who speaks up in between keeps the call.
struct ModelClosing: Sendable {
    private var closing: Closing?
    private var hasCalls = false

    /// - Parameter history: that the model was asked with.
    init(after history: [Message]) {
        let lastWords = history.lastIndex { if case .user = $0 { true } else { false } }
        let sinceThen = history[(lastWords ?? history.startIndex)...]
        for case .toolCall(let call) in sinceThen where call.name == AppointmentTools.transfer {
            let isAnswered = sinceThen.contains {
                if case .toolResult(let result) = $0 { result.callID == call.id } else { false }
            }
            guard isAnswered else { continue }
            let department = JSONValue(parsing: call.arguments)?.object?["department"]?.string
            closing = .transfer(reason: department.map { "to \($0)" } ?? "asked for by the model")
        }
    }

    /// Passes an event on, unless it is for the call itself.
    mutating func take(_ event: ModelEvent) -> ModelEvent? {
        guard case .toolCall(let call) = event else { return event }
        guard call.name == ToolDefinition.endCall.name else {
            hasCalls = true
            return event
        }
        // A caller who is being put through is not hung up on.
        if closing == nil { closing = .hangUp }
        return nil
    }

    /// The stream has ended well.
    ///
    /// Nothing closes while tools are to run: the model is asked again with their results.
    func finish() -> ModelEvent? { hasCalls ? nil : closing.map { .closing($0) } }
}
