/// Lets each of the carrier's reports through once, and none that tells of an earlier time than
/// one before: callbacks are sent at the same time and repeated when their answer is late.
struct CarrierProgress: Sendable {
    private struct Call: Sendable {
        var seen: Set<String> = []
        var lastSequenceNumber = -1
        var isOver = false
    }

    private var calls: [String: Call] = [:]
    private var order: [String] = []
    private let capacity: Int

    /// - Parameter capacity: calls that are remembered, the latest.
    init(capacity: Int = 10_000) { self.capacity = capacity }

    /// Whether a report is news.
    mutating func take(_ report: CarrierReport) -> Bool {
        if calls[report.callSID] == nil { admit(report.callSID) }
        var call = calls[report.callSID] ?? Call()
        defer { calls[report.callSID] = call }
        guard call.seen.insert("\(report.leg.rawValue) \(report.status)").inserted else {
            return false
        }
        guard report.leg == .call else { return true }
        if call.isOver { return false }
        if let number = report.sequenceNumber {
            guard number > call.lastSequenceNumber else { return false }
            call.lastSequenceNumber = number
        }
        call.isOver = report.isFinal
        return true
    }

    private mutating func admit(_ callSID: String) {
        if order.count >= capacity { calls[order.removeFirst()] = nil }
        order.append(callSID)
    }
}
