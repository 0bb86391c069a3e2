internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `POST /api/webhooks/elevenlabs`: calls that ElevenLabs has run; every request must be signed.
struct ElevenLabsRoutes: Sendable {
    static let path = "/api/webhooks/elevenlabs"
    /// Recordings are sent whole, and looked at no further than their signature.
    static let octetLimit = 256 << 20
    private static let keptOctets = 8 << 20

    let service: ElevenLabsService
    let bodies: SignedBodies
    let now: @Sendable () -> Date

    func add(to router: ControlRouter) {
        router.route(Self.path, .post) { request, _ in
            let now = now()
            guard let body = try await received(request, at: now) else {
                service.count(.ignored)
                return try .json(Answer(status: "ignored"))
            }
            let event = try PostCallEvent(parsing: body, service.settings, at: now)
            let status =
                switch try await service.take(event) {
                case .kept: "queued"
                case .repeated: "known"
                case .ignored, .refused: "ignored"
                }
            return try .json(Answer(status: status))
        }
    }

    private struct Answer: Encodable {
        let status: String
    }

    /// - Returns: the body of a signed request; `nil` for a recording.
    private func received(_ request: Request, at now: Date) async throws -> Data? {
        guard let secret = service.settings.webhookSecret else {
            throw refusal(
                "ElevenLabs cannot be told from others: set "
                    + "MEDIABRIDGE_ELEVENLABS_WEBHOOK_SECRET to the secret of its webhook.")
        }
        let field = request.headers.first {
            $0.name.canonicalName == ElevenLabsSignature.header
        }?.value
        let wrong =
            "Only ElevenLabs may ask here: the signature is missing, wrong, or older than 30 "
            + "minutes. If it is ElevenLabs that asks, compare its webhook's secret with "
            + "MEDIABRIDGE_ELEVENLABS_WEBHOOK_SECRET."
        guard let field, var signature = ElevenLabsSignature(field, secret: secret, at: now) else {
            throw refusal(wrong)
        }
        var count = 0
        let body = try await bodies.collect(
            request, upTo: Self.octetLimit, keeping: Self.keptOctets
        ) {
            signature.update($0)
            count += $0.count
        }
        guard signature.isValid() else { throw refusal(wrong) }
        guard count > body.count else { return body }
        // Cut, it cannot be read.
        guard body.prefix(1_024).range(of: Data("post_call_audio".utf8)) != nil else {
            throw Problem.bodyTooLarge(limit: Self.keptOctets)
        }
        return nil
    }

    private func refusal(_ detail: String) -> Problem {
        service.count(.refused)
        return Problem(status: .unauthorized, detail: detail)
    }
}
