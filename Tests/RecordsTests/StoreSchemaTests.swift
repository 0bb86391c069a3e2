import Events
import Foundation
import GRDB
import Records
import Testing

/// The tables and views that reports of existing users read, with their columns (the contract with
/// existing users, section 1).
private let contract: [String: [String]] = [
    "voice_calls": [
        "id", "carrier_call_id", "direction", "from_number", "to_number", "status", "started_at",
        "ended_at", "duration_seconds", "cost", "live_transcript_enabled", "tool_calls_count",
        "tool_errors_count", "user_sentiment", "intervention_count",
    ],
    "vapi_call_events": [
        "id", "vapi_call_id", "conversation_id", "event_type", "event_data", "speaker",
        "transcript_text", "is_final", "event_time", "seconds_from_start", "created_at",
    ],
    "vapi_tool_logs": [
        "id", "vapi_call_id", "conversation_id", "tool_name", "tool_call_id", "arguments",
        "success", "result", "error_message", "started_at", "duration_ms", "user_feedback",
        "correction_applied", "created_at",
    ],
    "search_term_mappings": [
        "id", "search_term", "mapped_terms", "source", "learned_from_call_id", "confidence_score",
        "times_used", "times_successful", "is_active", "reviewed_by", "reviewed_at", "created_at",
        "updated_at",
    ],
    "conversations": [
        "id", "user_id", "agent_id", "twilio_call_sid", "transcript", "duration", "cost", "status",
        "phone_number", "direction",
    ],
    "conversation_analysis": [
        "id", "conversation_id", "analysis_type", "programmatic_results", "ai_insights",
        "confidence", "cost", "created_at",
    ],
    "real_time_events": ["id", "conversation_id", "event_type", "data", "timestamp", "delivered"],
    "conversation_logs": [
        "id", "user_id", "message", "intent", "entities", "action", "nlu_response", "llm_response",
        "api_calls", "processing_time_ms", "success", "timestamp",
    ],
    "turns": [
        "endpointing_ms", "stt_latency_ms", "llm_latency_ms", "chunking_ms", "tts_latency_ms",
        "send_ms", "total_latency_ms", "bridge_ms",
    ],
    "conversation_stats": [], "error_stats": [], "intent_stats": [], "user_stats": [],
]

@Test(arguments: contract.keys.sorted())
func reportsFindTheirColumns(table: String) async throws {
    try await withStore { _, path in
        let columns = try sql(path) { database in
            try String.fetchAll(
                database, sql: "SELECT name FROM pragma_table_xinfo(?)", arguments: [table])
        }
        #expect(!columns.isEmpty)
        let missing = Set(contract[table] ?? []).subtracting(columns)
        #expect(missing.isEmpty, "\(missing)")
    }
}

@Test func watchedCallsAreSeenInTheirViews() async throws {
    try await withStore { store, path in
        _ = try await store.append(
            [
                call("a", [begun("CA1"), said("no")]),
                call(
                    "v",
                    [
                        begun("V1", carrier: "vapi"), said("hola", at: 1.2345), answered("buenas"),
                        asked("search_products"),
                    ]),
            ], at: moment(5))
        let (events, tools) = try sql(path) { database in
            (
                try Row.fetchAll(
                    database, sql: "SELECT * FROM vapi_call_events ORDER BY seconds_from_start"),
                try Row.fetchAll(database, sql: "SELECT * FROM vapi_tool_logs")
            )
        }
        #expect(events.map { $0["vapi_call_id"] } == ["V1", "V1", "V1", "V1"])
        #expect(events.map { $0["speaker"] as String? } == [nil, nil, "user", "ai"])
        #expect(events[2]["transcript_text"] == "hola")
        #expect(events[2]["is_final"] == true)
        #expect(events[2]["seconds_from_start"] == 1.235)
        #expect(events[2]["event_time"] == "2026-03-09T08:05:01.235Z")
        #expect(events[2]["event_data"] == #"{"is_final":true,"text":"hola","turn":1}"#)
        #expect(tools.map { $0["tool_name"] } == ["search_products"])
        #expect(tools[0]["success"] as Bool? == nil)
        #expect(tools[0]["correction_applied"] == false)
    }
}

