import Events
import Foundation
import GRDB
import Glibc
import Records
import Synchronization
import Testing

/// Fifty calls are being written when their process is killed; again, with the file it left.
@Test(.tags(.integration), arguments: [7, 19, 40])
func aKilledGatewayLosesTheLastBatchAtMost(batches: Int) async throws {
    try await withDatabasePath { path in
        let calls = 50
        let said = try linesUntilKilled(path, calls: calls, afterBatches: batches)
        #expect(said.failures.isEmpty)

        // Half an event, or half of what follows from one, is nowhere.
        let (integrity, orphans) = try sql(path) { database in
            (
                try String.fetchOne(database, sql: "PRAGMA integrity_check"),
                try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
            )
        }
        #expect(integrity == "ok")
        #expect(orphans == 0)
        let store = try SQLiteStore(.init(.file(path)))
        let journal = EventJournal(store: store)
        let closed = try await journal.recover()
        #expect(closed == calls)
        for call in 1...calls {
            let id = "call-\(call)"
            let page = try #require(await store.events(of: id, after: 0, limit: 100_000))
            #expect(page.events.map(\.seq) == Array(1...page.events.count))
            #expect(page.ended)
            let kept = page.events.count - 1  // without the end that was added
            // What a subscriber has seen is there; of what was begun the last batch may be lost.
            let begun = said.begun[id] ?? []
            #expect(kept >= said.seen[id] ?? 0)
            #expect(kept <= begun.reduce(0, +))
            #expect(kept >= begun.dropLast().reduce(0, +))
            guard case .callEnded(let end)? = page.events.last?.body else {
                Issue.record("\(id) has no end")
                continue
            }
            #expect(end.reason == "interrupted")
            let turns = page.events.count { $0.body.type == .turnCompleted }
            let tools = page.events.count { $0.body.type == .toolCall }
            let record = try #require(await store.call(id))
            #expect(record.summary.status == .interrupted)
            #expect(record.summary.turnsCount == turns)
            #expect(record.toolCallsCount == tools)
            #expect(try await store.turns(of: id).count == turns)
            #expect(try await store.toolLogs(of: id).count == tools)
            #expect(try await store.toolLogs(of: id).allSatisfy { $0.success != nil })
        }
        try await store.close()
    }
}

/// A gateway is killed while it tells a sink; its successor tells the rest, in order, and at most
/// what was under way for a second time.
@Test(.tags(.integration), arguments: [9, 25])
func aKilledGatewayTellsEverythingInTheEnd(batches: Int) async throws {
    try await withDatabasePath { path in
        let said = try linesUntilKilled(path, calls: 20, afterBatches: batches, delivers: true)
        #expect(said.failures.isEmpty)
        #expect(!said.posted.isEmpty)
        var configuration = SQLiteStore.Configuration(.file(path))
        configuration.sinks = [OutboxSink(destination: "crm")]
        let store = try SQLiteStore(configuration)
        _ = try await EventJournal(store: store).recover()
        let rest = Told()
        let dispatcher = OutboxDispatcher(
            store: store, receivers: ["crm": rest], webhook: { _ in rest })
        await dispatcher.pass()
        #expect(try await store.backlog().isEmpty)
        for number in 1...20 {
            let id = "call-\(number)"
            let page = try #require(await store.events(of: id, after: 0, limit: 100_000))
            let before = said.posted[id] ?? []
            let after = rest.seqs(of: id)
            #expect(before == Array(1..<(before.count + 1)))
            #expect(after == Array((after.first ?? 0)...(page.events.count)))
            let again = before.count + 1 - (after.first ?? 0)
            #expect((0...1).contains(again), "\(id): \(before.count), then \(after.first ?? 0)")
        }
        try await store.close()
    }
}

/// A sink that remembers what it was told.
private final class Told: OutboxReceiver, Sendable {
    let batchLimit = 1
    private let entries = Mutex<[OutboxEntry]>([])

    func seqs(of callID: String) -> [Int] {
        entries.withLock { $0.filter { $0.event.callID == callID }.map(\.event.seq) }
    }

    func deliver(_ new: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        entries.withLock { $0 += new }
        return new.map { _ in .delivered }
    }
}

/// What the killed process said, by call.
private struct Said {
    /// Events of each batch that was handed to the journal.
    var begun: [String: [Int]] = [:]
    /// The latest `seq` a subscriber had.
    var seen: [String: Int] = [:]
    /// What a sink was told.
    var posted: [String: [Int]] = [:]
    var failures: [String] = []

    mutating func hear(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let number = Int(words[2]) else {
            failures.append(line)
            return
        }
        if words[0] == "begin" {
            begun[words[1], default: []].append(number)
        } else if words[0] == "post" {
            posted[words[1], default: []].append(number)
        } else {
            #expect(number == (seen[words[1]] ?? 0) + 1)
            seen[words[1]] = number
        }
    }
}

private func linesUntilKilled(
    _ path: String, calls: Int, afterBatches batches: Int, delivers: Bool = false
) throws -> Said {
    let process = Process()
    // Built beside the tests.
    let tests = try #require(Bundle.main.executableURL)
    process.executableURL = tests.deletingLastPathComponent().appending(path: "JournalWriter")
    process.arguments = [path, "\(calls)"] + (delivers ? ["deliver"] : [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var said = Said()
    // The pipe is read on while the process runs, and to its end after the killing.
    var rest = Data()
    while true {
        let octets = output.fileHandleForReading.availableData
        if octets.isEmpty { break }
        rest += octets
        while let end = rest.firstIndex(of: 0x0A) {
            said.hear(String(decoding: rest[..<end], as: UTF8.self))
            rest = Data(rest[(end + 1)...])
        }
        if (said.begun["call-1"]?.count ?? 0) >= batches, process.isRunning {
            kill(process.processIdentifier, SIGKILL)
        }
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    return said
}
