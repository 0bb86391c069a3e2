internal import Events
internal import Foundation
internal import Records

/// Takes the carrier's reports to the journal, each once, and leaves a record of calls that never
/// had a stream: nobody answered, or they went straight to a human.
actor CarrierLog {
    private let journal: EventJournal
    private let wallClock: @Sendable () -> Date
    private var progress = CarrierProgress()
    /// Of calls that the journal does not know so far.
    private var waiting: [String: [(report: CarrierReport, time: Date)]] = [:]
    private var order: [String] = []
    private static let capacity = 10_000
    private(set) var taken = 0
    private(set) var repeated = 0

    init(journal: EventJournal, wallClock: @escaping @Sendable () -> Date = { Date() }) {
        self.journal = journal
        self.wallClock = wallClock
    }

    func take(_ report: CarrierReport, language: String) async {
        guard progress.take(report) else {
            repeated += 1
            return
        }
        taken += 1
        let callSID = report.callSID
        if waiting[callSID] == nil {
            if order.count >= Self.capacity { waiting[order.removeFirst()] = nil }
            order.append(callSID)
        }
        waiting[callSID, default: []].append((report, wallClock()))
        await bring(callSID, final: report.isFinal ? report : nil, language: language)
    }

    private func bring(_ callSID: String, final: CarrierReport?, language: String) async {
        let known = await journal.call(callSID)?.summary
        guard known != nil || final != nil, let reports = waiting.removeValue(forKey: callSID)
        else { return }
        order.removeAll { $0 == callSID }
        let start = known?.started ?? reports.first?.time ?? wallClock()
        func entry(_ body: EventBody, at time: Date) -> JournalEntry {
            JournalEntry(
                body, time: time, secondsFromStart: max(0, time.timeIntervalSince(start)))
        }
        var entries = reports.map { entry(.carrierStatus(CarrierStatus($0.report)), at: $0.time) }
        if known == nil, let final {
            var started = CallStarted(
                carrier: "twilio", carrierCallID: callSID, language: language, from: final.from,
                to: final.to)
            started.direction =
                final.direction?.hasPrefix("outbound") == true ? "outbound" : "inbound"
            entries.insert(entry(.callStarted(started), at: start), at: 0)
            let seconds = Double(final.durationSeconds ?? 0)
            // Answered without an agent: whoever was dialled has talked to the caller.
            let reason = final.status == "completed" ? "transferred" : final.status
            entries.append(
                entry(
                    .callEnded(
                        CallEnded(
                            reason: reason.replacing("-", with: "_"), durationSeconds: seconds,
                            turns: 0, interruptions: 0)), at: wallClock()))
        }
        // What cannot be kept is counted by the journal.
        try? await journal.append(
            callID: known?.id ?? UUID().uuidString.lowercased(), entries)
    }
}

extension CarrierStatus {
    fileprivate init(_ report: CarrierReport) {
        self.init(leg: report.leg.rawValue, status: report.status)
        durationSeconds = report.durationSeconds
        sipCode = report.sipCode
    }
}
