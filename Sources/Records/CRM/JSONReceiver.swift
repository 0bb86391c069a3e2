internal import Events
package import Foundation

/// Posts every event to one address, as the journal has it and with its conversation.
///
/// `Idempotency-Key` is the event's id, the same for every attempt.
package struct JSONReceiver: OutboxReceiver {
    package static let destination = "crm:json"
    package let batchLimit = 1
    private let connection: CRMConnection

    /// - Parameter connection: its base is the address.
    package init(_ connection: CRMConnection) { self.connection = connection }

    package func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for entry in entries { outcomes.append(await deliver(entry)) }
        return outcomes
    }

    private func deliver(_ entry: OutboxEntry) async -> DeliveryOutcome {
        var event = JSONTree.members(of: entry.event)
        event["conversation_id"] = .text(entry.conversationID)
        do {
            _ = try await connection.send(
                "POST", "", .object(event),
                headers: [("Idempotency-Key", entry.event.id.uuidString.lowercased())])
            return .delivered
        } catch {
            return error.outcome
        }
    }
}
