import Codecs
import Events
import Pipeline
import Testing

/// What is written comes back; what was never written is refused.
@Suite struct FlightRecordTests {
    @Test(arguments: 0..<40, [false, true])
    func replayDecidesTheSame(seed: Int, speculates: Bool) throws {
        let call = RandomCall.run(seed: seed, speculates: speculates)
        let record = try FlightRecord(reading: call.flight)
        #expect(record.isComplete)
        let log = Replay(record).run()
        let live = call.log.text
        #expect(log.text == live)
        #expect(log.digest == call.log.digest)
        #expect(live.utf8.count > 300)
    }

    /// Running the same call twice in the same process, from the file, from the start.
    @Test func replaysAreAlike() throws {
        let replay = Replay(try FlightRecord(reading: RandomCall.run(seed: 7).flight))
        #expect(replay.run().text == replay.run().text)
    }

    /// Every event with every kind of value, at times between microseconds.
    @Test(arguments: [false, true])
    func everyEventComesBack(keepsAudio: Bool) throws {
        var writer = FlightRecordWriter(Self.call(keepsAudio: keepsAudio))
        var now = MonotonicTime(sinceStart: .zero)
        var expected: [String] = []
        for (index, event) in Self.events.enumerated() {
            let step = Duration(
                secondsComponent: 0, attosecondsComponent: Int64(index) * 1_234_567_890_123)
            now = now.advanced(by: step)
            writer.append(event, at: now)
            expected.append("\(Self.text(event, keepsAudio: keepsAudio)) \(now)")
            if index.isMultiple(of: 3) {
                writer.appendPerformed(at: now.advanced(by: .nanoseconds(1)))
                expected.append("performed \(now.advanced(by: .nanoseconds(1)))")
            }
        }
        let record = try FlightRecord(reading: writer.takeBlock())
        #expect(record.fault == nil)
        let actual = record.entries.map { entry in
            switch entry {
            case .event(let event, let now): "\(Self.text(event, keepsAudio: true)) \(now)"
            case .performed(let now): "performed \(now)"
            case .audio, .missing, .full, .digest: "\(entry)"
            }
        }
        #expect(actual == expected)
    }

    /// All octet patterns a probability can have near the ends, and a thousand in between.
    @Test func probabilitiesAreExact() throws {
        var random = SeededGenerator(seed: 1)
        var patterns: [UInt32] = [
            0, 1, 0x3F80_0000, 0x3FFF_FFFF, 0x4000_0000, 0x7F80_0000, 0x7FC0_0001, 0x8000_0000,
            0xFFFF_FFFF,
        ]
        for _ in 0..<1_000 { patterns.append(UInt32.random(in: 0...UInt32.max, using: &random)) }
        var writer = FlightRecordWriter(Self.call())
        for (index, pattern) in patterns.enumerated() {
            writer.append(
                .frameHeard(speechProbability: Float(bitPattern: pattern)),
                at: MonotonicTime(sinceStart: .milliseconds(index * 20)))
        }
        let actual = try FlightRecord(reading: writer.takeBlock()).entries.map { entry in
            if case .event(.frameHeard(let probability), _) = entry {
                probability.bitPattern
            } else {
                UInt32(0)
            }
        }
        #expect(actual == patterns)
    }

    /// A frame and a tick that come within 8 ms of their time.
    @Test func framesAreSmall() {
        var writer = FlightRecordWriter(Self.call())
        writer.append(.callStarted, at: MonotonicTime(sinceStart: .zero))
        _ = writer.takeBlock()
        writer.append(.tick, at: MonotonicTime(sinceStart: .milliseconds(20)))
        var random = SeededGenerator(seed: 2)
        for index in 2..<1_000 {
            let jitter = Int.random(in: -4_000...4_000, using: &random)
            let now = MonotonicTime(sinceStart: .microseconds(index * 20_000 + jitter))
            let before = writer.octetCount
            writer.append(
                .frameHeard(speechProbability: .random(in: 0...1, using: &random)), at: now)
            let frame = writer.octetCount
            writer.append(.tick, at: now)
            if index > 2 {
                #expect(frame - before <= 6)
                #expect(writer.octetCount - frame <= 3)
            }
        }
    }

