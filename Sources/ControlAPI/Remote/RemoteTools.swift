internal import Events

/// Which tools a call that runs elsewhere has asked for, and what they answered.
struct RemoteTools {
    private var asked: Set<String> = []
    private(set) var results: [String: ToolResultRecord] = [:]

    /// - Returns: whether the call is a new one.
    mutating func take(_ call: VapiToolCall) -> Bool { asked.insert(call.id).inserted }

    /// - Returns: whether the result is the first of its call.
    mutating func take(_ result: ToolResultRecord) -> Bool {
        guard results[result.id] == nil else { return false }
        results[result.id] = result
        return true
    }

    /// Takes what the journal has of the call.
    mutating func restore(_ body: EventBody) {
        switch body {
        case .toolCall(let call): asked.insert(call.id)
        case .toolResult(let result): results[result.id] = result
        default: break  // no tool
        }
    }
}
