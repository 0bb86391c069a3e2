import Codecs
import Pipeline
import Testing

/// Where a paused answer goes on, at the sample.
@Suite struct SpokenAnswerResumingTests {
    /// 8 kHz µ-law: 8 octets are a millisecond, 80 a window of levels.
    private static let octetsPerSecond = 8_000
    /// 650 ms.
    private static let longestRewind = 5_200
    /// Where the chunk in question starts.
    private static let start = 16_000

    /// A chunk before, then `text` at 50 ms a character.
    private static func answer(
        _ text: String, words: [(String, Int)] = [], quiet: [Range<Int>] = [],
        isComplete: Bool = true, hasLevels: Bool = true, number: Int? = 1
    ) -> SpokenAnswer {
        let milliseconds = text.count * 50
        var answer = SpokenAnswer(octetsPerSecond: octetsPerSecond)
        answer.begin("Before.", number: 0, at: 0)
        answer.append(octetCount: start, levels: Array(repeating: 60, count: 200))
        answer.completeChunk()
        answer.begin(text, number: number, at: start)
        let levels = (0..<milliseconds / 10).map { window -> UInt8 in
            quiet.contains { $0.contains(window * 10) } ? 60 : 20
        }
        answer.append(
            octetCount: milliseconds * 8,
            words: words.map { WordTiming(word: $0.0, start: .milliseconds($0.1)) },
            levels: hasLevels ? levels : [])
        if isComplete { answer.completeChunk() }
        return answer
    }

    private static func resumption(_ answer: SpokenAnswer, _ stop: Int) -> Int {
        answer.resumption(stoppedAt: stop, longestRewind: longestRewind)
    }

    // MARK: By word timings

    @Test(arguments: [
        (0, 0), (1, 0), (40, 0), (499, 0), (500, 500), (501, 500), (799, 500), (800, 800),
        (1_200, 800),
        // 660 ms into the word, further back than is said again: the sample.
        (1_460, 1_460),
    ])
    func theWordsStart(stop: Int, expected: Int) {
        let answer = Self.answer(
            "hello, my wonderful, extraordinary", words: [("hello,", 0), ("my", 500), ("w", 800)],
            hasLevels: false)
        #expect(Self.resumption(answer, Self.start + stop * 8) == Self.start + expected * 8)
    }

    /// At the octet: a stop one octet before the word and at it.
    @Test func theWordsStartAtTheOctet() {
        let answer = Self.answer(
            "hello world", words: [("hello", 0), ("world", 301)], hasLevels: false)
        #expect(Self.resumption(answer, 16_000 + 2_407) == 16_000)
        #expect(Self.resumption(answer, 16_000 + 2_408) == 18_408)
        #expect(Self.resumption(answer, 16_000 + 2_409) == 18_408)
    }

