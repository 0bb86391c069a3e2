import Pipeline
import Testing

/// One answer's way to the carrier, with marks that come, come late, and do not come.
@Suite struct PlayoutTests {
    /// 8 kHz µ-law: 8 octets are a millisecond.
    private static let octetsPerSecond = 8_000

    private static func instant(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(milliseconds))
    }

    private static func playout(_ octetCount: Int) -> Playout {
        var playout = Playout(octetsPerSecond: octetsPerSecond)
        playout.start(generation: 1)
        playout.append((0..<octetCount).map { UInt8($0 % 251) })
        return playout
    }

    private static func drain(
        _ playout: inout Playout, at time: Int
    ) -> (audio: [[UInt8]], marks: [PlayoutMark]) {
        var audio: [[UInt8]] = []
        var marks: [PlayoutMark] = []
        while let output = playout.nextOutput(at: instant(time)) {
            switch output {
            case .audio(let octets): audio.append(octets)
            case .mark(let mark): marks.append(mark)
            }
        }
        return (audio, marks)
    }

    /// Audio arrives in pieces of any size; the carrier is never more than 400 ms ahead.
    @Test(arguments: 0..<30)
    func leadAndBlocks(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var playout = Self.playout(0)
        var carrier = SimulatedCarrier(octetsPerMillisecond: 8)
        let whole = (0..<Int.random(in: 1...40_000, using: &random)).map { UInt8($0 % 251) }
        var given = 0
        var blocks: [Int] = []
        for time in stride(from: 0, to: 30_000, by: 20) {
            for mark in carrier.advance(to: time) {
                _ = playout.markReturned(mark, at: Self.instant(time))
            }
            let count = min(whole.count - given, Int.random(in: 0...2_000, using: &random))
            playout.append(Array(whole[given..<given + count]))
            given += count
            if given == whole.count { playout.complete() }
            let output = Self.drain(&playout, at: time)
            #expect(output.audio.count == output.marks.count, "every block is followed by its mark")
            for octets in output.audio {
                blocks.append(octets.count)
                carrier.send(octets)
            }
            for mark in output.marks { carrier.send(mark) }
            #expect(playout.heardPosition(at: Self.instant(time)) == carrier.heard.count)
        }
        #expect(carrier.heard == whole)
        #expect(carrier.mostBuffered <= 3_200)
        #expect(blocks.dropLast().allSatisfy { $0 % 160 == 0 }, "blocks are whole frames")
        #expect(playout.isFinished(at: Self.instant(30_000)))
    }

    @Test func marksOfOtherStretchesProveNothing() throws {
        var playout = Self.playout(16_000)
        let sent = Self.drain(&playout, at: 0)
        let mark = try #require(sent.marks.first)
        #expect(sent.audio.map(\.count) == [3_200])
        #expect(mark.position == 3_200)
        let foreign = [
            PlayoutMark(generation: 0, epoch: mark.epoch, position: 3_200),
            PlayoutMark(generation: 2, epoch: mark.epoch, position: 3_200),
            PlayoutMark(generation: 1, epoch: mark.epoch + 1, position: 3_200),
            PlayoutMark(generation: 1, epoch: mark.epoch, position: 3_199),
            PlayoutMark(generation: 1, epoch: mark.epoch, position: .max),
            PlayoutMark(generation: .min, epoch: .min, position: .min),
        ]
        for foreign in foreign {
            #expect(playout.markReturned(foreign, at: Self.instant(10)) == nil)
        }
        #expect(playout.heardPosition(at: Self.instant(10)) == 80)
        playout.pause(at: Self.instant(10))
        // The carrier gives the mark back because of the clear, not because it was played.
        #expect(playout.markReturned(mark, at: Self.instant(11)) == nil)
        #expect(playout.heardPosition(at: Self.instant(500)) == 80)
        playout.resume()
        let rest = Self.drain(&playout, at: 600)
        #expect(rest.audio.first?.first == 80)
        #expect(rest.marks.first?.epoch == mark.epoch + 1)
    }

    /// A mark stands for those before it; one that comes twice or too late changes nothing.
    @Test func marksOutOfOrder() {
        var playout = Self.playout(8_000)
        playout.complete()
        var marks = Self.drain(&playout, at: 0).marks
        marks += Self.drain(&playout, at: 220).marks
        #expect(marks.map(\.position) == [3_200, 4_960])
        #expect(playout.heardPosition(at: Self.instant(610)) == 3_200, "proven, not only due")
        #expect(playout.markReturned(marks[1], at: Self.instant(650)) == Self.instant(30))
        #expect(playout.markReturned(marks[0], at: Self.instant(651)) == nil)
        #expect(playout.markReturned(marks[1], at: Self.instant(652)) == nil)
        #expect(playout.heardPosition(at: Self.instant(652)) == 4_960)
    }

    @Test func lostMarksAreTakenAsReturnedAfterTheGrace() {
        var playout = Self.playout(1_600)
        playout.complete()
        _ = Self.drain(&playout, at: 0)
        #expect(playout.isPlayed(at: Self.instant(200)))
        #expect(!playout.isFinished(at: Self.instant(1_199)))
        #expect(playout.isFinished(at: Self.instant(1_200)))
    }

    /// Less than a frame is no sound, until more comes or the answer is complete.
    @Test func lessThanAFrameWaits() {
        var playout = Self.playout(200)
        #expect(Self.drain(&playout, at: 0).audio.map(\.count) == [160])
        #expect(playout.quietSince(at: Self.instant(19)) == nil)
        #expect(playout.quietSince(at: Self.instant(50)) == Self.instant(20))
        playout.complete()
        #expect(Self.drain(&playout, at: 60).audio.map(\.count) == [40])
    }

    @Test func markNamesRoundTrip() throws {
        for mark in [
            PlayoutMark(generation: 3, epoch: 1, position: 4_800),
            PlayoutMark(generation: 0, epoch: 0, position: 0),
            PlayoutMark(generation: .max, epoch: .max, position: .max),
        ] {
            #expect(PlayoutMark(parsing: mark.text) == mark)
        }
        #expect(PlayoutMark(generation: 3, epoch: 1, position: 4_800).text == "g3.1.4800")
        for foreign in [
            "", "g", "g1", "g1.2", "g1.2.", "g..", "g1.2.3.4", "G1.2.3", "g1.2.x", "1.2.3",
            "g1.2.99999999999999999999", "hello", "g1 .2.3", "ｇ1.2.3",
        ] {
            #expect(PlayoutMark(parsing: foreign) == nil, "\(foreign)")
        }
    }

    /// A name that is read is ours; random text never traps.
    @Test(arguments: 0..<20)
    func randomMarkNames(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let alphabet = Array("g0123456789.-+eé ")
        for _ in 0..<500 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                })
            guard let mark = PlayoutMark(parsing: text) else { continue }
            #expect(PlayoutMark(parsing: mark.text) == mark)
        }
    }
}
