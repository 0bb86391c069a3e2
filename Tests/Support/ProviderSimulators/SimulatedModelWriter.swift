/// Writes the events of a simulated model's stream for the integration tests: counts the pieces,
/// waits between them, and lets the scripted fault happen where it belongs.
struct SimulatedModelWriter {
    /// The stream is over: the scripted fault has happened.
    struct Faulted: Error {}

    let exchange: SimulatedExchange
    let answer: SimulatedModelAnswer
    /// The event a provider reports an error with, by the error's type.
    let errorEvent: (String) -> String
    private var piecesSent = 0
    /// Pieces are due from here on, so that neither reading the request nor late timers add to it.
    private let askedAt: ContinuousClock.Instant

    init(
        _ exchange: SimulatedExchange, _ answer: SimulatedModelAnswer,
        askedAt: ContinuousClock.Instant, errorEvent: @escaping (String) -> String
    ) {
        self.exchange = exchange
        self.answer = answer
        self.askedAt = askedAt
        self.errorEvent = errorEvent
    }

    /// Stalls for good where the script says so.
    func begin(headers: [(String, String)] = []) async throws {
        if answer.fault == .stallBeforeFirst { try await stall() }
        try await exchange.begin(
            status: 200,
            headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache")]
                + headers)
    }

    /// Sends what is no piece of the answer.
    func send(_ event: String) async throws { try await exchange.write(event) }

    /// Sends an event with a piece of the answer.
    mutating func sendPiece(_ event: String) async throws {
        try await breakIfDue(event)
        let delay = answer.delayBeforeFirst + answer.delayBetween * piecesSent
        let sentAt = try await exchange.write(event, at: askedAt.advanced(by: delay))
        answer.observe(piecesSent, sentAt)
        piecesSent += 1
    }

    /// A fault that was to come after more pieces than there were comes at the end.
    mutating func end(_ event: String) async throws {
        if answer.fault == .stallAtEnd { try await stall() }
        if answer.fault != nil {
            piecesSent = .max
            try await breakIfDue(event)
        }
        try await exchange.write(event)
        try await exchange.end()
    }

    private func breakIfDue(_ event: String) async throws {
        switch answer.fault {
        case .stall(let count) where piecesSent >= count: try await stall()
        case .garbage(let count) where piecesSent >= count:
            try await exchange.write("data: {\"typ\u{0}<html>502\n\n")
            try await exchange.end()
            throw Faulted()
        case .error(let count, let type) where piecesSent >= count:
            try await exchange.write(errorEvent(type))
            try await exchange.end()
            throw Faulted()
        case .endEarly(let count) where piecesSent >= count:
            try await exchange.end()
            throw Faulted()
        case .closeMidPiece(let count) where piecesSent >= count:
            // The server closes the connection of a handler that stops without its end.
            try await exchange.write(String(event.prefix(event.count / 2)))
            throw Faulted()
        case .reset(let count) where piecesSent >= count:
            await exchange.abort()
            throw Faulted()
        case .status, .stallBeforeFirst, .stall, .stallAtEnd, .garbage, .error, .endEarly,
            .closeMidPiece,
            .reset, nil:
            break
        }
    }

    /// Until the server is stopped.
    private func stall() async throws {
        try await Task.sleep(for: .seconds(3_600))
        throw Faulted()
    }
}
