import Pipeline
import Testing

/// How long a silence ends a turn, by what was said and by who says it.
@Suite struct EndpointerTests {
    private static let voiceEnd = MonotonicTime(sinceStart: .seconds(10))

    /// By words alone.
    private static var settings: Endpointer.Settings {
        var settings = Endpointer.Settings()
        settings.minimum = .milliseconds(200)
        settings.maximum = .milliseconds(1_200)
        settings.usesProsody = false
        return settings
    }

    /// The wait in milliseconds once `text` came so long after the last voice; `nil`: no text.
    private static func wait(
        _ text: String?, stable: Bool, after delayMilliseconds: Int = 100,
        expecting: ExpectedEntity? = nil,
        settings: Endpointer.Settings = settings
    ) -> Int {
        var endpointer = Endpointer(
            language: .english, settings: settings, interimsAreStable: stable)
        endpointer.begin(expecting: expecting)
        if let text {
            endpointer.heard(
                text, at: voiceEnd.advanced(by: .milliseconds(delayMilliseconds)))
        }
        return Int(endpointer.wait(lastVoice: voiceEnd) / .milliseconds(1))
    }

    @Test(arguments: [
        ("that's all thank you", 200, 480), ("tuesday", 480, 480), ("tuesday and", 1_200, 1_200),
    ])
    func waitFollowsTheWords(_ text: String, stable: Int, unstable: Int) {
        #expect(Self.wait(text, stable: true) == stable)
        #expect(Self.wait(text, stable: false) == unstable)
    }

    @Test(arguments: [true, false], [nil, ExpectedEntity.digits(count: 7), .yesNo])
    /// A recogniser whose words can be relied upon owes the first ones for 600 ms.
    func withoutTextThePauseHolds(stable: Bool, expecting: ExpectedEntity?) {
        #expect(Self.wait(nil, stable: stable, expecting: expecting) == (stable ? 600 : 480))
    }

    /// A text from before the last voice may lack the last word, which is waited for.
    @Test func oldTextDoesNotShorten() {
        #expect(Self.wait("that's all thank you", stable: true, after: -20) == 600)
        #expect(Self.wait("tuesday", stable: true, after: -20) == 600)
        #expect(Self.wait("tuesday", stable: false, after: -20) == 480)
        #expect(Self.wait("that's all thank you", stable: true, after: 0) == 200)
        #expect(Self.wait("tuesday and", stable: true, after: -20) == 1_200)
    }

    @Test(arguments: [
        (ExpectedEntity.digits(count: 7), "five five five", 1_200),
        (.digits(count: 3), "five five five", 200), (.yesNo, "yes", 200), (.name, "john", 480),
        (.email, "ana at", 1_200), (.date, "march", 1_200), (.time, "ten thirty", 480),
    ])
    func waitFollowsTheQuestion(_ expecting: ExpectedEntity, _ text: String, _ wait: Int) {
        #expect(Self.wait(text, stable: true, expecting: expecting) == wait)
    }

    /// A pause configured outside of the bounds widens them.
    @Test(arguments: [(100, 100, 100, 1_200), (1_500, 200, 1_500, 1_500)])
    func configuredPause(_ pauseMilliseconds: Int, _ complete: Int, _ neutral: Int, _ open: Int) {
        var settings = Self.settings
        settings.pause = .milliseconds(pauseMilliseconds)
        #expect(Self.wait("that's all", stable: true, settings: settings) == complete)
        #expect(Self.wait("tuesday", stable: true, settings: settings) == neutral)
        #expect(Self.wait("tuesday and", stable: true, settings: settings) == open)
    }

    /// An endpointer in the middle of a turn whose words are `text`.
    private static func endpointer(_ text: String) -> Endpointer {
        var endpointer = Endpointer(
            language: .english, settings: settings, interimsAreStable: true)
        endpointer.begin(expecting: nil)
        endpointer.heard(text, at: voiceEnd)
        return endpointer
    }

