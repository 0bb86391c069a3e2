internal import Events
internal import Foundation
internal import Records

/// Makes events of the transcript of a whole call.
struct PostCallScript {
    private(set) var entries: [JournalEntry] = []
    private(set) var turnCount = 0
    private(set) var interruptionCount = 0
    private let started: Date
    private let longestSeconds: Double
    private var turns = RemoteTurns()
    private var latest = 0.0
    private var conclusions: CallConclusions

    /// - Parameters:
    ///   - started: when the call was answered.
    ///   - durationSeconds: 0: not known.
    ///   - language: of the call, ISO 639-1.
    init(started: Date, lasting durationSeconds: Double, language: String) {
        self.started = started
        conclusions = CallConclusions(language: language)
        longestSeconds = durationSeconds > 0 ? durationSeconds : 604_800
    }

    /// Takes one entry of the transcript.
    mutating func add(_ item: LenientObject) {
        latest = min(max(0, item.number("time_in_call_secs") ?? latest), longestSeconds)
        let speaker = RemoteTurns.Speaker(rawValue: item.word("role") ?? "")
        let text = item.text("message")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        if let speaker, !text.isEmpty {
            for body in turns.said(text, by: speaker) { add(body, at: latest) }
        }
        if speaker == .agent {
            turns.measure { $0.take(item["conversation_turn_metrics"]?["metrics"]) }
            if item.flag("interrupted") == true { add(turns.interrupted(), at: latest) }
        }
        for call in item.objects("tool_calls") {
            guard let name = call.word("tool_name") else { continue }
            let arguments = call.argumentText("params_as_json") ?? "{}"
            add(
                .toolCall(ToolCallRecord(id: Self.id(of: call), name: name, arguments: arguments)),
                at: latest)
        }
        for result in item.objects("tool_results") {
            guard let name = result.word("tool_name") else { continue }
            let latency = min(max(result.number("tool_latency_secs") ?? 0, 0), 86_400)
            add(
                .toolResult(
                    ToolResultRecord(
                        id: Self.id(of: result), name: name,
                        succeeded: result.flag("is_error") != true,
                        result: result.text("result_value") ?? "",
                        durationMilliseconds: latency * 1_000)), at: latest)
        }
    }

    /// Ends the last turn.
    mutating func complete() {
        for body in turns.complete() { add(body, at: latest) }
    }

    mutating func add(_ body: EventBody, at seconds: Double) {
        switch body {
        case .turnCompleted: turnCount += 1
        case .interruption: interruptionCount += 1
        default: break  // not counted
        }
        entries += ([body] + conclusions.conclude(from: body)).map { entry($0, at: seconds) }
    }

    func entry(_ body: EventBody, at seconds: Double) -> JournalEntry {
        JournalEntry(
            body, time: started.addingTimeInterval(seconds), secondsFromStart: seconds)
    }

    private static func id(of use: LenientObject) -> String {
        String((use.word("request_id") ?? use.word("tool_call_id") ?? "unnamed").prefix(128))
    }
}

extension TurnRecord {
    /// Takes the times that ElevenLabs measured, in seconds.
    fileprivate mutating func take(_ metrics: LenientObject?) {
        func milliseconds(_ name: String) -> Double? {
            metrics?[name]?.number("elapsed_time").flatMap {
                (0..<3_600).contains($0) ? $0 * 1_000 : nil
            }
        }
        sttLatency = sttLatency ?? milliseconds("convai_asr_trailing_service_latency")
        llmLatency = llmLatency ?? milliseconds("convai_llm_service_ttfb")
        ttsLatency = ttsLatency ?? milliseconds("convai_tts_service_ttfb")
    }
}
