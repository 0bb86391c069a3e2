import Events
import Foundation
import GRDB
import Records
import Testing

@Test func readersAndSubscribersSeeWhatTheStoreHolds() async throws {
    try await withStore { store, _ in
        let journal = EventJournal(store: store)
        try await journal.append(callID: "a", [begun("CA1"), digit()])
        let page = try #require(await journal.events(of: "CA1", after: 0))
        #expect(try await store.events(of: "a", after: 0, limit: 10) == page)
        let kept = try await store.call("a")
        #expect(await journal.call("a")?.summary == kept?.summary)
        try await journal.append(callID: "a", [over(at: 9)])
        #expect(await journal.calls(limit: 10).map(\.status) == [.ended])
        await #expect(throws: JournalError.callStartedTwice(callID: "a")) {
            try await journal.append(callID: "a", [begun()])
        }
        await #expect(throws: JournalError.callNotStarted(callID: "z")) {
            try await journal.append(callID: "z", [digit(), digit()])
        }
        #expect(await journal.statistics.eventsAppended == 3)
        #expect(await journal.statistics.eventsRefused == 3)
    }
}

@Test func whatMemoryHasLetGoIsReadFromTheStore() async throws {
    try await withStore { store, _ in
        var configuration = EventJournal.Configuration()
        configuration.eventsPerCall = 8
        configuration.endedCalls = 1
        let journal = EventJournal(configuration: configuration, store: store)
        try await journal.append(callID: "a", [begun("CA1"), completed(turn(1, total: 5))])
        try await journal.append(callID: "a", (3...30).map { _ in digit() } + [over(at: 9)])
        #expect(await journal.events(of: "a", after: 0)?.seqs == Array(1...31))
        #expect(await journal.events(of: "a", after: 29)?.seqs == [30, 31])
        #expect(await journal.call("a")?.turns == [turn(1, total: 5)])
        try await journal.append(callID: "b", [begun("CA2"), over(at: 1)])  // "a" is forgotten
        #expect(await journal.events(of: "CA1", after: 30)?.seqs == [31])
        #expect(await journal.events(of: "a", after: 31, waitingUpTo: .seconds(30))?.ended == true)
        try await journal.append(callID: "a", [digit()])  // late, and kept
        #expect(await journal.events(of: "a", after: 31)?.seqs == [32])
    }
}

/// Nobody is told what is not kept, and nothing is lost when the store can be used again.
@Test func aFailingStoreDelaysEverybodyAndLosesNothing() async throws {
    try await withStore { store, path in
        let journal = EventJournal(store: store)
        let watcher = try #require(await journal.feed?.subscribe(to: .all))
        try await journal.append(callID: "a", [begun()])
        try sql(path) { try $0.execute(sql: "ALTER TABLE call_events RENAME TO gone") }
        let failures = await journal.append([call("a", [digit()]), call("b", [begun("CA2")])])
        guard case .notStored? = failures.first else {
            Issue.record("\(failures)")
            return
        }
        #expect(await journal.events(of: "b", after: 0) == nil)
        #expect(await journal.statistics.writesFailed == 1)
        try sql(path) { try $0.execute(sql: "ALTER TABLE gone RENAME TO call_events") }
        #expect(await journal.append([call("a", [digit()])]).isEmpty)
        #expect(await journal.events(of: "a", after: 0)?.seqs == [1, 2, 3])
        #expect(await journal.events(of: "b", after: 0)?.seqs == [1])
        var seen: [Int64] = []
        while seen.count < 4, case .events(let events) = await watcher.next() {
            seen += events.map(\.position)
        }
        #expect(seen == [1, 2, 3, 4])
        #expect(await journal.statistics.eventsLost == 0)
    }
}

@Test func whatWaitsForAFailingStoreIsBounded() async throws {
    try await withStore { store, path in
        var configuration = EventJournal.Configuration()
        configuration.unstoredEvents = 5
        let journal = EventJournal(configuration: configuration, store: store)
        try sql(path) { try $0.execute(sql: "ALTER TABLE call_events RENAME TO gone") }
        _ = await journal.append([call("a", [begun(), digit(), digit()])])
        _ = await journal.append([call("a", [digit(), digit(), digit()])])
        #expect(await journal.statistics.eventsLost == 3)
        try sql(path) { try $0.execute(sql: "ALTER TABLE gone RENAME TO call_events") }
        #expect(await journal.finish().isEmpty)
        #expect(await journal.events(of: "a", after: 0)?.seqs == [1, 2, 3])
    }
}

/// A call whose events cannot be kept at all does not keep the others out.
@Test func oneBadCallKeepsNobodyOut() async throws {
    try await withStore { store, _ in
        let journal = EventJournal(store: store)
        let failures = await journal.append([
            call("a", [begun("CA1"), digit()]), call("bad", [begun("CA2"), digit(at: .nan)]),
            call("c", [begun("CA3")]),
        ])
        try #require(failures.count == 1)
        guard case .notKept(callID: "bad", _) = failures[0] else {
            Issue.record("\(failures)")
            return
        }
        #expect(await journal.calls(limit: 10).map(\.id).sorted() == ["a", "c"])
        #expect(await journal.events(of: "a", after: 0)?.seqs == [1, 2])
        #expect(await journal.statistics.eventsLost == 2)
    }
}

@Test func batchesFromSeveralSidesKeepTheirOrder() async throws {
    try await withStore { store, _ in
        let journal = EventJournal(store: store)
        for id in 0..<4 { try await journal.append(callID: "\(id)", [begun("CA\(id)")]) }
        await withTaskGroup(of: Void.self) { tasks in
            for id in 0..<4 {
                tasks.addTask {
                    for key in 0..<10 {
                        _ = await journal.append([call("\(id)", [digit("\(key)")])])
                    }
                }
            }
        }
        for id in 0..<4 {
            let page = try #require(await journal.events(of: "\(id)", after: 1))
            #expect(page.events.map(\.body) == (0..<10).map { .dtmf(DTMFRecord(digit: "\($0)")) })
        }
    }
}

@Test func aRestartGoesOnWhereTheLastRunDied() async throws {
    try await withDatabasePath { path in
        let directory = URL(filePath: path).deletingLastPathComponent()
        let first = try SQLiteStore(.init(.file(path)))
        let before = EventJournal(configuration: .init(directory: directory), store: first)
        try await before.append(callID: "a", [begun("CA1"), digit(at: 3)])
        try await before.append(callID: "v", [begun("V1", carrier: "vapi")])
        try await first.close()

        let second = try SQLiteStore(.init(.file(path)))
        let journal = EventJournal(configuration: .init(directory: directory), store: second)
        #expect(try await journal.recover() == 1)
        #expect(await journal.call("a")?.summary.status == .interrupted)
        #expect(await journal.events(of: "a", after: 2)?.seqs == [3])
        #expect(await journal.events(of: "a", after: 3, waitingUpTo: .seconds(30))?.ended == true)
        #expect(await journal.liveCalls().map(\.id) == ["v"])
        try await journal.append(callID: "v", [digit()])
        #expect(await journal.events(of: "V1", after: 0)?.seqs == [1, 2])
        for (id, count) in [("a", 3), ("v", 2)] {
            let lines = try String(
                contentsOf: directory.appending(path: "\(id).jsonl"), encoding: .utf8)
            #expect(lines.split(separator: "\n").count == count)
        }
        try await second.close()
    }
}