    private static func resume(_ endpointer: inout Endpointer, after milliseconds: Int) {
        endpointer.resumed(after: .milliseconds(milliseconds), lastVoice: voiceEnd)
        endpointer.confirmResumption()
    }

    /// Once resumed, pauses are waited for longer: by up to half where the words tell nothing, and
    /// by up to 30 % of the way there where they are complete.
    @Test(arguments: ["tuesday", "that's all"], [390, 500, 640, 700, 1_000, 1_080])
    func aPauseIsLearned(_ text: String, pauseMilliseconds: Int) {
        var endpointer = Self.endpointer(text)
        Self.resume(&endpointer, after: pauseMilliseconds)
        let wait = endpointer.wait(lastVoice: Self.voiceEnd)
        let learned = Duration.milliseconds(pauseMilliseconds + 100)
        #expect(wait >= min(learned, .milliseconds(text == "tuesday" ? 720 : 284)))
        #expect(wait <= .milliseconds(text == "tuesday" ? 720 : 284))
        // Kept in the turns after it, if less and less.
        var waits = [wait]
        for _ in 0..<60 {
            endpointer.turnEnded()
            endpointer.begin(expecting: nil)
            endpointer.heard(text, at: Self.voiceEnd)
            endpointer.turnEnded()
            waits.append(endpointer.wait(lastVoice: Self.voiceEnd))
        }
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(waits.last == .milliseconds(text == "tuesday" ? 480 : 200))
    }

    /// What is no evidence: pauses that are survived anyhow, behind open words, too long, coughs.
    @Test func whatIsNotLearned() {
        var endpointer = Self.endpointer("tuesday")
        Self.resume(&endpointer, after: 380)
        Self.resume(&endpointer, after: 1_220)
        endpointer.resumed(after: .milliseconds(700), lastVoice: Self.voiceEnd)
        #expect(endpointer.wait(lastVoice: Self.voiceEnd) == .milliseconds(480))
        endpointer = Self.endpointer("tuesday and")
        Self.resume(&endpointer, after: 900)
        endpointer.heard("tuesday", at: Self.voiceEnd)
        #expect(endpointer.wait(lastVoice: Self.voiceEnd) == .milliseconds(480))
    }

    /// Whatever happens, the wait stays within its bounds; without text it is known.
    @Test(arguments: 0..<50)
    func waitIsBounded(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let isStable = Bool.random(using: &random)
        var endpointer = Endpointer(
            language: .english, settings: Self.settings, interimsAreStable: isStable)
        let texts = ["tuesday", "and", "that's all", "", "five", "ana at", "yes"]
        let entities: [ExpectedEntity?] = [nil, .digits(count: 3), .email, .yesNo, .date]
        var now = 0
        var hasText = false
        for _ in 0..<500 {
            now += Int.random(in: 0...700, using: &random)
            let time = MonotonicTime(sinceStart: .milliseconds(now))
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                endpointer.begin(expecting: entities.randomElement(using: &random) ?? nil)
                hasText = false
            case 1:
                endpointer.heard(texts.randomElement(using: &random) ?? "", at: time)
                hasText = true
            case 2:
                endpointer.resumed(
                    after: .milliseconds(Int.random(in: -100...3_000, using: &random)),
                    lastVoice: time)
            case 3: endpointer.confirmResumption()
            default: endpointer.turnEnded()
            }
            let lastVoice = time.advanced(
                by: .milliseconds(-Int.random(in: 0...500, using: &random)))
            let wait = endpointer.wait(lastVoice: lastVoice)
            #expect((.milliseconds(200)...(.milliseconds(1_200))).contains(wait))
            if !hasText { #expect(wait == .milliseconds(isStable ? 600 : 480)) }
            #expect(endpointer.isOver(lastVoice: lastVoice, at: lastVoice.advanced(by: wait)))
        }
    }
}
