package import Events
package import Foundation

/// What still has to be told to webhooks and CRM sinks, kept until it was.
///
/// Entries are written in the transaction of their events, one per destination that wants the type.
/// They are delivered at least once, and in order within a destination and call: an entry is not due
/// while an earlier one of the same call is pending there.
package protocol OutboxStore: Sendable {
    /// Who takes what besides the registered webhooks; for events appended from now on.
    func setSinks(_ sinks: [OutboxSink]) async throws(RecordStoreError)
    /// The first pending entry of each call and destination whose time has come, the oldest first.
    func dueEntries(at now: Date, limit: Int) async throws(RecordStoreError) -> [OutboxEntry]
    /// The same of one destination; with `wholeCalls` also what follows the first entries.
    func dueEntries(of destination: String, wholeCalls: Bool, at now: Date, limit: Int)
        async throws(RecordStoreError) -> [OutboxEntry]
    /// Destinations that something waits for.
    func pendingDestinations() async throws(RecordStoreError) -> [String]
    /// When the next entry is due; `nil` when nothing waits.
    func nextDue() async throws(RecordStoreError) -> Date?
    func delivered(entry id: Int64, at now: Date) async throws(RecordStoreError) -> Bool
    /// Of one delivery, in one transaction.
    func delivered(entries ids: [Int64], at now: Date) async throws(RecordStoreError)
    /// Notes a failed attempt: tried again at `nextAttempt`, or dead if there is none.
    func failed(entry id: Int64, error: String, nextAttempt: Date?, at now: Date)
        async throws(RecordStoreError) -> Bool
    /// Gives up what waits for a destination, all of it or what was queued before a time; it can be
    /// delivered again like anything dead.
    ///
    /// - Returns: how many entries.
    func abandon(_ destination: String, queuedBefore: Date?, because reason: String, at now: Date)
        async throws(RecordStoreError) -> Int
    /// What could not be delivered, the latest first.
    func deadEntries(destination: String?, page: PageRequest) async throws(RecordStoreError)
        -> RecordPage<OutboxEntry>
    /// Puts a dead entry back into its place; `false` when there is no such one.
    func redeliver(entry id: Int64, at now: Date) async throws(RecordStoreError) -> Bool
    /// The same for all of a destination; returns how many.
    func redeliver(allOf destination: String, at now: Date) async throws(RecordStoreError) -> Int
    /// Queues what is no event of a call for every webhook that takes `error`.
    func announce(_ alert: AlertRecord, at now: Date) async throws(RecordStoreError)
    /// Pending entries of each destination.
    func backlog() async throws(RecordStoreError) -> [String: Int]
}

/// A CRM or other sink that takes events.
package struct OutboxSink: Equatable, Sendable {
    /// Such as `crm:supabase`; never `webhook:…`.
    package let destination: String
    /// `nil`: every type.
    package let types: Set<EventType>?

    package init(destination: String, types: Set<EventType>? = nil) {
        self.destination = destination
        self.types = types
    }
}

/// One event on its way to one destination.
package struct OutboxEntry: Equatable, Sendable {
    package var id: Int64
    /// `webhook:ID`, or a sink's.
    package var destination: String
    package var conversationID: String
    package var event: CallEvent
    /// When it was written, or put back.
    package var queued: Date
    /// So many attempts have failed.
    package var attempts: Int
    package var nextAttempt: Date
    package var lastError: String?
}
