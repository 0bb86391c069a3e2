import Events
import Pipeline
import Testing

/// What is left of a chunk when its voice fails, and what the caller heard of the change.
@Suite struct SpeechRemainderTests {
    private static let text = "Abrimos de nueve a dos, todos los días."
    private static let timings = [
        ("Abrimos", 0), ("de", 500), ("nueve", 650), ("a", 1_000), ("dos", 1_100), ("todos", 1_700),
    ].map { WordTiming(word: $0.0, start: .milliseconds($0.1)) }

    /// Audio in milliseconds that came, and what was said by then.
    @Test(arguments: [
        (0, ""), (400, ""), (501, "Abrimos"), (660, "Abrimos de"), (1_050, "Abrimos de nueve"),
        (1_110, "Abrimos de nueve a"), (1_690, "Abrimos de nueve a dos,"),
        (1_710, "Abrimos de nueve a dos,"), (2_200, "Abrimos de nueve a dos, todos"),
    ])
    func byTimings(audioMilliseconds: Int, said: String) {
        let came = Self.timings.filter { $0.start < .milliseconds(audioMilliseconds) }
        let remainder = SpeechRemainder(
            of: Self.text, words: came, audio: .milliseconds(audioMilliseconds))
        #expect(remainder.said == said)
        let parts = [remainder.said, remainder.left].filter { !$0.isEmpty }
        #expect(parts.joined(separator: " ") == Self.text)
        #expect(remainder.resumesAt == .milliseconds(audioMilliseconds))
    }

    /// Fourteen characters a second unless the voice is known to be faster or slower.
    @Test func byPace() {
        let text = "Uno dos tres cuatro"  // ends of words: 3, 7, 12, 19
        var pace = SpeakingPace()
        #expect(SpeechRemainder(of: text, words: [], audio: .seconds(1)).said == "Uno dos tres")
        pace.learn("12345678901234567890", audio: .seconds(2))  // 10 a second
        let slow = SpeechRemainder(of: text, words: [], audio: .seconds(1), pace: pace)
        #expect(slow.said == "Uno dos")
        #expect(slow.left == "tres cuatro")
    }

    /// Timings of other words than the text's ("10" read as "diez") are not trusted.
    @Test func foreignTimings() {
        let remainder = SpeechRemainder(
            of: "A las 10 en punto",
            words: [
                WordTiming(word: "A", start: .zero), WordTiming(word: "las", start: .zero),
                WordTiming(word: "diez", start: .milliseconds(1)),
            ], audio: .milliseconds(100))
        #expect(remainder.said == "A")
    }

    /// Said and left make the text again, whatever came.
    @Test(arguments: 0..<100)
    func nothingIsLost(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let words = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            ["ya", "1.234,56", "Sí,", "mañana.", "x"][Int.random(in: 0..<5, using: &random)]
        }
        let timings = words.enumerated().map {
            WordTiming(word: $1, start: .milliseconds($0 * 300))
        }
        let remainder = SpeechRemainder(
            of: words.joined(separator: " "),
            words: Array(timings.prefix(Int.random(in: 0...13, using: &random))),
            audio: .milliseconds(Int.random(in: 0...4_000, using: &random)))
        let parts = [remainder.said, remainder.left].filter { !$0.isEmpty }
        #expect(parts.joined(separator: " ") == words.joined(separator: " "))
    }

    /// Trouble at 1 s; the audio at hand runs out, the next audio comes; all in milliseconds.
    @Test(arguments: [
        (nil, 1_500, 0.0), (800, 1_500, 500), (1_200, 1_500, 300), (1_500, 1_500, 0),
    ])
    func gapHeard(quietSince: Int?, next: Int, expected: Double) {
        var gaps = FailoverGaps()
        gaps.switched(
            ProviderSwitch(
                stage: .speech, from: "a", to: "b", cause: .server(status: 500),
                since: Self.time(1_000)))
        let events = gaps.audioSent(at: Self.time(next), quietSince: quietSince.map(Self.time))
        #expect(
            events == [
                ProviderFailover(
                    stage: "tts", from: "a", to: "b", cause: "server_500",
                    gapMilliseconds: expected)
            ])
        #expect(gaps.isEmpty)
        #expect(gaps.ended(at: Self.time(9_000)).isEmpty)
    }

    /// Three tries, then the next request decides.
    @Test func warmUp() {
        var settings = FailoverSettings()
        settings.backoff.jitterPercent = 0
        var policy = FailoverPolicy(
            stage: .speech, providers: ["A", "B"], hasLastResort: false, settings: settings,
            seed: 0)
        var warmUp = ConnectionWarmUp(of: 0)
        var trace: [String] = []
        func handle(_ event: ConnectionWarmUp.Event, _ now: Int) {
            let action = warmUp.handle(event, at: Self.time(now), policy: &policy)
            let due = warmUp.deadline.map { " until \(Int($0.sinceStart.milliseconds))" } ?? ""
            trace.append("\(now) \(action)\(due)")
        }
        handle(.begin, 0)
        handle(.failed(.refused), 10)
        handle(.deadline, 900)
        handle(.deadline, 1_010)
        handle(.failed(.refused), 1_020)
        handle(.deadline, 3_020)
        handle(.failed(.dns), 3_030)
        handle(.begin, 3_040)
        #expect(
            trace
                == [
                    "0 connect", "10 none until 1010", "900 none until 1010", "1010 connect",
                    "1020 none until 3020", "3020 connect", "3030 giveUp(dns)", "3040 none",
                ].map { $0.replacing("dns", with: "Pipeline.ProviderFailure.dns") })
        #expect(policy.candidates() == [1])
    }

    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .milliseconds(milliseconds))
    }
}
