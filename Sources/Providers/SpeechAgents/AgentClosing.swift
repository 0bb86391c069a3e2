internal import Pipeline

/// Turns the tools that end a call into `SpeechAgentEvent.closing`, as `ModelClosing` does for
/// language models.
struct AgentClosing {
    /// Reasons of transfers that are under way, by call.
    private var transfers: [String: String] = [:]

    /// `end_call` reaches no runner; any other tool is run.
    mutating func take(_ call: ToolCall) -> SpeechAgentEvent {
        if call.name == ToolDefinition.endCall.name { return .closing(.hangUp) }
        if call.name == AppointmentTools.transfer {
            let department = JSONValue(parsing: call.arguments)?.object?["department"]?.string
            transfers[call.id] = department.map { "to \($0)" } ?? "asked for by the agent"
        }
        return .toolCall(call)
    }

    /// - Returns: what a transfer that succeeded means for the call.
    mutating func answered(_ result: ToolResult) -> SpeechAgentEvent? {
        guard let reason = transfers.removeValue(forKey: result.callID), result.succeeded else {
            return nil
        }
        return .closing(.transfer(reason: reason))
    }
}
