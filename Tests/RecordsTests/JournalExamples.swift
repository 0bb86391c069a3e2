import Events
import Foundation
import Records

/// 2026-03-09T08:05:00Z.
let callTime = Date(timeIntervalSince1970: 1_773_043_500)

func entry(_ body: EventBody, at seconds: Double = 0) -> JournalEntry {
    JournalEntry(body, time: callTime.addingTimeInterval(seconds), secondsFromStart: seconds)
}

func started(_ carrierCallID: String = "CA1") -> JournalEntry {
    entry(
        .callStarted(
            CallStarted(carrier: "twilio", carrierCallID: carrierCallID, language: "en")))
}

func ended(at seconds: Double = 9.5) -> JournalEntry {
    entry(
        .callEnded(
            CallEnded(
                reason: "caller_hung_up", durationSeconds: seconds, turns: 0, interruptions: 0)),
        at: seconds)
}

func digit(_ digit: String = "1", at seconds: Double = 1) -> JournalEntry {
    entry(.dtmf(DTMFRecord(digit: digit)), at: seconds)
}

extension EventPage {
    var seqs: [Int] { events.map(\.seq) }
}
