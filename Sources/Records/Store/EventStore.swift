package import Events
package import Foundation

/// The journal's home: what happened in calls, in order.
package protocol EventStore: Sendable {
    /// Keeps what happened and everything that follows from it (calls, turns, tool logs,
    /// conversations, the outbox), all of it or nothing.
    ///
    /// A call's entries get the `seq` that follows the last one kept, without a gap.
    ///
    /// - Parameters:
    ///   - batch: of any number of calls; the first entry of a new call is `call_started`.
    ///   - now: wall clock.
    /// - Returns: the events as kept, and what was refused.
    /// - Throws: `conflict` or `unreadable` when an entry cannot be kept at all.
    func append(_ batch: [CallEntries], at now: Date) async throws(RecordStoreError)
        -> AppendOutcome

    /// The events of a call, by our id or the carrier's, after `seq`; `nil` for an unknown call.
    func events(of id: String, after seq: Int, limit: Int) async throws(RecordStoreError)
        -> EventPage?

    /// Events in the order they were kept, with `position` after one and up to another.
    func events(
        in room: EventRoom, after position: Int64, upTo last: Int64, limit: Int
    ) async throws(RecordStoreError) -> [RecordedEvent]

    /// The position of the latest event; 0 when there is none.
    func latestPosition() async throws(RecordStoreError) -> Int64

    /// Ends calls that a gateway left behind when it died: `call_ended` with reason `interrupted`,
    /// at the time of the call's last event.
    ///
    /// Calls that run elsewhere and are only watched here go on.
    func closeInterrupted(at now: Date) async throws(RecordStoreError) -> [RecordedEvent]
}

/// What happened in one call since its last batch.
package struct CallEntries: Sendable {
    package let callID: String
    package let entries: [JournalEntry]

    package init(callID: String, _ entries: [JournalEntry]) {
        self.callID = callID
        self.entries = entries
    }
}

/// What became of a batch.
package struct AppendOutcome: Equatable, Sendable {
    package var events: [RecordedEvent] = []
    /// Calls whose entries were not kept.
    package var refused: [JournalError] = []

    package init() {}
}

/// An event with its place among all events of the store.
package struct RecordedEvent: Equatable, Sendable {
    /// Grows with each event of any call; gaps mean nothing.
    package let position: Int64
    package let conversationID: String
    package let carrierCallID: String
    package let event: CallEvent

    package init(position: Int64, conversationID: String, carrierCallID: String, event: CallEvent) {
        self.position = position
        self.conversationID = conversationID
        self.carrierCallID = carrierCallID
        self.event = event
    }
}

/// Which events somebody wants to see.
package enum EventRoom: Equatable, Sendable {
    case all
    /// By our id or the carrier's; the call may be one yet to come.
    case call(String)
    case conversation(String)

    package func holds(_ recorded: RecordedEvent) -> Bool {
        switch self {
        case .all: true
        case .call(let id): recorded.event.callID == id || recorded.carrierCallID == id
        case .conversation(let id): recorded.conversationID == id
        }
    }
}
