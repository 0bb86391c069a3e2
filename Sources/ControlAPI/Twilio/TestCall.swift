/// Calls somebody, says a sentence, and tells how it went: whether the account, its number and the
/// way to a human work.
package struct TestCall: Sendable {
    package struct Outcome: Equatable, Sendable, Encodable {
        /// The carrier's word: `completed` when somebody answered; `unfinished` when it took too long.
        package let status: String
        package let isAnswered: Bool
        package let carrierCallID: String
        package let durationSeconds: Int?
        package let cost: Double?
        package let currency: String?

        private enum CodingKeys: String, CodingKey {
            case status
            case isAnswered = "answered"
            case carrierCallID = "carrier_call_id"
            case durationSeconds = "duration_seconds"
            case cost, currency
        }
    }

    private let client: TwilioClient
    private let from: PhoneNumber
    private let language: String
    private let interval: Duration
    private static let ringSeconds = 25
    /// Ringing, the sentence, and some patience.
    private static let limit = Duration.seconds(60)

    /// - Parameters:
    ///   - client: makes the call.
    ///   - from: a number of the account.
    ///   - language: ISO 639-1, of the sentence.
    ///   - interval: between two looks at the call.
    package init(
        client: TwilioClient, from: PhoneNumber, language: String,
        interval: Duration = .seconds(1)
    ) {
        self.client = client
        self.from = from
        self.language = language
        self.interval = interval
    }

    /// - Parameters:
    ///   - to: whom to call.
    ///   - message: `nil`: a sentence of ours.
    /// - Returns: what became of it.
    /// - Throws: `CarrierError`.
    package func run(to: PhoneNumber, message: String?) async throws -> Outcome {
        let words = message ?? Self.messages[language] ?? Self.english
        var call = OutboundCall(
            to: to, from: from,
            course: .document(TwiML([.say(words, language: language), .hangUp])))
        call.ringSeconds = Self.ringSeconds
        var state = try await client.create(call)
        let deadline = ContinuousClock.now.advanced(by: Self.limit)
        while !state.isOver, ContinuousClock.now < deadline {
            try await Task.sleep(for: interval)
            state = try await client.fetch(state.sid)
        }
        if !state.isOver { try await client.hangUp(state.sid) }
        return Outcome(
            status: state.isOver ? state.status : "unfinished",
            isAnswered: state.status == "completed" || state.status == "in-progress",
            carrierCallID: state.sid, durationSeconds: state.durationSeconds,
            cost: state.costMicros.map { Double($0) / 1_000_000 }, currency: state.currency)
    }

    private static let english = "This is a test call from MediaBridge. Your line works. Goodbye."
    private static let messages = [
        "en": english,
        "es": "Esta es una llamada de prueba de MediaBridge. La línea funciona. Adiós.",
    ]
}