    /// The gap before the next word is between words; a stop inside a word is none.
    @Test(arguments: [(750, 750), (690, 0), (320, 0), (805, 800)])
    func aStopInAGapStays(stop: Int, expected: Int) {
        let answer = Self.answer(
            "hello, dear world of words", words: [("hello,", 0), ("dear", 800)],
            quiet: [300..<340, 700..<800])
        let limit = 6_000  // 750 ms, so that the first word is in reach
        #expect(
            answer.resumption(stoppedAt: Self.start + stop * 8, longestRewind: limit)
                == Self.start + expected * 8)
    }

    // MARK: By the quiet between words

    /// Words begin at 0, 350 and 800 ms if all characters last alike.
    private static let text = "abcdef ghijklmn opqrstuvwxyzabc"

    @Test(arguments: [
        (600, 350),  // a window before the voice that follows the gap at 300
        (1_000, 830), (1_400, 830),
        (820, 820),  // in a gap near a word's start
        (320, 320),
        (200, 0),  // the chunk's own start is near enough
    ])
    func theGapBeforeTheWord(stop: Int, expected: Int) {
        let answer = Self.answer(Self.text, quiet: [300..<360, 800..<840])
        #expect(Self.resumption(answer, Self.start + stop * 8) == Self.start + expected * 8)
    }

    /// A stop consonant inside the word is nearer, and not where a word can begin.
    @Test func theLikelierGapWins() {
        let answer = Self.answer(Self.text, quiet: [300..<360, 800..<840, 1_000..<1_040])
        #expect(Self.resumption(answer, Self.start + 1_200 * 8) == Self.start + 830 * 8)
    }

    /// Where the text gives no hint, it is the last gap.
    @Test func theLastGapOtherwise() {
        let answer = Self.answer(
            String(repeating: "a", count: 40), quiet: [900..<940, 1_200..<1_240])
        #expect(Self.resumption(answer, Self.start + 1_500 * 8) == Self.start + 1_230 * 8)
    }

    /// While its end is not known, a chunk is taken to be spoken at 14 characters a second.
    @Test func anOpenChunk() {
        let answer = Self.answer(Self.text, quiet: [440..<500, 900..<940], isComplete: false)
        // 1 000 ms are 14 characters: the second word, from 7 characters or 500 ms on.
        #expect(Self.resumption(answer, Self.start + 1_000 * 8) == Self.start + 490 * 8)
    }

    @Test func withoutAGapItIsTheSample() {
        let stop = Self.start + 8_003
        #expect(Self.resumption(Self.answer(Self.text), stop) == stop)
        #expect(Self.resumption(Self.answer(Self.text, hasLevels: false), stop) == stop)
        let farGap = Self.answer(Self.text, quiet: [200..<260])
        #expect(Self.resumption(farGap, stop) == stop)
        let tooShort = Self.answer(Self.text, quiet: [800..<830])
        #expect(Self.resumption(tooShort, stop) == stop)
    }

    /// 100 ms of quiet are a pause, wherever the words are taken to lie.
    @Test func aPauseIsAPause() {
        let answer = Self.answer(String(repeating: "a", count: 40), quiet: [900..<1_000])
        let stop = Self.start + 990 * 8 + 5
        #expect(Self.resumption(answer, stop) == stop)
    }

    @Test func neverIntoTheChunkBefore() {
        let answer = Self.answer(Self.text, quiet: [300..<360])
        #expect(Self.resumption(answer, Self.start + 80) == Self.start)
        #expect(Self.resumption(answer, Self.start) == Self.start)
        #expect(Self.resumption(answer, Self.start + 12_400) == Self.start + 12_400)
        #expect(Self.resumption(answer, Self.start + 99_999) == Self.start + 99_999)
        let nothing = SpokenAnswer(octetsPerSecond: Self.octetsPerSecond)
        #expect(Self.resumption(nothing, 77) == 77)
    }

    @Test func aFillerGoesOnAtTheSample() {
        let filler = Self.answer(Self.text, quiet: [300..<360], number: nil)
        #expect(Self.resumption(filler, Self.start + 4_801) == Self.start + 4_801)
    }

    // MARK: Levels

    /// 10 ms of a full-scale square wave, of digital silence and of a 1/16 one, cut anywhere.
    @Test(arguments: [1, 7, 80, 160, 1_000])
    func levelsWhateverTheBlocks(octetCount: Int) {
        let format = AudioFormat(.linear16, .hz8000)
        var octets: [UInt8] = []
        for amplitude in [32_767, 0, 2_048, 2_048] {
            for index in 0..<80 {
                let sample = UInt16(bitPattern: Int16(index % 2 == 0 ? amplitude : -amplitude))
                octets += [UInt8(sample & 0xFF), UInt8(sample >> 8)]
            }
        }
        octets += [1, 2, 3]
        var meter = SpeechLevelMeter(format)
        var levels: [UInt8] = []
        var sent: [UInt8] = []
        for start in stride(from: 0, to: octets.count, by: octetCount) {
            let block = SpeechBlock(
                octets: Array(octets[start..<min(start + octetCount, octets.count)]))
            let measured = meter.measure(block)
            levels += measured.levels
            sent += measured.octets
        }
        // 2 048 is 1/16 of full scale: 24.08 dB below it.
        #expect(levels == [0, 127, 24, 24])
        #expect(sent == octets)
    }

    @Test func levelsOfTelephoneFormats() {
        // ITU-T G.711: 0xFF and 0xD5 are the smallest steps, 0x80 and 0xAA the largest.
        for (format, quiet, loud) in [
            (AudioFormat.telephone, UInt8(0xFF), UInt8(0x80)),
            (AudioFormat(.aLaw, .hz8000), UInt8(0xD5), UInt8(0xAA)),
        ] {
            var meter = SpeechLevelMeter(format)
            let octets = Array(repeating: quiet, count: 80) + Array(repeating: loud, count: 80)
            let levels = meter.measure(SpeechBlock(octets: octets)).levels
            #expect(levels.count == 2)
            #expect((levels.first ?? 0) >= 72)
            #expect(levels.last == 0)
        }
        var packets = SpeechLevelMeter(AudioFormat(.opus, .hz48000))
        #expect(packets.measure(SpeechBlock(octets: [1, 2])).levels.isEmpty)
    }
}
