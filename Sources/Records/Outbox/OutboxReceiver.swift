package import Foundation

/// Takes what the outbox holds for one destination, a webhook or a CRM.
///
/// It may be handed an entry more than once, also after the gateway was killed: what it sends must
/// carry a key by which the other side knows it again, or be the same when it is done twice.
package protocol OutboxReceiver: Sendable {
    /// Entries of one delivery at most; with 1, calls are told side by side and each in order.
    var batchLimit: Int { get }
    /// - Parameters:
    ///   - entries: in the order they were written; at least one.
    ///   - now: wall clock.
    /// - Returns: an outcome for each entry.
    func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome]
}

/// What became of an attempt; reasons hold neither keys nor what people said.
package enum DeliveryOutcome: Equatable, Sendable {
    case delivered
    /// The destination takes nothing at the moment: all its entries wait.
    case unavailable(reason: String, retryAfter: Duration? = nil)
    /// It did not take this entry, and may later; other calls go on.
    case refused(reason: String)
    /// It will never take this entry.
    case rejected(reason: String)
    /// It takes nothing any more: whatever waits for it is settled.
    case closed(reason: String)
    /// Nobody knows, for the gateway stops; it is tried again.
    case cancelled
}
