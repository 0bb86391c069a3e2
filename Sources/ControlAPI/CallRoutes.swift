internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import Records
internal import ServiceLifecycle

/// `/api/v1/calls`: what happened in calls.
struct CallRoutes: Sendable {
    let journal: EventJournal

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
