internal import Synchronization

/// What came from Vapi, and what became of it.
struct VapiCounters: Sendable {
    var messages: [String: Int] = [:]
    /// Those that were here before, came too late or say nothing of a call.
    var messagesWithoutEffect = 0
    var refused: [VapiSignature.Verdict: Int] = [:]
    var toolsLate = 0
    var steered: [Bool: Int] = [:]

    mutating func count(_ message: VapiMessage, isNew: Bool) {
        messages[message.name, default: 0] += 1
        if !isNew { messagesWithoutEffect += 1 }
    }
}

extension VapiService {
    /// What it counted, for `/metrics`.
    package func metrics() -> [Metric] {
        let counted = counters.withLock { $0 }
        func samples(_ name: String, _ values: [(String, Int)]) -> Metric.Samples {
            .counter(
                values.sorted { $0.0 < $1.0 }.map { .init(UInt64($0.1), [.init(name, $0.0)]) })
        }
        return [
            Metric(
                "mediabridge_vapi_messages_total", help: "Messages of Vapi, by their type.",
                samples("type", counted.messages.map { ($0.key, $0.value) })),
            Metric(
                "mediabridge_vapi_messages_without_effect_total",
                help: "Messages of Vapi that came twice or too late, or tell nothing to keep.",
                .counter([.init(UInt64(counted.messagesWithoutEffect))])),
            Metric(
                "mediabridge_vapi_requests_refused_total",
                help: "Requests that are not Vapi's, by what is wrong with them.",
                samples("why", counted.refused.map { ($0.key.rawValue, $0.value) })),
            Metric(
                "mediabridge_vapi_tools_late_total",
                help: "Tools that did not answer in time; the caller heard the fallback sentence.",
                .counter([.init(UInt64(counted.toolsLate))])),
            Metric(
                "mediabridge_vapi_steering_total", help: "Actions on calls at Vapi.",
                samples(
                    "outcome", counted.steered.map { ($0.key ? "done" : "failed", $0.value) })),
        ]
    }
}
