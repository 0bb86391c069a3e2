internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// `POST /api/vapi/webhook`: what Vapi tells and asks; every request must show that it is Vapi's.
struct VapiRoutes: Sendable {
    static let path = "/api/vapi/webhook"

    let service: VapiService
    let bodies: SignedBodies
    let now: @Sendable () -> Date

    func add(to router: ControlRouter) {
        router.route(Self.path, .post) { request, _ in
            let body = try await received(request)
            return try .json(await service.handle(try VapiMessage(parsing: body), at: now()))
        }
    }

    /// The body of a request that is Vapi's.
    private func received(_ request: Request) async throws -> Data {
        let header: (String) -> String? = { name in
            request.headers.first { $0.name.canonicalName == name }?.value
        }
        let early = service.signature.judge(header, at: now())
        if let early, early != .valid { throw refusal(early) }
        let body = try await bodies.collect(request, upTo: service.settings.bodyOctetLimit)
        guard early == nil else { return body }
        let verdict = service.signature.judge(
            header, method: request.method.rawValue, body: body)
        guard verdict == .valid else { throw refusal(verdict) }
        return body
    }

    private func refusal(_ verdict: VapiSignature.Verdict) -> Problem {
        service.counters.withLock { $0.refused[verdict, default: 0] += 1 }
        let detail =
            switch verdict {
            case .unconfigured:
                "Vapi cannot be told from others: set MEDIABRIDGE_VAPI_WEBHOOK_SECRET, or "
                    + "MEDIABRIDGE_VAPI_HMAC_SECRET, to what its credential has."
            case .stale:
                "The signature is too old or from the future; is this machine's clock right?"
            case .missing, .mismatch, .valid:
                "Only Vapi may ask here: the secret or signature is missing or wrong. If it is "
                    + "Vapi that asks, its credential and MEDIABRIDGE_VAPI_WEBHOOK_SECRET or "
                    + "MEDIABRIDGE_VAPI_HMAC_SECRET differ."
            }
        return Problem(status: .unauthorized, detail: detail)
    }
}
