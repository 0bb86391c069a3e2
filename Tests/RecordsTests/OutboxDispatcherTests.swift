import Events
import Foundation
import Records
import Synchronization
import Testing

/// What destinations saw, and how they answer.
private final class FakeReceivers: Sendable {
    private struct State {
        var now = moment()
        var seen: [(destination: String, entry: OutboxEntry, at: Date)] = []
        var down: Set<String> = []
        var answers: [Int: DeliveryOutcome] = [:]
    }
    private let state = Mutex(State())

    var now: Date { state.withLock { $0.now } }
    func advance(by seconds: Double) { state.withLock { $0.now += seconds } }
    func setDown(_ destinations: Set<String>) { state.withLock { $0.down = destinations } }
    /// What events of this `seq` are answered with.
    func answer(_ seq: Int, with outcome: DeliveryOutcome?) {
        state.withLock { $0.answers[seq] = outcome }
    }
    func seen(by destination: String) -> [OutboxEntry] {
        state.withLock { $0.seen.filter { $0.destination == destination }.map(\.entry) }
    }

    func receive(_ entries: [OutboxEntry], _ destination: String) -> [DeliveryOutcome] {
        state.withLock { state in
            entries.map { entry in
                state.seen.append((destination, entry, state.now))
                if state.down.contains(destination) { return .unavailable(reason: "down") }
                return state.answers[entry.event.seq] ?? .delivered
            }
        }
    }
}

private struct FakeReceiver: OutboxReceiver {
    let destination: String
    let receivers: FakeReceivers
    var batchLimit = 1

    func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        receivers.receive(entries, destination)
    }
}

private func dispatcher(
    _ store: SQLiteStore, _ fakes: FakeReceivers, batchLimit: Int = 1
) -> OutboxDispatcher {
    OutboxDispatcher(
        store: store,
        receivers: [
            "crm": FakeReceiver(destination: "crm", receivers: fakes, batchLimit: batchLimit),
            "crm:other": FakeReceiver(destination: "crm:other", receivers: fakes),
        ],
        webhook: { FakeReceiver(destination: "webhook:" + $0, receivers: fakes) },
        now: { fakes.now }, chance: { 0.5 })
}

private let sinks = [OutboxSink(destination: "crm"), OutboxSink(destination: "crm:other")]

/// Down for a minute while calls go on; nothing is lost, nothing overtakes, the other one gets it all
/// at once.
@Test(arguments: [1, 100]) func whatIsDownForAMinuteGetsItAllInOrder(batchLimit: Int) async throws {
    try await withStore(sinks: sinks) { store, _ in
        let fakes = FakeReceivers()
        let dispatcher = dispatcher(store, fakes, batchLimit: batchLimit)
        fakes.setDown(["crm"])
        for second in 0..<60 {
            let entries = (0..<20).map { index in
                call("call-\(index)", second == 0 ? [begun("CA\(index)")] : [digit()])
            }
            _ = try await store.append(entries, at: fakes.now)
            await dispatcher.pass()
            fakes.advance(by: 1)
        }
        #expect(fakes.seen(by: "crm:other").count == 1_200)
        // What is down is not flooded: one attempt after each pause.
        #expect(fakes.seen(by: "crm").filter { $0.attempts == 0 }.count < 40 * max(1, batchLimit))
        fakes.setDown([])
        let before = fakes.seen(by: "crm").count
        for _ in 0..<120 {
            await dispatcher.pass()
            fakes.advance(by: 1)
        }
        let delivered = fakes.seen(by: "crm").dropFirst(before)
        #expect(delivered.count == 1_200)
        for index in 0..<20 {
            let seqs = delivered.filter { $0.event.callID == "call-\(index)" }.map(\.event.seq)
            #expect(seqs == Array(1...60))
        }
        #expect(try await store.backlog().isEmpty)
    }
}

@Test func whatADestinationDoesNotTakeForADayIsDead() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, _ in
        let fakes = FakeReceivers()
        let dispatcher = dispatcher(store, fakes)
        fakes.setDown(["crm"])
        _ = try await store.append(
            (0..<50).map { call("call-\($0)", [begun("CA\($0)"), digit()]) }, at: fakes.now)
        for _ in 0..<2_900 {  // 24 h and 10 min
            await dispatcher.pass()
            fakes.advance(by: 30)
        }
        #expect(try await store.backlog().isEmpty)
        let dead = try await store.deadEntries(destination: "crm", page: PageRequest(limit: 1_000))
        #expect(dead.records.count == 100)
        #expect(await dispatcher.counts["crm"]?.dead == 100)

        fakes.setDown([])
        #expect(try await store.redeliver(allOf: "crm", at: fakes.now) == 100)
        let before = fakes.seen(by: "crm").count
        for _ in 0..<10 {
            await dispatcher.pass()
            fakes.advance(by: 30)
        }
        #expect(fakes.seen(by: "crm").count - before == 100)
        #expect(try await store.backlog().isEmpty)
    }
}