    @Test(arguments: 0..<3)
    func cutFilesGiveAllWholeEntries(seed: Int) throws {
        let octets = RandomCall.run(seed: seed, seconds: 3, keepsAudio: seed == 0).flight
        let whole = try FlightRecord(reading: octets)
        var counts: Set<Int> = []
        var last = 0
        for length in 0..<octets.count {
            do {
                let record = try FlightRecord(reading: Array(octets[..<length]))
                #expect(record.entries.count >= last)
                last = record.entries.count
                counts.insert(last)
                switch record.fault {
                case nil, .truncated: break
                case .notARecord, .version, .corrupt: Issue.record("\(length): \(record.fault)")
                }
            } catch {
                #expect(error == .truncated(offset: 0))
            }
        }
        #expect(counts.count >= whole.entries.count)
    }

    @Test(arguments: 0..<40)
    func brokenFilesNeverTrap(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = RandomCall.run(seed: seed, seconds: 6).flight
        for _ in 0..<60 {
            var octets = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                octets[Int.random(in: 0..<octets.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            _ = try? FlightRecord(reading: octets)
        }
        let noise = (0..<500).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(throws: FlightRecordError.self) { try FlightRecord(reading: noise) }
    }

    @Test func strangersAreRefused() {
        let header = FlightRecordWriter(Self.call()).headerOctets
        var version = header
        version[4] = 9
        #expect(throws: FlightRecordError.version(9)) { try FlightRecord(reading: version) }
        #expect(throws: FlightRecordError.notARecord) {
            try FlightRecord(reading: Array("RIFF....WAVE".utf8))
        }
        #expect(throws: FlightRecordError.truncated(offset: 0)) { try FlightRecord(reading: []) }
        let start = header.count
        for (tail, fault): ([UInt8], FlightRecordError.Fault) in [
            ([0x7F], .unknownTag(0x7F)), ([0x01, 0x00], .time),
            ([0x12, 0x01], .time),  // a tick before the beginning
            ([0x10] + Array(repeating: 0xFF, count: 10), .number),
            ([0x24, 0x00, 0x01, 0x41], .text),
        ] {
            let record = try? FlightRecord(reading: header + tail)
            #expect(record?.fault == .corrupt(offset: start, fault))
        }
    }

    /// Blocks are readable without those before them, and the loss is told.
    @Test func lostBlocksAreCounted() throws {
        var writer = FlightRecordWriter(Self.call())
        var blocks: [[UInt8]] = []
        for block in 0..<5 {
            for frame in 0..<50 {
                let now = MonotonicTime(sinceStart: .milliseconds(block * 1_000 + frame * 20))
                writer.append(.frameHeard(speechProbability: 0.5), at: now)
            }
            blocks.append(writer.takeBlock())
        }
        let record = try FlightRecord(reading: blocks[0] + blocks[3] + blocks[4])
        #expect(record.fault == nil)
        #expect(!record.isComplete)
        #expect(record.entries.count == 151)
        guard case .missing(blocks: 2) = record.entries[50] else {
            Issue.record("no gap: \(record.entries[50])")
            return
        }
        guard case .event(_, let time) = record.entries[51] else { return }
        #expect(time == MonotonicTime(sinceStart: .seconds(3)))
    }

    @Test func audioIsKeptWithConsentOnly() throws {
        let octets: [UInt8] = (0..<160).map { UInt8($0) }
        var sizes: [Int] = []
        for keepsAudio in [false, true] {
            var writer = FlightRecordWriter(Self.call(keepsAudio: keepsAudio))
            writer.appendAudio(octets.span, at: MonotonicTime(sinceStart: .seconds(1)))
            let record = try FlightRecord(reading: writer.takeBlock())
            sizes.append(record.entries.count)
            guard case .audio(octets, at: _)? = record.entries.first else {
                #expect(!keepsAudio)
                continue
            }
        }
        #expect(sizes == [0, 1])
    }

    @Test func framesTakeNoMemory() {
        var writer = FlightRecordWriter(Self.call())
        var now = MonotonicTime(sinceStart: .zero)
        writer.append(.callStarted, at: now)
        let before = Allocations.count
        for _ in 0..<1_000 {
            now = now.advanced(by: .milliseconds(20))
            writer.append(.frameHeard(speechProbability: 0.25), at: now)
            writer.append(.tick, at: now)
        }
        #expect(Allocations.count - before == 0)
    }
}
