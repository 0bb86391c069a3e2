internal import Events
internal import Foundation
internal import GRDB
internal import Synchronization

/// Who takes which events, kept beside the database so that an event costs no query.
///
/// Webhooks are read again after one was changed. All use is within write transactions, which run
/// one after the other; a change that is rolled back costs one more reading.
final class OutboxDestinations: Sendable {
    private struct State {
        var sinks: [OutboxSink]
        /// `nil`: to be read.
        var webhooks: [(destination: String, events: Set<String>)]?
    }

    private let state: Mutex<State>

    init(sinks: [OutboxSink]) { state = Mutex(State(sinks: sinks, webhooks: nil)) }

    func setSinks(_ sinks: [OutboxSink]) { state.withLock { $0.sinks = sinks } }
    func forgetWebhooks() { state.withLock { $0.webhooks = nil } }

    func taking(_ type: EventType, in database: Database) throws -> [String] {
        let webhooks = try webhooks(in: database)
        let sinks = state.withLock { $0.sinks }
        return webhooks.filter { $0.events.contains(type.rawValue) || $0.events.contains("*") }
            .map(\.destination)
            + sinks.filter { $0.types?.contains(type) ?? true }.map(\.destination)
    }

    private func webhooks(
        in database: Database
    ) throws -> [(destination: String, events: Set<String>)] {
        if let known = state.withLock({ $0.webhooks }) { return known }
        let rows = try Row.fetchAll(
            database, sql: "SELECT id, events FROM webhooks WHERE active ORDER BY created_at, id")
        let webhooks = try rows.map { row in
            let names = try JSONText.decode([String].self, from: row["events"])
            return (Webhook.destination(of: row["id"]), Set(names))
        }
        state.withLock { $0.webhooks = webhooks }
        return webhooks
    }
}
