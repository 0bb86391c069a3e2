import Codecs
import Pipeline
import Testing

/// Answers to frequent questions: found, forgotten and bounded.
@Suite struct ResponseCacheTests {
    @Test(arguments: [
        ("¿A qué hora abren?", "a que hora abren"), ("  A que hora, ABREN ", "a que hora abren"),
        ("¿Y el año que viene?", "y el año que viene"), ("PINGÜINO", "pinguino"), ("¡…!", ""),
    ])
    func questionsAreWords(text: String, words: String) {
        #expect(CachedQuestion.normalized(text) == words)
    }

    /// Starts from the basis that FNV-1a defines; texts do not run into each other.
    @Test func fingerprints() {
        #expect(CachedQuestion.fingerprint(of: []) == 0xCBF2_9CE4_8422_2325)
        let texts = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], []]
        #expect(Set(texts.map(CachedQuestion.fingerprint)).count == texts.count)
    }

    /// What decides whether a question makes sense by itself.
    @Test func selfContainedQuestions() {
        let greeting = Message.agent("Hola, ¿en qué le ayudo?", interrupted: false)
        let question = Message.user("¿A qué hora abren?")
        let found = { CachedQuestion.selfContained($0, marked: ["tienen parking"]) }
        #expect(found([greeting, question]) == "¿A qué hora abren?")
        #expect(found([question]) == "¿A qué hora abren?")
        #expect(found([]) == nil)
        #expect(found([question, greeting]) == nil)
        #expect(found([greeting, .user("Hola"), greeting, question]) == nil)
        #expect(found([.context("The caller is Ana."), question]) == nil)
        #expect(found([greeting, .user("Sí")]) == nil)
        #expect(found([greeting, .user("Mi número es 600 12")]) == nil)
        let late: [Message] = [greeting, question, greeting, .user("¿Tienen parking?")]
        #expect(found(late) == "¿Tienen parking?")
    }

    /// Anything but words makes an answer that is not kept.
    @Test func answersWorthKeeping() {
        let call = ToolCall(id: "1", name: "n", arguments: "{}")
        let hints = RecognitionHints(expecting: .yesNo)
        #expect(CachedAnswer([.text("We are "), .text("open.")])?.text == "We are open.")
        #expect(CachedAnswer([.expects(hints), .text("Open?")])?.hints == hints)
        #expect(CachedAnswer([.text("Wait."), .toolCall(call)]) == nil)
        #expect(CachedAnswer([.text("Bye."), .closing(.hangUp)]) == nil)
        #expect(CachedAnswer([.guarded, .text("Listen.")]) == nil)
        #expect(CachedAnswer([.text(" ")]) == nil)
        #expect(CachedAnswer([]) == nil)
    }

    @Test func foundUntilTooOld() throws {
        var cache = ResponseCache()
        let question = Self.question("¿A qué hora abren?")
        #expect(Self.ask(question, &cache, seconds: 0) == nil)
        cache.store(try Self.answer("At nine."), for: question, at: Self.time(10))
        #expect(Self.ask(Self.question("A que hora abren"), &cache, seconds: 3_609) == "At nine.")
        #expect(Self.ask(question, &cache, seconds: 3_610) == nil)
        #expect(cache.count == 0)
        #expect(cache.octetCount == 0)
        #expect(cache.counters.hits == 1)
        #expect(cache.counters.misses == 2)
        #expect(cache.counters.expired == 1)
    }

    /// Another agent, language or prompt is another question.
    @Test func otherwiseAnotherQuestion() throws {
        var cache = ResponseCache()
        cache.store(try Self.answer("Yes."), for: Self.question("q"), at: Self.time(0))
        for other in [
            Self.question("q", agent: "sales"), Self.question("q", fingerprint: 2),
            CachedQuestion("q", agent: "desk", fingerprint: 1, language: .english),
        ] {
            #expect(Self.ask(other, &cache, seconds: 1) == nil)
        }
    }

    @Test func aChangedPromptInvalidates() throws {
        var cache = ResponseCache()
        cache.store(
            try Self.answer("old"), for: Self.question("q", fingerprint: 1), at: Self.time(0))
        cache.store(
            try Self.answer("new"), for: Self.question("q", fingerprint: 2), at: Self.time(0))
        let other = Self.question("q", agent: "sales", fingerprint: 1)
        cache.store(try Self.answer("sales"), for: other, at: Self.time(0))
        cache.promptChanged(of: "desk", in: .english, to: 3)
        #expect(cache.counters.invalidated == 0)
        cache.promptChanged(of: "desk", in: .spanish, to: 2)
        #expect(cache.count == 2)
        #expect(cache.counters.invalidated == 1)
        #expect(Self.ask(Self.question("q", fingerprint: 1), &cache, seconds: 1) == nil)
    }

    /// Audio belongs to its text, language, format and voice.
    @Test func audioOfAnAnswer() throws {
        var cache = ResponseCache()
        let words = [WordTiming(word: "Sí.", start: .milliseconds(20))]
        let said = try #require(
            CachedSpeech([
                SpeechBlock(octets: [1, 2]), SpeechBlock(octets: [3], words: words),
            ]))
        let key = Self.key("Sí.")
        #expect(cache.speech(key, at: Self.time(0)) == nil)
        cache.store(said, as: key, at: Self.time(0))
        let found = cache.speech(key, at: Self.time(3_599))
        #expect(found?.octets == [1, 2, 3])
        #expect(found?.words == words)
        #expect(cache.octetCount == 3 + 4 + 40 + 4)
        for other in [
            Self.key("No."), Self.key("Sí.", voice: "v/leo"),
            Self.key("Sí.", format: AudioFormat(.aLaw, .hz8000)),
            CachedSpeech.Key(
                text: "Sí.", language: .english, format: .telephone, voice: "v/ana"),
        ] {
            #expect(cache.speech(other, at: Self.time(1)) == nil)
        }
        #expect(cache.speech(key, at: Self.time(3_600)) == nil)
        #expect(cache.octetCount == 0)
        #expect(cache.speechCounters.hits == 1)
        #expect(cache.speechCounters.expired == 1)
    }

    /// What comes out of the cache is what went in, in the pieces that engines make.
    @Test func answersAndAudioAreStreamedAgain() throws {
        let hints = RecognitionHints(expecting: .yesNo)
        let answer = try #require(
            CachedAnswer([.expects(hints), .text("We are"), .text(" open.  Come"), .text(" in!")]))
        #expect(
            answer.events == [
                .expects(hints), .text("We"), .text(" are"), .text(" open."), .text("  Come"),
                .text(" in!"),
            ])
        let octets = (0..<9_001).map { UInt8(truncatingIfNeeded: $0) }
        let words = [
            WordTiming(word: "a", start: .zero), WordTiming(word: "b", start: .seconds(1)),
        ]
        let said = try #require(CachedSpeech([SpeechBlock(octets: octets, words: words)]))
        let blocks = said.blocks(in: .telephone)
        #expect(blocks.map(\.octets.count) == [4_000, 4_000, 1_001])
        #expect(blocks.flatMap(\.octets) == octets)
        #expect(blocks.map(\.words) == [words, [], []])
        #expect(said.milliseconds(in: .telephone) == 1_125)
        #expect(CachedSpeech([SpeechBlock(octets: [], words: words)]) == nil)
    }

    @Test func theLeastRecentlyUsedGoesFirst() throws {
        var settings = ResponseCache.Settings()
        settings.mostAnswers = 2
        var cache = ResponseCache(settings)
        for name in ["a", "b"] {
            cache.store(try Self.answer(name), for: Self.question(name), at: Self.time(0))
        }
        #expect(Self.ask(Self.question("a"), &cache, seconds: 1) == "a")
        cache.store(try Self.answer("c"), for: Self.question("c"), at: Self.time(2))
        #expect(Self.ask(Self.question("b"), &cache, seconds: 3) == nil)
        #expect(Self.ask(Self.question("a"), &cache, seconds: 3) == "a")
        #expect(cache.counters.evicted == 1)
    }

    /// Whatever is stored, number and octets stay in bounds and the count of octets is right.
    @Test(arguments: 0..<40)
    func bounded(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var settings = ResponseCache.Settings()
        settings.mostAnswers = 8
        settings.mostOctets = 5_000
        settings.timeToLive = .seconds(200)
        var cache = ResponseCache(settings)
        for second in 0..<400 {
            let question = Self.question(String(Int.random(in: 0..<20, using: &random)))
            let text = String(
                repeating: "x", count: Int.random(in: 1...900, using: &random))
            if Bool.random(using: &random) {
                cache.store(try Self.answer(text), for: question, at: Self.time(second))
            }
            let count = Int.random(in: 1...6_000, using: &random)
            let block = SpeechBlock(octets: [UInt8](repeating: 0, count: count))
            let said = try #require(CachedSpeech([block]))
            cache.store(said, as: Self.key(text), at: Self.time(second))
            if let known = cache.answer(to: question, at: Self.time(second)) {
                _ = cache.speech(Self.key(known.text), at: Self.time(second))
            }
            #expect(cache.count <= 8)
            #expect(cache.octetCount <= 10_000)
        }
        cache.promptChanged(of: "desk", in: .spanish, to: 99)
        #expect(cache.count == 0)
        #expect(cache.octetCount <= 5_000)
    }

    private static func question(
        _ text: String, agent: String = "desk", fingerprint: UInt64 = 1
    ) -> CachedQuestion {
        CachedQuestion(text, agent: agent, fingerprint: fingerprint, language: .spanish)
    }

    private static func answer(_ text: String) throws -> CachedAnswer {
        try #require(CachedAnswer([.text(text)]))
    }

    private static func ask(
        _ question: CachedQuestion, _ cache: inout ResponseCache, seconds: Int
    ) -> String? {
        cache.answer(to: question, at: time(seconds))?.text
    }

    private static func key(
        _ text: String, format: AudioFormat = .telephone, voice: String = "v/ana"
    ) -> CachedSpeech.Key {
        CachedSpeech.Key(text: text, language: .spanish, format: format, voice: voice)
    }

    private static func time(_ seconds: Int) -> MonotonicTime {
        MonotonicTime(sinceStart: .seconds(seconds))
    }
}
