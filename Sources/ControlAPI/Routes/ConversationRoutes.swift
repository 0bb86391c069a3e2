internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Records

/// `/conversations` and `/metrics/summary`: conversations by telephone or in writing.
struct ConversationRoutes: Sendable {
    let store: any RecordStore
    let journal: EventJournal
    let control: any CallControl
    let bodyOctetLimit: Int

    func add(to router: ControlRouter) {
        router.route("/conversations", .post) { request, _ in try await create(request) }
        router.route("/conversations/:id", .get) { _, context in
            guard let conversation = try await store.conversation(try context.conversationID)
            else { throw Problem.noSuchConversation }
            return try .json(ConversationAnswer(conversation: conversation))
        }
        router.route("/conversations/:id/end", .post) { request, context in
            try await request.expectNoArguments(bodyOctetLimit: bodyOctetLimit)
            return try await end(context.conversationID)
        }
        router.route("/conversations/:id/metrics", .get) { _, context in
            guard let metrics = try await store.metrics(ofConversation: context.conversationID)
            else { throw Problem.noSuchConversation }
            return try .json(metrics)
        }
        router.route("/metrics/summary", .get) { request, _ in
            let limit = try request.number("limit", in: 1...10_000, default: 100)
            return try .json(try await store.metricsSummary(limit: limit))
        }
    }

    private func create(_ request: Request) async throws -> Response {
        let begun = try await request.body(octetLimit: bodyOctetLimit) { fields in
            let caller = fields.text("caller_id", length: 1...200)
            let isNumber = Self.isPhoneNumber(caller)
            return NewConversation(
                userID: fields.optionalText("user_id", length: 1...200)
                    ?? (isNumber ? nil : caller),
                agentID: fields.optionalText("agent_id", length: 1...200),
                phoneNumber: isNumber ? caller : nil)
        }
        let conversation = try await store.create(begun, at: Date())
        return try .json(ConversationAnswer(conversation: conversation), status: .created)
    }

    /// Ends the calls of the conversation first, and waits until all of them is kept.
    private func end(_ id: String) async throws -> Response {
        guard try await store.conversation(id) != nil else { throw Problem.noSuchConversation }
        for call in try await store.openCalls() where call.conversationID == id {
            do {
                try await control.end(callID: call.summary.id)
            } catch .callUnknown, .callEnded {
                // It ended by itself meanwhile.
            } catch {
                throw Problem(error)
            }
            _ = try await store.update(call.summary.id, .intervened)
            await waitForEnd(of: call)
        }
        guard try await store.endConversation(id, at: Date()) != nil,
            let metrics = try await store.metrics(ofConversation: id)
        else { throw Problem.noSuchConversation }
        return try .json(metrics)
    }

    /// Two seconds at most: the call is over, its last events may still be on their way.
    private func waitForEnd(of call: CallRecord) async {
        let limit = ContinuousClock.now.advanced(by: .seconds(2))
        var seq = call.lastSeq
        while ContinuousClock.now < limit {
            let page = await journal.events(
                of: call.summary.id, after: seq,
                waitingUpTo: ContinuousClock.now.duration(to: limit))
            guard let page, !page.ended, !page.events.isEmpty else { return }
            seq = page.next
        }
    }

    /// E.164, with or without its plus.
    private static func isPhoneNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        return (7...15).contains(digits.utf8.count)
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// The conversation, with the id also under the name that other answers give it.
private struct ConversationAnswer: Encodable {
    let conversation: Conversation

    private enum Key: String, CodingKey {
        case conversationID = "conversation_id"
        case callerID = "caller_id"
    }

    func encode(to encoder: any Encoder) throws {
        try conversation.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(conversation.id, forKey: .conversationID)
        try object.encodeIfPresent(
            conversation.phoneNumber ?? conversation.userID, forKey: .callerID)
    }
}

extension ControlContext {
    fileprivate var conversationID: String {
        get throws(Problem) { try id("id", orElse: .noSuchConversation) }
    }
}

extension Problem {
    fileprivate static let noSuchConversation = Problem.notFound("conversation")
}