/// One says nothing at all; the other is told everything meanwhile, and stopping waits for nobody.
@Test(.tags(.integration)) func aSlowDestinationHoldsUpNobodyElse() async throws {
    try await withStore(sinks: sinks) { store, _ in
        let fakes = FakeReceivers()
        var settings = OutboxDispatcher.Settings()
        settings.interval = .milliseconds(5)
        settings.finishLimit = .milliseconds(50)
        let dispatcher = OutboxDispatcher(
            store: store,
            receivers: [
                "crm": SilentReceiver(),
                "crm:other": FakeReceiver(destination: "crm:other", receivers: fakes),
            ],
            webhook: { _ in SilentReceiver() }, settings: settings)
        _ = try await store.append(
            (0..<30).map { call("call-\($0)", [begun("CA\($0)"), digit()]) }, at: Date())
        async let running: Void = dispatcher.run()
        while try await store.backlog()["crm:other"] != nil { await Task.yield() }
        #expect(fakes.seen(by: "crm:other").count == 60)
        dispatcher.stop()
        await running
        // Nobody knows what became of what was under way: it is told again.
        #expect(try await store.backlog() == ["crm": 60])
    }
}

/// Takes what it is told and never answers.
private struct SilentReceiver: OutboxReceiver {
    let batchLimit = 1

    func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
        try? await Task.sleep(for: .seconds(3_600))
        return entries.map { _ in .cancelled }
    }
}

@Test func aRefusedEventHoldsUpItsCallAlone() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, _ in
        let fakes = FakeReceivers()
        let dispatcher = dispatcher(store, fakes)
        fakes.answer(2, with: .refused(reason: "status 400"))
        _ = try await store.append(
            [call("a", [begun(), digit(), digit()]), call("b", [begun("CA2")])], at: fakes.now)
        await dispatcher.pass()
        #expect(fakes.seen(by: "crm").map(\.event.seq).sorted() == [1, 1, 2])
        fakes.advance(by: 4)
        await dispatcher.pass()
        #expect(fakes.seen(by: "crm").count == 3)
        fakes.answer(2, with: nil)
        fakes.advance(by: 2)
        await dispatcher.pass()
        #expect(fakes.seen(by: "crm").suffix(2).map(\.event.seq) == [2, 3])
    }
}

@Test func whatIsRejectedIsDeadAtOnceAndTheCallGoesOn() async throws {
    try await withStore(sinks: [OutboxSink(destination: "crm")]) { store, _ in
        let fakes = FakeReceivers()
        let dispatcher = dispatcher(store, fakes)
        fakes.answer(2, with: .rejected(reason: "status 422"))
        _ = try await store.append([call("a", [begun(), digit(), digit()])], at: fakes.now)
        await dispatcher.pass()
        #expect(fakes.seen(by: "crm").map(\.event.seq) == [1, 2, 3])
        let dead = try await store.deadEntries(destination: nil, page: PageRequest())
        #expect(dead.records.map(\.lastError) == ["status 422"])
    }
}

@Test func whatClosesOrIsNoLongerConfiguredIsSettled() async throws {
    try await withStore(
        sinks: [OutboxSink(destination: "crm"), OutboxSink(destination: "gone")]
    ) { store, _ in
        let fakes = FakeReceivers()
        let dispatcher = dispatcher(store, fakes)
        fakes.answer(1, with: .closed(reason: "switched off"))
        _ = try await store.append([call("a", [begun(), digit(), digit()])], at: fakes.now)
        await dispatcher.pass()
        #expect(fakes.seen(by: "crm").count == 1)
        #expect(try await store.backlog().isEmpty)
        let reasons = try await store.deadEntries(destination: "gone", page: PageRequest())
        #expect(reasons.records.map(\.lastError).allSatisfy { $0 == "it is no longer configured" })
    }
}

/// 5 s, 10 s, 20 s … and the last attempt a day after the first.
@Test func retriesGrowOverADay() throws {
    let schedule = RetrySchedule()
    var now = moment()
    var delays: [Double] = []
    for failures in 1...100 {
        guard let next = schedule.next(after: failures, queued: moment(), now: now, chance: 0.5)
        else { break }
        delays.append(next.timeIntervalSince(now))
        now = next
    }
    #expect(delays.prefix(5) == [5, 10, 20, 40, 80])
    #expect(now == moment(day))
    #expect((10...20).contains(delays.count))
    #expect(schedule.next(after: 1, queued: moment(), now: moment(), chance: 0) == moment(4))
    #expect(schedule.next(after: 1, queued: moment(), now: moment(), chance: 1) == moment(6))
    #expect(
        schedule.next(
            after: 1, queued: moment(), now: moment(), least: .seconds(60), chance: 0.5)
            == moment(60))
}
