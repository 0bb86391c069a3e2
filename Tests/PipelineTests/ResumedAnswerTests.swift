import Codecs
import Events
import Pipeline
import Testing

/// Answers that go on after a cough or a backchannel, when the synthesiser tells its words.
@Suite struct ResumedAnswerTests {
    private static func call(sound: Range<Int>, heardAs text: String) -> SimulatedCall {
        var call = BargeInTimelineTests.call(sound: sound, heardAs: text)
        call.scripts.syntheses[0].tellsWords = true
        return call
    }

    /// The answer is paused 100 ms after the onset.
    @Test(arguments: [4_000, 5_000, 5_020, 6_660, 7_300, 9_140])
    func goesOnAtTheWord(onset: Int) throws {
        var call = Self.call(sound: onset..<onset + 400, heardAs: "uh-huh")
        call.run(until: 25_000)
        #expect(call.clearTimes == [onset + 100])
        let answer = try #require(call.synthesised[2])
        let begin = try #require(call.carrier.sounds.first { $0.start > 2_600 }).start
        let stop = (onset + 100 - begin) * 2
        let start = Self.wordStart(at: stop, of: call.chunks[2] ?? [])
        #expect(start < stop)
        #expect(
            call.heardSpeech(ofGeneration: 2) == Array(answer[..<stop]) + Array(answer[start...]))
        #expect(call.turns.map(\.heard).map(\.wordsOnly) == [BargeInTimelineTests.long.wordsOnly])
        #expect(call.interruptions.isEmpty)
    }

    /// What was said twice stands in the history once, though the answer is cut while it is said
    /// again.
    @Test func cutWhileAWordIsSaidAgain() throws {
        var call = Self.call(sound: 5_000..<5_400, heardAs: "uh-huh")
        call.run(until: 5_090)
        var coughed = call
        coughed.run(until: 6_000)
        let resumed = try #require(coughed.times(in: .agentSpeaking).last)
        // Its debounce ends 20 ms after the answer goes on: before anything new is heard.
        call.voice.append(resumed - 80..<resumed + 800)
        call.run(until: 20_000)
        let cut = try #require(call.interruptions.last)
        let begin = try #require(call.carrier.sounds.first { $0.start > 2_600 }).start
        let stop = (5_100 - begin) * 2
        var heard: [Substring] = []
        var position = 0
        for chunk in call.chunks[2] ?? [] {
            let starts = Self.wordStarts(of: chunk.text)
            for (index, word) in chunk.text.split(separator: " ").enumerated() {
                // A word is heard once the next has begun, or all of its chunk was.
                let next = index + 1 < starts.count ? starts[index + 1] : chunk.octetCount
                if position + next <= stop { heard.append(word) }
            }
            position += chunk.octetCount
        }
        #expect(cut.what.heard == heard.joined(separator: " "))
    }

    /// A cough every half second: words said again do not keep the answer from its end.
    @Test func coughsDoNotHoldItUp() {
        var call = Self.call(sound: 4_000..<4_140, heardAs: "")
        for onset in stride(from: 4_600, to: 12_000, by: 520) {
            call.voice.append(onset..<onset + 120)
        }
        call.run(until: 60_000)
        #expect(call.clearTimes.count > 12)
        #expect(call.turns.map(\.heard).map(\.wordsOnly) == [BargeInTimelineTests.long.wordsOnly])
        #expect(call.turns.first?.interrupted == false)
        #expect(
            call.heardSpeech(ofGeneration: 2).count >= call.synthesised[2]?.count ?? Int.max)
    }

    @Test(arguments: [5_000, 6_660])
    func withoutARewindItIsTheSample(onset: Int) {
        var scripted = Self.call(sound: onset..<onset + 400, heardAs: "uh-huh")
        scripted = SimulatedCall(scripted.scripts) { $0.playout.longestRewind = .zero }
        scripted.voice = [2_000..<2_600, onset..<onset + 400]
        scripted.run(until: 25_000)
        #expect(scripted.clearTimes == [onset + 100])
        #expect(scripted.isHeardWholly(generation: 2))
    }

    /// A replay goes on at the same word, though the record holds no audio.
    @Test func replaysGoOnAlike() throws {
        var call = Self.call(sound: 5_000..<5_400, heardAs: "uh-huh")
        call.recorder = FlightRecordWriter(
            FlightCall(
                callID: "r", startedAt: 0, inbound: .telephone, outbound: .telephone,
                settings: call.settings))
        call.run(until: 25_000)
        let record = try FlightRecord(reading: call.recorder?.takeBlock() ?? [])
        #expect(Replay(record).run().text == call.log.text)
    }

    // MARK: Words, by the script's 120 octets a character

    private static func wordStarts(of text: String) -> [Int] {
        var character = 0
        return text.split(separator: " ").map { word in
            defer { character += word.count + 1 }
            return character * 120
        }
    }

    /// The last word's start at or before `position`, unless it is more than 650 ms back.
    private static func wordStart(
        at position: Int, of chunks: [(text: String, octetCount: Int)]
    ) -> Int {
        var start = 0
        for chunk in chunks {
            if position < start + chunk.octetCount {
                let word = wordStarts(of: chunk.text).last { start + $0 <= position } ?? 0
                return position - (start + word) <= 1_300 ? start + word : position
            }
            start += chunk.octetCount
        }
        return position
    }
}
