import Events
import Foundation
import Records

@testable import ControlAPI

/// One call at Vapi in virtual time: messages in, and what follows from them as lines.
struct VapiCallUnderTest {
    /// 2026-11-03T10:20:00Z.
    static let start = 1_793_701_200.0
    static let id = "5f0c0000-0000-4000-8000-000000000001"

    var call = VapiCall(id: id, settings: .init())
    /// What the journal would have of it.
    private(set) var events: [CallEvent] = []

    /// A message of the documented form with further `members` as JSON, so many seconds after the
    /// call's start; `call` goes on in its object.
    static func message(
        _ type: String, at seconds: Double, _ members: String = "", call: String = ""
    ) -> String {
        let milliseconds = Int(((start + seconds) * 1_000).rounded())
        let text = type.replacing("\"", with: "\\\"")
        return #"{"message":{"type":"\#(text)","timestamp":\#(milliseconds),"#
            + #""call":{"id":"\#(id)","orgId":"9a1b","type":"inboundPhoneCall"\#(call)},"#
            + #""customer":{"number":"+447700900123"},"#
            + #""phoneNumber":{"id":"pn-1","number":"+15005550006"}"#
            + (members.isEmpty ? "" : "," + members) + "}}"
    }

    static func transcript(
        _ role: String, _ text: String, isFinal: Bool = true, at seconds: Double
    ) -> String {
        message(
            "transcript", at: seconds,
            #""role":"\#(role)","transcript":"\#(text)","#
                + #""transcriptType":"\#(isFinal ? "final" : "partial")""#)
    }

    /// Lines for what follows from a message that comes when it was sent.
    mutating func take(_ body: String, at seconds: Double? = nil) throws -> [String] {
        let message = try VapiMessage(parsing: Data(body.utf8))
        let now = seconds.map { Date(timeIntervalSince1970: Self.start + $0) }
        return lines(
            call.handle(message, at: now ?? message.time ?? Date(timeIntervalSince1970: Self.start))
        )
    }

    mutating func expire(at seconds: Double) -> [String] {
        lines([.journal(call.expire(at: Date(timeIntervalSince1970: Self.start + seconds)))])
    }

    /// A gateway that was restarted knows what the journal has.
    mutating func restart() {
        call = VapiCall(id: Self.id, settings: .init())
        call.restore(events)
    }

    private mutating func lines(_ effects: [VapiCall.Effect]) -> [String] {
        effects.flatMap { effect -> [String] in
            switch effect {
            case .journal(let entries):
                for entry in entries {
                    events.append(
                        CallEvent(
                            id: UUID(), callID: Self.id, seq: events.count + 1, time: entry.time,
                            secondsFromStart: entry.secondsFromStart, body: entry.body))
                }
                return Self.lines(of: entries)
            case .keep(.recording(let place)): return ["recording \(place)"]
            case .keep(.liveTranscript(let isOn)): return ["live \(isOn)"]
            case .keep(let change): return ["\(change)"]
            case .analysis(let findings, let summary):
                return ["analysis \(findings ?? "-") \(summary ?? "-")"]
            }
        }
    }

    /// A line for each entry but those of callers without a mood.
    static func lines(of entries: [JournalEntry]) -> [String] {
        entries.filter { entry in
            if case .sentiment(let mood) = entry.body { mood.sentiment != "neutral" } else { true }
        }.map(line)
    }

    /// `seconds what`.
    private static func line(_ entry: JournalEntry) -> String {
        let what =
            switch entry.body {
            case .callStarted(let start):
                "started \(start.carrier) \(start.language) \(start.direction ?? "") "
                    + "\(start.from ?? "-") \(start.to ?? "-")"
            case .callEnded(let end):
                "ended \(end.reason) \(end.durationSeconds) s, \(end.turns) turns, "
                    + "\(end.costMicros ?? -1) \(end.currency ?? "-")"
            case .transcript(let said):
                "\(said.speaker ?? "user") \(said.turn)\(said.isFinal ? ":" : "~") \(said.text)"
            case .agentSpeech(let said): "ai \(said.turn): \(said.text)"
            case .turnCompleted(let turn):
                "turn \(turn.turn) [\(turn.user)] [\(turn.heard)]\(turn.interrupted ? " cut" : "")"
            case .interruption(let cut): "cut \(cut.turn) after [\(cut.heard)]"
            case .toolCall(let call): "asks \(call.name) \(call.id) \(call.arguments)"
            case .toolResult(let result):
                "got \(result.name) \(result.id) \(result.succeeded) \(result.result) "
                    + "\(result.durationMilliseconds) ms"
            case .transferRequested(let transfer):
                "transfer \(transfer.destination ?? "-") \(transfer.reason)"
            case .carrierStatus(let status): "\(status.leg) \(status.status)"
            case .sentiment(let mood): "mood \(mood.sentiment) in \(mood.turn)"
            case .sentimentAlert(let alert): "alert \(alert.sentiment): \(alert.message)"
            case .contextIssue(let found): "issues \(found.issues) \(found.suggestedAction)"
            default: entry.body.type.rawValue
            }
        return "\(entry.secondsFromStart) \(what)"
    }
}
