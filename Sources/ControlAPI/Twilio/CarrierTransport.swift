/// Sends requests to the carrier's API; whoever has an HTTP client implements it.
package protocol CarrierTransport: Sendable {
    /// - Throws: `CarrierTransportError`; an answer of any status is none.
    func send(_ request: CarrierRequest) async throws(CarrierTransportError) -> CarrierResponse
}

package struct CarrierRequest: Sendable {
    package let method: String
    package let url: String
    /// Hold the account's key; never logged.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]?

    package init(
        method: String, url: String, headers: [(name: String, value: String)], body: [UInt8]?
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct CarrierResponse: Sendable {
    package let status: Int
    package let retryAfter: Duration?
    package let body: [UInt8]

    package init(status: Int, retryAfter: Duration? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}

package enum CarrierTransportError: Error, Equatable, Sendable {
    /// No connection came about: nothing was asked.
    case notSent
    /// The request may have been read.
    case lost
    case cancelled
}
