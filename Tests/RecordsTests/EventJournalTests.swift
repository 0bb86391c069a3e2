import Events
import Foundation
import Records
import Testing

@Test func seqCountsEachCallByItself() async throws {
    let journal = EventJournal()
    try await journal.append(callID: "a", [started("CA1"), digit()])
    try await journal.append(callID: "b", [started("CA2")])
    try await journal.append(callID: "a", [])
    try await journal.append(callID: "a", [digit("2"), ended()])

    let page = try #require(await journal.events(of: "a", after: 0))
    #expect(page.seqs == [1, 2, 3, 4])
    #expect(page.events.map(\.callID) == ["a", "a", "a", "a"])
    #expect(Set(page.events.map(\.id)).count == 4)
    #expect(page.next == 4)
    #expect(page.ended)
    #expect(await journal.events(of: "b", after: 0)?.seqs == [1])
    #expect(await journal.events(of: "b", after: 0)?.ended == false)
}

/// Batches of random length, read in pages from random places: nothing missing, nothing twice.
@Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
func readersGetEveryEventOnce(seed: UInt64) async throws {
    var random = SplitMix(seed: seed)
    var configuration = EventJournal.Configuration()
    configuration.eventsPerPage = 7
    let journal = EventJournal(configuration: configuration)
    try await journal.append(callID: "a", [started()])
    var next = 0
    var read: [Int] = []
    for _ in 0..<50 {
        let batch = (0..<Int.random(in: 0...12, using: &random)).map { _ in digit() }
        try await journal.append(callID: "a", batch)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let page = try #require(await journal.events(of: "a", after: next))
            #expect(page.events.count <= 7)
            read += page.seqs
            next = page.next
        }
    }
    try await journal.append(callID: "a", [ended()])
    let count = await journal.statistics.eventsAppended
    while let page = await journal.events(of: "a", after: next), !page.events.isEmpty {
        read += page.seqs
        next = page.next
        #expect(page.ended == (next == count))
    }
    #expect(read == Array(1...count))
    #expect(await journal.events(of: "a", after: next)?.ended == true)
}

@Test func callsAreFoundByTheCarriersIDToo() async throws {
    let journal = EventJournal()
    try await journal.append(callID: "a", [started("CA1")])
    #expect(await journal.events(of: "CA1", after: 0)?.seqs == [1])
    #expect(await journal.call("CA1")?.summary.id == "a")
    #expect(await journal.call("CA2") == nil)
    #expect(await journal.events(of: "CA2", after: 0) == nil)
}

@Test func aCallBeginsOnceAndFirst() async throws {
    let journal = EventJournal()
    await #expect(throws: JournalError.callNotStarted(callID: "a")) {
        try await journal.append(callID: "a", [digit(), digit()])
    }
    try await journal.append(callID: "a", [started()])
    await #expect(throws: JournalError.callStartedTwice(callID: "a")) {
        try await journal.append(callID: "a", [started()])
    }
    #expect(await journal.events(of: "a", after: 0)?.seqs == [1])
    #expect(await journal.statistics.eventsRefused == 3)
}

@Test func summariesFollowTheCall() async throws {
    let journal = EventJournal()
    var turn = TurnRecord(turn: 1, user: "hello")
    turn.totalLatency = 120
    try await journal.append(callID: "a", [started("CA1")])
    try await journal.append(callID: "b", [started("CA2")])
    try await journal.append(
        callID: "a",
        [
            entry(.turnCompleted(turn), at: 2),
            entry(
                .interruption(Interruption(turn: 1, heard: "", onsetToClearMilliseconds: 120)),
                at: 3.5),
        ])
    let live = try #require(await journal.call("a"))
    #expect(live.turns == [turn])
    #expect(live.summary.status == .live)
    #expect(live.summary.durationSeconds == 3.5)
    #expect(live.summary.turnsCount == 1)
    #expect(live.summary.interruptionsCount == 1)
    #expect(await journal.calls(limit: 10).map(\.id) == ["b", "a"])
    #expect(await journal.calls(limit: 1).map(\.id) == ["b"])

    try await journal.append(callID: "b", [ended(at: 9.5)])
    #expect(await journal.liveCalls().map(\.id) == ["a"])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(#require(await journal.call("b")).summary)
    #expect(
        String(decoding: json, as: UTF8.self) == #"""
            {"carrier":"twilio","carrier_call_id":"CA2","duration_seconds":9.5,\#
            "end_reason":"caller_hung_up","ended":"2026-03-09T08:05:09.500Z","id":"b",\#
            "interruptions_count":0,"language":"en","started":"2026-03-09T08:05:00.000Z",\#
            "status":"ended","turns_count":0}
            """#)
}

@Test func aLongCallKeepsItsLatestEvents() async throws {
    var configuration = EventJournal.Configuration()
    configuration.eventsPerCall = 16
    let journal = EventJournal(configuration: configuration)
    try await journal.append(callID: "a", [started()])
    for count in 2...100 {
        try await journal.append(callID: "a", [digit()])
        let page = try #require(await journal.events(of: "a", after: 0))
        #expect(page.events.count <= 16)
        #expect(page.events.count >= min(count, 14))
        #expect(page.next == count)
    }
    #expect(await journal.events(of: "a", after: 98)?.seqs == [99, 100])
    #expect(await journal.statistics.eventsLost == 0)
}

@Test func endedCallsAreForgottenOldestFirst() async throws {
    var configuration = EventJournal.Configuration()
    configuration.endedCalls = 2
    let journal = EventJournal(configuration: configuration)
    try await journal.append(callID: "live", [started("CA0")])
    for id in ["a", "b", "c"] {
        try await journal.append(callID: id, [started("CA-" + id), ended()])
    }
    #expect(await journal.calls(limit: 10).map(\.id) == ["c", "b", "live"])
    #expect(await journal.call("CA-a") == nil)
    await #expect(throws: JournalError.callNotStarted(callID: "a")) {
        try await journal.append(callID: "a", [digit()])
    }
    #expect(await journal.statistics.liveCalls == 1)
}

@Test func endedCallsAreBoundedByTheirEventsToo() async throws {
    var configuration = EventJournal.Configuration()
    configuration.endedEvents = 10
    let journal = EventJournal(configuration: configuration)
    for id in ["a", "b"] {
        try await journal.append(callID: id, [started("CA-" + id), digit(), digit(), ended()])
    }
    #expect(await journal.calls(limit: 10).count == 2)
    // What comes after the end counts as well: 4 + 7 events.
    try await journal.append(callID: "b", [digit(), digit(), digit()])
    #expect(await journal.calls(limit: 10).map(\.id) == ["b"])
    #expect(await journal.events(of: "b", after: 0)?.seqs == [1, 2, 3, 4, 5, 6, 7])
}
