internal import Events
package import Foundation

/// What a list of calls shows of one call.
///
/// JSON has the names of the properties in snake case; what is not known is left out.
package struct CallSummary: Equatable, Sendable, Encodable {
    package enum Status: String, Sendable, Encodable {
        case live, ended
    }

    package let id: String
    package let carrier: String
    package let carrierCallID: String
    /// ISO 639-1.
    package let language: String
    package let from: String?
    package let to: String?
    package let started: Date
    package private(set) var status = Status.live
    package private(set) var ended: Date?
    package private(set) var endReason: String?
    /// Up to the end, or to the latest event of a live call.
    package private(set) var durationSeconds: Double
    /// Turns completed so far.
    package private(set) var turnsCount = 0
    package private(set) var interruptionsCount = 0

    init(id: String, start: CallStarted, entry: JournalEntry) {
        self.id = id
        carrier = start.carrier
        carrierCallID = start.carrierCallID
        language = start.language
        from = start.from
        to = start.to
        started = entry.time
        durationSeconds = entry.secondsFromStart
    }

    mutating func update(with entry: JournalEntry) {
        if status == .live { durationSeconds = entry.secondsFromStart }
        switch entry.body {
        case .callEnded(let end):
            status = .ended
            ended = entry.time
            endReason = end.reason
            durationSeconds = end.durationSeconds
        case .turnCompleted: turnsCount += 1
        case .interruption: interruptionsCount += 1
        case .callStarted, .speechStarted, .speechEnded, .transcript, .agentSpeech, .toolCall,
            .toolResult, .transferRequested, .dtmf, .quality, .error,
            .providerFailover:
            break
        }
    }

    private enum Key: String, CodingKey {
        case id, carrier
        case carrierCallID = "carrier_call_id"
        case language, from, to, status, started, ended
        case endReason = "end_reason"
        case durationSeconds = "duration_seconds"
        case turnsCount = "turns_count"
        case interruptionsCount = "interruptions_count"
    }

    /// As events carry it: ISO 8601 in UTC with milliseconds.
    ///
    /// The style cuts digits off; half a millisecond more makes that rounding.
    private static func text(of time: Date) -> String {
        time.addingTimeInterval(0.000_5)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encode(carrier, forKey: .carrier)
        try object.encode(carrierCallID, forKey: .carrierCallID)
        try object.encode(language, forKey: .language)
        try object.encodeIfPresent(from, forKey: .from)
        try object.encodeIfPresent(to, forKey: .to)
        try object.encode(status, forKey: .status)
        try object.encode(Self.text(of: started), forKey: .started)
        try object.encodeIfPresent(ended.map(Self.text), forKey: .ended)
        try object.encodeIfPresent(endReason, forKey: .endReason)
        try object.encode(
            (durationSeconds * 1_000).rounded() / 1_000, forKey: .durationSeconds)
        try object.encode(turnsCount, forKey: .turnsCount)
        try object.encode(interruptionsCount, forKey: .interruptionsCount)
    }
}
