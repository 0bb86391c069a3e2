internal import Events
package import Foundation

/// Tells one webhook what happened, each event with one POST.
package struct WebhookReceiver: OutboxReceiver {
    /// What all webhooks share.
    package struct Services: Sendable {
        package let store: any RecordStore
        package let transport: any OutboxTransport
        package let signature: WebhookSignature
        /// Also addresses that are not of the public internet.
        package let allowsPrivate: Bool

        package init(
            store: any RecordStore, transport: any OutboxTransport, signature: WebhookSignature,
            allowsPrivate: Bool
        ) {
            self.store = store
            self.transport = transport
            self.signature = signature
            self.allowsPrivate = allowsPrivate
        }
    }

    package let batchLimit = 1
    private let id: String
    private let services: Services

    package init(id: String, _ services: Services) {
        self.id = id
        self.services = services
    }

    package func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for entry in entries { outcomes.append(await deliver(entry, at: now)) }
        return outcomes
    }

    private func deliver(_ entry: OutboxEntry, at now: Date) async -> DeliveryOutcome {
        let webhook: Webhook?
        var metrics: ConversationMetrics?
        do {
            webhook = try await services.store.webhook(id)
            if case .callEnded = entry.event.body {
                metrics = try await services.store.metrics(ofConversation: entry.conversationID)
            }
        } catch {
            return Task.isCancelled ? .cancelled : .refused(reason: "the records cannot be read")
        }
        guard let webhook else { return .closed(reason: "the webhook was deleted") }
        guard webhook.isActive else { return .closed(reason: "the webhook is switched off") }
        let attempt = await self.attempt(
            WebhookPayload(entry, metrics: metrics),
            messageID: entry.event.id.uuidString.lowercased(),
            to: webhook, at: now)
        guard let outcome = attempt.outcome else { return .cancelled }
        await note(attempt, entry, outcome)
        guard attempt.status == 410 else { return outcome }
        // The receiver asks us to stop (Standard Webhooks).
        _ = try? await services.store.setWebhook(id, active: false, at: now)
        return .closed(reason: "the receiver answered 410; the webhook was switched off")
    }

    /// Sends what an operator asks for, at once and only once; it is noted like any attempt.
    package func test(_ webhook: Webhook, at now: Date) async -> WebhookDelivery {
        let attempt = await attempt(
            WebhookPayload(testOf: webhook, at: now),
            messageID: UUID().uuidString.lowercased(), to: webhook, at: now)
        let delivery = attempt.delivery(of: id, eventType: "test", outbox: nil, number: 1, at: now)
        try? await services.store.add(delivery)
        return delivery
    }

    private func attempt(
        _ payload: WebhookPayload, messageID: String, to webhook: Webhook, at now: Date
    ) async -> Attempt {
        let body = payload.octets
        var request = OutboxRequest(url: webhook.url, body: body)
        request.isPublicOnly = !services.allowsPrivate
        request.headers =
            [("Content-Type", "application/json"), ("User-Agent", OutboxRequest.userAgent)]
            + services.signature.headers(
                id: messageID, body: body, secret: webhook.secret, at: now)
        let began = ContinuousClock.now
        var attempt = Attempt()
        do {
            let answer = try await services.transport.send(request)
            attempt.status = answer.status
            attempt.retryAfter = answer.retryAfter
        } catch {
            attempt.error = error
        }
        attempt.duration = began.duration(to: .now)
        return attempt
    }

    private func note(_ attempt: Attempt, _ entry: OutboxEntry, _ outcome: DeliveryOutcome) async {
        let delivery = attempt.delivery(
            of: id, eventType: entry.event.body.type.rawValue, outbox: entry.id,
            number: entry.attempts + 1, at: Date())
        // Of a webhook that was deleted meanwhile nothing is kept.
        try? await services.store.add(delivery)
    }
}

/// One request to a webhook and what came of it.
private struct Attempt {
    var status: Int?
    var retryAfter: Duration?
    var error: OutboxTransportError?
    var duration = Duration.zero

    /// `nil`: it was cancelled.
    var outcome: DeliveryOutcome? {
        switch error {
        case .cancelled?: return nil
        case .privateAddress?: return .refused(reason: OutboxTransportError.privateAddress.text)
        case .unreachable?, .timedOut?, .brokenOff?:
            return .unavailable(reason: error?.text ?? reason)
        case nil: break
        }
        switch status ?? 0 {
        case 200..<300: return .delivered
        case 429, 500...: return .unavailable(reason: reason, retryAfter: retryAfter)
        default: return .refused(reason: reason)
        }
    }

    private var reason: String { "the receiver answered \(status ?? 0)" }

    func delivery(
        of webhookID: String, eventType: String, outbox: Int64?, number: Int, at time: Date
    ) -> WebhookDelivery {
        let succeeded = outcome == .delivered
        return WebhookDelivery(
            id: UUID().uuidString.lowercased(), webhookID: webhookID, outboxID: outbox,
            eventType: eventType, attempt: number, succeeded: succeeded, statusCode: status,
            errorMessage: succeeded ? nil : error?.text ?? reason,
            durationMilliseconds: (duration / .microseconds(1)).rounded() / 1_000,
            attempted: time)
    }
}

extension OutboxRequest {
    /// Some services refuse what looks like a browser, or like nobody.
    static let userAgent = "mediabridge/1.0"
}
