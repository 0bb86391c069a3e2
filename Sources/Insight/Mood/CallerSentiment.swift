/// How a caller sounds by their words, with the names and default scores of the contract.
package enum CallerSentiment: String, CaseIterable, Sendable {
    case positive, neutral, confused, frustrated
    /// Insults and threats: beyond frustration.
    case angry

    /// −1 to 1.
    package var score: Double {
        switch self {
        case .positive: 0.8
        case .neutral: 0
        case .confused: -0.3
        case .frustrated: -0.7
        case .angry: -0.9
        }
    }

    /// Somebody should hear of it now: the score is below −0.5, or the caller is frustrated or
    /// angry, which comes to the same.
    package var isAlarming: Bool { score < -0.5 }

    /// Among words of several kinds the worst counts.
    var weight: Int {
        switch self {
        case .neutral: 0
        case .positive: 1
        case .confused: 2
        case .frustrated: 3
        case .angry: 4
        }
    }
}
