import Events
import Foundation
import Testing

@testable import Records

/// Twilio's words for calls that nobody took, and those of calls run elsewhere.
@Test(arguments: ["busy", "no-answer", "canceled", "no_answer", "failed"])
func aCallThatNobodyTookIsNoSuccess(reason: String) async throws {
    try await withStore { store, _ in
        for (id, reason) in [("a", "agent_hung_up"), ("b", reason)] {
            let entries = [begun("CA" + id, at: 0), over(reason, at: 5)]
            _ = try await store.append([call(id, entries)], at: moment(0))
        }
        let days = try await store.callAnalytics(TimeSpan(), status: nil, per: .day)
        #expect(days.map(\.successRate) == [0.5])
    }
}

@Test func callsPerDayAndWeekAddUp() async throws {
    try await withStore { store, _ in
        // Monday the 9th: 10 s and a failure of 30 s; Sunday the 15th: 50 s; Monday the 16th: one
        // that was broken off at 20 s and one that is live.
        let calls: [(String, Double, String?, Double)] = [
            ("a", 0, "caller_hung_up", 10), ("b", 60, "failed", 30),
            ("c", 6 * day, "transferred", 50), ("d", 7 * day, "interrupted", 20),
            ("e", 7 * day, nil, 0),
        ]
        for (id, start, reason, seconds) in calls {
            var entries = [begun("CA" + id, at: start)]
            if let reason { entries.append(over(reason, at: seconds)) }
            _ = try await store.append([call(id, entries)], at: moment(start))
        }
        let days = try await store.callAnalytics(TimeSpan(), status: nil, per: .day)
        #expect(
            days == [
                CallAnalytics(
                    period: "2026-03-09", calls: 2, meanDurationSeconds: 20, successRate: 0.5),
                CallAnalytics(
                    period: "2026-03-15", calls: 1, meanDurationSeconds: 50, successRate: 1),
                CallAnalytics(
                    period: "2026-03-16", calls: 2, meanDurationSeconds: 20, successRate: 0),
            ])
        let weeks = try await store.callAnalytics(TimeSpan(), status: nil, per: .week)
        #expect(weeks.map(\.period) == ["2026-03-09", "2026-03-16"])
        #expect(weeks.map(\.calls) == [3, 2])
        #expect(weeks.map(\.meanDurationSeconds) == [30, 20])
        let span = TimeSpan(from: moment(day), to: moment(7 * day))
        #expect(
            try await store.callAnalytics(span, status: nil, per: .day).map(\.period)
                == ["2026-03-15"])
        let live = try await store.callAnalytics(TimeSpan(), status: .live, per: .day)
        #expect(
            live == [
                CallAnalytics(
                    period: "2026-03-16", calls: 1, meanDurationSeconds: nil, successRate: nil)
            ])
    }
}

@Test func toolsAreRankedByUse() async throws {
    try await withStore { store, _ in
        var entries = [begun()]
        // Twenty uses of 10…200 ms: the mean is 105, and 19 of 20 took at most 190.
        for number in 1...20 {
            let id = "t\(number)"
            entries += [
                asked("find", id: id),
                told(
                    "find", id: id, succeeded: number > 5, milliseconds: Double(number * 10)),
            ]
        }
        entries += [asked("book", id: "open")]
        _ = try await store.append([call("a", entries)], at: moment())
        let logs = try await store.toolLogs(of: "a")
        for (log, feedback) in zip(logs, [ToolFeedback.helpful, .helpful, .notHelpful]) {
            _ = try await store.judge(toolLog: log.id, feedback, correctionApplied: false)
        }
        let tools = try await store.toolAnalytics(TimeSpan(), toolName: nil)
        #expect(
            tools == [
                ToolAnalytics(
                    toolName: "find", uses: 20, successRate: 0.75, meanLatencyMilliseconds: 105,
                    latencyP95Milliseconds: 190, helpful: 2, notHelpful: 1),
                ToolAnalytics(
                    toolName: "book", uses: 1, successRate: nil, meanLatencyMilliseconds: nil,
                    latencyP95Milliseconds: nil, helpful: 0, notHelpful: 0),
            ])
        #expect(
            try await store.toolAnalytics(TimeSpan(), toolName: "book").map(\.toolName)
                == ["book"])
        #expect(try await store.toolAnalytics(TimeSpan(to: moment()), toolName: nil).isEmpty)
    }
}