@Test func statisticsOfDaysAndUsersAddUp() async throws {
    try await withStore { store, path in
        _ = try await store.append(
            [
                call("a", [begun("CA1"), over(at: 10, costMicros: 1_000_000)]),
                call("b", [begun("CA2", at: 60), over(at: 30, costMicros: 500_000)]),
                call(
                    "c",
                    [
                        begun("CA3", from: "+34600999999", at: day),
                        entry(
                            .error(ErrorRecord(stage: "stt", errorMessage: "refused")),
                            at: day + 1),
                        asked("find", at: day + 2),
                        told("find", "down", succeeded: false, at: day + 3),
                    ]),
            ], at: moment())
        for (number, intent) in ["saludo", "saludo", nil].enumerated() {
            var log = ConversationLog(
                id: "l\(number)", userID: "ana", message: "hola", success: intent != nil,
                time: moment(Double(number)))
            log.intent = intent
            log.processingMilliseconds = Double(100 * (number + 1))
            try await store.add(log)
        }
        let rows = try sql(path) { database in
            try [
                "SELECT * FROM conversation_stats ORDER BY day",
                "SELECT * FROM error_stats ORDER BY source",
                "SELECT * FROM intent_stats ORDER BY intent", "SELECT * FROM user_stats ORDER BY 1",
            ].map { try Row.fetchAll(database, sql: $0) }
        }
        let days = rows[0]
        #expect(days.map { $0["day"] } == ["2026-03-09", "2026-03-10"])
        #expect(days.map { $0["total_conversations"] } == [2, 1])
        #expect(days.map { $0["completed_conversations"] } == [2, 0])
        #expect(days[0]["avg_duration_seconds"] == 20.0)
        #expect(days[0]["total_cost"] == 1.5)
        #expect(days[0]["total_messages"] == 3)
        #expect(days[0]["successful_messages"] == 2)
        #expect(days[0]["avg_processing_time_ms"] == 200.0)
        #expect(days[0]["unique_users"] == 2)  // the caller and ana
        #expect(
            rows[1].map { $0["source"] as String } == ["message", "stt", "tool:find"])
        #expect(rows[1].map { $0["error_message"] } == ["unknown intent", "refused", "down"])
        #expect(rows[2].map { $0["total"] } == [2, 1])
        #expect(rows[2][0]["success_rate"] == 1.0)
        #expect(
            rows[3].map { $0["user_id"] } == ["+34600111222", "+34600999999", "ana"])
        #expect(rows[3].map { $0["total_conversations"] } == [2, 1, 0])
        #expect(rows[3][0]["total_duration_seconds"] == 40.0)
    }
}

@Test func aFileIsReadableByItsOwnerOnly() async throws {
    try await withStore { store, path in
        _ = try await store.append([call("a", [begun()])], at: moment())
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
    }
}

@Test func aDatabaseHasOneGateway() async throws {
    try await withDatabasePath { path in
        let first = try SQLiteStore(.init(.file(path)))
        #expect(throws: RecordStoreError.inUse(place: path)) {
            try SQLiteStore(.init(.file(path)))
        }
        try await first.close()
        let second = try SQLiteStore(.init(.file(path)))
        try await second.close()
    }
}

@Test func recordsOutliveTheProgramAndNewerOnesAreRefused() async throws {
    try await withDatabasePath { path in
        let first = try SQLiteStore(.init(.file(path)))
        _ = try await first.append([call("a", [begun()])], at: moment())
        try await first.close()
        let second = try SQLiteStore(.init(.file(path)))
        #expect(try await second.call("a")?.lastSeq == 1)
        try await second.close()
        try sql(path) { database in
            try database.execute(
                sql: "INSERT INTO grdb_migrations (identifier) VALUES ('1000000')")
        }
        #expect(throws: RecordStoreError.newer(place: path)) {
            try SQLiteStore(.init(.file(path)))
        }
    }
}

@Test func aPlaceThatCannotBeUsedIsToldWithWhatToDo() throws {
    #expect {
        try SQLiteStore(.init(.file("/proc/nowhere/records.sqlite")))
    } throws: { error in
        guard case .cannotOpen? = error as? RecordStoreError else { return false }
        return "\(error)".contains("MEDIABRIDGE_DATABASE")
    }
    let garbage = FileManager.default.temporaryDirectory
        .appending(path: "garbage-\(UUID().uuidString)").path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: garbage) }
    try String(repeating: "no database ", count: 1_000)
        .write(toFile: garbage, atomically: true, encoding: .utf8)
    #expect(throws: RecordStoreError.self) { try SQLiteStore(.init(.file(garbage))) }
}
