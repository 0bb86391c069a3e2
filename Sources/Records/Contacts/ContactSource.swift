/// A system that knows people by their numbers.
package protocol ContactSource: Sendable {
    /// As settings, records and figures call it.
    var name: String { get }
    /// Says what to look at when the system refuses us; names settings, never their values.
    var advice: String { get }

    /// Who has a number; `nil` when nobody has it, or several do.
    func person(with number: CallerNumber) async throws(ContactSourceError) -> ContactFacts?

    /// Who is called so there; `nil` when nobody is, and for what is no id there.
    ///
    /// The id is as a caller or a model gives it: anything.
    func person(called id: String) async throws(ContactSourceError) -> ContactFacts?
}

/// Why a source gives no answer.
package enum ContactSourceError: Error, Equatable {
    /// It does not let us in, or not to this.
    case refused(status: Int)
    /// It takes no more requests for so long.
    case limited(wait: Duration?)
    case timedOut
    /// It cannot be reached, failed, or said what cannot be read.
    case failed(reason: String)
    case cancelled

    /// - Parameter error: of a request that was not answered.
    init(_ error: CRMError) {
        self =
            switch error {
            case .unavailable(_, .some(let wait)): .limited(wait: wait)
            case .unavailable(OutboxTransportError.timedOut.text, nil): .timedOut
            case .unavailable(let reason, nil): .failed(reason: reason)
            case .rejected(let status): .failed(reason: "it answered \(status)")
            case .noRecords: .failed(reason: "the records cannot be read")
            case .cancelled: .cancelled
            }
    }

    /// What an answer means that is no success.
    init(_ answer: OutboxAnswer) {
        self =
            switch answer.status {
            case 401, 403: .refused(status: answer.status)
            case 429: .limited(wait: answer.retryAfter)
            case 408, 504: .timedOut
            default: .failed(reason: "it answered \(answer.status)")
            }
    }

    var text: String {
        switch self {
        case .refused(let status): "it refuses us (\(status))"
        case .limited: "it takes no more requests now"
        case .timedOut: "no answer in time"
        case .failed(let reason): reason
        case .cancelled: "cancelled"
        }
    }
}

extension CRMConnection {
    /// Somebody waits for a lookup: it neither stands in line for long nor waits long for an answer,
    /// which may be of any status.
    func look(
        _ method: String, _ path: String, _ body: JSONTree? = nil,
        headers: [(name: String, value: String)] = [], rate: String = ""
    ) async throws(ContactSourceError) -> OutboxAnswer {
        do throws(CRMError) {
            return try await exchange(
                method, path, body, headers: headers, rate: rate, limit: .seconds(5),
                longestWait: .seconds(2))
        } catch {
            throw ContactSourceError(error)
        }
    }
}
