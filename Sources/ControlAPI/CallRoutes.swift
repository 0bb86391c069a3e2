internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import Records
internal import ServiceLifecycle

/// `/api/v1/calls`: what happened in calls, and ending one.
struct CallRoutes: Sendable {
    let journal: EventJournal
    let control: any CallControl
    let bodyOctetLimit: Int

    func add(to router: Router<BasicRequestContext>) {
        router.route("/api/v1/calls", .get) { request, _ in
            let limit = try request.number("limit", in: 1...1_000, default: 100)
            return try .json(CallList(calls: await journal.calls(limit: limit)))
        }
        router.route("/api/v1/calls/:id", .get) { _, context in
            guard let call = await journal.call(try context.callID) else {
                throw Problem.noSuchCall
            }
            return try .json(CallDetail(summary: call.summary, turns: call.turns))
        }
        router.route("/api/v1/calls/:id/events", .get) { request, context in
            try await events(request, id: context.callID)
        }
        router.route("/api/v1/calls/:id/end", .post) { request, context in
            try await request.expectNoArguments(bodyOctetLimit: bodyOctetLimit)
            return try await end(context.callID)
        }
    }

    /// Long-polling: answers at the first event after `after`, at the call's end, after `wait_ms`,
    /// or when the gateway shuts down.
    private func events(_ request: Request, id: String) async throws -> Response {
        let after = try request.number("after", in: 0...Int.max, default: 0)
        let wait = try request.number("wait_ms", in: 0...30_000, default: 0)
        let page = await cancelWhenGracefulShutdown {
            await journal.events(of: id, after: after, waitingUpTo: .milliseconds(wait))
        }
        guard let page else { throw Problem.noSuchCall }
        return try .json(page)
    }

    private func end(_ id: String) async throws -> Response {
        guard let call = await journal.call(id)?.summary else { throw Problem.noSuchCall }
        guard call.status == .live else { throw Problem.callEnded }
        let requested = ContinuousClock.now
        do {
            try await control.end(callID: call.id)
        } catch {
            throw Problem(error)
        }
        let effective = requested.duration(to: .now)
        return try .json(
            ControlAnswer(
                callID: call.id, state: "ended",
                effectiveMilliseconds: Double(effective / .microseconds(1)).rounded() / 1_000))
    }
}

private struct CallList: Encodable {
    let calls: [CallSummary]
}

/// The summary's members and `turns` side by side.
private struct CallDetail: Encodable {
    let summary: CallSummary
    let turns: [TurnRecord]

    private enum Key: CodingKey {
        case turns
    }

    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(turns, forKey: .turns)
    }
}

private struct ControlAnswer: Encodable {
    let callID: String
    let state: String
    /// From the request to when it took effect.
    let effectiveMilliseconds: Double

    private enum CodingKeys: String, CodingKey {
        case callID = "call_id"
        case state
        case effectiveMilliseconds = "effective_ms"
    }
}

extension Problem {
    fileprivate static let callEnded = Problem(status: .conflict, detail: "The call is over.")

    fileprivate init(_ error: CallControlError) {
        self =
            switch error {
            case .callUnknown: .noSuchCall
            case .callEnded: .callEnded
            case .timedOut:
                Problem(
                    status: .gatewayTimeout,
                    detail: "The call did not answer in time; it may still end.")
            case .unavailable(let reason):
                Problem(status: .serviceUnavailable, detail: reason)
            }
    }
}
