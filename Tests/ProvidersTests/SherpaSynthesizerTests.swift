import Codecs
import Foundation
import Pipeline
import Providers
import Testing

/// The real library on toy voices: 50 ms of a tone for every token, 400 Hz and 200 Hz more for each
/// further speaker.
@Suite(
    .tags(.integration), .serialized, .timeLimit(.minutes(1)),
    .enabled(if: ToyModels.isFetched, ToyModels.howToFetch))
struct SherpaSynthesizerTests {
    private static func voice(
        _ model: String, speaker: Int = 0
    ) throws -> SherpaSynthesizer {
        var settings = SherpaSynthesizer.Settings()
        settings.library = ToyModels.library
        settings.model = try ToyModels.path(model)
        settings.speakers = [.english: speaker, .spanish: speaker]
        return SherpaSynthesizer(settings: settings)
    }

    private static func blocks(
        _ voice: SherpaSynthesizer, _ text: String, _ format: AudioFormat,
        _ language: Language = .spanish
    ) async throws -> [SpeechBlock] {
        var blocks: [SpeechBlock] = []
        for try await block in voice.synthesize(text, language: language, format: format) {
            blocks.append(block)
        }
        return blocks
    }

    @Test(arguments: [
        (AudioFormat.telephone, 8_000), (AudioFormat(.aLaw, .hz8000), 8_000),
        (AudioFormat(.linear16, .hz16000), 32_000), (AudioFormat(.linear16, .hz24000), 48_000),
    ])
    func aTextLastsAsLongAsItsTokens(format: AudioFormat, octetsPerSecond: Int) async throws {
        let voice = try Self.voice("letters")
        try await voice.prepare()
        let octets = try await Self.blocks(voice, "hola amigos", format).flatMap(\.octets)
        // Eleven letters and the full stop that a sentence is given; a tone has no silence to cut.
        let tokens = Double(octets.count) / Double(octetsPerSecond) / 0.05
        #expect((10.5...12.5).contains(tokens), "\(tokens) tokens")
    }

    @Test(arguments: [0, 1, 2])
    func theSpeakerIsTheOneThatIsSet(speaker: Int) async throws {
        let octets = try await Self.blocks(
            Self.voice("letters", speaker: speaker), "hola", AudioFormat(.linear16, .hz16000)
        ).flatMap(\.octets)
        let samples = stride(from: 0, to: octets.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(octets[$0 + 1]) << 8 | UInt16(octets[$0]))
        }
        let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
        let hertz = Double(crossings) / (Double(samples.count) / 16_000)
        #expect(abs(hertz - Double(400 + 200 * speaker)) < 20, "\(hertz) Hz")
    }

    @Test func aSpeakerThatIsNotThereIsToldAtTheStart() async throws {
        let voice = try Self.voice("letters", speaker: 3)
        let error = await #expect(throws: EngineError.self) { try await voice.prepare() }
        guard case .unavailable(let advice) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(advice.contains("speakers 0 to 2"))
    }

    @Test func blocksAreShortAtFirst() async throws {
        let blocks = try await Self.blocks(Self.voice("letters"), "hola amigos", .telephone)
        #expect(blocks.prefix(5).allSatisfy { $0.octets.count == 160 })
        #expect(blocks.dropFirst(5).allSatisfy { (1...800).contains($0.octets.count) })
        #expect(blocks.contains { $0.octets.count == 800 })
    }

    @Test func nothingToSayIsNoSound() async throws {
        let letters = try await Self.blocks(Self.voice("letters"), " … ", .telephone)
        #expect(letters.isEmpty)
        let piper = try await Self.blocks(Self.voice("piper"), "?!", .telephone)
        #expect(piper.isEmpty)
    }

    /// espeak-ng's phonemes of "hola" in US English: five to eight of them with the marks between
    /// that VITS wants, a token before and one behind.
    @Test func phonemesComeFromEspeak() async throws {
        let voice = try Self.voice("piper")
        let octets = try await Self.blocks(voice, "hello.", .telephone, .english)
            .flatMap(\.octets)
        #expect((0.6...1.2).contains(Double(octets.count) / 8_000))
    }

    @Test func whoStopsListeningFreesTheVoice() async throws {
        let voice = try Self.voice("letters")
        let long = String(repeating: "hola amigos que tal. ", count: 350)
        for try await _ in voice.synthesize(long, language: .spanish, format: .telephone) { break }
        let clock = ContinuousClock()
        let took = try await clock.measure {
            _ = try await Self.blocks(voice, "hola", .telephone)
        }
        // The whole text would be six minutes of sound.
        #expect(took < .seconds(5))
    }

    @Test func aTextTooLongIsRefused() async throws {
        let voice = try Self.voice("letters")
        let text = String(repeating: "a", count: 8_001)
        await #expect(throws: EngineError.self) {
            _ = try await Self.blocks(voice, text, .telephone)
        }
    }

    @Test func afterTheEndNothingIsSaid() async throws {
        let voice = try Self.voice("letters")
        _ = try await Self.blocks(voice, "hola", .telephone)
        voice.shutdown()
        await #expect(throws: EngineError.self) {
            _ = try await Self.blocks(voice, "hola", .telephone)
        }
    }
}
