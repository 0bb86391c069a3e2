import Pipeline
import Testing

/// How long a silence ends a turn when the melody counts as well as the words.
@Suite struct TurnOddsTests {
    private static let voiceEnd = MonotonicTime(sinceStart: .seconds(10))

    private static func endpointer(interimsAreStable: Bool = true) -> Endpointer {
        var settings = Endpointer.Settings()
        settings.minimum = .milliseconds(100)
        settings.pause = .milliseconds(400)
        settings.maximum = .milliseconds(1_100)
        settings.usesProsody = true
        var endpointer = Endpointer(
            language: .english, settings: settings, interimsAreStable: interimsAreStable)
        endpointer.begin(expecting: nil)
        return endpointer
    }

    private static func wait(_ endpointer: Endpointer) -> Int {
        Int(endpointer.wait(lastVoice: voiceEnd) / .milliseconds(1))
    }

    /// The waits in milliseconds without text, with complete and open text of before the last
    /// word, and with its complete, neutral and open text; 1,000 ms · 300 f ÷ (300 f + 700) + 100 ms
    /// by hand, and 600 ms at least while a word is owed and the voice did not fall.
    @Test(arguments: [
        (nil, [600, 600, 636, 145, 636, 1_100]),
        (Intonation.unknown, [600, 600, 636, 145, 636, 1_100]),
        (Intonation(semitonesAboveLow: -1), [134, 134, 187, 104, 187, 1_100]),
        (Intonation(semitonesAboveLow: 0.4), [600, 600, 636, 145, 636, 1_100]),
        (Intonation(semitonesAboveLow: 3), [939, 939, 1_034, 465, 1_034, 1_100]),
    ])
    func waitFollowsWordsAndMelody(_ intonation: Intonation?, _ waits: [Int]) {
        let texts: [(text: String?, delayMilliseconds: Int)] = [
            (nil, 0), ("that's all", -20), ("tuesday and", -20), ("that's all", 100),
            ("tuesday", 100), ("tuesday and", 100),
        ]
        for (said, expected) in zip(texts, waits) {
            var endpointer = Self.endpointer()
            if let intonation { endpointer.heard(intonation) }
            if let text = said.text {
                endpointer.heard(
                    text, at: Self.voiceEnd.advanced(by: .milliseconds(said.delayMilliseconds)))
            }
            #expect(Self.wait(endpointer) == expected, "\(said)")
        }
    }

    /// What the melody told counts for its pause only.
    @Test func theNextPauseIsAnother() {
        var endpointer = Self.endpointer()
        endpointer.heard(Intonation(semitonesAboveLow: -1))
        endpointer.resumed(after: .milliseconds(120), lastVoice: Self.voiceEnd)
        #expect(Self.wait(endpointer) == 600)
        endpointer.heard(Intonation(semitonesAboveLow: -1))
        endpointer.begin(expecting: nil)
        #expect(Self.wait(endpointer) == 600)
    }

    /// Without words to rely on, a fall takes a quarter off and a high voice adds a half.
    @Test(arguments: [(Float(-1), 300), (0.4, 400), (3, 600)])
    func unstableWordsLeaveThePause(height: Float, wait: Int) {
        var endpointer = Self.endpointer(interimsAreStable: false)
        endpointer.heard(Intonation(semitonesAboveLow: height))
        #expect(Self.wait(endpointer) == wait)
        endpointer.heard("that's all", at: Self.voiceEnd)
        #expect(Self.wait(endpointer) == wait)
    }

    /// Told to go without the melody, it goes without.
    @Test func itCanBeTurnedOff() {
        var settings = Endpointer.Settings()
        settings.usesProsody = false
        var endpointer = Endpointer(language: .english, settings: settings, interimsAreStable: true)
        endpointer.begin(expecting: nil)
        endpointer.heard("tuesday", at: Self.voiceEnd)
        for height: Float in [-1, 3] {
            endpointer.heard(Intonation(semitonesAboveLow: height))
            #expect(Self.wait(endpointer) == 480)
        }
    }

    /// The higher the voice stood, the longer the wait, and never out of its bounds.
    @Test(arguments: ["that's all", "tuesday", "tuesday and", nil], [true, false])
    func waitRisesWithTheVoice(text: String?, isStable: Bool) {
        var last = 0
        for tenths in -60...110 {
            var endpointer = Self.endpointer(interimsAreStable: isStable)
            endpointer.heard(Intonation(semitonesAboveLow: Float(tenths) / 10))
            if let text { endpointer.heard(text, at: Self.voiceEnd) }
            #expect((max(100, last)...1_100).contains(Self.wait(endpointer)))
            last = Self.wait(endpointer)
        }
    }

    /// Bounds that leave no room, and a pause on or outside of them.
    @Test(arguments: [(300, 300, 300, 300), (100, 100, 900, 100), (100, 900, 900, 900)])
    func equalBounds(
        minimumMilliseconds: Int, pauseMilliseconds: Int, maximumMilliseconds: Int, wait: Int
    ) {
        var settings = Endpointer.Settings()
        settings.minimum = .milliseconds(minimumMilliseconds)
        settings.pause = .milliseconds(pauseMilliseconds)
        settings.maximum = .milliseconds(maximumMilliseconds)
        settings.usesProsody = true
        var endpointer = Endpointer(
            language: .english, settings: settings, interimsAreStable: true)
        endpointer.begin(expecting: nil)
        endpointer.heard("that's all", at: Self.voiceEnd)
        #expect(Self.wait(endpointer) == wait)
    }

    /// As flight records keep it: to a tenth of a semitone, within bounds; older records told
    /// falls, rises and level voices apart.
    @Test func intonationsAreOctets() {
        for tenths in -50...100 {
            let intonation = Intonation(semitonesAboveLow: Float(tenths) / 10)
            #expect(Intonation(rawValue: intonation.rawValue) == intonation)
            let height = intonation.semitonesAboveLow ?? 99
            #expect(abs(height - Float(tenths) / 10) < 0.01)
        }
        #expect(Intonation(semitonesAboveLow: -40) == Intonation(semitonesAboveLow: -5))
        #expect(Intonation(semitonesAboveLow: 40) == Intonation(semitonesAboveLow: 10))
        let known = (0...255).filter { Intonation(rawValue: $0) != nil }
        #expect(known == [0, 1, 2, 3] + Array(16...166))
        let old = (0...3).map { Intonation(rawValue: $0)?.semitonesAboveLow }
        #expect(old == [nil, -1, 3, 3])
    }
}
