import Pipeline
import Testing

@testable import MediaBridge

@Suite struct AudioSocketStreamTests {
    private func isError(
        _ action: AudioSocketAction?, _ code: String, isFatal: Bool
    ) -> Bool {
        guard case .send(.error(let said, _, let fatal)) = action else { return false }
        return said == code && fatal == isFatal
    }

    @Test func wholeSession() {
        var harness = AudioSocketHarness()
        let opening = harness.handle(AudioSocketGolden.start)
        guard case .authorize(let request, let session) = opening.first, opening.count == 1 else {
            Issue.record("nobody was asked to authorize")
            return
        }
        #expect(request.token == "ot-1")
        harness.stream.admit(at: time(10))
        let started = harness.drain()
        #expect(started == [.send(.sessionStarted(session))])
        #expect(
            String(
                decoding: AudioSocketReply.sessionStarted(session).serialized(), as: UTF8.self)
                == AudioSocketGolden.started)

        #expect(harness.handleBinary(count: 640, at: 20) == [.audio(octetCount: 640)])
        #expect(
            harness.handle(#"{"type":"audio","data":"AAECAw=="}"#, at: 40)
                == [.audio(octetCount: 4)])
        #expect(harness.audio == [0, 1, 2, 3])
        #expect(
            harness.handle(#"{"type":"dtmf","digit":"*"}"#)
                == [.dtmf("*", durationMilliseconds: nil)])
        #expect(harness.handle(#"{"type":"interrupt"}"#) == [.interrupt])
        #expect(harness.handle(#"{"type":"ping","t":7}"#) == [.send(.pong("7"))])
        #expect(
            harness.handle(#"{"type":"stop","reason":"bye"}"#)
                == [.stopped(reason: "bye"), .close(.normal)])
        #expect(harness.stream.deadline == nil)
        #expect(harness.handleBinary(count: 640).isEmpty)
        #expect(harness.stream.counters.afterEnd == 1)
        #expect(harness.stream.counters.faults == 0)
    }

    /// Marks and epochs: played before the clear, cut off by it, and answers nobody waits for.
    @Test func marksAndEpochs() {
        var harness = AudioSocketHarness.live()
        let (first, second) = (MarkName(text: "u7.1"), MarkName(text: "u7.2"))
        #expect(harness.mark(first) == true)
        #expect(harness.mark(second) == true)
        #expect(
            harness.drain() == [.send(.mark(first, epoch: 0)), .send(.mark(second, epoch: 0))])
        #expect(
            harness.handle(#"{"type":"marked","name":"u7.1","state":"played","played_ms":500}"#)
                == [.marked(first, epoch: 0, isPlayed: true, playedMilliseconds: 500)])
        #expect(harness.clear() == 1)
        #expect(harness.drain() == [.send(.clear(epoch: 1))])
        #expect(harness.mark(first) == true)
        #expect(harness.drain() == [.send(.mark(first, epoch: 1))])
        #expect(
            harness.handle(#"{"type":"marked","name":"u7.2","state":"cleared"}"#)
                == [.marked(second, epoch: 0, isPlayed: false, playedMilliseconds: nil)])
        let cleared = #"{"type":"cleared","epoch":1,"played_ms":620,"dropped_ms":900}"#
        #expect(
            harness.handle(cleared)
                == [.cleared(epoch: 1, playedMilliseconds: 620, droppedMilliseconds: 900)])
        #expect(harness.handle(cleared).isEmpty)
        #expect(harness.handle(#"{"type":"cleared","epoch":7}"#).isEmpty)
        #expect(harness.stream.counters.staleEpoch == 2)
        #expect(harness.handle(#"{"type":"marked","name":"u9","state":"played"}"#).isEmpty)
        #expect(harness.stream.counters.unknownMark == 1)
    }

    @Test func pendingMarksAreBounded() {
        var harness = AudioSocketHarness.live()
        for number in 0..<64 { #expect(harness.mark(MarkName(text: "\(number)")) == true) }
        #expect(harness.mark(MarkName(text: "64")) == false)
        #expect(harness.drain().count == 64)
    }

    @Test func threeStrikes() {
        var harness = AudioSocketHarness.live()
        for _ in 0..<2 {
            let actions = harness.handle("{nonsense")
            #expect(actions.count == 1)
            #expect(isError(actions.first, "bad_json", isFatal: false))
        }
        let last = harness.handle([0xFF, 0xFE])
        #expect(isError(last.first, "bad_json", isFatal: true))
        #expect(last.last == .close(.protocolViolation))
        #expect(AudioSocketClose.protocolViolation.rawValue == 4_400)
        #expect(harness.stream.counters.brokenJSON == 3)
    }

    @Test(arguments: [
        (#"{"type":"session.start","version":2}"#, "unsupported_version"),
        (
            #"{"type":"session.start","input":{"encoding":"mp3"}}"#,
            "unsupported_encoding"
        ),
    ])
    func refusedStart(text: String, code: String) {
        var harness = AudioSocketHarness()
        let actions = harness.handle(text)
        #expect(isError(actions.first, code, isFatal: true))
        #expect(actions.last == .close(.protocolViolation))
    }

    /// Close codes as the protocol has them.
    @Test(
        arguments: [
            (AudioSocketClose.unauthorised, 4_401, "unauthorised"),
            (.unknownSession, 4_404, "unknown_session"),
            (.alreadyConnected, 4_409, "already_connected"),
            (.overloaded, 1_013, "overloaded"), (.internalError, 1_011, "internal"),
        ] as [(AudioSocketClose, UInt16, String)])
    func refusals(reason: AudioSocketClose, closeCode: UInt16, errorCode: String) {
        var harness = AudioSocketHarness()
        _ = harness.handle(AudioSocketGolden.start)
        harness.stream.refuse(reason, "no")
        let actions = harness.drain()
        #expect(isError(actions.first, errorCode, isFatal: true))
        #expect(actions.last == .close(reason))
        #expect(reason.rawValue == closeCode)
        harness.stream.admit(at: time(0))
        #expect(harness.drain().isEmpty)
    }

    @Test func deadlines() {
        var stranger = AudioSocketHarness()
        #expect(stranger.stream.deadline == time(5_000))
        stranger.stream.handleDeadline(at: time(5_000))
        let closing = stranger.drain()
        #expect(isError(closing.first, "timeout", isFatal: true))
        #expect(closing.last == .close(.timeout))

        var harness = AudioSocketHarness.live()
        #expect(harness.stream.deadline == time(10_000))
        harness.stream.handleDeadline(at: time(10_000))
        #expect(harness.drain() == [.ping])
        harness.stream.handlePong(at: time(10_050))
        harness.stream.handleDeadline(at: time(20_000))
        harness.stream.handleDeadline(at: time(30_000))
        #expect(harness.drain() == [.ping, .ping])
        #expect(harness.stream.deadline == time(40_000))
        harness.stream.handleDeadline(at: time(40_050))
        #expect(harness.drain().last == .close(.timeout))
    }

    @Test func tooBig() {
        var harness = AudioSocketHarness.live()
        let actions = harness.handleBinary(count: 1_048_576)
        #expect(isError(actions.first, "too_big", isFatal: true))
        #expect(actions.last == .close(.tooBig))
        #expect(AudioSocketClose.tooBig.rawValue == 1_009)
    }

    @Test func audioBeforeStart() {
        var harness = AudioSocketHarness()
        for _ in 0..<50 { #expect(harness.handleBinary(count: 640).isEmpty) }
        #expect(harness.stream.counters.audioBeforeStart == 50)
        #expect(harness.handleBinary(count: 640).last == .close(.protocolViolation))
    }

    /// Half a sample, broken base64, a second start: told, counted, survived.
    @Test func faultsAreSurvived() {
        var harness = AudioSocketHarness.live()
        #expect(isError(harness.handleBinary(count: 641).first, "bad_audio", isFatal: false))
        let broken = harness.handle(#"{"type":"audio","data":"A"}"#)
        #expect(isError(broken.first, "bad_audio", isFatal: false))
        #expect(harness.audio.isEmpty)
        let again = harness.handle(AudioSocketGolden.start)
        #expect(isError(again.first, "bad_message", isFatal: false))
        #expect(harness.handle(#"{"type":"weather"}"#).isEmpty)
        #expect(harness.handleBinary(count: 0).isEmpty)
        #expect(harness.stream.counters.faults == 4)
        #expect(harness.handleBinary(count: 640) == [.audio(octetCount: 640)])
    }

    /// Complaints stop after 20; the session does not.
    @Test func repliesToFaultsAreBounded() {
        var harness = AudioSocketHarness.live()
        var sent = 0
        for number in 0..<1_000 {
            sent += harness.handle(#"{"type":"dtmf"}"#, at: number * 20).count
        }
        #expect(sent == 20)
        #expect(harness.stream.counters.malformed == 1_000)
    }

    /// A second ahead of real time is kept, what is more is dropped, and time makes room again.
    @Test func audioAheadOfTime() {
        var harness = AudioSocketHarness.live()
        var heard = 0
        for _ in 0..<100 { heard += harness.handleBinary(count: 640).count }
        #expect(heard == 50)  // 50 × 20 ms
        #expect(harness.stream.counters.audioAhead == 50)
        #expect(harness.handleBinary(count: 640, at: 20).count == 1)
    }

    @Test func subscriptions() {
        var usual = AudioSocketHarness.live()
        usual.stream.tell(.state(.processing))
        usual.stream.tell(.event(name: "tool_call", data: "{}"))
        #expect(usual.drain() == [.send(.state(.processing))])

        var chosen = AudioSocketHarness.live(
            #"{"type":"session.start","events":["event","weather",7]}"#)
        chosen.stream.tell(.state(.processing))
        chosen.stream.tell(.event(name: "tool_call", data: "{}"))
        #expect(chosen.drain() == [.send(.event(name: "tool_call", data: "{}"))])

        var stranger = AudioSocketHarness()
        stranger.stream.tell(.interrupt)
        #expect(stranger.mark(MarkName(text: "m")) == false)
        #expect(stranger.clear() == nil)
        #expect(stranger.drain().isEmpty)
    }

    @Test func goodbye() {
        var harness = AudioSocketHarness.live()
        harness.stream.stop(reason: "completed")
        #expect(harness.drain() == [.send(.stop(reason: "completed")), .close(.normal)])
        harness.stream.stop(reason: "completed")
        #expect(harness.drain().isEmpty)
    }

    @Test(arguments: 0..<64 as Range<UInt64>)
    func randomOctetsNeverTrap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let valid = [
            AudioSocketGolden.start, #"{"type":"dtmf","digit":"5","duration_ms":120}"#,
            #"{"type":"marked","name":"m","state":"played","played_ms":1840}"#,
            #"{"type":"cleared","epoch":1,"played_ms":1620,"dropped_ms":900}"#,
            #"{"type":"ping","t":1793702521000}"#, #"{"type":"audio","data":"AAECAw=="}"#,
        ]
        for _ in 0..<40 {
            var harness = AudioSocketHarness.live()
            for number in 0..<10 {
                _ = harness.stream.mark(MarkName(text: "m"))
                _ = harness.stream.clear()
                let octets = random.mutation(
                    of: Array((valid.randomElement(using: &random) ?? "").utf8))
                _ = harness.handle(octets, at: number * 20)
                _ = harness.handleBinary(
                    count: Int.random(in: 0...2_000, using: &random), at: number * 20)
                #expect(harness.audio.count <= 4_096)
            }
        }
    }
}
