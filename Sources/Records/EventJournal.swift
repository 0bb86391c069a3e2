package import Events
package import Foundation

/// What happened in every call, in order, for whoever asks while it happens.
///
/// With a store, a batch is there before any reader sees it, what memory has let go is read there,
/// and `feed` tells subscribers. Without one, memory is all: live calls are kept whole up to
/// `eventsPerCall`; of ended calls the latest stay until `endedCalls` or `endedEvents` is reached.
/// With a directory, a batch is in the call's file, too, before any reader sees it.
package actor EventJournal {
    package struct Configuration: Sendable {
        /// An existing directory where each call gets a JSON-lines file; `nil`: memory only.
        package var directory: URL?
        /// In memory per call; past it the oldest eighth is let go and `seq` shows the gap.
        package var eventsPerCall = 5_000
        package var endedCalls = 500
        package var endedEvents = 50_000
        /// Events one answer holds at most.
        package var eventsPerPage = 1_000
        /// Events that wait for a failing store; what comes beyond them is lost and counted.
        package var unstoredEvents = 50_000
        /// Readers that may wait at once; one more is answered immediately.
        package var waitingReaders = 1_024

        package init(directory: URL? = nil) { self.directory = directory }
    }

    /// What the journal has done since it was made, and what it does now.
    package struct Statistics: Equatable, Sendable {
        /// At this moment.
        package var liveCalls = 0
        package var eventsAppended = 0
        /// In batches that were refused.
        package var eventsRefused = 0
        package var writesFailed = 0
        /// The last batch is not in the store yet, because that failed.
        package var storeFails = false
        /// The store could not answer; memory did as far as it could.
        package var readsFailed = 0
        /// Left memory before a failing disk took them, or were refused by the store.
        package var eventsLost = 0
        /// At this moment.
        package var waitingReaders = 0
    }

    private struct Reader {
        let key: String
        let wake: AsyncStream<Void>.Continuation
    }

    package internal(set) var statistics = Statistics()
    /// Tells what the store holds as it comes; there is none without a store.
    package nonisolated let feed: EventFeed?
    let configuration: Configuration
    let store: (any RecordStore)?
    let wallClock: @Sendable () -> Date
    /// What a failing store has not taken yet.
    var unstored: [CallEntries] = []
    let writing = WriteTurns()
    private let clock: any Clock<Duration>
    private var calls: [String: JournaledCall] = [:]
    private var callIDs: [String: String] = [:]  // by the carrier's id
    private var startOrder: [String] = []
    private var endOrder: [String] = []
    private var endedEvents = 0
    private var readers: [UInt64: Reader] = [:]
    private var nextReader: UInt64 = 0

    /// Makes an empty journal.
    ///
    /// - Parameters:
    ///   - configuration: bounds and place of the files.
    ///   - store: where everything is kept; `nil`: memory only.
    ///   - limits: of the feed that the journal makes for a store.
    ///   - clock: times the waiting of readers.
    ///   - wallClock: says when a batch is kept.
    package init(
        configuration: Configuration = Configuration(), store: (any RecordStore)? = nil,
        feed limits: EventFeed.Configuration = .init(),
        clock: any Clock<Duration> = ContinuousClock(),
        wallClock: @escaping @Sendable () -> Date = { Date() }
    ) {
        precondition(configuration.eventsPerCall >= 8, "An eighth of the bound must be an event")
        precondition(configuration.eventsPerPage >= 1, "A page must hold an event")
        self.configuration = configuration
        self.store = store
        feed = store.map { EventFeed(store: $0, configuration: limits) }
        self.clock = clock
        self.wallClock = wallClock
    }

    /// Adds what happened in a call since its last batch.
    ///
    /// - Parameters:
    ///   - callID: ours; the first batch of a call begins with `call_started`.
    ///   - entries: in order of happening.
    /// - Throws: `JournalError`; after `notWritten` the events are in memory and readers have them.
    package func append(
        callID: String, _ entries: [JournalEntry]
    ) async throws(JournalError) {
        if let failure = await append([CallEntries(callID: callID, entries)]).first {
            throw failure
        }
    }

    /// Adds what happened in several calls since their last batch, in one transaction of the store.
    ///
    /// - Returns: what could not be done, as `append(callID:_:)` throws it.
    package func append(_ batch: [CallEntries]) async -> [JournalError] {
        if store != nil { return await appendToStore(batch) }
        var failures: [JournalError] = []
        for call in batch {
            do { try remember(call) } catch { failures.append(error) }
        }
        return failures
    }

    private func remember(_ call: CallEntries) throws(JournalError) {
        guard let first = call.entries.first else { return }
        switch (calls[call.callID], first.body) {
        case (nil, .callStarted(let start)):
            admit(CallSummary(id: call.callID, start: start, entry: first))
        case (nil, _):
            statistics.eventsRefused += call.entries.count
            throw .callNotStarted(callID: call.callID)
        case (_?, .callStarted):
            statistics.eventsRefused += call.entries.count
            throw .callStartedTwice(callID: call.callID)
        case (_?, _): break
        }
        try grow(call.callID, by: call.entries.count) { $0.append(call.entries) }
    }

    /// Takes what the store has kept of a call.
    func take(_ kept: [RecordedEvent], of callID: String) throws(JournalError) {
        guard let first = kept.first else { return }
        if calls[callID] == nil {
            // What comes late to a call that memory has let go is in the store.
            guard case .callStarted(let start) = first.event.body else { return }
            let entry = JournalEntry(
                first.event.body, time: first.event.time,
                secondsFromStart: first.event.secondsFromStart)
            admit(CallSummary(id: callID, start: start, entry: entry))
        }
        try grow(callID, by: kept.count) { $0.take(kept.map(\.event)) }
    }

    /// Lets a call have more events, and everybody who waits for them know.
    private func grow(
        _ callID: String, by count: Int, _ change: (inout JournaledCall) -> Void
    ) throws(JournalError) {
        let wasLive = calls[callID]?.summary.status == .live
        let heldBefore = calls[callID]?.events.count ?? 0
        let lostBefore = calls[callID]?.lost ?? 0
        if var call = calls.removeValue(forKey: callID) {
            change(&call)
            calls[callID] = call
        }
        statistics.eventsAppended += count
        var failure: JournalError?
        do {
            try calls[callID]?.write()
        } catch {
            statistics.writesFailed += 1
            failure = .notWritten(callID: callID, reason: String(describing: error))
        }
        calls[callID]?.shed(limit: configuration.eventsPerCall)
        guard let call = calls[callID] else { return }
        statistics.eventsLost += call.lost - lostBefore
        wakeReaders(of: call.summary)
        if call.summary.status != .live {
            if wasLive {
                statistics.liveCalls -= 1
                endOrder.append(callID)
                endedEvents += call.events.count
            } else {
                endedEvents += call.events.count - heldBefore
            }
            forgetOldest()
        }
        if let failure { throw failure }
    }

    /// The events of a call after `seq`, waiting for one if there is none yet.
    ///
    /// Cancelling the task ends the waiting at once, with whatever is there.
    ///
    /// - Parameters:
    ///   - id: our id of the call or the carrier's; it may belong to a call yet to come.
    ///   - seq: the last one the reader has; 0 for all.
    ///   - limit: how long to wait for news; `.zero` answers at once.
    /// - Returns: `nil` if no such call is known, even after waiting.
    package func events(
        of id: String, after seq: Int, waitingUpTo limit: Duration = .zero
    ) async -> EventPage? {
        if limit > .zero, await isWorthWaiting(for: id, after: seq),
            readers.count < configuration.waitingReaders
        {
            await waitForNews(of: id, after: seq, upTo: limit)
        }
        let held = lookUp(id)
        if let store, held?.holds(after: seq) != true {
            do {
                return try await store.events(
                    of: held?.summary.id ?? id, after: seq, limit: configuration.eventsPerPage)
            } catch {
                statistics.readsFailed += 1
            }
        }
        return held?.page(after: seq, limit: configuration.eventsPerPage)
    }

    /// One call by our id or the carrier's, with its turns; `nil` if it is not known (any more).
    package func call(_ id: String) async -> (summary: CallSummary, turns: [TurnRecord])? {
        let held = lookUp(id)
        if let store, held?.holds(after: 0) != true {
            do {
                guard let record = try await store.call(held?.summary.id ?? id) else { return nil }
                return (record.summary, try await store.turns(of: record.summary.id))
            } catch {
                statistics.readsFailed += 1
            }
        }
        return held.map { ($0.summary, $0.turns) }
    }

    /// One call by our id or the carrier's, without its turns; `nil` if it is not known (any more).
    package func summary(of id: String) async -> CallSummary? {
        if let held = lookUp(id) { return held.summary }
        return await call(id)?.summary
    }

    /// Live and ended calls, the latest start first.
    package func calls(limit: Int) async -> [CallSummary] {
        if let store {
            do {
                return try await store.calls(
                    matching: CallFilter(), page: PageRequest(limit: limit)
                ).records.map(\.summary)
            } catch {
                statistics.readsFailed += 1
            }
        }
        return startOrder.reversed().prefix(max(0, limit)).compactMap { calls[$0]?.summary }
    }

    /// Calls without an end yet, the latest start first.
    package func liveCalls() -> [CallSummary] {
        startOrder.reversed().compactMap { calls[$0]?.summary }.filter { $0.status == .live }
    }

    private func lookUp(_ id: String) -> JournaledCall? {
        calls[id] ?? callIDs[id].flatMap { calls[$0] }
    }

    /// A call that only the store knows is over: those that are not are held in memory.
    private func isWorthWaiting(for id: String, after seq: Int) async -> Bool {
        if lookUp(id) != nil { return !hasNews(of: id, after: seq) }
        guard let store else { return true }
        let stored = try? await store.call(id)
        return stored == nil && !hasNews(of: id, after: seq)
    }

    private func hasNews(of id: String, after seq: Int) -> Bool {
        lookUp(id)?.hasNews(after: seq) ?? false
    }

    /// Begins to hold a call in memory; it has events up to `lastSeq` in the store already.
    func admit(_ summary: CallSummary, lastSeq: Int = 0) {
        let file = configuration.directory.map { JournalFile(callID: summary.id, in: $0) }
        calls[summary.id] = JournaledCall(summary: summary, lastSeq: lastSeq, file: file)
        callIDs[summary.carrierCallID] = summary.id
        startOrder.append(summary.id)
        statistics.liveCalls += 1
    }

    /// The latest ended call stays even if it alone is over the bound of events.
    private func forgetOldest() {
        while endOrder.count > 1,
            endOrder.count > configuration.endedCalls || endedEvents > configuration.endedEvents
        {
            let id = endOrder.removeFirst()
            startOrder.removeAll { $0 == id }
            guard let call = calls.removeValue(forKey: id) else { continue }
            endedEvents -= call.events.count
            if callIDs[call.summary.carrierCallID] == id {
                callIDs[call.summary.carrierCallID] = nil
            }
        }
    }

    private func wakeReaders(of call: CallSummary) {
        for reader in readers.values where reader.key == call.id || reader.key == call.carrierCallID
        {
            reader.wake.yield()
        }
    }

    private func waitForNews(of id: String, after seq: Int, upTo limit: Duration) async {
        let (batches, wake) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reader = nextReader
        nextReader += 1
        readers[reader] = Reader(key: id, wake: wake)
        statistics.waitingReaders = readers.count
        defer {
            readers[reader] = nil
            statistics.waitingReaders = readers.count
        }
        let clock = clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in batches where await self.hasNews(of: id, after: seq) { return }
            }
            group.addTask { try? await clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
