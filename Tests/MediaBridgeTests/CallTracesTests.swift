import Events
import Foundation
import Records
import Testing

@testable import MediaBridge

/// Spans of calls, from their events; times in milliseconds from the call's start.
@Suite struct CallTracesTests {
    private static let id = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
    /// 2026-03-09T08:05:00Z.
    private static let start = 1_773_043_500.0
    /// The process began ten seconds before.
    private static let epoch = Int64(start - 10) * 1_000_000_000

    private static func entry(_ body: EventBody, at milliseconds: Double) -> JournalEntry {
        JournalEntry(
            body, time: Date(timeIntervalSince1970: start + milliseconds / 1_000),
            secondsFromStart: milliseconds / 1_000)
    }

    /// Spans as `name from–to < parent`, to the millisecond; the parent by its name.
    private static func lines(_ spans: [CallTraces.WholeSpan]) -> [String] {
        let root = SpanIdentity(ofCall: id).span
        func milliseconds(_ nanoseconds: UInt64) -> Int {
            Int(((Double(nanoseconds) / 1e6) - start * 1_000).rounded())
        }
        return spans.map { span in
            let times =
                "\(milliseconds(span.startNanoseconds))–\(milliseconds(span.endNanoseconds))"
            let parent = span.parent.map { $0.span == root ? "call" : "turn" } ?? "nothing"
            return "\(span.name) \(times) < \(parent)\(span.isError ? " failed" : "")"
        }
    }

    private static func spans(_ entries: [JournalEntry]) -> [CallTraces.WholeSpan] {
        var traces = CallTraces()
        return entries.flatMap { traces.record($0, ofCall: id, epoch: epoch) }
    }

    private static var begun: JournalEntry {
        entry(
            .callStarted(
                CallStarted(
                    carrier: "twilio", carrierCallID: "CA1", language: "es", from: "+34600111222",
                    to: "+34910000000", direction: "inbound")), at: 0)
    }

    private static func over(_ reason: String = "caller_hung_up", at end: Double) -> JournalEntry {
        entry(
            .callEnded(
                CallEnded(reason: reason, durationSeconds: end, turns: 1, interruptions: 0)),
            at: end)
    }

    /// The caller's voice ends 12 s after the process's start: 2 s into the call.
    private static func turn(_ adjust: (inout TurnRecord) -> Void = { _ in }) -> TurnRecord {
        var turn = TurnRecord(turn: 1, user: "soy Ana")
        turn.agent = "hola Ana"
        turn.voiceEndSinceStart = .seconds(12)
        turn.endpointing = 300
        turn.sttLatency = 100
        turn.llmLatency = 250
        turn.chunking = 50
        turn.ttsLatency = 120
        turn.send = 1
        turn.totalLatency = 821
        adjust(&turn)
        return turn
    }

    @Test func aCallWithATurnAndATool() {
        let spans = Self.spans([
            Self.begun,
            Self.entry(
                .toolResult(
                    ToolResultRecord(
                        id: "t", name: "book", succeeded: false, result: "full",
                        durationMilliseconds: 150)), at: 2_700),
            Self.entry(.turnCompleted(Self.turn()), at: 5_000),
            Self.over(at: 9_000),
        ])
        #expect(
            Self.lines(spans) == [
                "turn 2000–5000 < call", "endpointing 2000–2300 < turn", "stt 2300–2400 < turn",
                "llm 2400–2650 < turn", "chunking 2650–2700 < turn", "tts 2700–2820 < turn",
                "send 2820–2821 < turn", "tool 2550–2700 < turn failed",
                "call 0–9000 < nothing",
            ])
        #expect(Set(spans.map { ($0.identity ?? $0.parent)?.trace }).count == 1)
        #expect(spans.last?.identity == SpanIdentity(ofCall: Self.id))
    }

    /// Behind a stage nobody knows, the rest is told from the first audio back.
    @Test(arguments: [
        (
            ["stt", "llm"],
            ["endpointing 0–300", "chunking 650–700", "tts 700–820", "send 820–821"]
        ),
        (
            ["tts", "send", "total"],
            ["endpointing 0–300", "stt 300–400", "llm 400–650", "chunking 650–700"]
        ),
        (["endpointing", "stt", "llm", "chunking", "tts", "send", "total"], []),
    ])
    func stagesThatAreKnown(unknown: [String], expected: [String]) {
        let stages = CallTraces.stages(
            of: Self.turn { turn in
                if unknown.contains("endpointing") { turn.endpointing = nil }
                if unknown.contains("stt") { turn.sttLatency = nil }
                if unknown.contains("llm") { turn.llmLatency = nil }
                if unknown.contains("chunking") { turn.chunking = nil }
                if unknown.contains("tts") { turn.ttsLatency = nil }
                if unknown.contains("send") { turn.send = nil }
                if unknown.contains("total") { turn.totalLatency = nil }
            })
        #expect(stages.map { "\($0.name) \(Int($0.from))–\(Int($0.to))" } == expected)
    }

    /// No word, no number, and not what the carrier or client calls the call.
    @Test func nothingPersonalIsInSpans() {
        let spans = Self.spans([
            Self.begun, Self.entry(.turnCompleted(Self.turn()), at: 5_000),
            Self.over("failed", at: 9_000),
        ])
        let text = String(
            decoding: OTLPRequest(spans.map(\.ended), serviceName: "x").octets, as: UTF8.self)
        for secret in ["Ana", "hola", "+34", "600111", "CA1"] { #expect(!text.contains(secret)) }
        #expect(spans.last?.isError == true)
    }

    @Test func whatNobodyKnowsGivesNoSpans() {
        #expect(Self.spans([Self.entry(.turnCompleted(Self.turn()), at: 5_000)]) == [])
        #expect(Self.spans([Self.over(at: 1)]) == [])
        let unknown = Self.turn { $0.voiceEndSinceStart = nil }
        #expect(Self.spans([Self.begun, Self.entry(.turnCompleted(unknown), at: 5_000)]) == [])
    }
}

extension CallTraces.WholeSpan {
    /// As the tracer ends it.
    fileprivate var ended: EndedSpan {
        let queue = SpanQueue()
        OTLPTracer(queue: queue).write(self)
        return queue.take(upTo: 1)[0]
    }
}
