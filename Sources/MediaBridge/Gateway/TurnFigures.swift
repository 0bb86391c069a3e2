internal import ControlAPI
internal import Events
internal import Pipeline
internal import Records

/// The latency ledgers of all turns as histograms, and what else the events add up to.
actor TurnFigures {
    private static let bounds = [
        1.0, 2, 5, 10, 20, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000,
    ]
    private static let bridgeBounds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

    private var stages: [String: HistogramValue] = [:]
    private var bridge = HistogramValue(bounds: bridgeBounds)
    private var total = HistogramValue(bounds: bounds)
    private var counts: [EventType: UInt64] = [:]
    private var errors: [String: UInt64] = [:]
    private var ends: [String: UInt64] = [:]
    private var overBudget: UInt64 = 0
    private let budget: Double

    init(budget: Duration) { self.budget = budget.milliseconds }

    func record(_ entries: [JournalEntry]) {
        for entry in entries {
            counts[entry.body.type, default: 0] += 1
            if case .callEnded(let end) = entry.body { ends[end.reason, default: 0] += 1 }
            if case .error(let error) = entry.body { errors[error.stage, default: 0] += 1 }
            if case .turnCompleted(let turn) = entry.body { record(turn) }
        }
    }

    func metrics() -> [Metric] {
        [
            Metric(
                "mediabridge_turn_stage_milliseconds",
                help: "What each stage of a turn took.",
                .histogram(
                    stages.sorted { $0.key < $1.key }.map {
                        .init($0.value, [.init("stage", $0.key)])
                    })),
            Metric(
                "mediabridge_turn_total_milliseconds",
                help: "End of the caller's voice to the first audio handed to the socket.",
                .histogram([.init(total)])),
            Metric(
                "mediabridge_turn_bridge_milliseconds",
                help: "The bridge's own share of a turn.", .histogram([.init(bridge)])),
            Metric(
                "mediabridge_turns_over_budget_total",
                help: "Turns that took longer than latencyBudget.",
                .counter([.init(overBudget)])),
            Metric(
                "mediabridge_events_total", help: "Events of calls by type.",
                .counter(
                    counts.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                        .init($0.value, [.init("type", $0.key.rawValue)])
                    })),
            Metric(
                "mediabridge_calls_ended_total", help: "Calls that are over, by why.",
                .counter(
                    ends.sorted { $0.key < $1.key }.map {
                        .init($0.value, [.init("reason", $0.key)])
                    })),
            Metric(
                "mediabridge_engine_errors_total", help: "Failures of engines by stage.",
                .counter(
                    errors.sorted { $0.key < $1.key }.map {
                        .init($0.value, [.init("stage", $0.key)])
                    })),
        ]
    }

    private func record(_ turn: TurnRecord) {
        let values: [(String, Double?)] = [
            ("endpointing", turn.endpointing), ("stt", turn.sttLatency), ("llm", turn.llmLatency),
            ("chunking", turn.chunking), ("tts", turn.ttsLatency), ("send", turn.send),
        ]
        for case (let stage, .some(let value)) in values {
            stages[stage, default: HistogramValue(bounds: Self.bounds)].record(value)
        }
        if let value = turn.bridge { bridge.record(value) }
        if let value = turn.totalLatency {
            total.record(value)
            if value > budget { overBudget += 1 }
        }
    }
}
