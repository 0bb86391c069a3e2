internal import Events
package import Foundation

/// What a list of calls shows of one call.
///
/// JSON has the names of the properties in snake case; what is not known is left out.
package struct CallSummary: Equatable, Sendable, Encodable {
    package enum Status: String, Sendable, Encodable, CaseIterable {
        case live, ended
        /// The gateway died during the call.
        case interrupted
    }

    /// The end's reason of an interrupted call.
    package static let interruptedReason = "interrupted"

    package let id: String
    package let carrier: String
    package let carrierCallID: String
    /// ISO 639-1.
    package let language: String
    package let from: String?
    package let to: String?
    package let started: Date
    package internal(set) var status = Status.live
    package internal(set) var ended: Date?
    package internal(set) var endReason: String?
    /// Up to the end, or to the latest event of a live call.
    package internal(set) var durationSeconds: Double
    /// Turns completed so far.
    package internal(set) var turnsCount = 0
    package internal(set) var interruptionsCount = 0

    init(id: String, start: CallStarted, entry: JournalEntry) {
        self.init(id: id, start: start, started: entry.time)
        durationSeconds = entry.secondsFromStart
    }

    init(id: String, start: CallStarted, started: Date) {
        self.id = id
        carrier = start.carrier
        carrierCallID = start.carrierCallID
        language = start.language
        from = start.from
        to = start.to
        self.started = started
        durationSeconds = 0
    }

    mutating func update(with entry: JournalEntry) {
        if status == .live { durationSeconds = entry.secondsFromStart }
        switch entry.body {
        case .callEnded(let end):
            status = end.reason == Self.interruptedReason ? .interrupted : .ended
            ended = entry.time
            endReason = end.reason
            durationSeconds = end.durationSeconds
        case .turnCompleted: turnsCount += 1
        case .interruption: interruptionsCount += 1
        case .callStarted, .speechStarted, .speechEnded, .transcript, .agentSpeech, .toolCall,
            .toolResult, .sentiment, .sentimentAlert, .contextIssue, .callbackScheduled,
            .transferRequested, .dtmf, .carrierStatus, .quality, .error,
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

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encode(carrier, forKey: .carrier)
        try object.encode(carrierCallID, forKey: .carrierCallID)
        try object.encode(language, forKey: .language)
        try object.encodeIfPresent(from, forKey: .from)
        try object.encodeIfPresent(to, forKey: .to)
        try object.encode(status, forKey: .status)
        try object.encode(started.recordText, forKey: .started)
        try object.encodeIfPresent(ended?.recordText, forKey: .ended)
        try object.encodeIfPresent(endReason, forKey: .endReason)
        try object.encode(
            (durationSeconds * 1_000).rounded() / 1_000, forKey: .durationSeconds)
        try object.encode(turnsCount, forKey: .turnsCount)
        try object.encode(interruptionsCount, forKey: .interruptionsCount)
    }
}
