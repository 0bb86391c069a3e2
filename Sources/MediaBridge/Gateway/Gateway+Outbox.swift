internal import ControlAPI
internal import Foundation
internal import Logging
internal import Records

extension Gateway {
    /// The service that tells webhooks and CRM, and what the control API does with webhooks.
    ///
    /// - Parameters:
    ///   - store: whose outbox it is.
    ///   - people: what leads to them; its connections end with the service.
    /// - Returns: the service, which does nothing until it is run.
    /// - Throws: what the store throws.
    func outboxService(
        _ store: SQLiteStore, _ people: PeopleServices
    ) async throws -> OutboxService {
        let http = people.http
        let webhooks = WebhookReceiver.Services(
            store: store, transport: http, signature: .standard,
            allowsPrivate: configuration.outbox.webhooksAllowPrivate)
        let logger = logger
        let crm = configuration.outbox.receivers(store, http, hubspot: people.hubspot)
        try await store.setSinks(crm.map(\.sink))
        let dispatcher = OutboxDispatcher(
            store: store,
            receivers: Dictionary(
                uniqueKeysWithValues: crm.map { ($0.sink.destination, $0.receiver) }),
            webhook: { WebhookReceiver(id: $0, webhooks) },
            report: { logger.error("outbox", metadata: ["error": "\($0)"]) })
        return OutboxService(dispatcher: dispatcher, http: http, webhooks: webhooks)
    }
}

extension OutboxConfiguration {
    /// Who takes what besides webhooks.
    func receivers(
        _ store: any RecordStore, _ transport: any OutboxTransport, hubspot: CRMConnection? = nil
    ) -> [(sink: OutboxSink, receiver: any OutboxReceiver)] {
        crm.map { crm in
            switch crm {
            case .supabase:
                return (
                    OutboxSink(destination: SupabaseReceiver.destination),
                    SupabaseReceiver(store, supabaseConnection(transport))
                )
            case .hubspot:
                var settings = HubSpotReceiver.Settings()
                settings.callProperty = hubspotCallProperty
                settings.createsContacts = hubspotCreatesContacts
                let connection = hubspot ?? hubspotConnection(transport)
                return (
                    HubSpotReceiver.sink, HubSpotReceiver(store, connection, settings: settings)
                )
            case .json:
                let connection = CRMConnection(
                    transport, base: jsonURL,
                    headers: jsonKey.map { [("Authorization", "Bearer " + $0.value)] } ?? [])
                return (
                    OutboxSink(destination: JSONReceiver.destination), JSONReceiver(connection)
                )
            }
        }
    }
}

extension OutboxService {
    /// What the control API does with webhooks.
    var routes: WebhookServices {
        WebhookServices(store: webhooks.store, probe: WebhookReach(webhooks: webhooks))
    }

    /// What became of deliveries, as Prometheus reads it.
    func metrics() async -> [Metric] {
        let counts = await dispatcher.counts.sorted { $0.key < $1.key }
        return [
            Metric(
                "mediabridge_outbox_attempts_total",
                help: "Events handed to webhooks and CRM, by what became of the attempt.",
                .counter(
                    counts.flatMap { name, count in
                        [
                            ("delivered", count.delivered), ("failed", count.failed),
                            ("dead", count.dead),
                        ].map { outcome, number in
                            .init(
                                UInt64(number),
                                [.init("destination", name), .init("outcome", outcome)])
                        }
                    }))
        ]
    }
}

/// Judges and tries the addresses of webhooks from here.
private struct WebhookReach: WebhookProbe {
    let webhooks: WebhookReceiver.Services

    var allowsPrivate: Bool { webhooks.allowsPrivate }

    func isPrivate(host: String) async -> Bool {
        // A name that nobody knows yet may be known when there is something to tell.
        await HostResolver.addresses(of: host).contains { !$0.isPublic }
    }

    func test(_ webhook: Webhook) async -> WebhookDelivery {
        await WebhookReceiver(id: webhook.id, webhooks).test(webhook, at: Date())
    }
}
