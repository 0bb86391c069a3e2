import Codecs
import Pipeline
import Providers
import Synchronization
import Testing

/// A model and a voice with the response cache in front, in virtual time.
@Suite struct CachingEngineTests {
    private static let greeting = Message.agent("Hello.", interrupted: false)
    private static let question = Message.user("When do you open?")

    /// What the engines under test share.
    private struct Setup {
        let time = VirtualTime()
        let cache: SharedResponseCache
        /// Of the prompt; tests change it.
        let fingerprint = Fingerprint()

        init(timeToLive: Duration = .seconds(60)) {
            var settings = ResponseCache.Settings()
            settings.timeToLive = timeToLive
            cache = SharedResponseCache(settings, clock: time)
        }

        func model(
            _ models: any LanguageModel..., keepsAnswers: Bool = true
        ) -> CachingModel {
            let chain = ProviderChain(
                stage: .model, models.enumerated().map { .init("\($0)", $1) },
                hasLastResort: false, clock: time, seed: 1)
            var agent = CachingModel.Agent("desk") { [fingerprint] _ in fingerprint.value }
            agent.keepsAnswers = keepsAnswers
            return CachingModel(ChainedModel(chain), agent: agent, cache: cache)
        }

        func voice(_ voices: any SpeechSynthesizer...) -> CachingSynthesizer {
            let chain = ProviderChain(
                stage: .speech, voices.enumerated().map { .init("\($0)", $1) },
                hasLastResort: false, clock: time, seed: 1)
            return CachingSynthesizer(
                ChainedSynthesizer(chain), name: { "v/\($0.rawValue)" }, cache: cache)
        }
    }

    private final class Languages: Sendable {
        private let list = Mutex<[Language]>([])
        var all: [Language] { list.withLock { $0 } }
        func add(_ language: Language) { list.withLock { $0.append(language) } }
    }

    private final class Fingerprint: Sendable {
        private let number = Mutex<UInt64>(1)
        var value: UInt64 {
            get { number.withLock { $0 } }
            set { number.withLock { $0 = newValue } }
        }
    }

    /// One call's answer: what was said, and what came of it.
    private final class Caller: Sendable {
        let call = EngineCall(id: "c")
        private let heard = Mutex<[String]>([])
        private let octets = Mutex<[UInt8]>([])
        private let words = Mutex<[WordTiming]>([])
        var all: [String] { heard.withLock { $0 } }
        var audio: [UInt8] { octets.withLock { $0 } }
        var timings: [WordTiming] { words.withLock { $0 } }

        func ask(_ model: CachingModel, _ history: [Message], generation: Int = 1) async {
            await working(generation) { [self] in
                do {
                    let request = ModelRequest(language: .english, history: history)
                    var answer = ""
                    for try await event in model.answer(request) {
                        if case .text(let text) = event { answer += text }
                    }
                    heard.withLock { $0.append(answer) }
                } catch {
                    heard.withLock { $0.append("\(error)") }
                }
            }
        }

        func hear(
            _ voice: CachingSynthesizer, _ text: String, format: AudioFormat = .telephone,
            generation: Int = 1
        ) async {
            await working(generation) { [self] in
                do {
                    let blocks = voice.synthesize(text, language: .english, format: format)
                    for try await block in blocks {
                        octets.withLock { $0 += block.octets }
                        words.withLock { $0 += block.words }
                    }
                } catch {
                    heard.withLock { $0.append("\(error)") }
                }
            }
        }

        private func working(_ generation: Int, _ work: @Sendable () async -> Void) async {
            let context = EngineContext(call: call, generation: generation) { _ in }
            await EngineContext.$current.withValue(context) { await work() }
        }
    }

    private static func says(_ text: String) -> [EngineStep<ModelEvent>] {
        text.split(separator: " ").map { .give(.text("\($0) "), after: 10) }
    }

    /// The same question in two calls is asked once, and the second caller does not wait.
    @Test func aFrequentQuestionIsAskedOnce() {
        let setup = Setup()
        let scripted = ScriptedModel(setup.time, Self.says("We open at nine."))
        let model = setup.model(scripted)
        let (first, second) = (Caller(), Caller())
        setup.time.run {
            await first.ask(model, [Self.greeting, Self.question])
            let asked = setup.time.milliseconds
            await second.ask(model, [Self.greeting, .user("when do you open")])
            #expect(setup.time.milliseconds == asked)
        }
        #expect(first.all == ["We open at nine. "])
        #expect(second.all == first.all)
        #expect(scripted.engine.requests.count == 1)
        var amount = UsageAmount()
        amount.requests = 1
        #expect(second.call.usage.amounts == [.cache(.model): amount])
        #expect(setup.cache.figures.answers.hits == 1)
        #expect(setup.cache.figures.answers.stored == 1)
    }

