internal import Pipeline

/// Reads one provider's stream of events as an answer; pure.
protocol ModelStreamDecoder: Sendable {
    /// - Throws: what the provider said went wrong, or `.garbage`.
    mutating func take(_ event: ServerSentEvents.Event) throws(ProviderFailure) -> [ModelEvent]

    /// The connection ended in good order.
    ///
    /// - Throws: `.closedEarly`, when the answer has not.
    mutating func finish() throws(ProviderFailure) -> [ModelEvent]

    /// The answer has ended, whatever else may come.
    var isFinished: Bool { get }

    /// Everything was said; only counts and the end itself are outstanding.
    var isComplete: Bool { get }

    /// As the provider counted so far; `nil`: it has not.
    var usage: UsageAmount? { get }
}
