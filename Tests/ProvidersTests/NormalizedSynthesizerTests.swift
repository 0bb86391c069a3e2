import Codecs
import Insight
import Pipeline
import Synchronization
import Testing

@testable import Providers

struct NormalizedSynthesizerTests {
    /// Keeps what it was asked and says one word per block, 100 ms each, with its timing.
    private final class Voice: SpeechSynthesizer {
        let texts = Mutex<[String]>([])
        private let leavesOut: Set<String>

        init(leavesOut: Set<String> = []) { self.leavesOut = leavesOut }

        func synthesize(
            _ text: String, language: Language, format: AudioFormat
        ) -> AsyncThrowingStream<SpeechBlock, any Error> {
            texts.withLock { $0.append(text) }
            return AsyncThrowingStream { stream in
                for (index, word) in text.split(separator: " ").enumerated() {
                    let timing = WordTiming(
                        word: String(word), start: .milliseconds(100 * index))
                    stream.yield(
                        SpeechBlock(
                            octets: [UInt8(index)],
                            words: leavesOut.contains(String(word)) ? [] : [timing]))
                }
                stream.finish()
            }
        }
    }

    private func speak(
        _ text: String, _ language: Language = .spanish, by voice: Voice = Voice()
    ) async throws -> (octets: Int, words: [WordTiming]) {
        var (octets, words) = (0, [WordTiming]())
        let synthesizer = NormalizedSynthesizer(voice)
        for try await block in synthesizer.synthesize(
            text, language: language, format: .telephone)
        {
            octets += block.octets.count
            words += block.words
        }
        return (octets, words)
    }

    @Test func numbersAreSentInWordsAndTimedAsWritten() async throws {
        let voice = Voice()
        let (octets, words) = try await speak("Cuesta **25** euros, Ana.", by: voice)
        #expect(voice.texts.withLock { $0 } == ["Cuesta veinticinco euros, Ana."])
        #expect(octets == 4)
        #expect(words.map(\.word) == ["Cuesta", "**25**", "euros,", "Ana."])
        #expect(words.map(\.start) == [0, 100, 200, 300].map { .milliseconds($0) })
    }

    /// "forty-five dollars and fifty cents" is said for one written word.
    @Test func theWordAfterAnAmountStartsBehindAllOfIt() async throws {
        let voice = Voice()
        let (_, words) = try await speak("It is $45.50 today", .english, by: voice)
        let said = try #require(voice.texts.withLock { $0 }.first).split(separator: " ")
        let today = try #require(said.firstIndex(of: "today"))
        #expect(today > 3)
        #expect(words.map(\.word) == ["It", "is", "$45.50", "today"])
        #expect(words.map(\.start) == [0, 100, 200, 100 * today].map { .milliseconds($0) })
    }

    /// A word whose timing is missing starts with the next, so that it is not heard too early.
    @Test func aMissingTimingIsBridged() async throws {
        let (_, words) = try await speak("uno dos tres", by: Voice(leavesOut: ["dos"]))
        #expect(words.map(\.word) == ["uno", "dos", "tres"])
        #expect(words.map(\.start) == [0, 200, 200].map { .milliseconds($0) })
    }

    @Test func withoutTimingsThereAreNone() async throws {
        let (octets, words) = try await speak(
            "uno dos", by: Voice(leavesOut: ["uno", "dos"]))
        #expect(octets == 2)
        #expect(words.isEmpty)
    }

    @Test(arguments: ["", "  ", "😊", "***"]) func nothingToSayAsksNobody(text: String) async throws
    {
        let voice = Voice()
        #expect(try await speak(text, by: voice).octets == 0)
        #expect(voice.texts.withLock { $0 }.isEmpty)
    }
}
