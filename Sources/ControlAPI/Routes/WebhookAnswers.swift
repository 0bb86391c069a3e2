// What the routes of webhooks answer: snake case, times in UTC.
internal import Events
internal import Foundation
internal import Records

struct WebhookList: Encodable {
    let webhooks: [Webhook]

    /// A plain list, as clients expect it.
    func encode(to encoder: any Encoder) throws { try webhooks.encode(to: encoder) }
}

/// A webhook, and the secret that was made for it, which is told this once.
struct Registered: Encodable {
    let webhook: Webhook
    let secret: String?

    private enum Key: String, CodingKey { case secret }

    func encode(to encoder: any Encoder) throws {
        try webhook.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encodeIfPresent(secret, forKey: .secret)
    }
}

struct Deleted: Encodable {
    let id: String
    let deleted = true
}

/// One attempt to reach a webhook.
struct Attempt: Encodable {
    private let delivery: WebhookDelivery

    init(_ delivery: WebhookDelivery) { self.delivery = delivery }

    private enum Key: String, CodingKey {
        case id
        case eventType = "event_type"
        case attempt, success
        case statusCode = "status_code"
        case errorMessage = "error_message"
        case duration = "duration_ms"
        case attempted = "attempted_at"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(delivery.id, forKey: .id)
        try object.encode(delivery.eventType, forKey: .eventType)
        try object.encode(delivery.attempt, forKey: .attempt)
        try object.encode(delivery.succeeded, forKey: .success)
        try object.encodeIfPresent(delivery.statusCode, forKey: .statusCode)
        try object.encodeIfPresent(delivery.errorMessage, forKey: .errorMessage)
        try object.encodeIfPresent(delivery.durationMilliseconds, forKey: .duration)
        try object.encode(delivery.attempted.recordText, forKey: .attempted)
    }
}

struct DeadList: Encodable {
    let entries: [DeadEntry]
    let next: String?
}

/// An event that could not be delivered.
struct DeadEntry: Encodable {
    private let entry: OutboxEntry

    init(_ entry: OutboxEntry) { self.entry = entry }

    private enum Key: String, CodingKey {
        case id
        case eventType = "event_type"
        case callID = "call_id"
        case conversationID = "conversation_id"
        case seq, timestamp, attempts
        case lastError = "last_error"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(entry.id, forKey: .id)
        try object.encode(entry.event.body.type, forKey: .eventType)
        try object.encode(entry.event.callID, forKey: .callID)
        try object.encode(entry.conversationID, forKey: .conversationID)
        try object.encode(entry.event.seq, forKey: .seq)
        try object.encode(entry.event.time.recordText, forKey: .timestamp)
        try object.encode(entry.attempts, forKey: .attempts)
        try object.encodeIfPresent(entry.lastError, forKey: .lastError)
    }
}
