/// What one utterance means.
package struct Understanding: Equatable, Sendable {
    package let intent: Intent
    /// 0–1.
    package let confidence: Double
    package let slots: Slots

    package init(intent: Intent, confidence: Double, slots: Slots) {
        self.intent = intent
        self.confidence = confidence
        self.slots = slots
    }

    package var isUnderstood: Bool { intent != .unknown || !slots.isEmpty }
}

/// What an utterance says about an appointment or an order.
package struct Slots: Equatable, Sendable {
    /// The id of the service.
    package var service: String?
    package var day: DayExpression?
    package var time: TimeExpression?
    package var name: String?
    /// Digits only.
    package var orderNumber: String?

    package init() {}

    package var isEmpty: Bool { self == Slots() }
}

/// What the agent has just asked for; it decides how a bare answer is read.
package enum ExpectedAnswer: CaseIterable, Sendable {
    /// Anything: "what can I do for you?"
    case anything
    case service
    case day
    case time
    case name
    case orderNumber
    /// Yes, no, or a correction.
    case confirmation
}

/// A service by the phrases callers use for it.
package struct ServiceTerms: Equatable, Sendable {
    package let id: String
    /// Whole phrases, most usual first; matched on normalised words.
    package let phrases: [String]

    package init(id: String, phrases: [String]) {
        self.id = id
        self.phrases = phrases
    }
}
