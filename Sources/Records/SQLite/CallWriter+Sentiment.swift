internal import Events
internal import GRDB

/// How callers sound, for the columns that reports read.
extension CallWriter {
    /// Events to look back for a turn's sentiment, which stands among the turn's own.
    private static let lookBack = 500

    /// Notes it with the turn, if that is there already, and with the call.
    ///
    /// A call's `user_sentiment` is the latest that was not neutral: how the caller left it.
    func write(_ mood: SentimentRecord, of call: Known) throws {
        try database.cachedStatement(
            sql: "UPDATE turns SET sentiment_score = ? WHERE call_id = ? AND turn = ?"
        ).execute(arguments: [mood.score, call.callID, mood.turn])
        let sentiment = UserSentiment(mood)
        try database.cachedStatement(
            sql: """
                UPDATE voice_calls SET user_sentiment =
                    CASE WHEN ?1 = 'neutral' THEN COALESCE(user_sentiment, ?1) ELSE ?1 END
                WHERE id = ?2
                """
        ).execute(arguments: [sentiment.rawValue, call.callID])
    }

    /// The score of a turn that is completed only now; its words came before.
    func sentiment(ofTurn turn: Int, in call: Known) throws -> Double? {
        // By the index on (call_id, seq), from the end.
        let statement = try database.cachedStatement(
            sql: """
                SELECT event_data ->> '$.score' FROM call_events
                WHERE call_id = ? AND seq > ? AND +event_type = 'sentiment'
                    AND event_data ->> '$.turn' = ?
                ORDER BY seq DESC LIMIT 1
                """)
        return try Double.fetchOne(
            statement, arguments: [call.callID, call.lastSeq - Self.lookBack, turn])
    }
}

extension UserSentiment {
    /// The call's word for it; confusion is a negative one.
    init(_ mood: SentimentRecord) {
        switch mood.sentiment {
        case "positive": self = .positive
        case "frustrated", "angry": self = .frustrated
        case "confused", "negative": self = .negative
        default: self = mood.score < 0 ? .negative : .neutral  // text of a provider that watches
        }
    }
}