@Test func learningShowsWhatStillFails() async throws {
    try await withStore { store, _ in
        func failed(_ query: String, _ id: String) -> [JournalEntry] {
            [
                asked("search_products", id: id, arguments: #"{"query":"\#(query)"}"#),
                told("search_products", id: id, "[]"),
            ]
        }
        _ = try await store.append(
            [
                call(
                    "a",
                    [begun()] + failed("Crema", "1") + failed("crema ", "2")
                        + failed("serum", "3") + failed("tonico", "4")
                        + [
                            asked("search_products", id: "5", arguments: "no JSON"),
                            told("search_products", id: "5", "[]"),
                            asked("search_products", id: "6", arguments: #"{"query":"gel"}"#),
                            told("search_products", id: "6", #"["gel"]"#),
                        ])
            ], at: moment())
        let known = try await store.add(
            NewMapping(searchTerm: "Tonico", mappedTerms: ["tónico facial"], source: .manual),
            at: moment())
        let learned = try await store.add(
            NewMapping(
                searchTerm: "krema", mappedTerms: ["crema"], source: .autoLearned,
                learnedFromCallID: "a"), at: moment(8 * day))
        #expect(try await store.used(mapping: learned.id, successfully: true, at: moment(8 * day)))
        #expect(try await store.used(mapping: learned.id, successfully: false, at: moment(8 * day)))
        let all = try await store.learningAnalytics(TimeSpan(), status: nil)
        #expect(all.weeks.map(\.week) == ["2026-03-09", "2026-03-16"])
        #expect(all.weeks.map(\.mappings) == [1, 1])
        #expect(all.weeks.map(\.uses) == [0, 2])
        #expect(all.weeks.map(\.successfulUses) == [0, 1])
        #expect(all.failingQueries.map(\.query) == ["crema", "serum"])
        #expect(all.failingQueries.map(\.failures) == [2, 1])
        #expect(all.pending.map(\.searchTerm) == ["krema"])
        #expect(
            try await store.learningAnalytics(TimeSpan(), status: .approved).weeks.map(\.week)
                == ["2026-03-09"])
        _ = try await store.review(
            mapping: known.id, approved: false, by: "eva", at: moment(9 * day))
        let after = try await store.learningAnalytics(TimeSpan(), status: .rejected)
        #expect(after.weeks.map(\.week) == ["2026-03-09"])
        #expect(after.failingQueries.map(\.query) == ["crema", "serum", "tonico"])
    }
}

@Test func mappingsAreLearnedAndReviewed() async throws {
    try await withStore { store, _ in
        let new = NewMapping(searchTerm: " Krema ", mappedTerms: ["crema"], source: .aiSuggested)
        let mapping = try await store.add(new, at: moment())
        #expect((mapping.searchTerm, mapping.confidence, mapping.isActive) == ("krema", 0.5, true))
        await #expect(throws: RecordStoreError.self) { try await store.add(new, at: moment(1)) }
        #expect(try await store.activeMapping(of: "KREMA") == mapping)
        // Laplace: (1 + 1) / (1 + 2) after one success, 2 / 4 after a failure more.
        _ = try await store.used(mapping: mapping.id, successfully: true, at: moment(2))
        #expect(try await store.activeMapping(of: "krema")?.confidence == 2.0 / 3)
        _ = try await store.used(mapping: mapping.id, successfully: false, at: moment(3))
        #expect(try await store.activeMapping(of: "krema")?.confidence == 0.5)

        let rejected = try await store.review(
            mapping: mapping.id, approved: false, by: "eva", at: moment(4))
        #expect(rejected?.isActive == false)
        #expect(rejected?.reviewedBy == "eva")
        #expect(rejected?.reviewedAt == "2026-03-09T08:05:04.000Z")
        let second = try await store.add(new, at: moment(5))
        await #expect(throws: RecordStoreError.self) {
            try await store.review(mapping: mapping.id, approved: true, by: "eva", at: moment(6))
        }
        let page = try await store.mappings(activeOnly: true, page: PageRequest())
        #expect(page.records.map(\.id) == [second.id])
        #expect(
            try await store.mappings(activeOnly: false, page: PageRequest()).records.count == 2)
        #expect(
            try await store.review(mapping: "x", approved: true, by: "eva", at: moment()) == nil)
    }
}

@Test func conversationsAreMeasuredByTheirTurns() async throws {
    try await withStore { store, _ in
        _ = try await store.append(
            [
                call(
                    "a",
                    [
                        begun("CA1"), completed(turn(1, stt: 100, llm: 300, tts: 50, total: 900)),
                        completed(turn(2, llm: 500, tts: 150, total: 1_100)),
                        entry(
                            .interruption(
                                Interruption(turn: 2, heard: "", onsetToClearMilliseconds: 1))),
                    ]),
                call("b", [begun("CA2", at: 10), completed(turn(1, total: 400))]),
            ], at: moment())
        let metrics = try #require(await store.metrics(ofConversation: "a"))
        #expect(
            metrics.figures
                == TurnAverages(
                    totalTurns: 2, sttLatency: 100, llmLatency: 400, ttsLatency: 100,
                    totalLatency: 1_000, sentimentScore: nil, interruptionsCount: 1))
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(metrics))
        #expect(
            Set((json as? [String: Any] ?? [:]).keys) == [
                "conversation_id", "total_turns", "avg_stt_latency_ms", "avg_llm_latency_ms",
                "avg_tts_latency_ms", "avg_total_latency_ms", "avg_sentiment_score",
                "interruptions_count",
            ])
        let summary = try await store.metricsSummary(limit: 100)
        #expect(summary.conversationsCount == 2)
        #expect(summary.figures.totalLatency == 800)
        #expect(try await store.metricsSummary(limit: 1).figures.totalLatency == 400)
        #expect(try await store.metrics(ofConversation: "x") == nil)

        let begun = try await store.create(
            NewConversation(userID: "ana", phoneNumber: "+34600111222"), at: moment(20))
        #expect(try await store.conversation(begun.id) == begun)
        let ended = try #require(await store.endConversation(begun.id, at: moment(50)))
        #expect((ended.status, ended.durationSeconds, ended.ended) == ("ended", 30, moment(50)))
        #expect(try await store.endConversation(begun.id, at: moment(99)) == ended)
        #expect(try await store.endConversation("x", at: moment()) == nil)
        #expect(try await store.metrics(ofConversation: begun.id)?.figures.totalTurns == 0)
    }
}
