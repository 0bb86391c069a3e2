internal import Events
internal import Foundation

/// Everything one run of `mediabridge call` found out; `--json` prints it as one object.
struct CallReport: Encodable {
    /// A turn as the gateway recorded it, beside what the caller's ear noticed.
    struct Turn: Encodable {
        let call: Int
        let record: TurnRecord
        /// From the end of the caller's voice to the first audible sample at the caller.
        let ear: Double?

        private enum Key: String, CodingKey {
            case call
            case ear = "ear_ms"
            case difference = "ear_minus_gateway_ms"
        }

        func encode(to encoder: any Encoder) throws {
            try record.encode(to: encoder)
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(call, forKey: .call)
            // A stage that took no part is null, so that every turn has every name.
            for key in LedgerKey.allCases where record[keyPath: key.stage] == nil {
                var names = encoder.container(keyedBy: LedgerKey.self)
                try names.encodeNil(forKey: key)
            }
            try object.encode(ear.map(rounded), forKey: .ear)
            try object.encode(difference.map(rounded), forKey: .difference)
        }

        private enum LedgerKey: String, CodingKey, CaseIterable {
            case endpointing = "endpointing_ms"
            case sttLatency = "stt_latency_ms"
            case llmLatency = "llm_latency_ms"
            case chunking = "chunking_ms"
            case ttsLatency = "tts_latency_ms"
            case send = "send_ms"
            case totalLatency = "total_latency_ms"
            case bridge = "bridge_ms"
            case firstAudioHeard = "first_audio_heard_ms"

            var stage: KeyPath<TurnRecord, Double?> {
                switch self {
                case .endpointing: \.endpointing
                case .sttLatency: \.sttLatency
                case .llmLatency: \.llmLatency
                case .chunking: \.chunking
                case .ttsLatency: \.ttsLatency
                case .send: \.send
                case .totalLatency: \.totalLatency
                case .bridge: \.bridge
                case .firstAudioHeard: \.firstAudioHeard
                }
            }
        }

        /// What lies between the gateway's socket and the ear: network, the playback buffer, and
        /// silence at the start of the synthesised audio.
        var difference: Double? {
            guard let ear, let total = record.totalLatency else { return nil }
            return ear - total
        }
    }

    struct Interrupted: Encodable {
        let call: Int
        let recording: String
        /// `nil`: the gateway sent no `clear`, the interruption was not obeyed.
        let onsetToClear: Double?
        let staleMarks: Int
        let earlyClears: Int

        private enum CodingKeys: String, CodingKey {
            case call, recording
            case onsetToClear = "onset_to_clear_ms"
            case staleMarks = "stale_marks_after_clear"
            case earlyClears = "clears_before_voice"
        }
    }

    var url: String
    var calls: Int
    var failedCalls: Int
    var problems: [String]
    var turns: [Turn]
    var interruptions: [Interrupted]
    var warnings: [String: Int]
    var recording: String?
    /// Whether the gateway told its own figures; without them only the ear's are known.
    var hasGatewayFigures: Bool

    var succeeded: Bool {
        failedCalls == 0 && problems.isEmpty && !turns.isEmpty
            && interruptions.allSatisfy { $0.onsetToClear != nil }
    }

    private enum Key: String, CodingKey {
        case url, calls, problems, turns, interruptions, warnings, recording
        case failedCalls = "failed_calls"
        case hasGatewayFigures = "has_gateway_figures"
        case succeeded
        case bridgeP50 = "bridge_ms_p50"
        case bridgeP99 = "bridge_ms_p99"
        case totalP50 = "total_latency_ms_p50"
        case totalP95 = "total_latency_ms_p95"
        case earP50 = "ear_ms_p50"
        case earP95 = "ear_ms_p95"
        case onsetToClearP50 = "onset_to_clear_ms_p50"
        case onsetToClearP95 = "onset_to_clear_ms_p95"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(url, forKey: .url)
        try object.encode(calls, forKey: .calls)
        try object.encode(failedCalls, forKey: .failedCalls)
        try object.encode(succeeded, forKey: .succeeded)
        try object.encode(hasGatewayFigures, forKey: .hasGatewayFigures)
        try object.encode(problems, forKey: .problems)
        try object.encode(turns, forKey: .turns)
        try object.encode(interruptions, forKey: .interruptions)
        try object.encode(warnings, forKey: .warnings)
        try object.encode(recording, forKey: .recording)
        let bridge = turns.compactMap(\.record.bridge)
        try object.encode(bridge.percentile(50), forKey: .bridgeP50)
        try object.encode(bridge.percentile(99), forKey: .bridgeP99)
        let total = turns.compactMap(\.record.totalLatency)
        try object.encode(total.percentile(50), forKey: .totalP50)
        try object.encode(total.percentile(95), forKey: .totalP95)
        let ear = turns.compactMap(\.ear)
        try object.encode(ear.percentile(50), forKey: .earP50)
        try object.encode(ear.percentile(95), forKey: .earP95)
        let clears = interruptions.compactMap(\.onsetToClear)
        try object.encode(clears.percentile(50), forKey: .onsetToClearP50)
        try object.encode(clears.percentile(95), forKey: .onsetToClearP95)
    }
}

/// To a thousandth of a millisecond: more digits say nothing.
func rounded(_ milliseconds: Double) -> Double { (milliseconds * 1_000).rounded() / 1_000 }

extension Array where Element == Double {
    /// The nearest-rank percentile, rounded; `nil` without values.
    func percentile(_ percent: Int) -> Double? {
        guard !isEmpty else { return nil }
        let rank = (count * percent + 99) / 100
        return rounded(sorted()[Swift.max(0, rank - 1)])
    }
}
