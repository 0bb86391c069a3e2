/// When a request to the carrier is repeated: exponential back-off with full jitter, and never what
/// may have had its effect already.
struct CarrierRetry: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case answered(status: Int, retryAfter: Duration?)
        case failed(CarrierTransportError)
    }

    var attempts = 5
    var firstDelay = Duration.milliseconds(200)
    var longestDelay = Duration.seconds(5)
    /// A carrier that asks for more patience is not waited for.
    var longestRetryAfter = Duration.seconds(30)

    /// Judges an attempt that failed.
    ///
    /// - Parameters:
    ///   - outcome: of the attempt that was made.
    ///   - attempt: its number, from 1.
    ///   - isRepeatable: carried out twice, the request does what it does once.
    ///   - chance: 0 to 1, evenly spread.
    /// - Returns: how long to wait before the next attempt; `nil`: the outcome stands.
    func delay(
        after outcome: Outcome, attempt: Int, isRepeatable: Bool, chance: Double
    ) -> Duration? {
        guard attempt < attempts, isWorthRepeating(outcome, isRepeatable) else { return nil }
        let doubled = firstDelay * (1 << min(attempt - 1, 16))
        let spread = min(doubled, longestDelay) * chance
        guard case .answered(_, let retryAfter?) = outcome else { return spread }
        // The jitter comes on top: all clients were told the same time.
        return retryAfter <= longestRetryAfter ? retryAfter + spread : nil
    }

    private func isWorthRepeating(_ outcome: Outcome, _ isRepeatable: Bool) -> Bool {
        switch outcome {
        // 429 means that the request was not looked at (Twilio, error 20429).
        case .answered(429, _), .failed(.notSent): true
        case .answered(500..., _), .failed(.lost): isRepeatable
        case .answered, .failed(.cancelled): false
        }
    }
}
