internal import Foundation

/// A call as HubSpot's call engagements have it.
struct HubSpotCall: Sendable {
    let callID: String
    /// The human's on the other side.
    let customerNumber: String?
    let properties: JSONTree
    /// Properties that no other call has together.
    let identity: [(name: String, value: String)]
    private static let bodyLimit = 65_000

    init(_ call: CallRecord, transcript: String?, summary: String?) {
        let from = call.summary.from
        let to = call.summary.to
        callID = call.summary.id
        customerNumber = call.direction == .inbound ? from : to
        let start = String(Int((call.summary.started.timeIntervalSince1970 * 1_000).rounded()))
        let direction = call.direction.rawValue.uppercased()
        var properties: [String: JSONTree] = [
            "hs_timestamp": .text(start), "hs_call_direction": .text(direction),
            "hs_call_title": .text(call.direction == .inbound ? "Inbound call" : "Outbound call"),
            "hs_call_status": .text(Self.status(call.summary)),
            "hs_call_duration": .text(
                String(Int((call.summary.durationSeconds * 1_000).rounded()))),
            "hs_call_body": .text(Self.body(transcript: transcript, summary: summary)),
        ]
        properties["hs_call_from_number"] = from.map(JSONTree.text)
        properties["hs_call_to_number"] = to.map(JSONTree.text)
        if let recording = call.recording, recording.hasPrefix("https://") {
            properties["hs_call_recording_url"] = .text(recording)
        }
        self.properties = .object(properties)
        var identity = [(name: "hs_timestamp", value: start), ("hs_call_direction", direction)]
        if let customerNumber {
            identity.append(
                (
                    call.direction == .inbound ? "hs_call_from_number" : "hs_call_to_number",
                    customerNumber
                ))
        }
        self.identity = identity
    }

    /// The last digits of a number, without a country code; `nil` for what is none or is hidden.
    static func searchableDigits(_ number: String) -> String? {
        guard !number.contains("*") else { return nil }
        let digits = number.filter { $0.isASCII && $0.isNumber }
        // Country codes have up to three digits, and national numbers eight at least almost anywhere.
        return digits.count >= 7 ? String(digits.suffix(8)) : nil
    }

    private static func status(_ call: CallSummary) -> String {
        switch call.endReason {
        case "failed", "connection_lost", CallSummary.interruptedReason: "FAILED"
        default: "COMPLETED"
        }
    }

    /// HTML: the summary where there is one, and who said what.
    private static func body(transcript: String?, summary: String?) -> String {
        let parts = [summary.map(escaped), transcript.map(escaped)].compactMap(\.self)
        let html = parts.joined(separator: "<br><br>")
        guard html.utf8.count > bodyLimit else { return html }
        return String(decoding: html.utf8.prefix(bodyLimit), as: UTF8.self) + "…"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\n", with: "<br>")
    }
}
