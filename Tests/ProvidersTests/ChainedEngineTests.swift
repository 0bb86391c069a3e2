import Codecs
import Pipeline
import Providers
import Synchronization
import Testing

/// Whole chains with their tasks and timers, in virtual time.
@Suite struct ChainedEngineTests {
    /// What a consumer saw, with its times in milliseconds.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private static let question = ModelRequest(language: .english, history: [.user("Open?")])

    private static func model(_ time: VirtualTime, _ models: ScriptedModel...) -> ChainedModel {
        ChainedModel(
            ProviderChain(
                stage: .model,
                models.enumerated().map { .init("\($0)", $1 as any LanguageModel) },
                hasLastResort: false, clock: time, seed: 1))
    }

    /// Asks once and logs what comes.
    @Sendable private static func ask(
        _ model: ChainedModel, _ time: VirtualTime, _ log: Log, upTo limit: Int = .max,
        for call: EngineCall = EngineCall(id: "c")
    ) async {
        let context = EngineContext(call: call, generation: 1) {
            log.add("\(time.milliseconds) \($0.from)→\($0.to) \($0.cause.name)")
        }
        await EngineContext.$current.withValue(context) {
            do {
                var count = 0
                for try await event in model.answer(question) {
                    guard case .text(let text) = event else { continue }
                    log.add("\(time.milliseconds) \"\(text)\"")
                    count += 1
                    if count == limit { break }
                }
                log.add("\(time.milliseconds) end")
            } catch {
                log.add("\(time.milliseconds) \(error)")
            }
        }
    }

    @Test func aModelThatWorksIsHeardAsItSpeaks() {
        let time = VirtualTime()
        let first = ScriptedModel(
            time, [.give(.text("Yes, "), after: 300), .give(.text("we are."), after: 50)])
        let second = ScriptedModel(time, [.stall])
        let model = Self.model(time, first, second)
        let log = Log()
        time.run { await Self.ask(model, time, log) }
        #expect(log.all == ["300 \"Yes, \"", "350 \"we \"", "350 \"are.\"", "350 end"])
        #expect(second.engine.requests.isEmpty)
    }

    /// A name that no engine of the chain has changes nothing.
    @Test(arguments: [("1", "Second."), ("0", "First."), ("7", "First.")])
    func aCallMayWantAnotherModelFirst(name: String, words: String) {
        let time = VirtualTime()
        let first = ScriptedModel(time, [.give(.text("First."), after: 100)])
        let second = ScriptedModel(time, [.give(.text("Second."), after: 100)])
        let model = Self.model(time, first, second)
        let call = EngineCall(id: "c")
        call.prefer([.model: name])
        let log = Log()
        time.run { await Self.ask(model, time, log, for: call) }
        #expect(log.all == ["100 \"\(words)\"", "100 end"])
    }

    @Test func anotherModelThatFailsIsFollowedByTheFirst() {
        let time = VirtualTime()
        let first = ScriptedModel(time, [.give(.text("First."), after: 100)])
        let second = ScriptedModel(time, [.fail(.unauthorised, after: 20)])
        let model = Self.model(time, first, second)
        let call = EngineCall(id: "c")
        call.prefer([.model: "1"])
        let log = Log()
        time.run { await Self.ask(model, time, log, for: call) }
        #expect(log.all == ["120 1→0 unauthorised", "120 \"First.\"", "120 end"])
    }

    @Test func aModelThatSaysNothingIsRaced() {
        let time = VirtualTime()
        let first = ScriptedModel(time, [.stall])
        let second = ScriptedModel(time, [.give(.text("Yes."), after: 200)])
        let model = Self.model(time, first, second)
        let log = Log()
        time.run { await Self.ask(model, time, log) }
        #expect(log.all == ["1200 0→1 stalled_before_first", "1200 \"Yes.\"", "1200 end"])
        #expect(first.engine.cancelledCount == 1)
    }

