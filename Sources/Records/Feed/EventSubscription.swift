package import Events
package import Foundation

/// One subscriber's side of the feed; used by one task at a time.
package struct EventSubscription: Sendable {
    let feed: EventFeed
    let id: UInt64
    /// The latest event of any call when the subscription was made: what a state that is asked for
    /// afterwards holds at least.
    package let joined: Int64

    /// The next events, waiting for them; after `.ended` nothing comes any more.
    ///
    /// Cancelling the task ends the subscription.
    package func next() async -> FeedUpdate { await feed.next(id) }

    /// Gives the place up; a `next()` under way ends.
    package func leave() async { await feed.leave(id) }
}

/// What a subscriber gets.
package enum FeedUpdate: Equatable, Sendable {
    /// In the order they were kept; not empty.
    case events([RecordedEvent])
    /// What is told of the gateway itself, to those who watch all calls; nothing of it is kept.
    case alerts([AlertNotice])
    case ended(FeedEnd)
}

/// An alert and when it came.
package struct AlertNotice: Equatable, Sendable {
    package let time: Date
    package let alert: AlertRecord
}

/// Why a subscription is over.
package enum FeedEnd: Equatable, Sendable, CustomStringConvertible {
    /// The subscriber left, or its task was cancelled.
    case left
    /// More than this many events waited for it; it may come back and resume.
    case tooSlow(waitingEvents: Int)
    case shutdown
    case storeFailed(RecordStoreError)

    package var description: String {
        switch self {
        case .left: "the subscriber left"
        case .tooSlow(let count): "too slow: more than \(count) events were waiting"
        case .shutdown: "the gateway shuts down"
        case .storeFailed: "the records cannot be read"
        }
    }
}
