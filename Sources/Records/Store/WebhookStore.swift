package import Foundation

/// Who wants to be told what by HTTP, and how that went.
package protocol WebhookStore: Sendable {
    func add(_ webhook: NewWebhook, at now: Date) async throws(RecordStoreError) -> Webhook
    /// In the order they were registered.
    func webhooks() async throws(RecordStoreError) -> [Webhook]
    func webhook(_ id: String) async throws(RecordStoreError) -> Webhook?
    /// Deletes it with its deliveries and what was pending; `false` for an unknown one.
    func deleteWebhook(_ id: String) async throws(RecordStoreError) -> Bool
    /// Active ones get events from now on, others do not; `nil` for an unknown one.
    func setWebhook(_ id: String, active: Bool, at now: Date) async throws(RecordStoreError)
        -> Webhook?
    func add(_ delivery: WebhookDelivery) async throws(RecordStoreError)
    /// The latest first.
    func deliveries(ofWebhook id: String, limit: Int) async throws(RecordStoreError)
        -> [WebhookDelivery]
}

package struct NewWebhook: Equatable, Sendable {
    package var url: String
    /// Names of event types; `*` is all of them.
    package var events: [String]
    package var description: String?
    /// Signs the bodies; never part of an answer.
    package var secret: String?

    package init(url: String, events: [String], description: String? = nil, secret: String? = nil) {
        self.url = url
        self.events = events
        self.description = description
        self.secret = secret
    }
}

package struct Webhook: Equatable, Sendable {
    package var id: String
    package var url: String
    package var events: [String]
    package var description: String?
    package var secret: String?
    package var isActive: Bool
    package var created: Date

    /// Its name in the outbox.
    package var destination: String { Self.destination(of: id) }
    package static func destination(of id: String) -> String { "webhook:" + id }
}

/// One attempt to reach a webhook.
package struct WebhookDelivery: Equatable, Sendable {
    package var id: String
    package var webhookID: String
    /// `nil` for a test.
    package var outboxID: Int64?
    package var eventType: String
    /// From 1.
    package var attempt: Int
    package var succeeded: Bool
    package var statusCode: Int?
    package var errorMessage: String?
    package var durationMilliseconds: Double?
    package var attempted: Date

    package init(
        id: String, webhookID: String, outboxID: Int64? = nil, eventType: String, attempt: Int,
        succeeded: Bool, statusCode: Int? = nil, errorMessage: String? = nil,
        durationMilliseconds: Double? = nil, attempted: Date
    ) {
        self.id = id
        self.webhookID = webhookID
        self.outboxID = outboxID
        self.eventType = eventType
        self.attempt = attempt
        self.succeeded = succeeded
        self.statusCode = statusCode
        self.errorMessage = errorMessage
        self.durationMilliseconds = durationMilliseconds
        self.attempted = attempted
    }
}
