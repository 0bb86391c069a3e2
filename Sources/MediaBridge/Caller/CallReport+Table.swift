internal import Events
internal import Foundation

extension CallReport {
    /// The ledger for people: one line per turn, and the percentiles.
    var table: String {
        var lines = [
            "turn  endpoint   stt   llm  chunk   tts   send  total  bridge    ear  said",
            "          ms      ms    ms     ms    ms     ms     ms      ms     ms",
        ]
        for turn in turns { lines.append(line(turn)) }
        lines.append(summary("p50", percent: 50))
        lines.append(summary("p95", percent: 95))
        if hasGatewayFigures, let gap = turns.compactMap(\.difference).percentile(50) {
            lines.append(
                "Ear minus gateway: \(format(gap)) ms (p50). The gateway knows the end of the voice "
                    + "to a frame of 20 ms, the caller plays in such steps; network and the silence "
                    + "before the first sound come on top.")
        }
        for entry in interruptions {
            lines.append(
                entry.onsetToClear.map {
                    "interrupted by \(entry.recording): cleared \(format($0)) ms after the onset"
                } ?? "interrupted by \(entry.recording): NOT OBEYED, no clear came")
        }
        for problem in problems { lines.append("problem: \(problem)") }
        return lines.joined(separator: "\n")
    }

    private func line(_ turn: Turn) -> String {
        let record = turn.record
        let figures =
            columns(record).map { column($0.value, width: $0.width) }.joined()
            + column(turn.ear, width: 7)
        let number = String(record.turn).padded(to: 4)
        return number + figures + "  " + record.user + (record.interrupted ? "  [cut off]" : "")
    }

    private func summary(_ name: String, percent: Int) -> String {
        let rows = turns.map { columns($0.record) }
        let widths = [10, 6, 6, 7, 6, 7, 7, 8]
        let figures = widths.indices.map { index in
            column(rows.compactMap { $0[index].value }.percentile(percent), width: widths[index])
        }
        return name.padded(to: 4) + figures.joined()
            + column(turns.compactMap(\.ear).percentile(percent), width: 7)
    }

    private func columns(_ record: TurnRecord) -> [(value: Double?, width: Int)] {
        [
            (record.endpointing, 10), (record.sttLatency, 6), (record.llmLatency, 6),
            (record.chunking, 7), (record.ttsLatency, 6), (record.send, 7),
            (record.totalLatency, 7), (record.bridge, 8),
        ]
    }

    private func column(_ value: Double?, width: Int) -> String {
        (value.map(format) ?? "–").padded(to: width)
    }

    private func format(_ value: Double) -> String {
        value < 10 ? String(format: "%.2f", value) : String(format: "%.0f", value)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - count)) + self
    }
}