    @Test func aBrokenAnswerIsFinishedByTheNext() {
        let time = VirtualTime()
        let first = ScriptedModel(
            time, [.give(.text("We open at ni"), after: 200), .fail(.closedEarly, after: 10)])
        let second = ScriptedModel(time, [.give(.text("nine."), after: 250)])
        let model = Self.model(time, first, second)
        let log = Log()
        time.run { await Self.ask(model, time, log) }
        #expect(
            log.all == [
                "200 \"We open at \"", "460 0→1 closed_early", "460 \"nine.\"", "460 end",
            ])
        #expect(second.engine.requests.first?.history.count == 3)
    }

    @Test func nobodyLeftIsAnErrorThatSaysSo() {
        let time = VirtualTime()
        let first = ScriptedModel(time, [.fail(.unauthorised, after: 20)])
        let second = ScriptedModel(time, [.fail(.rejected(status: 404), after: 30)])
        let model = Self.model(time, first, second)
        let log = Log()
        time.run { await Self.ask(model, time, log) }
        let error = EngineError(exhausted: .rejected(status: 404), .model)
        #expect(log.all == ["50 0→human rejected_404", "50 \(error)"])
    }

    @Test func aConsumerThatLeavesStopsTheModel() {
        let time = VirtualTime()
        let first = ScriptedModel(
            time, [.give(.text("One "), after: 10), .give(.text("two "), after: 5_000)])
        let model = Self.model(time, first)
        let log = Log()
        time.run { await Self.ask(model, time, log, upTo: 1) }
        #expect(log.all == ["10 \"One \"", "10 end"])
        #expect(first.engine.cancelledCount == 1)
        #expect(time.milliseconds < 5_000)
    }

    /// Three failures shut the first one out; ten seconds later a probe beside the second brings it
    /// back, and nobody waits for it.
    @Test func aProbeBringsTheFirstOneBack() {
        let time = VirtualTime()
        let fails: [EngineStep<ModelEvent>] = [.fail(.refused, after: 0)]
        let works: [EngineStep<ModelEvent>] = [.give(.text("A."), after: 600)]
        let first = ScriptedModel(time, fails, fails, fails, works)
        let second = ScriptedModel(time, [.give(.text("B."), after: 100)])
        let model = Self.model(time, first, second)
        let log = Log()
        time.run {
            for _ in 0..<4 { await Self.ask(model, time, log) }
            await time.wait(milliseconds: 11_000)
            await Self.ask(model, time, log)
            await time.wait(milliseconds: 1_000)
            await Self.ask(model, time, log)
        }
        let spoken = log.all.compactMap { line in
            line.contains("\"") ? String(line.split(separator: " ")[1]) : nil
        }
        #expect(spoken == ["\"B.\"", "\"B.\"", "\"B.\"", "\"B.\"", "\"B.\"", "\"A.\""])
        // Not for the fourth; the probe and the last one.
        #expect(first.engine.requests.count == 5)
    }

    // MARK: Voices

    private static func block(_ milliseconds: Int, of octet: UInt8) -> SpeechBlock {
        SpeechBlock(octets: Array(repeating: octet, count: milliseconds * 8))
    }

    /// Says the texts as chunks of these answers; one number per octet's value and its length.
    @Sendable private static func say(
        _ chunks: [(text: String, answer: Int)], by voice: ChainedSynthesizer, _ log: Log
    ) async {
        let call = EngineCall(id: "c")
        for (text, answer) in chunks {
            let context = EngineContext(call: call, generation: answer) { _ in }
            await EngineContext.$current.withValue(context) {
                var heard: [(octet: UInt8, milliseconds: Int)] = []
                do {
                    let blocks = voice.synthesize(text, language: .english, format: .telephone)
                    for try await block in blocks {
                        heard.append((block.octets[0], block.octets.count / 8))
                    }
                    log.add(heard.map { "\($0.octet):\($0.milliseconds)" }.joined(separator: " "))
                } catch {
                    log.add("\(error)")
                }
            }
        }
    }

    private static func voice(_ time: VirtualTime, _ voices: ScriptedVoice...) -> ChainedSynthesizer
    {
        ChainedSynthesizer(
            ProviderChain(
                stage: .speech,
                voices.enumerated().map { .init("\($0)", $1 as any SpeechSynthesizer) },
                hasLastResort: false, clock: time, seed: 1))
    }

    @Test func theRestOfAChunkIsSaidByTheNextVoice() {
        let time = VirtualTime()
        let first = ScriptedVoice(
            time, [.give(Self.block(1_000, of: 1), after: 80), .fail(.closedEarly, after: 0)])
        let second = ScriptedVoice(time, [.give(Self.block(400, of: 2), after: 90)])
        let voice = Self.voice(time, first, second)
        let log = Log()
        // 14 characters a second until the voice is known: "seven eight" is not all said.
        time.run { await Self.say([("seven eight nine ten", 1)], by: voice, log) }
        #expect(log.all == ["1:1000 2:400"])
        #expect(second.engine.requests == ["nine ten"])
    }

    @Test func theVoiceOfAnAnswerStaysAndTheNextAnswerHasTheFirstOneAgain() {
        let time = VirtualTime()
        let first = ScriptedVoice(
            time, [.fail(.refused, after: 0)], [.give(Self.block(100, of: 1), after: 50)])
        let second = ScriptedVoice(time, [.give(Self.block(100, of: 2), after: 50)])
        let voice = Self.voice(time, first, second)
        let log = Log()
        time.run {
            await Self.say([("One.", 1), ("Two.", 1), ("Three.", 2)], by: voice, log)
        }
        #expect(log.all == ["2:100", "2:100", "1:100"])
    }

    @Test func textWithoutWordsAsksNobody() {
        let time = VirtualTime()
        let first = ScriptedVoice(time, [.fail(.refused, after: 0)])
        let voice = Self.voice(time, first)
        let log = Log()
        time.run { await Self.say([(" … — !", 1)], by: voice, log) }
        #expect(log.all == [""])
        #expect(first.engine.requests.isEmpty)
    }
}
