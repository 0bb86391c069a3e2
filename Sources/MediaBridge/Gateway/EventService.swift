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
            for (callID, entries) in grouped(batch) {
                await figures.record(entries)
                do {
                    try await journal.append(callID: callID, entries)
                } catch {
                    logger.error("journal", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// A batch's events by call, each call's in order.
    private func grouped(_ batch: EventOutlet.Batch) -> [(String, [JournalEntry])] {
        var order: [String] = []
        var entries: [String: [JournalEntry]] = [:]
        for (callID, entry) in batch {
            if entries[callID] == nil { order.append(callID) }
            entries[callID, default: []].append(entry)
        }
        return order.map { ($0, entries[$0] ?? []) }
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
