internal import Foundation

/// Requests to one CRM, no faster than it takes them.
package actor CRMConnection {
    private let transport: any OutboxTransport
    private let base: String
    private let headers: [(name: String, value: String)]
    private var rates: [String: RequestRate]
    private static let answerOctetLimit = 256 * 1_024

    /// - Parameters:
    ///   - transport: over which it is reached.
    ///   - base: what paths are put behind, without a slash at its end.
    ///   - headers: of every request; hold the key.
    ///   - rates: by the class of a request; what has none is not held back.
    package init(
        _ transport: any OutboxTransport, base: String,
        headers: [(name: String, value: String)], rates: [String: RequestRate] = [:]
    ) {
        self.transport = transport
        self.base = base
        self.headers = headers
        self.rates = rates
    }

    /// Sends a request with a JSON body.
    ///
    /// - Throws: `CRMError` for anything but a 2xx.
    func send(
        _ method: String, _ path: String, _ body: JSONTree? = nil,
        headers more: [(name: String, value: String)] = [], rate: String = ""
    ) async throws(CRMError) -> OutboxAnswer {
        let answer = try await exchange(method, path, body, headers: more, rate: rate)
        guard answer.isSuccess else { throw CRMError(answer) }
        return answer
    }

    /// Sends a request with a JSON body, and takes an answer of any status.
    ///
    /// - Parameters:
    ///   - method: of HTTP.
    ///   - path: behind the base.
    ///   - body: `nil`: none.
    ///   - more: headers beside those of every request.
    ///   - rate: the request's class.
    ///   - limit: from the first step to the end of the answer; `nil`: as usual.
    ///   - longestWait: a request whose turn comes later is not made; `nil`: it waits.
    /// - Returns: whatever was answered.
    /// - Throws: `CRMError` when nothing was.
    func exchange(
        _ method: String, _ path: String, _ body: JSONTree? = nil,
        headers more: [(name: String, value: String)] = [], rate: String = "",
        limit: Duration? = nil, longestWait: Duration? = nil
    ) async throws(CRMError) -> OutboxAnswer {
        var pace = rates[rate]
        let wait = pace?.next(at: Date()) ?? .zero
        if let longestWait, wait > longestWait {
            throw .unavailable(reason: "too many requests at once", .seconds(1))
        }
        rates[rate] = pace
        if wait > .zero, (try? await Task.sleep(for: wait)) == nil { throw .cancelled }
        var request = OutboxRequest(method: method, url: base + path)
        request.headers =
            [("Content-Type", "application/json"), ("User-Agent", OutboxRequest.userAgent)]
            + headers + more
        request.body = body?.octets ?? []
        request.answerOctetLimit = Self.answerOctetLimit
        request.limit = limit ?? request.limit
        let answer: OutboxAnswer
        do throws(OutboxTransportError) {
            answer = try await transport.send(request)
        } catch {
            throw error == .cancelled ? .cancelled : .unavailable(reason: error.text, nil)
        }
        return answer
    }
}

/// Why a CRM did not do what it was asked.
enum CRMError: Error, Equatable {
    case unavailable(reason: String, Duration?)
    /// It never will.
    case rejected(status: Int)
    /// The records cannot be read.
    case noRecords
    case cancelled

    init(_ answer: OutboxAnswer) {
        let reason = "it answered \(answer.status)"
        switch answer.status {
        // A key that is wrong is put right by hand; nothing is to be lost until then.
        case 401, 403: self = .unavailable(reason: reason, .seconds(60))
        case 408, 423, 425, 429, 477, 500...: self = .unavailable(reason: reason, answer.retryAfter)
        default: self = .rejected(status: answer.status)
        }
    }

    var outcome: DeliveryOutcome {
        switch self {
        case .unavailable(let reason, let least): .unavailable(reason: reason, retryAfter: least)
        case .rejected(let status): .rejected(reason: "it answered \(status)")
        case .noRecords: .refused(reason: "the records cannot be read")
        case .cancelled: .cancelled
        }
    }
}