    /// Another prompt, a day later, or a question that depends on what was said: asked again.
    @Test func whatDependsOnMoreIsAskedAgain() {
        let setup = Setup()
        let scripted = ScriptedModel(setup.time, Self.says("Yes."))
        let model = setup.model(scripted)
        let caller = Caller()
        setup.time.run {
            await caller.ask(model, [Self.greeting, Self.question])
            await caller.ask(model, [Self.greeting, Self.question, Self.greeting, Self.question])
            await caller.ask(model, [.context("The caller is Ana."), Self.question])
            #expect(scripted.engine.requests.count == 3)
            setup.fingerprint.value = 2
            await caller.ask(model, [Self.greeting, Self.question])
            #expect(scripted.engine.requests.count == 4)
            #expect(setup.cache.figures.answers.invalidated == 1)
            setup.time.advance(milliseconds: 60_000)
            await caller.ask(model, [Self.greeting, Self.question])
            #expect(scripted.engine.requests.count == 5)
        }
        #expect(setup.cache.figures.answers.hits == 0)
    }

    /// How an answer fails to be worth keeping.
    enum Unworthy: CaseIterable { case brokenOff, byAStandIn, withATool, abandoned }

    @Test(arguments: Unworthy.allCases)
    func notEveryAnswerIsKept(unworthy: Unworthy) {
        let setup = Setup()
        let time = setup.time
        let call = ToolCall(id: "1", name: "n", arguments: "{}")
        let model: CachingModel
        switch unworthy {
        case .brokenOff:
            model = setup.model(
                ScriptedModel(
                    time, [.give(.text("Well. "), after: 10), .fail(.closedEarly, after: 10)]))
        case .byAStandIn:
            model = setup.model(
                ScriptedModel(time, [.fail(.refused, after: 10)]),
                ScriptedModel(time, Self.says("Yes.")))
        case .withATool:
            model = setup.model(
                ScriptedModel(
                    time, [.give(.text("Wait. "), after: 10), .give(.toolCall(call), after: 10)]))
        case .abandoned: model = setup.model(ScriptedModel(time, Self.says("one two three")))
        }
        let caller = Caller()
        time.run {
            guard unworthy == .abandoned else {
                return await caller.ask(model, [Self.greeting, Self.question])
            }
            let answer = model.answer(
                ModelRequest(language: .english, history: [Self.greeting, Self.question]))
            do { for try await _ in answer { break } } catch { Issue.record(error) }
        }
        #expect(setup.cache.figures.answers.misses == 1)
        #expect(setup.cache.figures.answers.stored == 0)
    }

    /// Only the audio of frequent answers is kept, with its words, for calls that sound the same.
    @Test func audioIsPlayedAgain() {
        let setup = Setup()
        let time = setup.time
        let model = setup.model(ScriptedModel(time, Self.says("At nine.")))
        let words = [WordTiming(word: "At", start: .milliseconds(20))]
        let scripted = ScriptedVoice(
            time,
            [
                .give(SpeechBlock(octets: [1, 2], words: words), after: 100),
                .give(SpeechBlock(octets: [3]), after: 10),
            ])
        let voice = setup.voice(scripted)
        let (first, second) = (Caller(), Caller())
        time.run {
            await first.ask(model, [Self.greeting, Self.question])
            await first.hear(voice, "At nine.")
            await second.ask(model, [Self.greeting, Self.question])
            let said = time.milliseconds
            await second.hear(voice, "At nine.")
            #expect(time.milliseconds == said)
            #expect(second.audio == [1, 2, 3])
            #expect(second.timings == words)
            #expect(scripted.engine.requests.count == 1)
            await second.hear(voice, "At nine.", format: AudioFormat(.aLaw, .hz8000))
            #expect(scripted.engine.requests.count == 2)
            // What the agent says in another answer is nobody else's.
            await second.hear(voice, "At nine.", generation: 2)
            #expect(scripted.engine.requests.count == 3)
            await second.ask(
                model,
                [Self.question, .toolResult(.init(callID: "1", succeeded: true, content: ""))]
            )
            await second.hear(voice, "At nine.")
            #expect(scripted.engine.requests.count == 4)
        }
        #expect(first.audio == [1, 2, 3])
        #expect(setup.cache.figures.speech.hits == 1)
        #expect(setup.cache.figures.speech.stored == 2)
        #expect(second.call.usage.amounts[.cache(.speech)]?.requests == 1)
    }

    /// Half a sentence, and the voice of another provider, are not kept.
    @Test(arguments: [true, false])
    func audioOfAStandInIsNotKept(breaksOff: Bool) {
        let setup = Setup()
        let time = setup.time
        let model = setup.model(ScriptedModel(time, Self.says("At nine.")))
        let voice = setup.voice(
            ScriptedVoice(
                time,
                breaksOff
                    ? [.give(SpeechBlock(octets: [1]), after: 10), .fail(.closedEarly, after: 10)]
                    : [.fail(.refused, after: 10)]),
            ScriptedVoice(time, [.give(SpeechBlock(octets: [9]), after: 10)]))
        let caller = Caller()
        time.run {
            await caller.ask(model, [Self.greeting, Self.question])
            await caller.hear(voice, "At nine.")
        }
        #expect(caller.audio.last == 9)
        #expect(setup.cache.figures.speech.stored == 0)
    }

