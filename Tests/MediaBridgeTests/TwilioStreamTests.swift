import Codecs
import Pipeline
import Testing

@testable import MediaBridge

@Suite struct TwilioStreamTests {
    @Test func wholeCall() {
        var harness = TwilioHarness()
        #expect(harness.stream.streamSID == nil)
        #expect(harness.handle(TwilioGolden.connected) == .none)
        guard case .started(let start, let format) = harness.handle(TwilioGolden.start) else {
            Issue.record("the stream did not start")
            return
        }
        #expect(start.parameters["session"] == "s-42")
        #expect(format == .telephone)
        #expect(harness.stream.streamSID?.text == "MZ00000000000000000000000000000001")
        let piece = TwilioAudio(
            track: .inbound, octetCount: 8, timestampMilliseconds: 20, missingSamples: 0,
            missingChunks: 0)
        #expect(harness.handle(TwilioGolden.media) == .audio(piece))
        #expect(harness.audio == [UInt8](repeating: 0x7F, count: 8))
        #expect(harness.handle(TwilioGolden.dtmf) == .dtmf("5"))
        #expect(harness.handle(TwilioGolden.mark) == .mark(MarkName(text: "utt-7")))
        #expect(harness.handle(TwilioGolden.stop) == .stopped)
        #expect(harness.stream.deadline == nil)
        #expect(harness.handle(TwilioGolden.media) == .none)
        #expect(harness.stream.counters.afterEnd == 1)
        #expect(harness.stream.counters.faults == 0)
    }

    /// A message that is wrong, and the counter that tells so.
    struct Fault: Sendable {
        let text: String
        let count: @Sendable (TwilioCounters) -> Int

        init(_ text: String, _ count: @escaping @Sendable (TwilioCounters) -> Int) {
            self.text = text
            self.count = count
        }
    }

