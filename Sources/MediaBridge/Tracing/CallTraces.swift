internal import Events
internal import Foundation
internal import Pipeline
internal import Records
internal import Tracing

/// Makes spans of what happened in calls: the call, its turns, their stages and tools.
///
/// A pure machine: a call's events in, spans out, made when a turn or the call is over. Nothing
/// personal is in them: no words, no numbers, no arguments of tools.
struct CallTraces: Sendable {
    /// A span that is known from its beginning to its end.
    struct WholeSpan: Equatable, Sendable {
        let name: String
        /// `nil`: it has no children, so its number does not matter.
        var identity: SpanIdentity?
        let parent: SpanIdentity?
        /// Since 1970, as `end`.
        let startNanoseconds: UInt64
        let endNanoseconds: UInt64
        var attributes: [EndedSpan.Attribute] = []
        var isError = false
    }

    private struct Tool: Sendable {
        let name: String
        let start: UInt64
        let end: UInt64
        let succeeded: Bool
    }

    private struct LiveCall: Sendable {
        let start: UInt64
        let opening: CallStarted
        /// Run since the turn before was completed.
        var tools: [Tool] = []
    }

    /// Calls whose end was lost must not fill the memory.
    private static let callLimit = 20_000
    private static let toolLimit = 64

    private var calls: [String: LiveCall] = [:]

    /// Takes an event; those of one call come in order.
    ///
    /// - Parameters:
    ///   - entry: what happened.
    ///   - id: of the call.
    ///   - epoch: when the process's clock read zero, in nanoseconds since 1970.
    /// - Returns: what is over with it.
    mutating func record(
        _ entry: JournalEntry, ofCall id: String, epoch: Int64
    ) -> [WholeSpan] {
        let now = entry.time.nanoseconds
        switch entry.body {
        case .callStarted(let opening):
            if calls.count >= Self.callLimit { calls.removeAll() }
            calls[id] = LiveCall(start: now, opening: opening)
            return []
        case .toolResult(let result):
            let took = UInt64(max(0, result.durationMilliseconds) * 1e6)
            guard calls[id]?.tools.count ?? 0 < Self.toolLimit else { return [] }
            calls[id]?.tools.append(
                Tool(
                    name: result.name, start: now - min(now, took), end: now,
                    succeeded: result.succeeded))
            return []
        case .turnCompleted(let turn):
            guard calls[id] != nil else { return [] }
            return spans(of: turn, call: id, endedAt: now, epoch: epoch)
        case .callEnded(let end):
            guard let call = calls.removeValue(forKey: id) else { return [] }
            return [span(of: call, id, end, at: now)]
                + call.tools.map { span(of: $0, in: SpanIdentity(ofCall: id)) }
        default: return []  // the rest has no length
        }
    }

    private func span(
        of call: LiveCall, _ id: String, _ end: CallEnded, at now: UInt64
    ) -> WholeSpan {
        WholeSpan(
            name: "call", identity: SpanIdentity(ofCall: id), parent: nil,
            startNanoseconds: call.start, endNanoseconds: now,
            attributes: [
                .init(name: "call.id", value: .text(id)),
                .init(name: "call.carrier", value: .text(call.opening.carrier)),
                .init(name: "call.language", value: .text(call.opening.language)),
                .init(name: "call.direction", value: .text(call.opening.direction ?? "inbound")),
                .init(name: "call.end_reason", value: .text(end.reason)),
                .init(name: "call.turns", value: .integer(Int64(end.turns))),
                .init(name: "call.interruptions", value: .integer(Int64(end.interruptions))),
            ], isError: end.reason == "failed")
    }

