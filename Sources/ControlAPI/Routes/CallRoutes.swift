internal import Events
internal import HTTPTypes
internal import Hummingbird
internal import Records
internal import ServiceLifecycle

/// `/api/v1/calls`: what happened in calls.
struct CallRoutes: Sendable {
    let journal: EventJournal
    let store: any RecordStore

    func add(to router: ControlRouter) {
        router.route("/api/v1/calls", .get) { request, _ in
            let (filter, page) = try request.query { ($0.callFilter(), $0.page()) }
            let found = try await store.calls(matching: filter, page: page)
            return try .json(CallList(calls: found.records, next: found.next))
        }
        router.route("/api/v1/calls/:id", .get) { _, context in
            guard let call = try await store.call(try context.callID) else {
                throw Problem.noSuchCall
            }
            let id = call.summary.id
            return try .json(
                CallDetail(
                    call: call, turns: try await store.turns(of: id),
                    tools: try await store.toolLogs(of: id),
                    transcript: try await store.conversation(call.conversationID)?.transcript))
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
    let calls: [CallRecord]
    /// The `cursor` of the next page.
    let next: String?
}

/// The call's members, its turns, the tools it used, and who said what once it is over.
private struct CallDetail: Encodable {
    let call: CallRecord
    let turns: [TurnRecord]
    let tools: [ToolLog]
    let transcript: String?

    private enum Key: CodingKey {
        case turns, tools, transcript
    }

    func encode(to encoder: any Encoder) throws {
        try call.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(turns, forKey: .turns)
        try object.encode(tools, forKey: .tools)
        try object.encodeIfPresent(transcript, forKey: .transcript)
    }
}

extension RequestFields {
    fileprivate mutating func callFilter() -> CallFilter {
        var filter = CallFilter()
        filter.status = optionalChoice("status")
        filter.direction = optionalChoice("direction")
        filter.source = optionalChoice("source")
        let started = span()
        filter.from = started.from
        filter.to = started.to
        filter.number = optionalText("number", length: 1...64)
        return filter
    }
}
