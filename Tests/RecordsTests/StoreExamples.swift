import Events
import Foundation
import GRDB
import Records
import Testing

/// Runs `body` with a store in a file of its own.
func withStore(
    redaction: Redaction = Redaction(), sinks: [OutboxSink] = [],
    _ body: (SQLiteStore, _ path: String) async throws -> Void
) async throws {
    try await withDatabasePath { path in
        var configuration = SQLiteStore.Configuration(.file(path))
        configuration.redaction = redaction
        configuration.sinks = sinks
        let store = try SQLiteStore(configuration)
        try await body(store, path)
        try await store.close()
    }
}

/// Runs `body` with the path of a file that is not there yet.
func withDatabasePath(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory
        .appending(path: "store-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.appending(path: "records.sqlite").path(percentEncoded: false))
}

/// As somebody else reads and changes the file: reports, and tests.
func sql<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.write(body)
}

func call(_ id: String, _ entries: [JournalEntry]) -> CallEntries {
    CallEntries(callID: id, entries)
}

func begun(
    _ carrierCallID: String = "CA1", carrier: String = "twilio", from: String? = "+34600111222",
    to: String? = "+34910000000", direction: String? = nil, at seconds: Double = 0
) -> JournalEntry {
    entry(
        .callStarted(
            CallStarted(
                carrier: carrier, carrierCallID: carrierCallID, language: "es", from: from, to: to,
                direction: direction)), at: seconds)
}

func said(_ text: String, turn: Int = 1, isFinal: Bool = true, at seconds: Double = 1)
    -> JournalEntry
{
    entry(.transcript(Transcript(text: text, isFinal: isFinal, turn: turn)), at: seconds)
}

func answered(_ text: String, turn: Int = 1, at seconds: Double = 2) -> JournalEntry {
    entry(.agentSpeech(AgentSpeech(text: text, turn: turn, filler: false)), at: seconds)
}

func completed(_ turn: TurnRecord, at seconds: Double = 3) -> JournalEntry {
    entry(.turnCompleted(turn), at: seconds)
}

func turn(
    _ number: Int, stt: Double? = nil, llm: Double? = nil, tts: Double? = nil,
    total: Double? = nil, heard: String = ""
) -> TurnRecord {
    var turn = TurnRecord(turn: number, user: "question \(number)")
    turn.sttLatency = stt
    turn.llmLatency = llm
    turn.ttsLatency = tts
    turn.totalLatency = total
    turn.heard = heard
    return turn
}

func asked(_ tool: String, id: String = "t1", arguments: String = "{}", at seconds: Double = 1)
    -> JournalEntry
{
    entry(.toolCall(ToolCallRecord(id: id, name: tool, arguments: arguments)), at: seconds)
}

func told(
    _ tool: String, id: String = "t1", _ result: String = "{}", succeeded: Bool = true,
    milliseconds: Double = 10, at seconds: Double = 1.5
) -> JournalEntry {
    entry(
        .toolResult(
            ToolResultRecord(
                id: id, name: tool, succeeded: succeeded, result: result,
                durationMilliseconds: milliseconds)), at: seconds)
}

func over(_ reason: String = "caller_hung_up", at seconds: Double, costMicros: Int64? = nil)
    -> JournalEntry
{
    var end = CallEnded(reason: reason, durationSeconds: seconds, turns: 0, interruptions: 0)
    end.costMicros = costMicros
    end.currency = costMicros.map { _ in "USD" }
    return entry(.callEnded(end), at: seconds)
}

/// 2026-03-09, a Monday, at 08:05 UTC, and so many seconds.
func moment(_ seconds: Double = 0) -> Date { callTime.addingTimeInterval(seconds) }
let day = 86_400.0
