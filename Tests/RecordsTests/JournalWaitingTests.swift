import Events
import Records
import Testing

@Test func waitingEndsWithTheNextBatch() async throws {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    try await journal.append(callID: "a", [started()])
    async let page = journal.events(of: "a", after: 1, waitingUpTo: .seconds(30))
    await clock.nextSleep()
    try await journal.append(callID: "other", [started("CA2")])
    try await journal.append(callID: "a", [digit()])
    #expect(await page?.seqs == [2])
    #expect(await page?.ended == false)
}

@Test func waitingEndsWhenItsTimeIsUp() async throws {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    try await journal.append(callID: "a", [started()])
    async let page = journal.events(of: "a", after: 1, waitingUpTo: .seconds(30))
    await clock.nextSleep()
    clock.advance(by: .seconds(30))
    #expect(await page == EventPage(events: [], next: 1, ended: false))
}

@Test(arguments: ["a", "CA1"])
func aReaderMayComeBeforeTheCall(id: String) async throws {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    async let page = journal.events(of: id, after: 0, waitingUpTo: .seconds(5))
    await clock.nextSleep()
    try await journal.append(callID: "a", [started("CA1")])
    #expect(await page?.seqs == [1])
}

@Test func anUnknownCallStaysUnknown() async {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    async let page = journal.events(of: "nobody", after: 0, waitingUpTo: .seconds(5))
    await clock.nextSleep()
    clock.advance(by: .seconds(5))
    #expect(await page == nil)
}

/// A reader that is ahead of the journal is not woken by what it has already.
@Test func eventsAReaderHasDoNotWakeIt() async throws {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    try await journal.append(callID: "a", [started()])
    async let page = journal.events(of: "a", after: 3, waitingUpTo: .seconds(30))
    await clock.nextSleep()
    try await journal.append(callID: "a", [digit()])
    try await journal.append(callID: "a", [digit()])
    try await journal.append(callID: "a", [digit("9")])
    #expect(await page?.seqs == [4])
}

@Test func anEndedCallIsNotWaitedFor() async throws {
    let journal = EventJournal(clock: ManualClock())
    try await journal.append(callID: "a", [started(), ended()])
    let page = await journal.events(of: "a", after: 2, waitingUpTo: .seconds(30))
    #expect(page == EventPage(events: [], next: 2, ended: true))
}

@Test func cancellingEndsTheWaiting() async throws {
    let clock = ManualClock()
    let journal = EventJournal(clock: clock)
    try await journal.append(callID: "a", [started()])
    await withTaskGroup(of: EventPage?.self) { group in
        group.addTask { await journal.events(of: "a", after: 1, waitingUpTo: .seconds(30)) }
        await clock.nextSleep()
        group.cancelAll()
        #expect(await group.next() == EventPage(events: [], next: 1, ended: false))
    }
}

@Test func oneReaderTooManyIsAnsweredAtOnce() async throws {
    let clock = ManualClock()
    var configuration = EventJournal.Configuration()
    configuration.waitingReaders = 1
    let journal = EventJournal(configuration: configuration, clock: clock)
    try await journal.append(callID: "a", [started()])
    async let first = journal.events(of: "a", after: 1, waitingUpTo: .seconds(30))
    await clock.nextSleep()
    let second = await journal.events(of: "a", after: 1, waitingUpTo: .seconds(30))
    #expect(second == EventPage(events: [], next: 1, ended: false))
    try await journal.append(callID: "a", [digit()])
    #expect(await first?.seqs == [2])
    async let third = journal.events(of: "a", after: 2, waitingUpTo: .seconds(30))
    await clock.nextSleep()
    try await journal.append(callID: "a", [digit()])
    #expect(await third?.seqs == [3])
}