    private mutating func spans(
        of turn: TurnRecord, call id: String, endedAt end: UInt64, epoch: Int64
    ) -> [WholeSpan] {
        let tools = calls[id]?.tools ?? []
        calls[id]?.tools = []
        let root = SpanIdentity(ofCall: id)
        guard let voiceEnd = turn.voiceEndSinceStart else {
            return tools.map { span(of: $0, in: root) }
        }
        let start = UInt64(max(0, epoch + voiceEnd.nanoseconds))
        let own = SpanIdentity(
            trace: root.trace, span: max(1, FNV1a.hash("turn:\(turn.turn):" + id)))
        let stages = Self.stages(of: turn).map { stage in
            WholeSpan(
                name: stage.name, parent: own,
                startNanoseconds: start + UInt64(stage.from * 1e6),
                endNanoseconds: start + UInt64(stage.to * 1e6))
        }
        let whole = WholeSpan(
            name: "turn", identity: own, parent: root, startNanoseconds: start,
            endNanoseconds: max(end, stages.map(\.endNanoseconds).max() ?? start, start),
            attributes: Self.attributes(of: turn))
        return [whole] + stages + tools.map { span(of: $0, in: own) }
    }

    private func span(of tool: Tool, in parent: SpanIdentity) -> WholeSpan {
        WholeSpan(
            name: "tool", parent: parent, startNanoseconds: tool.start, endNanoseconds: tool.end,
            attributes: [.init(name: "tool.name", value: .text(tool.name))],
            isError: !tool.succeeded)
    }

    private static func attributes(of turn: TurnRecord) -> [EndedSpan.Attribute] {
        var all: [EndedSpan.Attribute] = [
            .init(name: "turn.number", value: .integer(Int64(turn.turn))),
            .init(name: "turn.interrupted", value: .flag(turn.interrupted)),
            .init(name: "turn.filler", value: .flag(turn.filler)),
        ]
        let figures: [(String, Double?)] = [
            ("turn.total_latency_ms", turn.totalLatency), ("turn.bridge_ms", turn.bridge),
            ("turn.first_audio_heard_ms", turn.firstAudioHeard),
        ]
        for case (let name, .some(let figure)) in figures {
            all.append(.init(name: name, value: .number(figure)))
        }
        if let speculated = turn.speculated {
            all.append(.init(name: "turn.speculated", value: .flag(speculated)))
        }
        return all
    }

    /// The stages that the ledger knows, in milliseconds from the end of the caller's voice.
    ///
    /// They follow one another; behind one that is unknown, what can be told is told from the end.
    static func stages(
        of turn: TurnRecord
    ) -> [(name: String, from: Double, to: Double)] {
        let all: [(String, Double?)] = [
            ("endpointing", turn.endpointing), ("stt", turn.sttLatency), ("llm", turn.llmLatency),
            ("chunking", turn.chunking), ("tts", turn.ttsLatency), ("send", turn.send),
        ]
        var stages: [(name: String, from: Double, to: Double)] = []
        var place = 0.0
        var known = 0
        for case (let name, .some(let length)) in all.prefix(while: { $0.1 != nil }) {
            stages.append((name, place, place + max(0, length)))
            place += max(0, length)
            known += 1
        }
        guard known < all.count, var end = turn.totalLatency else { return stages }
        var later: [(name: String, from: Double, to: Double)] = []
        for case (let name, .some(let length)) in all.reversed().prefix(while: { $0.1 != nil }) {
            later.append((name, max(0, end - max(0, length)), max(0, end)))
            end -= max(0, length)
        }
        return stages + later.reversed()
    }
}

/// Hands the spans of calls to the tracer.
actor CallTraceWriter {
    private var traces = CallTraces()

    func record(_ batch: EventOutlet.Batch) {
        // Asked anew each time: the wall clock may be set while the gateway runs.
        let epoch = Int64(Date().nanoseconds) - MonotonicTime.now().sinceStart.nanoseconds
        for (callID, entry) in batch {
            for span in traces.record(entry, ofCall: callID, epoch: epoch) {
                InstrumentationSystem.tracer.write(span)
            }
        }
    }
}

extension Duration {
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

extension Date {
    /// Since 1970; a double of today holds a quarter of a microsecond.
    fileprivate var nanoseconds: UInt64 { UInt64(max(0, timeIntervalSince1970) * 1e9) }
}
