/// What a simulated language model of the integration tests answers to one request, how fast, and
/// what goes wrong.
package struct SimulatedModelAnswer: Sendable {
    package enum Part: Equatable, Sendable {
        case text(String)
        /// Arguments are a JSON object.
        case tool(id: String, name: String, arguments: String)
        /// Not to be spoken.
        case thinking(String)
    }

    /// Places count the pieces (tokens) that are sent before it happens.
    package enum Fault: Equatable, Sendable {
        case status(Int, retryAfter: String? = nil)
        /// Nothing comes, not even a head.
        case stallBeforeFirst
        /// The head and the opening events come, and then nothing.
        case stall(after: Int)
        /// Everything is said, and then the end does not come.
        case stallAtEnd
        case garbage(after: Int)
        /// The provider says so inside its stream.
        case error(after: Int, type: String)
        /// The body ends in good order without the end of the answer.
        case endEarly(after: Int)
        /// The connection closes in the middle of a piece.
        case closeMidPiece(after: Int)
        case reset(after: Int)
    }

    package var parts: [Part]
    /// Characters of text, or of arguments, in a piece; words are cut wherever it falls.
    package var pieceLength = 4
    package var delayBeforeFirst = Duration.zero
    package var delayBetween = Duration.zero
    package var fault: Fault?
    /// Told the number of each piece, from 0, once it has gone out, and the moment before it did.
    package var observe: @Sendable (Int, ContinuousClock.Instant) -> Void = { _, _ in }

    package init(_ parts: [Part], fault: Fault? = nil) {
        self.parts = parts
        self.fault = fault
    }

    package init(_ text: String, fault: Fault? = nil) {
        self.init([.text(text)], fault: fault)
    }

    func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        return pieces
    }
}

/// How an exchange with a simulated model ended.
package enum SimulatedModelEnd: Equatable, Sendable {
    case answered
    /// Something was refused, or went wrong as scripted.
    case failed
    /// The client closed the connection in the middle.
    case clientLeft
}

/// What a simulated model was asked.
package struct SimulatedModelRequest: Sendable {
    /// The whole body.
    package let body: String
    package let headers: [(name: String, value: String)]
    /// What the caller said last; empty when results of tools were sent.
    package let lastWords: String
    /// Results of tools at the end of the request, in order.
    package let toolResults: [String]
    /// When its last octet had been read.
    package let arrivedAt: ContinuousClock.Instant
}
