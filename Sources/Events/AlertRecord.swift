/// An alert of the gateway that has begun or ended; it belongs to no call.
package struct AlertRecord: Equatable, Sendable, Codable {
    package enum State: String, Equatable, Sendable, Codable {
        case firing, resolved
    }

    /// Such as `latency_over_budget` or `provider_down`.
    package let rule: String
    /// What it is about, where a rule watches several things: `llm/anthropic`.
    package let subject: String?
    package let state: State
    /// In the rule's unit; `nil`: there is too little to tell any more.
    package let value: Double?
    package let threshold: Double
    /// For people.
    package let message: String

    package init(
        rule: String, subject: String?, state: State, value: Double?, threshold: Double,
        message: String
    ) {
        self.rule = rule
        self.subject = subject
        self.state = state
        self.value = value
        self.threshold = threshold
        self.message = message
    }
}
