import Pipeline
import Testing

/// Pauses after which a stretch of the answer is said again: positions, marks and what was heard.
@Suite struct PlayoutResumingTests {
    private static func instant(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(milliseconds))
    }

    private static func noise(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 99)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private static func drain(_ playout: inout Playout, at time: Int) -> ([UInt8], [PlayoutMark]) {
        var audio: [UInt8] = []
        var marks: [PlayoutMark] = []
        while let output = playout.nextOutput(at: instant(time)) {
            switch output {
            case .audio(let octets): audio += octets
            case .mark(let mark): marks.append(mark)
            }
        }
        return (audio, marks)
    }

    /// 8 octets a millisecond; the word begins at 800 and the answer stops at 1 600, then again
    /// within the word, then once more, then behind what was heard before.
    @Test func pausesInARow() {
        let whole = Self.noise(8_000)
        var playout = Playout(octetsPerSecond: 8_000)
        playout.start(generation: 1)
        playout.append(whole)
        playout.complete()
        _ = Self.drain(&playout, at: 0)
        playout.pause(at: Self.instant(200))
        #expect(playout.heardPosition(at: Self.instant(200)) == 1_600)
        playout.resume { stop, longestRewind in
            #expect(stop == 1_600)
            #expect(longestRewind == 5_200)
            return 800
        }
        let (again, marks) = Self.drain(&playout, at: 1_000)
        #expect(again == Array(whole[800..<4_000]), "400 ms from the word's start")
        #expect(marks.map(\.position) == [4_000], "marks tell positions of the answer")
        #expect(playout.hasSentAudio)
        #expect(playout.heardPosition(at: Self.instant(1_050)) == 1_600, "said again, heard once")
        #expect(playout.backlog(at: Self.instant(1_050)) == .milliseconds(850))
        #expect(playout.heardPosition(at: Self.instant(1_150)) == 2_000)

        var earlier = playout
        earlier.pause(at: Self.instant(1_060))  // at 1 280, before the first stop
        #expect(earlier.heardPosition(at: Self.instant(1_070)) == 1_600)
        earlier.resume { stop, _ in
            #expect(stop == 1_280)
            return 0  // no further back than the time before
        }
        #expect(Self.drain(&earlier, at: 2_000).0 == Array(whole[800..<4_000]))
        earlier.pause(at: Self.instant(2_020))  // at 960, and still nothing new
        earlier.resume { _, _ in 800 }
        #expect(Self.drain(&earlier, at: 3_000).0.first == whole[960], "it has to get on")
        #expect(earlier.heardPosition(at: Self.instant(3_000)) == 1_600)
        earlier.pause(at: Self.instant(3_100))  // at 1 760: something new
        earlier.resume { stop, _ in
            #expect(stop == 1_760)
            return 1_000
        }
        #expect(Self.drain(&earlier, at: 4_000).0.first == whole[1_000])
    }

    /// Marks of the stretch that is said again prove as much as any.
    @Test func marksAfterARewind() throws {
        var playout = Playout(octetsPerSecond: 8_000)
        playout.start(generation: 1)
        playout.append(Self.noise(2_400))
        playout.complete()
        let first = try #require(Self.drain(&playout, at: 0).1.first)
        playout.pause(at: Self.instant(290))
        playout.resume { _, _ in 1_600 }
        let (audio, marks) = Self.drain(&playout, at: 500)
        #expect(audio.count == 800)
        #expect(marks.map(\.position) == [2_400])
        #expect(playout.markReturned(first, at: Self.instant(510)) == nil, "of before the clear")
        #expect(!playout.isPlayed(at: Self.instant(599)))
        #expect(playout.isPlayed(at: Self.instant(600)))
        #expect(!playout.isFinished(at: Self.instant(620)))
        #expect(playout.heardPosition(at: Self.instant(599)) == 2_392)
        let last = try #require(marks.last)
        #expect(playout.markReturned(last, at: Self.instant(640)) == nil, "no time of the start")
        #expect(playout.isFinished(at: Self.instant(640)))
        #expect(playout.heardPosition(at: Self.instant(640)) == 2_400)
    }

    /// A rewind to the very start still is an answer of which something was heard.
    @Test func backToTheStart() {
        var playout = Playout(octetsPerSecond: 8_000)
        playout.start(generation: 1)
        playout.append(Self.noise(1_600))
        _ = Self.drain(&playout, at: 0)
        playout.pause(at: Self.instant(20))
        playout.resume { _, _ in -5 }
        #expect(playout.hasSentAudio)
        #expect(playout.heardPosition(at: Self.instant(20)) == 160)
    }

    /// A place ahead of the stop, or too far behind it, is not taken.
    @Test func nothingIsLeftOut() {
        let whole = Self.noise(80_000)
        var playout = Playout(octetsPerSecond: 8_000)
        playout.start(generation: 1)
        playout.append(whole)
        _ = Self.drain(&playout, at: 0)
        playout.pause(at: Self.instant(100))
        playout.resume { stop, _ in stop + 1 }
        #expect(Self.drain(&playout, at: 200).0.first == whole[800])
        for time in stride(from: 220, through: 3_200, by: 20) {
            for mark in Self.drain(&playout, at: time).1 {
                _ = playout.markReturned(mark, at: Self.instant(time))
            }
        }
        playout.pause(at: Self.instant(3_200))
        let stop = playout.heardPosition(at: Self.instant(3_200))
        playout.resume { _, _ in 0 }
        #expect(Self.drain(&playout, at: 3_300).0.prefix(9) == whole[stop - 5_200..<stop - 5_191])
    }

    /// Words of any length, pauses at any time: the ear gets every octet in order, again only from
    /// a word's start to a stop, and the text is counted once.
    @Test(arguments: 0..<20)
    func wholeWhateverThePauses(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var words: [(text: String, start: Int)] = []
        var length = 0
        for index in 0..<30 {
            words.append(("w\(index)", length))
            length += Int.random(in: 50...700, using: &random) * 8
        }
        let whole = Self.noise(length)
        let text = words.map(\.text).joined(separator: " ")
        var spoken = SpokenAnswer(octetsPerSecond: 8_000)
        spoken.begin(text, number: 0, at: 0)
        spoken.append(
            octetCount: length,
            words: words.map { WordTiming(word: $0.text, start: .milliseconds($0.start / 8)) })
        spoken.completeChunk()
        var playout = Playout(octetsPerSecond: 8_000)
        playout.start(generation: 1)
        playout.append(whole)
        playout.complete()
        var carrier = SimulatedCarrier(octetsPerMillisecond: 8)
        var now = 0
        var heardBefore = 0
        /// Stretches of the answer as they were heard.
        var stretches: [Range<Int>] = []
        var stretchStart = 0
        var isStart = false
        while !playout.isFinished(at: Self.instant(now)), now < 300_000 {
            now += 20
            for mark in carrier.advance(to: now) {
                _ = playout.markReturned(mark, at: Self.instant(now))
            }
            while let output = playout.nextOutput(at: Self.instant(now)) {
                switch output {
                case .audio(let octets):
                    if isStart, let found = Self.place(of: octets, in: whole, before: stretchStart)
                    {
                        stretchStart = found
                    }
                    isStart = false
                    carrier.send(octets)
                case .mark(let mark): carrier.send(mark)
                }
            }
            guard Int.random(in: 0..<25, using: &random) == 0,
                !playout.isPlayed(at: Self.instant(now))
            else { continue }
            playout.pause(at: Self.instant(now))
            _ = carrier.clear()
            stretches.append(stretchStart..<stretchStart + carrier.heard.count - heardBefore)
            heardBefore = carrier.heard.count
            let furthest = stretches.map(\.upperBound).max() ?? 0
            #expect(playout.heardPosition(at: Self.instant(now)) == furthest)
            now += Int.random(in: 1...50, using: &random) * 20
            _ = carrier.advance(to: now)
            playout.resume { spoken.resumption(stoppedAt: $0, longestRewind: $1) }
            stretchStart = stretches.last?.upperBound ?? 0
            isStart = true
        }
        stretches.append(stretchStart..<stretchStart + carrier.heard.count - heardBefore)
        #expect(carrier.heard == stretches.flatMap { Array(whole[$0]) })
        #expect(stretches.last?.upperBound == length)
        let starts = Set(words.map(\.start))
        for (before, after) in zip(stretches, stretches.dropFirst()) {
            #expect(after.lowerBound <= before.upperBound, "nothing is left out")
            #expect(before.upperBound - after.lowerBound <= 5_200)
            #expect(after.lowerBound == before.upperBound || starts.contains(after.lowerBound))
        }
        let position = playout.heardPosition(at: Self.instant(now))
        #expect(position == length)
        #expect(spoken.text(heardUpTo: position) == text)
        #expect(stretches.count > 1)
    }

    /// Where `octets` begins in `whole`, looked for in the second before `end` and a little after;
    /// its first 16 octets are enough in noise.
    private static func place(of octets: [UInt8], in whole: [UInt8], before end: Int) -> Int? {
        let head = octets.prefix(16)
        return (max(0, end - 8_000)...min(end + 800, whole.count - head.count)).first { start in
            whole[start] == head.first && whole[start..<start + head.count] == head
        }
    }
}