    /// An agent of rules is asked every time, and its words are synthesised once.
    @Test func rulesKeepOnlyTheirAudio() {
        let setup = Setup()
        let time = setup.time
        let scripted = ScriptedModel(time, Self.says("At nine."))
        let model = setup.model(scripted, keepsAnswers: false)
        let voice = ScriptedVoice(time, [.give(SpeechBlock(octets: [1]), after: 10)])
        let cached = setup.voice(voice)
        time.run {
            for _ in 0..<2 {
                let caller = Caller()
                await caller.ask(model, [Self.greeting, Self.question])
                await caller.hear(cached, "At nine.")
                #expect(caller.audio == [1])
            }
        }
        #expect(scripted.engine.requests.count == 2)
        #expect(voice.engine.requests.count == 1)
    }

    /// One call's greeting with its audio.
    private static func greet(
        _ caller: Caller, _ model: CachingModel, _ voice: CachingSynthesizer
    ) async {
        await caller.ask(model, [])
        await caller.hear(voice, "Good day.")
    }

    /// A call that comes later waits for nothing; each language is asked for once, until it ages.
    @Test func greetingsAreReadyBeforeTheCall() {
        let setup = Setup(timeToLive: .seconds(100))
        let time = setup.time
        let scripted = ScriptedModel(time, Self.says("Good day."))
        let model = setup.model(scripted)
        let said = ScriptedVoice(time, [.give(SpeechBlock(octets: [1, 2]), after: 200)])
        let voice = setup.voice(said)
        let keeper = GreetingKeeper(model, voice, cache: setup.cache, first: .english)
        let caller = Caller()
        time.run {
            let keeping = Task(executorPreference: time) { await keeper.run() }
            await time.wait(milliseconds: 2_000)
            #expect(scripted.engine.requests.map(\.language) == [.english, .spanish])
            #expect(said.engine.requests.count == 2)
            await Self.greet(caller, model, voice)
            #expect(time.milliseconds == 2_000)
            #expect(caller.audio == [1, 2])
            #expect(scripted.engine.requests.count == 2)
            // 85 s after they were said they are asked again, and nobody finds them missing.
            await time.wait(milliseconds: 80_000)
            #expect(scripted.engine.requests.count == 2)
            await time.wait(milliseconds: 10_000)
            #expect(scripted.engine.requests.count == 4)
            #expect(said.engine.requests.count == 4)
            setup.fingerprint.value = 2
            await time.wait(milliseconds: 6_000)
            #expect(scripted.engine.requests.count == 6)
            keeping.cancel()
        }
        #expect(setup.cache.figures.answers.misses == 0)
    }

    /// Who does not answer is asked again after 5 s, then 10 s; a stand-in's greeting is not kept.
    @Test func aGreetingThatFailsIsAskedAgain() {
        let setup = Setup(timeToLive: .seconds(600))
        let time = setup.time
        let scripted = ScriptedModel(
            time, [.fail(.rejected(status: 400), after: 0)],
            [.fail(.rejected(status: 400), after: 0)], Self.says("Hello."))
        let model = setup.model(scripted)
        let voice = setup.voice(
            ScriptedVoice(time, [.give(SpeechBlock(octets: [1, 2]), after: 10)]))
        let keeper = GreetingKeeper(model, voice, cache: setup.cache, first: .english)
        let failed = Languages()
        time.run {
            let keeping = Task(executorPreference: time) {
                await keeper.run { language, _ in failed.add(language) }
            }
            await time.wait(milliseconds: 20_000)
            keeping.cancel()
        }
        #expect(failed.all == [.english, .spanish])
        #expect(model.greetingTimeLeft(.english) != nil)
        #expect(model.greetingTimeLeft(.spanish) != nil)
        #expect(scripted.engine.requests.count == 4)
    }

    /// What opens a call is asked ahead, kept as long as anything, and asked again on demand.
    @Test func theGreetingIsAskedAhead() {
        let setup = Setup()
        let scripted = ScriptedModel(setup.time, Self.says("Good day."))
        let model = setup.model(scripted)
        let caller = Caller()
        setup.time.run {
            #expect(model.greetingTimeLeft(.english) == nil)
            let context = EngineContext(call: EngineCall(id: "g"), generation: 1) { _ in }
            let events = try? await model.freshGreeting(.english, context)
            #expect(events == [.text("Good "), .text("day. ")])
            #expect(context.call.isFrequent(1))
            #expect(model.greetingTimeLeft(.english) == .seconds(60))
            #expect(model.greetingTimeLeft(.spanish) == nil)
            await caller.ask(model, [])
            #expect(scripted.engine.requests.count == 1)
            _ = try? await model.freshGreeting(.english, context)
            #expect(scripted.engine.requests.count == 2)
            setup.fingerprint.value = 2
            #expect(model.greetingTimeLeft(.english) == nil)
        }
        #expect(caller.all == ["Good day. "])
    }
}
