package import Events
package import Foundation

/// What happened in every call, in order, for whoever asks while it happens.
///
/// Live calls are kept whole up to `eventsPerCall`; of ended calls the latest stay until
/// `endedCalls` or `endedEvents` is reached. With a directory, a batch is in the call's file before
/// any reader sees it.
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
        /// Left memory before a failing disk took them.
        package var eventsLost = 0
        /// At this moment.
        package var waitingReaders = 0
    }

    private struct Reader {
        let key: String
        let wake: AsyncStream<Void>.Continuation
    }

    package private(set) var statistics = Statistics()
    private let configuration: Configuration
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
    ///   - clock: times the waiting of readers.
    package init(
        configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        precondition(configuration.eventsPerCall >= 8, "An eighth of the bound must be an event")
        precondition(configuration.eventsPerPage >= 1, "A page must hold an event")
        self.configuration = configuration
        self.clock = clock
    }

    /// Adds what happened in a call since its last batch.
    ///
    /// - Parameters:
    ///   - callID: ours; the first batch of a call begins with `call_started`.
    ///   - entries: in order of happening.
    /// - Throws: `JournalError`; after `notWritten` the events are in memory and readers have them.
    package func append(callID: String, _ entries: [JournalEntry]) throws(JournalError) {
        guard let first = entries.first else { return }
        switch (calls[callID], first.body) {
        case (nil, .callStarted(let start)): admit(callID, start, first)
        case (nil, _):
            statistics.eventsRefused += entries.count
            throw .callNotStarted(callID: callID)
        case (_?, .callStarted):
            statistics.eventsRefused += entries.count
            throw .callStartedTwice(callID: callID)
        case (_?, _): break
        }
        let wasLive = calls[callID]?.summary.status == .live
        let heldBefore = calls[callID]?.events.count ?? 0
        let lostBefore = calls[callID]?.lost ?? 0
        calls[callID]?.append(entries)
        statistics.eventsAppended += entries.count
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
        if call.summary.status == .ended {
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
        if !hasNews(of: id, after: seq), limit > .zero,
            readers.count < configuration.waitingReaders
        {
            await waitForNews(of: id, after: seq, upTo: limit)
        }
        return lookUp(id)?.page(after: seq, limit: configuration.eventsPerPage)
    }

    /// One call by our id or the carrier's, with its turns; `nil` if it is not known (any more).
    package func call(_ id: String) -> (summary: CallSummary, turns: [TurnRecord])? {
        lookUp(id).map { ($0.summary, $0.turns) }
    }

    /// Live and ended calls, the latest start first.
    package func calls(limit: Int) -> [CallSummary] {
        startOrder.reversed().prefix(max(0, limit)).compactMap { calls[$0]?.summary }
    }

    /// Calls without an end yet, the latest start first.
    package func liveCalls() -> [CallSummary] {
        calls(limit: .max).filter { $0.status == .live }
    }

    private func lookUp(_ id: String) -> JournaledCall? {
        calls[id] ?? callIDs[id].flatMap { calls[$0] }
    }

    private func hasNews(of id: String, after seq: Int) -> Bool {
        lookUp(id)?.hasNews(after: seq) ?? false
    }

    private func admit(_ callID: String, _ start: CallStarted, _ entry: JournalEntry) {
        let file = configuration.directory.map { JournalFile(callID: callID, in: $0) }
        calls[callID] = JournaledCall(
            summary: CallSummary(id: callID, start: start, entry: entry), file: file)
        callIDs[start.carrierCallID] = callID
        startOrder.append(callID)
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
