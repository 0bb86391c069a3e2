internal import Foundation
internal import HTTPTypes
internal import Hummingbird
package import Records

/// What the routes of webhooks work with.
package struct WebhookServices: Sendable {
    let store: any WebhookStore & OutboxStore
    let probe: any WebhookProbe

    package init(store: any WebhookStore & OutboxStore, probe: any WebhookProbe) {
        self.store = store
        self.probe = probe
    }
}

/// Judges and tries the addresses of webhooks; whoever owns sockets implements it.
package protocol WebhookProbe: Sendable {
    /// Addresses that are not of the public internet, and plain HTTP, are welcome.
    var allowsPrivate: Bool { get }
    /// Whether a host is known to lead to this machine or its network.
    func isPrivate(host: String) async -> Bool
    /// Sends a test at once.
    func test(_ webhook: Webhook) async -> WebhookDelivery
}

/// `/webhooks`: who is told of events by HTTP, and what could not be delivered.
struct WebhookRoutes: Sendable {
    let services: WebhookServices
    let bodyOctetLimit: Int
    static let most = 100

    private var store: any WebhookStore & OutboxStore { services.store }

    func add(to router: ControlRouter) {
        router.route("/webhooks", .get) { _, _ in
            try .json(WebhookList(webhooks: await store.webhooks()))
        }
        router.route("/webhooks", .post) { request, _ in try await register(request) }
        router.route("/webhooks/:id", .delete) { _, context in
            let id = try context.id("id", orElse: .noSuchWebhook)
            guard try await store.deleteWebhook(id) else { throw Problem.noSuchWebhook }
            return try .json(Deleted(id: id))
        }
        router.route("/webhooks/:id/toggle", .patch) { _, context in
            let hook = try await webhook(context)
            let toggled = try await store.setWebhook(hook.id, active: !hook.isActive, at: Date())
            guard let toggled else { throw Problem.noSuchWebhook }
            return try .json(toggled)
        }
        router.route("/webhooks/test/:id", .post) { _, context in
            let delivery = await services.probe.test(try await webhook(context))
            return try .json(Attempt(delivery))
        }
        router.route("/webhooks/:id/deliveries", .get) { request, context in
            let limit = try request.number("limit", in: 1...1_000, default: 100)
            let hook = try await webhook(context)
            let found = try await store.deliveries(ofWebhook: hook.id, limit: limit)
            return try .json(["deliveries": found.map(Attempt.init)])
        }
        router.route("/webhooks/:id/dead", .get) { request, context in
            let page = try request.query { $0.page() }
            let hook = try await webhook(context)
            let found = try await store.deadEntries(destination: hook.destination, page: page)
            return try .json(DeadList(entries: found.records.map(DeadEntry.init), next: found.next))
        }
        router.route("/webhooks/:id/redeliver", .post) { request, context in
            let hook = try await webhook(context)
            let id = try await request.body(octetLimit: bodyOctetLimit) { $0.entryID() }
            return try .json(["redelivered": await redeliver(id, of: hook)])
        }
    }

    private func webhook(_ context: ControlContext) async throws -> Webhook {
        guard let hook = try await store.webhook(try context.id("id", orElse: .noSuchWebhook))
        else {
            throw Problem.noSuchWebhook
        }
        return hook
    }

    private func register(_ request: Request) async throws -> Response {
        let allowsPrivate = services.probe.allowsPrivate
        let input = try await request.body(octetLimit: bodyOctetLimit) {
            $0.webhook(allowsPrivate: allowsPrivate)
        }
        if !allowsPrivate, await services.probe.isPrivate(host: input.host) {
            throw Problem.privateWebhook
        }
        guard try await store.webhooks().count < Self.most else {
            throw Problem(
                status: .conflict,
                detail: "There are \(Self.most) webhooks already; delete one first.")
        }
        let hook = try await store.add(input.webhook, at: Date())
        return try .json(
            Registered(webhook: hook, secret: input.secretIsNew ? hook.secret : nil),
            status: .created)
    }

    private func redeliver(_ entryID: Int64?, of hook: Webhook) async throws -> Int {
        guard let id = entryID else {
            return try await store.redeliver(allOf: hook.destination, at: Date())
        }
        // Nobody redelivers another webhook's entries by this one.
        var cursor: String?
        repeat {
            let page = try await store.deadEntries(
                destination: hook.destination, page: PageRequest(limit: 1_000, cursor: cursor))
            if page.records.contains(where: { $0.id == id }) {
                return try await store.redeliver(entry: id, at: Date()) ? 1 : 0
            }
            cursor = page.next
        } while cursor != nil
        throw Problem(status: .notFound, detail: "No dead entry of this webhook has this id.")
    }
}

extension Problem {
    fileprivate static let noSuchWebhook = Problem(
        status: .notFound, detail: "No webhook has this id.")
    fileprivate static let privateWebhook = Problem(
        status: .unprocessableContent,
        detail: "url leads to this machine or its network; set webhooksAllowPrivate to allow that.")
}
