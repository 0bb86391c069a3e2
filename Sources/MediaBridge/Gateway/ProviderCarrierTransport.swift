internal import ControlAPI
internal import Providers

/// Takes the carrier's REST requests over the pool of connections that providers use.
struct ProviderCarrierTransport: CarrierTransport {
    let http: ProviderHTTP
    /// An answer without an end, or longer than any of the carrier's.
    private static let answerLimit = 1 << 20

    func send(
        _ request: CarrierRequest
    ) async throws(CarrierTransportError) -> CarrierResponse {
        do throws(ProviderHTTPError) {
            let answer = try await http.send(
                ProviderHTTPRequest(
                    method: request.method, url: request.url, headers: request.headers,
                    body: request.body))
            return CarrierResponse(
                status: answer.status, retryAfter: answer.retryAfter,
                body: try await answer.body.collect(upTo: Self.answerLimit))
        } catch {
            switch error {
            case .noAddress, .unreachable, .impossible: throw .notSent
            case .timedOut, .closedEarly, .garbage: throw .lost
            case .cancelled: throw .cancelled
            }
        }
    }
}
