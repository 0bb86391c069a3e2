/// Makes HTTP requests for the outbox; whoever owns sockets implements it.
///
/// Redirects are not followed. An address that is not public is refused where the request says so,
/// by what its name resolves to when the connection is made.
package protocol OutboxTransport: Sendable {
    func send(_ request: OutboxRequest) async throws(OutboxTransportError) -> OutboxAnswer
}

package struct OutboxRequest: Sendable {
    package var method: String
    package var url: String
    /// May hold keys; never logged.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// From the first step to the end of the answer.
    package var limit = Duration.seconds(15)
    /// Octets of the answer that are read; what follows is cut off.
    package var answerOctetLimit = 4 * 1_024
    /// Only addresses of the public internet are reached.
    package var isPublicOnly = false

    package init(
        method: String = "POST", url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct OutboxAnswer: Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [(name: String, value: String)]
    /// Its first octets.
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3), an hour at most; its form as a date is ignored.
    package var retryAfter: Duration? {
        headers.first { $0.name == "retry-after" }
            .flatMap { Double($0.value) }
            .flatMap { $0 >= 0 ? .seconds(min($0, 3_600)) : nil }
    }
}

/// Why there is no answer.
package enum OutboxTransportError: Error, Equatable {
    /// The address is none of the public internet.
    case privateAddress
    /// The name resolves to nothing, or nothing takes the connection.
    case unreachable(reason: String)
    case timedOut
    /// The connection ended in the middle, or what came was no HTTP.
    case brokenOff
    case cancelled

    package var text: String {
        switch self {
        case .privateAddress: "the address is private; set webhooksAllowPrivate to allow it"
        case .unreachable(let reason): reason
        case .timedOut: "no answer in time"
        case .brokenOff: "the connection broke off"
        case .cancelled: "cancelled"
        }
    }
}
