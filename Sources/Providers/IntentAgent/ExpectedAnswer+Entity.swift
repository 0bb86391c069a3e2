internal import Insight
internal import Pipeline

extension ExpectedAnswer {
    /// What a caller dictates in answer, who is not to be cut off half-way; `nil`: nothing of its own.
    var entity: ExpectedEntity? {
        switch self {
        case .anything, .service: nil
        case .day: .date
        case .time: .time
        case .name: .name
        // As the grammar takes it, and as the agent's own example has it.
        case .orderNumber: .digits(count: 4)
        case .confirmation: .yesNo
        }
    }
}
