internal import Events
internal import Logging
internal import Records
internal import ServiceLifecycle

/// Takes the loops' event batches to the journal and the figures, in order.
struct EventService: Service {
    let batches: AsyncStream<EventOutlet.Batch>
    let source: AsyncStream<EventOutlet.Batch>.Continuation
    let journal: EventJournal
    let figures: TurnFigures
    let logger: Logger
    /// `nil`: nobody traces.
    var traces: CallTraceWriter?

    /// Runs until asked to stop; what was sent before that is still recorded.
    func run() async throws {
        await withGracefulShutdownHandler {
            await record()
        } onGracefulShutdown: {
            source.finish()
        }
    }

    private func record() async {
        for await batch in batches {
            await figures.record(batch.map(\.entry))
            await traces?.record(batch)
            let log = CallLog(logger: logger)
            for (callID, entry) in batch { log.tell(entry, ofCall: callID) }
            tell(await journal.append(grouped(batch)))
        }
        tell(await journal.finish())
    }

    private func tell(_ failures: [JournalError]) {
        for failure in failures { logger.error("journal", metadata: ["error": "\(failure)"]) }
    }

    /// A batch's events by call, each call's in order.
    private func grouped(_ batch: EventOutlet.Batch) -> [CallEntries] {
        var order: [String] = []
        var entries: [String: [JournalEntry]] = [:]
        for (callID, entry) in batch {
            if entries[callID] == nil { order.append(callID) }
            entries[callID, default: []].append(entry)
        }
        return order.map { CallEntries(callID: $0, entries[$0] ?? []) }
    }
}

/// Runs the calls' engine tasks.
struct WorkerService: Service {
    let workers: CallWorkers

    /// Runs until asked to stop, once no call is left.
    func run() async throws {
        await withGracefulShutdownHandler {
            await workers.run()
        } onGracefulShutdown: {
            workers.finish()
        }
    }
}
