internal import Foundation
internal import Records

/// What Vapi says of a call once it is over; sent seconds afterwards, and perhaps never.
struct VapiReport: Sendable {
    /// One of hundreds.
    let endedReason: String
    let started: Date?
    let ended: Date?
    /// In US dollars.
    let cost: Double?
    let recordingURL: String?
    let summary: String?
    /// What the analysis found, as a JSON object; `nil` where it says nothing.
    let findings: String?
    let history: VapiHistory

    init(_ message: LenientObject) {
        let artifact = message["artifact"]
        let call = message["call"]
        endedReason = message.word("endedReason") ?? call?.word("endedReason") ?? "unknown"
        started = message.time("startedAt") ?? call?.time("startedAt")
        ended = message.time("endedAt") ?? call?.time("endedAt")
        cost = message.number("cost") ?? call?.number("cost")
        let recording = artifact?["recording"]
        recordingURL =
            [
                artifact?.word("recordingUrl"), recording?["mono"]?.word("combinedUrl"),
                artifact?.word("stereoRecordingUrl"), recording?.word("stereoUrl"),
                artifact?.word("presignedMonoUrl"), message.word("recordingUrl"),
            ].compactMap(\.self).first { $0.hasPrefix("https://") && $0.utf8.count <= 4_096 }
        let analysis = message["analysis"]
        summary = analysis?.word("summary") ?? message.word("summary")
        findings = Self.findings(message, analysis, endedReason)
        // Older reports have the messages beside the artifact.
        let kept = artifact.map(VapiHistory.init)
        history = kept.flatMap { $0.sentences.isEmpty ? nil : $0 } ?? VapiHistory(message)
    }

    private static func findings(
        _ message: LenientObject, _ analysis: LenientObject?, _ endedReason: String
    ) -> String? {
        var findings: [String: JSONTree] = ["ended_reason": .text(endedReason)]
        func take(_ name: String, _ value: JSONTree?) {
            guard let value, value != .null, value != .object([:]), value != .list([]) else {
                return
            }
            findings[name] = value
        }
        take("success_evaluation", analysis?.value("successEvaluation"))
        take("structured_data", analysis?.value("structuredData"))
        take("structured_data_multi", analysis?.value("structuredDataMulti"))
        take("structured_outputs", message["artifact"]?.value("structuredOutputs"))
        take("costs", message.value("costs"))
        return JSONTree.object(findings).json
    }
}
