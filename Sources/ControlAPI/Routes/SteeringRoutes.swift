internal import Foundation
internal import Hummingbird
internal import Records

/// Steering live calls: `POST /api/v1/calls/{id}/…`, and the same under `/api/v1/vapi/call/{id}/…`.
struct SteeringRoutes: Sendable {
    let journal: EventJournal
    let control: any CallControl
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        for base in ["/api/v1/calls/:id", "/api/v1/vapi/call/:id"] {
            add(to: router, "\(base)/inject") { $0.injection() }
            addPlain(to: router, "\(base)/mute", .mute)
            addPlain(to: router, "\(base)/unmute", .unmute)
            addPlain(to: router, "\(base)/end", .end)
            add(to: router, "\(base)/context") { $0.context() }
            add(to: router, "\(base)/transfer") { $0.transfer() }
            add(to: router, "\(base)/dtmf") { $0.tones() }
            add(to: router, "\(base)/agent") { $0.agent() }
        }
    }

    private func add(
        to router: ControlRouter, _ path: String,
        _ read: @escaping @Sendable (inout RequestFields) -> CallAction
    ) {
        router.route(path, .post) { request, context in
            let id = try context.callID
            let action = try await request.body(octetLimit: bodyOctetLimit, read)
            return try await perform(action, on: id)
        }
    }

    private func addPlain(to router: ControlRouter, _ path: String, _ action: CallAction) {
        router.route(path, .post) { request, context in
            let id = try context.callID
            try await request.expectNoArguments(bodyOctetLimit: bodyOctetLimit)
            return try await perform(action, on: id)
        }
    }

    private func perform(_ action: CallAction, on id: String) async throws -> Response {
        guard let call = await journal.summary(of: id) else { throw Problem.noSuchCall }
        guard call.status == .live else { throw Problem.callEnded }
        let requested = ContinuousClock.now
        let effect: CallActionEffect
        do {
            effect = try await control.perform(action, on: call.id)
        } catch {
            throw Problem(error)
        }
        let effective = requested.duration(to: .now)
        await journal.noteIntervention(in: call.id)
        return try .json(
            SteeringAnswer(
                callID: call.id, effect: effect,
                effectiveMilliseconds: Double(effective / .microseconds(1)).rounded() / 1_000))
    }
}

private struct SteeringAnswer: Encodable {
    let callID: String
    let effect: CallActionEffect
    /// From the request to when it took effect.
    let effectiveMilliseconds: Double

    private enum Key: String, CodingKey {
        case callID = "call_id"
        case state
        case tookEffectAt = "took_effect_at"
        case secondsFromStart = "seconds_from_start"
        case effectiveMilliseconds = "effective_ms"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(callID, forKey: .callID)
        try object.encode(effect.state, forKey: .state)
        try object.encode(effect.time.recordText, forKey: .tookEffectAt)
        let seconds = effect.secondsFromStart.map { ($0 * 1_000).rounded() / 1_000 }
        try object.encodeIfPresent(seconds, forKey: .secondsFromStart)
        try object.encode(effectiveMilliseconds, forKey: .effectiveMilliseconds)
    }
}

extension Problem {
    static let callEnded = Problem(status: .conflict, detail: "The call is over.")

    init(_ error: CallControlError) {
        self =
            switch error {
            case .callUnknown: .noSuchCall
            case .callEnded: .callEnded
            case .timedOut:
                Problem(
                    status: .gatewayTimeout,
                    detail: "The call did not answer in time; it may still take effect.")
            case .refused(let reason): Problem(status: .conflict, detail: reason)
            case .unavailable(let reason):
                Problem(status: .serviceUnavailable, detail: reason)
            }
    }
}
