import Events
import GRDB
import Testing

@testable import Records

extension FeedUpdate {
    fileprivate var seqs: [Int] {
        switch self {
        case .events(let events): events.map(\.event.seq)
        case .alerts, .ended: []
        }
    }
}

@Test func historyComesFirstAndThenWhatHappens() async throws {
    try await withStore { store, _ in
        let journal = EventJournal(store: store)
        let feed = try #require(journal.feed)
        try await journal.append(callID: "a", [begun("CA1"), digit("1")])
        try await journal.append(callID: "b", [begun("CA2")])
        let one = try #require(await feed.subscribe(to: .call("CA1"), from: .afterSeq(1)))
        let all = try #require(await feed.subscribe(to: .all, from: .after(position: 0)))
        let new = try #require(await feed.subscribe(to: .conversation("a")))
        #expect(new.joined == 3)
        // Kept while the first two have not read yet.
        try await journal.append(callID: "a", [digit("2")])
        #expect(await one.next().seqs == [2])
        #expect(await one.next().seqs == [3])
        #expect(await all.next().seqs == [1, 2, 1])
        #expect(await all.next().seqs == [3])
        #expect(await new.next().seqs == [3])
        #expect(await journal.finish().isEmpty)
        for subscription in [one, all, new] {
            #expect(await subscription.next() == .ended(.shutdown))
            #expect(await subscription.next() == .ended(.left))
        }
        #expect(try await feed.subscribe(to: .all) == nil)
    }
}

/// A watcher that breaks off again and again and resumes gets everything once, in order.
@Test(arguments: [1, 2, 3, 4] as [UInt64])
func resumingLosesAndRepeatsNothing(seed: UInt64) async throws {
    try await withStore { store, _ in
        var random = SplitMix(seed: seed)
        let journal = EventJournal(store: store)
        let feed = try #require(journal.feed)
        let ids = ["a", "b", "c"]
        for id in ids { try await journal.append(callID: id, [begun("CA-" + id)]) }
        var position: Int64 = 0
        var seen: [RecordedEvent] = []
        for _ in 0..<20 {
            let watcher = try #require(
                await feed.subscribe(to: .all, from: .after(position: position)))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let id = try #require(ids.randomElement(using: &random))
                let batch = (0..<Int.random(in: 1...5, using: &random)).map { _ in digit() }
                try await journal.append(callID: id, batch)
            }
            let latest = try await store.latestPosition()
            let enough = Int64.random(in: position + 1...latest, using: &random)
            while position < enough, case .events(let events) = await watcher.next() {
                seen += events
                position = events.last?.position ?? position
            }
            await watcher.leave()
        }
        #expect(seen.map(\.position) == Array(1...position))
        for id in ids {
            let seqs = seen.filter { $0.event.callID == id }.map(\.event.seq)
            #expect(seqs == Array(1...seqs.count))
        }
    }
}

@Test func aSlowSubscriberIsDroppedAlone() async throws {
    try await withStore { store, _ in
        var configuration = EventFeed.Configuration()
        configuration.waitingEvents = 10
        configuration.subscribers = 2
        let journal = EventJournal(store: store, feed: configuration)
        let feed = try #require(journal.feed)
        try await journal.append(callID: "a", [begun()])
        let slow = try #require(await feed.subscribe(to: .all))
        let quick = try #require(await feed.subscribe(to: .all))
        #expect(try await feed.subscribe(to: .all) == nil)
        for count in 2...12 {
            try await journal.append(callID: "a", [digit()])
            #expect(await quick.next().seqs == [count])
        }
        #expect(await slow.next() == .ended(.tooSlow(waitingEvents: 10)))
        try await journal.append(callID: "a", [digit()])
        #expect(await quick.next().seqs == [13])
        let statistics = await feed.statistics
        #expect((statistics.subscribers, statistics.dropped, statistics.refused) == (1, 1, 1))
        // It comes back and has lost nothing.
        let again = try #require(await feed.subscribe(to: .all, from: .after(position: 1)))
        #expect(await again.next().seqs == Array(2...13))
    }
}

@Test func leavingAndCancellingEndTheWaiting() async throws {
    try await withStore { store, _ in
        let feed = EventFeed(store: store)
        let left = try #require(await feed.subscribe(to: .all))
        async let update = left.next()
        await left.leave()
        #expect(await update == .ended(.left))
        let cancelled = try #require(await feed.subscribe(to: .all))
        let waiting = Task { await cancelled.next() }
        waiting.cancel()
        #expect(await waiting.value == .ended(.left))
        #expect(await feed.statistics.subscribers == 0)
    }
}

@Test func aStoreThatFailsEndsTheSubscription() async throws {
    try await withStore { store, path in
        let journal = EventJournal(store: store)
        let feed = try #require(journal.feed)
        try await journal.append(callID: "a", [begun()])
        let watcher = try #require(await feed.subscribe(to: .all, from: .after(position: 0)))
        try sql(path) { try $0.execute(sql: "ALTER TABLE call_events RENAME TO gone") }
        guard case .ended(.storeFailed(.failed)) = await watcher.next() else {
            Issue.record("the subscription goes on")
            return
        }
        #expect(await watcher.next() == .ended(.left))
    }
}
