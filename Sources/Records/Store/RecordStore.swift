package import Foundation

/// Everything that is kept; SQLite today, and whatever else answers the same questions.
///
/// Every method is one transaction. Unknown ids are answered with `nil` or `false`, never with an
/// error, so that errors mean that the store itself could not do its work.
package protocol RecordStore: EventStore, CallStore, ConversationStore, LearningStore, OutboxStore,
    WebhookStore, PeopleStore, AnalyticsStore, AccessStore
{
    /// Deletes what the policy no longer keeps, a small batch per transaction.
    ///
    /// - Returns: how many rows went.
    func purge(_ policy: RetentionPolicy, at now: Date) async throws(RecordStoreError) -> Int

    /// Waits for what is under way and closes the store; it cannot be used afterwards.
    func close() async throws(RecordStoreError)
}

/// Why the store could not do its work.
package enum RecordStoreError: Error, Equatable, CustomStringConvertible {
    /// It cannot be opened; the text says what to change.
    case cannotOpen(place: String, reason: String)
    /// Another process keeps its records there.
    case inUse(place: String)
    /// It was written by a newer version of this program.
    case newer(place: String)
    /// What was asked for contradicts what is there, such as a second active mapping of a term.
    case conflict(reason: String)
    /// It failed: disk full, file damaged, connection lost.
    case failed(reason: String)
    /// A row does not hold what this version writes.
    case unreadable(what: String)

    package var description: String {
        switch self {
        case .cannotOpen(let place, let reason):
            "the database \(place) cannot be opened (\(reason)); set MEDIABRIDGE_DATABASE to a "
                + "path in a directory this user may write"
        case .inUse(let place):
            "the database \(place) is in use by another gateway; give each its own "
                + "MEDIABRIDGE_DATABASE"
        case .newer(let place):
            "the database \(place) was written by a newer version; use that one, or another file"
        case .conflict(let reason): reason
        case .failed(let reason): "the database failed: \(reason)"
        case .unreadable(let what): "the database holds a record that cannot be read: \(what)"
        }
    }
}
