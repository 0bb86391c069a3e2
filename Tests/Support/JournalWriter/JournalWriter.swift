import Events
import Foundation
import Records

/// Lets calls happen in a store until it is killed; integration tests look at what is left.
///
/// `JournalWriter DATABASE CALLS`: every line it prints says what a batch was about to do or has
/// done, as `begin CALL SEQ…` before the journal has it and `seen CALL SEQ…` when a subscriber has.
/// With `deliver` as third argument the outbox is emptied meanwhile; `post CALL SEQ` is a delivery
/// to the sink `crm` that the process was not told the end of yet.
@main
enum JournalWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let count = Int(arguments[2]) else {
            throw CocoaError(.coderInvalidValue)
        }
        let delivers = arguments.dropFirst(3).first == "deliver"
        var configuration = SQLiteStore.Configuration(.file(arguments[1]))
        if delivers { configuration.sinks = [OutboxSink(destination: Printer.destination)] }
        let store = try SQLiteStore(configuration)
        let journal = EventJournal(store: store)
        _ = try await journal.recover()
        guard let feed = journal.feed, let watcher = try await feed.subscribe(to: .all) else {
            throw CocoaError(.coderInvalidValue)
        }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                while case .events(let events) = await watcher.next() {
                    for event in events { say("seen \(event.event.callID) \(event.event.seq)") }
                }
            }
            tasks.addTask { await write(count, to: journal) }
            guard delivers else { return }
            let dispatcher = OutboxDispatcher(
                store: store, receivers: [Printer.destination: Printer()],
                webhook: { _ in Printer() })
            tasks.addTask { await dispatcher.run() }
        }
    }

    /// A sink that says what it was told.
    private struct Printer: OutboxReceiver {
        static let destination = "crm"
        let batchLimit = 1

        func deliver(_ entries: [OutboxEntry], at now: Date) async -> [DeliveryOutcome] {
            for entry in entries { say("post \(entry.event.callID) \(entry.event.seq)") }
            return entries.map { _ in .delivered }
        }
    }

    /// Batches as two loops make them: all calls in each, some events of each call.
    private static func write(_ count: Int, to journal: EventJournal) async {
        let calls = (1...count).map { "call-\($0)" }
        var seconds = 0.0
        var round = 0
        while !Task.isCancelled {
            let batch = calls.map { callID in
                CallEntries(callID: callID, entries(of: callID, round: round, at: seconds))
            }
            for call in batch { say("begin \(call.callID) \(call.entries.count)") }
            for failure in await journal.append(batch) { say("failed \(failure)") }
            round += 1
            seconds += 0.1
        }
    }

    private static func entries(
        of callID: String, round: Int, at seconds: Double
    ) -> [JournalEntry] {
        var turn = TurnRecord(turn: round, user: "user words \(round)")
        turn.totalLatency = 700
        let id = "tool-\(round)"
        let bodies: [EventBody] =
            round == 0
            ? [
                .callStarted(
                    CallStarted(carrier: "twilio", carrierCallID: "CA-\(callID)", language: "en"))
            ]
            : [
                .speechStarted, .speechEnded,
                .transcript(Transcript(text: "user words \(round)", isFinal: true, turn: round)),
                .toolCall(ToolCallRecord(id: id, name: "lookup_customer", arguments: "{}")),
                .toolResult(
                    ToolResultRecord(
                        id: id, name: "lookup_customer", succeeded: round % 2 == 0, result: "{}",
                        durationMilliseconds: 5)),
                .turnCompleted(turn),
            ]
        return bodies.map { JournalEntry($0, time: Date(), secondsFromStart: seconds) }
    }

    /// A line at once and whole: what was said survives the killing.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
