/// How the caller sounds by the words of one turn.
package struct SentimentRecord: Equatable, Sendable, Codable {
    /// `positive`, `neutral`, `confused`, `frustrated` or `angry`.
    package let sentiment: String
    /// −1 to 1.
    package let score: Double
    /// The turn they were said in, from 1.
    package let turn: Int

    package init(sentiment: String, score: Double, turn: Int) {
        self.sentiment = sentiment
        self.score = score
        self.turn = turn
    }
}

/// The caller is frustrated or angry: somebody should hear of it now.
package struct SentimentAlert: Equatable, Sendable, Codable {
    package let sentiment: String
    /// −1 to 1.
    package let score: Double
    /// What they said.
    package let message: String

    package init(sentiment: String, score: Double, message: String) {
        self.sentiment = sentiment
        self.score = score
        self.message = message
    }
}

/// Something goes wrong in the conversation; members as in the contract's `context_analysis`.
package struct ContextIssueRecord: Equatable, Sendable, Codable {
    /// `human_requested`, `frustration`, `confusion`, `repeated_question`; the most urgent first.
    package let issues: [String]
    /// A human should take over.
    package let needsEscalation: Bool
    /// 0–1, of the surest issue.
    package let confidenceLevel: Double
    /// `transfer_to_agent`, `offer_human`, `simplify` or `rephrase`.
    package let suggestedAction: String
    /// The turn that shows it, from 1.
    package let turn: Int

    package init(
        issues: [String], needsEscalation: Bool, confidenceLevel: Double, suggestedAction: String,
        turn: Int
    ) {
        self.issues = issues
        self.needsEscalation = needsEscalation
        self.confidenceLevel = confidenceLevel
        self.suggestedAction = suggestedAction
        self.turn = turn
    }

    private enum CodingKeys: String, CodingKey {
        case issues
        case needsEscalation = "needs_escalation"
        case confidenceLevel = "confidence_level"
        case suggestedAction = "suggested_action"
        case turn
    }
}
