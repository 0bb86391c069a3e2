internal import Events
internal import Foundation

/// Hands kept events to whoever watches: first what is there, then what comes, nothing twice and
/// nothing left out.
///
/// A subscription begins by reading the store up to the position that was the latest when it was
/// made; what is kept afterwards waits in its queue meanwhile. Queues are bounded: a subscriber that
/// falls behind is dropped and told why, and neither calls nor other subscribers wait for it.
package actor EventFeed {
    package struct Configuration: Sendable {
        package var subscribers = 1_024
        /// Events that wait for one subscriber at most; 100 calls make some 500 a second.
        package var waitingEvents = 5_000
        /// Events one update holds at most.
        package var eventsPerUpdate = 500

        package init() {}
    }

    package struct Statistics: Equatable, Sendable {
        /// At this moment.
        package var subscribers = 0
        /// Since the feed was made.
        package var dropped = 0
        package var refused = 0

        package init() {}
    }

    /// Where a subscription begins.
    package enum Start: Equatable, Sendable {
        /// With what is kept from now on.
        case now
        /// Behind an event the subscriber has; 0 begins with the oldest that is kept.
        case after(position: Int64)
        /// Behind an event of the one call that the room is about.
        case afterSeq(Int)
    }

    private struct Subscriber {
        let room: EventRoom
        let start: Start
        /// Up to here the store is read; what is later comes through the queue.
        let joined: Int64
        /// Up to here it has everything.
        var position: Int64
        var queue: [RecordedEvent] = []
        var alerts: [AlertNotice] = []
        var overflow = false
        let wake: AsyncStream<Void>.Continuation
        let woken: AsyncStream<Void>
    }

    package private(set) var statistics = Statistics()
    private let store: any RecordStore
    private let configuration: Configuration
    private var subscribers: [UInt64: Subscriber] = [:]
    private var nextID: UInt64 = 0
    /// The latest that was published; `nil` until the store has been asked.
    private var published: Int64?
    private var isOver = false

    package init(store: any RecordStore, configuration: Configuration = Configuration()) {
        precondition(configuration.eventsPerUpdate >= 1, "An update must hold an event")
        self.store = store
        self.configuration = configuration
    }

    /// Begins to watch; `nil` when there are too many subscribers or the gateway shuts down.
    ///
    /// Whoever subscribes calls `leave()` in the end.
    package func subscribe(
        to room: EventRoom, from start: Start = .now
    ) async throws(RecordStoreError) -> EventSubscription? {
        let joined = try await publishedPosition()
        guard !isOver, subscribers.count < configuration.subscribers else {
            statistics.refused += 1
            return nil
        }
        let (woken, wake) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let position: Int64 =
            switch start {
            case .now: joined
            case .after(let position): position
            case .afterSeq: 0
            }
        let id = nextID
        nextID += 1
        subscribers[id] = Subscriber(
            room: room, start: start, joined: joined, position: position, wake: wake, woken: woken)
        statistics.subscribers = subscribers.count
        return EventSubscription(feed: self, id: id, joined: joined)
    }

    /// Called with what the store has just committed, in that order.
    func publish(_ events: [RecordedEvent]) {
        guard let last = events.last else { return }
        published = max(published ?? 0, last.position)
        for id in Array(subscribers.keys) {
            guard var subscriber = subscribers.removeValue(forKey: id) else { continue }
            if !subscriber.overflow {
                subscriber.queue += events.filter {
                    $0.position > subscriber.joined && subscriber.room.holds($0)
                }
                if subscriber.queue.count > configuration.waitingEvents {
                    subscriber.queue = []
                    subscriber.overflow = true
                    statistics.dropped += 1
                }
            }
            if subscriber.overflow || !subscriber.queue.isEmpty { subscriber.wake.yield() }
            subscribers[id] = subscriber
        }
    }

    /// Tells those who watch all calls.
    func announce(_ notice: AlertNotice) {
        for (id, subscriber) in subscribers where subscriber.room == .all {
            // Whoever is so far behind will be dropped for it.
            guard subscriber.alerts.count < configuration.eventsPerUpdate else { continue }
            subscribers[id]?.alerts.append(notice)
            subscriber.wake.yield()
        }
    }

    /// Ends all subscriptions once they have what was published.
    package func finish() {
        isOver = true
        for subscriber in subscribers.values { subscriber.wake.yield() }
    }

    private func publishedPosition() async throws(RecordStoreError) -> Int64 {
        if let published { return published }
        let latest = try await store.latestPosition()
        // Events may have been published while the store was asked.
        let position = max(published ?? 0, latest)
        published = position
        return position
    }
}

// MARK: One subscriber

extension EventFeed {
    /// What one subscriber gets next; waits for it.
    func next(_ id: UInt64) async -> FeedUpdate {
        while true {
            guard let subscriber = subscribers[id] else { return .ended(.left) }
            if subscriber.overflow {
                leave(id)
                return .ended(.tooSlow(waitingEvents: configuration.waitingEvents))
            }
            if subscriber.position < subscriber.joined {
                if let update = await history(id, subscriber) { return update }
                continue
            }
            if !subscriber.queue.isEmpty {
                let events = Array(subscriber.queue.prefix(configuration.eventsPerUpdate))
                subscribers[id]?.queue.removeFirst(events.count)
                return .events(events)
            }
            if !subscriber.alerts.isEmpty {
                subscribers[id]?.alerts = []
                return .alerts(subscriber.alerts)
            }
            if isOver {
                leave(id)
                return .ended(.shutdown)
            }
            if Task.isCancelled {
                leave(id)
                return .ended(.left)
            }
            var news = subscriber.woken.makeAsyncIterator()
            _ = await news.next()
        }
    }

    /// The next part of what the store holds; `nil` when that part holds nothing new.
    private func history(_ id: UInt64, _ subscriber: Subscriber) async -> FeedUpdate? {
        let page: [RecordedEvent]
        do {
            page = try await store.events(
                in: subscriber.room, after: subscriber.position, upTo: subscriber.joined,
                limit: configuration.eventsPerUpdate)
        } catch {
            leave(id)
            return .ended(Task.isCancelled ? .left : .storeFailed(error))
        }
        let isLast = page.count < configuration.eventsPerUpdate
        subscribers[id]?.position =
            isLast ? subscriber.joined : page.last?.position ?? subscriber.joined
        var events = page
        if case .afterSeq(let seq) = subscriber.start { events.removeAll { $0.event.seq <= seq } }
        return events.isEmpty ? nil : .events(events)
    }

    func leave(_ id: UInt64) {
        subscribers.removeValue(forKey: id)?.wake.finish()
        statistics.subscribers = subscribers.count
    }
}
