import Events
import GRDB
import Records
import Testing

@Test(arguments: [
    ("+34600111123", "+34******123"), ("600111123", "******123"),
    ("sip:agent@host", "sip:agent@host"),
    ("", ""), ("0034 600 111 123", "**** *** *** 123"), ("1234", "*234"), ("112", "112"),
])
func numbersKeepTheirEnds(number: String, expected: String) {
    #expect(Redaction(phoneNumbers: true).number(number) == expected)
    #expect(Redaction().number(number) == number)
}

@Test(arguments: [
    ("mi número es 600 11 11 23, gracias", "mi número es *** ** *1 23, gracias"),
    ("el 3 de marzo de 2026 a las 10:30", "el 3 de marzo de 2026 a las 10:30"),
    ("+34-600-111-123.", "+34-***-***-123."), ("123456", "123456"),
    ("call 5551234567 or 5559876543", "call *******567 or *******543"),
])
func numbersInWordsAreHidden(text: String, expected: String) {
    #expect(Redaction(phoneNumbers: true).words(text) == expected)
}

@Test func wordsAreReplacedWherePeopleSpeak() {
    let hide = Redaction(transcripts: true)
    #expect(
        hide(.transcript(Transcript(text: "soy Ana", isFinal: true, turn: 2)))
            == .transcript(Transcript(text: "[redacted]", isFinal: true, turn: 2)))
    var turn = TurnRecord(turn: 1, user: "soy Ana")
    turn.agent = "hola Ana"
    turn.totalLatency = 5
    guard case .turnCompleted(let hidden) = hide(.turnCompleted(turn)) else {
        Issue.record("another event")
        return
    }
    #expect((hidden.user, hidden.agent, hidden.heard) == ("[redacted]", "[redacted]", ""))
    #expect(hidden.totalLatency == 5)
    #expect(
        hide(.toolCall(ToolCallRecord(id: "t", name: "find", arguments: #"{"name":"Ana"}"#)))
            == .toolCall(ToolCallRecord(id: "t", name: "find", arguments: "{}")))
    #expect(hide(.dtmf(DTMFRecord(digit: "7"))) == .dtmf(DTMFRecord(digit: "?")))
    #expect(
        hide(.dtmf(DTMFRecord(input: "1234"))) == .dtmf(DTMFRecord(input: "[redacted]")))
    #expect(hide(.speechStarted) == .speechStarted)
    #expect(
        hide(.sentimentAlert(SentimentAlert(sentiment: "angry", score: -0.9, message: "soy Ana")))
            == .sentimentAlert(
                SentimentAlert(sentiment: "angry", score: -0.9, message: "[redacted]")))
    let callback = CallbackScheduled(
        phone: "+34600111123", datetime: "2026-11-23T15:30", reason: "Ana's car")
    #expect(
        Redaction(phoneNumbers: true, transcripts: true)(.callbackScheduled(callback))
            == .callbackScheduled(
                CallbackScheduled(
                    phone: "+34******123", datetime: "2026-11-23T15:30", reason: "[redacted]")))
}

@Test func whatIsHiddenIsNowhereInTheFile() async throws {
    let redaction = Redaction(phoneNumbers: true, transcripts: true)
    try await withStore(redaction: redaction, sinks: [OutboxSink(destination: "crm:x")]) {
        store, path in
        let outcome = try await store.append(
            [
                call(
                    "a",
                    [
                        begun(from: "+34600111123"), said("me llamo Anacleto"),
                        answered("hola Anacleto"), over(at: 5),
                    ])
            ], at: moment())
        #expect(try await store.call("a")?.summary.from == "+34******123")
        #expect(try await store.conversation("a")?.phoneNumber == "+34******123")
        #expect(try await store.conversation("a")?.transcript == "user: [redacted]\nai: [redacted]")
        // Subscribers are told what is kept.
        #expect(
            outcome.events[1].event.body
                == .transcript(Transcript(text: "[redacted]", isFinal: true, turn: 1)))
        try await store.close()
        let dump = try sql(path) { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT event_data FROM call_events UNION ALL SELECT event_data FROM outbox
                    UNION ALL SELECT transcript_text FROM call_events
                    WHERE transcript_text IS NOT NULL
                    """)
        }
        #expect(dump.count == 10)
        #expect(!dump.contains { $0.contains("Anacleto") || $0.contains("600111") })
    }
}

@Test func jsonStaysJSON() {
    let findings = #"{"booked":true,"phone":"+34600111123","times":[1234567]}"#
    #expect(
        Redaction(phoneNumbers: true).json(findings)
            == #"{"booked":true,"phone":"+34******123","times":[1234567]}"#)
    #expect(Redaction(transcripts: true).json(findings) == nil)
    #expect(Redaction(phoneNumbers: true).json("no JSON") == nil)
    #expect(Redaction().json(findings) == findings)
}

/// Whose words they are is no secret.
@Test func speakersStay() {
    var said = Transcript(text: "soy Ana", isFinal: false, turn: 2)
    said.speaker = "ai"
    guard case .transcript(let hidden) = Redaction(transcripts: true)(.transcript(said)) else {
        Issue.record("another event")
        return
    }
    #expect((hidden.text, hidden.speaker) == ("[redacted]", "ai"))
}
