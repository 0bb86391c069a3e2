internal import Events
internal import Foundation

extension EventJournal {
    /// Picks up where a gateway that died has left: its live calls are closed as interrupted, and
    /// those that run elsewhere go on.
    ///
    /// Called once, before anything is appended.
    ///
    /// - Returns: how many calls were closed.
    package func recover() async throws(RecordStoreError) -> Int {
        guard let store else { return 0 }
        let ends = try await store.closeInterrupted(at: wallClock())
        for end in ends {
            guard let directory = configuration.directory else { break }
            var file = JournalFile(callID: end.event.callID, in: directory)
            do {
                try file.append([end.event])
                file.close()
            } catch {
                statistics.writesFailed += 1
            }
        }
        await feed?.publish(ends)
        for call in try await store.openCalls().reversed() {
            admit(call.summary, lastSeq: call.lastSeq)
        }
        return ends.count
    }

    /// Events that a failing store has not taken yet.
    package var waitingEvents: Int { unstored.reduce(0) { $0 + $1.entries.count } }

    /// Brings what a failing store has not taken yet to it, and ends the feed; called last.
    package func finish() async -> [JournalError] {
        let failures = store == nil ? [] : await appendToStore([])
        await feed?.finish()
        return failures
    }

    /// The live calls of a room, the latest start first; one call also when it is over.
    package func openCalls(in room: EventRoom) async -> [CallSummary] {
        switch room {
        case .all: return liveCalls()
        case .call(let id): return await summary(of: id).map { [$0] } ?? []
        case .conversation(let id):
            let open = (try? await store?.openCalls()) ?? []
            return open.filter { $0.conversationID == id }.map(\.summary)
        }
    }

    /// A human acted on a call: its record counts it.
    package func noteIntervention(in callID: String) async {
        guard let store else { return }
        do {
            _ = try await store.update(callID, .intervened)
        } catch {
            statistics.writesFailed += 1
        }
    }

    /// One batch after the other; those that come meanwhile wait in order.
    func appendToStore(_ batch: [CallEntries]) async -> [JournalError] {
        await writing.begin()
        unstored += batch.filter { !$0.entries.isEmpty }
        var failures: [JournalError] = []
        if !unstored.isEmpty, let store {
            do {
                let outcome = try await store.append(unstored, at: wallClock())
                await told(outcome, of: unstored, &failures)
                unstored = []
                statistics.storeFails = false
            } catch {
                await recover(from: error, store, &failures)
            }
        }
        await writing.end()
        return failures
    }

    /// A batch failed as a whole: a single bad call must not keep the others out for ever.
    private func recover(
        from error: RecordStoreError, _ store: any RecordStore, _ failures: inout [JournalError]
    ) async {
        statistics.writesFailed += 1
        switch error {
        case .conflict, .unreadable: break
        case .cannotOpen, .inUse, .newer, .failed:
            failures.append(.notStored(reason: error.description))
            statistics.storeFails = true
            boundUnstored()
            return
        }
        while let call = unstored.first {
            do {
                let outcome = try await store.append([call], at: wallClock())
                await told(outcome, of: [call], &failures)
            } catch .conflict(let reason), .unreadable(let reason) {
                statistics.eventsLost += call.entries.count
                failures.append(.notKept(callID: call.callID, reason: reason))
            } catch {
                failures.append(.notStored(reason: error.description))
                return
            }
            unstored.removeFirst()
        }
    }

    /// What was kept goes to memory, files, readers and subscribers.
    private func told(
        _ outcome: AppendOutcome, of batch: [CallEntries], _ failures: inout [JournalError]
    ) async {
        failures += outcome.refused
        let appended = batch.reduce(0) { $0 + $1.entries.count }
        statistics.eventsRefused += appended - outcome.events.count
        var start = 0
        while start < outcome.events.count {
            let callID = outcome.events[start].event.callID
            let end =
                outcome.events[start...].firstIndex { $0.event.callID != callID }
                ?? outcome.events.count
            do {
                try take(Array(outcome.events[start..<end]), of: callID)
            } catch {
                failures.append(error)
            }
            start = end
        }
        await feed?.publish(outcome.events)
    }

    /// The newest go first, so that what stays has no gap.
    private func boundUnstored() {
        var count = unstored.reduce(0) { $0 + $1.entries.count }
        while count > configuration.unstoredEvents, let last = unstored.popLast() {
            count -= last.entries.count
            statistics.eventsLost += last.entries.count
        }
    }
}
