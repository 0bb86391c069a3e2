import Events
import Records
import Testing

/// What the store makes of how callers sound: a score per turn, and a word per call.
@Suite struct SentimentStoreTests {
    private static func sounds(
        _ sentiment: String, _ score: Double, turn: Int, at seconds: Double = 1
    ) -> JournalEntry {
        entry(
            .sentiment(SentimentRecord(sentiment: sentiment, score: score, turn: turn)),
            at: seconds)
    }

    /// The latest that is not neutral is how the caller left the call.
    @Test(
        arguments: [
            (["neutral"], "neutral"), (["positive", "neutral"], "positive"),
            (["frustrated", "positive"], "positive"),
            (["positive", "angry", "neutral"], "frustrated"),
            (["confused"], "negative"), (["neutral", "frustrated"], "frustrated"), ([], nil),
        ] as [([String], String?)])
    func sentimentOfTheCall(sounds: [String], expected: String?) async throws {
        try await withStore { store, _ in
            _ = try await store.append([call("a", [begun()])], at: moment())
            for (index, sound) in sounds.enumerated() {
                _ = try await store.append(
                    [call("a", [Self.sounds(sound, 0, turn: index + 1)])], at: moment())
            }
            #expect(try await store.call("a")?.userSentiment?.rawValue == expected)
        }
    }

    /// The words of a turn are judged before the turn is completed; a late judgement counts too.
    @Test func scoresOfTurnsAreAveraged() async throws {
        try await withStore { store, _ in
            _ = try await store.append(
                [
                    call(
                        "a",
                        [
                            begun(), said("no funciona"), Self.sounds("frustrated", -0.7, turn: 1),
                            completed(turn(1)), said("vale", turn: 2),
                            Self.sounds("neutral", 0, turn: 2), completed(turn(2)),
                            completed(turn(3)), Self.sounds("positive", 0.8, turn: 3),
                            completed(turn(4)),
                        ])
                ], at: moment())
            let metrics = try #require(await store.metrics(ofConversation: "a"))
            let score = try #require(metrics.figures.sentimentScore)
            // Turn 4 has no words that were judged.
            #expect(abs(score - (-0.7 + 0 + 0.8) / 3) < 1e-9)
        }
    }

    /// Of a turn whose words came in two pieces the last judgement counts.
    @Test func theLastJudgementOfATurnCounts() async throws {
        try await withStore { store, _ in
            _ = try await store.append(
                [
                    call(
                        "a",
                        [
                            begun(), Self.sounds("neutral", 0, turn: 1),
                            Self.sounds("confused", -0.3, turn: 1), completed(turn(1)),
                        ])
                ], at: moment())
            #expect(try await store.metrics(ofConversation: "a")?.figures.sentimentScore == -0.3)
        }
    }

    /// CONTRACT §4, and whose event it is.
    @Test(arguments: [
        (
            EventBody.sentimentAlert(
                SentimentAlert(sentiment: "frustrated", score: -0.7, message: "no funciona")),
            """
            {"conversation_id":"a","data":{"call_id":"a","message":"no funciona","score":-0.7,\
            "sentiment":"frustrated","seq":2},"event_type":"sentiment_alert",\
            "timestamp":"2026-03-09T08:05:01.000Z"}
            """
        ),
        (
            .callbackScheduled(
                CallbackScheduled(
                    phone: "+34600111222", datetime: "2026-11-23T15:30", reason: "factura")),
            """
            {"conversation_id":"a","data":{"call_id":"a","datetime":"2026-11-23T15:30",\
            "phone":"+34600111222","reason":"factura","seq":2},"event_type":"callback_scheduled",\
            "timestamp":"2026-03-09T08:05:01.000Z"}
            """
        ),
    ])
    func webhooksAreTold(body: EventBody, expected: String) async throws {
        try await withStore(sinks: [OutboxSink(destination: "crm:x", types: [body.type])]) {
            store, _ in
            _ = try await store.append([call("a", [begun(), entry(body, at: 1)])], at: moment())
            let waiting = try await store.dueEntries(at: moment(9), limit: 9)
            let payload = WebhookPayload(try #require(waiting.first)).octets
            #expect(String(decoding: payload, as: UTF8.self) == expected)
            #expect(waiting.count == 1)
        }
    }
}
