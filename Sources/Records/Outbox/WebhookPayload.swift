internal import Events
package import Foundation

/// What a webhook is told of one event: `{event_type, conversation_id, data, timestamp}`.
package struct WebhookPayload: Equatable, Sendable {
    let eventType: String
    let conversationID: String
    let data: [String: JSONTree]
    let time: Date

    /// - Parameters:
    ///   - entry: of the outbox.
    ///   - metrics: of the conversation, for the end of a call.
    package init(_ entry: OutboxEntry, metrics: ConversationMetrics? = nil) {
        eventType = entry.event.body.type.rawValue
        conversationID = entry.conversationID
        time = entry.event.time
        var data: [String: JSONTree]
        switch entry.event.body {
        case .turnCompleted(let turn):
            var figures = JSONTree.members(of: turn)
            for words in ["user", "agent", "heard"] { figures[words] = nil }
            data = [
                "metrics": .object(figures), "user_message": .text(turn.user),
                "ai_response": .text(turn.agent), "heard": .text(turn.heard),
            ]
        case .callEnded(let end):
            data = JSONTree.members(of: end)
            data["metrics"] = .object(metrics.map(JSONTree.members(of:)) ?? [:])
        case .interruption(let cut):
            data = JSONTree.members(of: cut)
            data["timestamp"] = .text(time.recordText)
        default:  // whatever else happens tells its own data
            data = (try? JSONText.members(of: entry.event.body)) ?? [:]
        }
        // Receivers that want to know the order, or whether something is missing.
        data["call_id"] = .text(entry.event.callID)
        data["seq"] = .integer(entry.event.seq)
        self.data = data
    }

    /// Of a test that an operator asks for.
    package init(testOf webhook: Webhook, at now: Date) {
        eventType = "test"
        conversationID = "test"
        time = now
        data = ["webhook_id": .text(webhook.id)]
    }

    /// The body of the request.
    package var octets: [UInt8] {
        JSONTree.object([
            "event_type": .text(eventType), "conversation_id": .text(conversationID),
            "data": .object(data), "timestamp": .text(time.recordText),
        ]).octets
    }
}