    /// One fault each, and the audio after it is heard.
    @Test(arguments: [
        Fault(#"{"event":"media""#, { $0.brokenJSON }),
        Fault(TwilioGolden.media(sequence: 3, payload: "A"), { $0.badBase64 }),
        Fault(#"{"event":"media"}"#, { $0.malformed }),
        Fault(TwilioGolden.media(sequence: 3, track: "sideways"), { $0.malformed }),
        Fault(#"{"event":"weather"}"#, { $0.unknownEvent }),
        Fault(TwilioGolden.start, { $0.unexpectedEvent }),
        Fault(TwilioGolden.connected, { $0.unexpectedEvent }),
        Fault(#"{"event":"mark","streamSid":"MZ2","mark":{"name":"a"}}"#, { $0.wrongStream }),
        Fault(
            #"{"event":"connected","x":""# + String(repeating: "x", count: 1_048_576) + #""}"#,
            { $0.oversize }
        ),
        Fault(
            TwilioGolden.media(sequence: 3, payload: String(repeating: "A", count: 65_000)),
            { $0.oversize }
        ),
    ])
    func faults(_ fault: Fault) {
        var harness = TwilioHarness.live()
        #expect(harness.handle(Array(fault.text.utf8), capacity: 4_096) == .none)
        #expect(harness.audio.isEmpty)
        #expect(fault.count(harness.stream.counters) == 1)
        #expect(harness.stream.counters.faults == 1)
        guard case .audio = harness.handle(TwilioGolden.media) else {
            Issue.record("the stream died of a fault")
            return
        }
        #expect(harness.stream.handleBinary() == .none)
        #expect(harness.stream.counters.binary == 1)
    }

    @Test func mediaBeforeStart() {
        var harness = TwilioHarness()
        _ = harness.handle(TwilioGolden.connected)
        for _ in 0..<50 { #expect(harness.handle(TwilioGolden.media) == .none) }
        #expect(harness.stream.counters.mediaBeforeStart == 50)
        #expect(harness.audio.isEmpty)
        #expect(harness.handle(TwilioGolden.media) == .close(.protocolViolation))
        #expect(TwilioClose.protocolViolation.code == 1_008)
    }

    @Test func startWithoutConnected() {
        var harness = TwilioHarness()
        guard case .started = harness.handle(TwilioGolden.start) else {
            Issue.record("the stream did not start")
            return
        }
        #expect(harness.stream.counters.unexpectedEvent == 1)
    }

    @Test func unsupportedFormat() {
        var harness = TwilioHarness()
        let start = TwilioGolden.start.replacing("audio/x-mulaw", with: "audio/ogg")
        #expect(harness.handle(start) == .close(.unsupportedFormat))
        #expect(harness.stream.counters.unsupportedFormat == 1)
        #expect(TwilioClose.unsupportedFormat.code == 1_000)
    }

    @Test func deadlines() {
        var harness = TwilioHarness()
        #expect(harness.stream.deadline == time(5_000))
        _ = harness.handle(TwilioGolden.connected, at: time(4_000))
        #expect(harness.stream.deadline == time(5_000))
        #expect(harness.stream.handleDeadline(at: time(4_999)) == .none)
        var silent = harness
        #expect(silent.stream.handleDeadline(at: time(5_000)) == .close(.noStart))
        _ = harness.handle(TwilioGolden.start, at: time(4_500))
        #expect(harness.stream.deadline == time(34_500))
        _ = harness.handle(TwilioGolden.mark, at: time(10_000))
        #expect(harness.stream.handleDeadline(at: time(39_999)) == .none)
        #expect(harness.stream.handleDeadline(at: time(40_000)) == .close(.idle))
        #expect(harness.stream.handleDeadline(at: time(90_000)) == .none)
    }

    @Test func floodIsDropped() {
        var harness = TwilioHarness.live()
        for number in 2..<1_000 {
            _ = harness.handle(TwilioGolden.media(sequence: number, chunk: number))
        }
        #expect(harness.stream.counters.overRate > 500)
        guard
            case .audio = harness.handle(
                TwilioGolden.media(sequence: 1_000, chunk: 1_000), at: time(1_000))
        else {
            Issue.record("the stream did not recover from the flood")
            return
        }
    }

    /// One entry per 20 ms message: chunk and timestamp in; milliseconds of silence before it out,
    /// `nil` where it is dropped.
    @Test(
        arguments: [
            // In order.
            ([(1, 0), (2, 20), (3, 40)], [0, 0, 0]),
            // Two lost.
            ([(1, 0), (4, 60), (5, 80)], [0, 40, 0]),
            // Sent twice, and late.
            ([(1, 0), (2, 20), (2, 20), (1, 0), (3, 40)], [0, 0, nil, nil, 0]),
            // Swapped: the gap was filled already, so the late one is dropped.
            ([(1, 0), (3, 40), (2, 20), (4, 60)], [0, 20, nil, 0]),
            // A gap without lost chunks, as when the carrier paused.
            ([(1, 119), (2, 139), (3, 559)], [0, 0, 400]),
            // Jitter below 10 ms is no gap.
            ([(1, 5), (2, 29), (3, 41), (4, 66)], [0, 0, 0, 0]),
            // At most a second is filled.
            ([(1, 0), (2, 60_000)], [0, 1_000]),
            // No timestamps: chunks tell.
            ([(1, nil), (3, nil), (3, nil), (4, nil)], [0, 20, nil, 0]),
            // No chunks: timestamps tell.
            ([(nil, 0), (nil, 40), (nil, 20), (nil, 60)], [0, 20, nil, 0]),
            // A clock that stands still does not silence the caller.
            ([(1, 0), (2, 0), (3, 0)], [0, 0, 0]),
            // Neither: taken as they come.
            ([(nil, nil), (nil, nil)], [0, 0]),
        ] as [([(Int?, Int?)], [Int?])])
    func timelines(messages: [(chunk: Int?, timestamp: Int?)], expected: [Int?]) {
        var harness = TwilioHarness.live()
        var actual: [Int?] = []
        for (index, message) in messages.enumerated() {
            let text = TwilioGolden.media(
                sequence: index + 2, chunk: message.chunk, timestamp: message.timestamp)
            switch harness.handle(text, at: time(60_000)) {
            case .audio(let audio):
                actual.append(audio.missingSamples / 8)
                #expect(harness.audio.count == 160)
            default:
                actual.append(nil)
                #expect(harness.audio.isEmpty)
            }
        }
        #expect(actual == expected)
        let dropped = expected.count { $0 == nil }
        #expect(harness.stream.counters.lateMedia == dropped)
        #expect(harness.stream.counters.filledSamples == expected.reduce(0) { $0 + ($1 ?? 0) } * 8)
    }

    /// Timestamps that leap ahead buy at most two seconds more than the clock has run.
    @Test func inventedSilenceIsBounded() {
        var harness = TwilioHarness.live()
        for number in 1...100 {
            _ = harness.handle(
                TwilioGolden.media(sequence: number + 1, chunk: number, timestamp: number * 10_000),
                at: time(number * 20))
        }
        let seconds = Double(harness.stream.counters.filledSamples) / 8_000
        #expect(seconds <= 4)
    }

    @Test func tracksAreOrderedApart() {
        var harness = TwilioHarness.live()
        for (index, track) in ["inbound", "outbound", "inbound", "outbound"].enumerated() {
            let text = TwilioGolden.media(
                sequence: index + 2, chunk: index / 2 + 1, timestamp: index / 2 * 20, track: track)
            guard case .audio(let audio) = harness.handle(text) else {
                Issue.record("\(track) was dropped")
                continue
            }
            #expect(audio.missingSamples == 0)
            #expect(audio.track == (track == "inbound" ? .inbound : .outbound))
        }
    }

    @Test func sequenceNumbers() {
        var harness = TwilioHarness.live()
        for number in [2, 3, 6, 5, 7] {
            _ = harness.handle(
                #"{"event":"mark","sequenceNumber":"\#(number)","mark":{"name":"m"}}"#)
        }
        #expect(harness.stream.counters.outOfOrder == 1)
        #expect(harness.stream.counters.missingMessages == 2)
        // RFC 1982 §3.2, with 32 bits.
        #expect(SequenceNumber(0).isNewer(than: SequenceNumber(0xFFFF_FFFF)))
        #expect(SequenceNumber(truncating: 0x1_0000_0002).distance(from: SequenceNumber(1)) == 1)
        #expect(!SequenceNumber(5).isNewer(than: SequenceNumber(5)))
    }

    @Test func partialSamples() {
        var harness = TwilioHarness()
        _ = harness.handle(TwilioGolden.start.replacing("audio/x-mulaw", with: "audio/x-L16"))
        #expect(harness.handle(TwilioGolden.media(sequence: 2, payload: "AAAA")) == .none)
        #expect(harness.audio.isEmpty)
        #expect(harness.stream.counters.malformed == 1)
    }
}
