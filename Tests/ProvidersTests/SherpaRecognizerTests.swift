import Codecs
import Foundation
import Pipeline
import Providers
import Testing

/// The real library on toy models: "uno" for a low tone, "dos" for a high one.
@Suite(
    .tags(.integration), .serialized, .timeLimit(.minutes(1)),
    .enabled(if: ToyModels.isFetched, ToyModels.howToFetch))
struct SherpaRecognizerTests {
    private static let low = toneSamples(500, milliseconds: 300)
    private static let high = toneSamples(2_500, milliseconds: 300)
    private static let pause = toneSamples(0, milliseconds: 200)

    private static func recognizer(_ model: String) throws -> SherpaRecognizer {
        var settings = SherpaRecognizer.Settings()
        settings.library = ToyModels.library
        settings.model = try ToyModels.path(model)
        return SherpaRecognizer(settings: settings)
    }

    @Test(arguments: ["transducer", "ctc"])
    func wordsComeInTheOrderTheyWereSaid(model: String) async throws {
        let recognizer = try Self.recognizer(model)
        try await recognizer.prepare()
        let call = try RecognizerCall(recognizer)
        defer { call.end() }
        let said = Self.pause + Self.low + Self.pause + Self.high + Self.pause + Self.low
        #expect(try await call.say(said) == .final("uno dos uno"))
        // Nothing of one utterance is left in the next.
        #expect(try await call.say(Self.high, id: 2) == .final("dos"))
        #expect(try await call.say(Self.pause, id: 3) == .final(""))
        #expect(try await call.say([], id: 4) == .final(""))
    }

    /// A network works on pieces of 80 to 130 ms; what is cut off in the middle of one still counts.
    @Test(arguments: [20, 50, 90, 140, 200])
    func theLastWordIsNotLost(milliseconds: Int) async throws {
        let call = try RecognizerCall(try Self.recognizer("transducer"))
        defer { call.end() }
        let said = Self.low + toneSamples(2_500, milliseconds: milliseconds)
        #expect(try await call.say(said) == .final("uno dos"))
    }

    @Test(arguments: [
        AudioFormat(.aLaw, .hz8000), AudioFormat(.linear16, .hz8000),
        AudioFormat(.linear16, .hz16000), AudioFormat(.linear16, .hz24000),
        AudioFormat(.linear16, .hz48000),
    ])
    func everyFormatIsHeard(format: AudioFormat) async throws {
        let call = try RecognizerCall(try Self.recognizer("transducer"), format)
        defer { call.end() }
        #expect(try await call.say(Self.high + Self.pause + Self.low) == .final("dos uno"))
    }

    @Test func wordsAreToldWhileTheUtteranceGoesOn() async throws {
        let recognizer = try Self.recognizer("transducer")
        #expect(recognizer.interimsAreStable)
        let call = try RecognizerCall(recognizer)
        defer { call.end() }
        call.begin(1)
        try await call.playInTime(Self.low + Self.pause)
        #expect(await call.next() == .interim("uno"))
        try await call.playInTime(Self.high + Self.pause)
        #expect(await call.next() == .interim("uno dos"))
        call.finish(1)
        #expect(await call.next() == .final("uno dos"))
    }

    @Test func aCancelledUtteranceHasNoResult() async throws {
        let call = try RecognizerCall(try Self.recognizer("ctc"))
        defer { call.end() }
        call.begin(1)
        call.play(Self.low)
        call.session.cancel(1)
        #expect(try await call.say(Self.high, id: 2) == .final("dos"))
    }

    @Test func callsDoNotHearEachOther() async throws {
        let recognizer = try Self.recognizer("transducer")
        let heard = try await withThrowingTaskGroup(
            of: (Int, RecognitionResult.Outcome).self,
            returning: [Int: RecognitionResult.Outcome].self
        ) { group in
            for index in 0..<6 {
                let call = try RecognizerCall(recognizer)
                group.addTask {
                    defer { call.end() }
                    let said = index.isMultiple(of: 2) ? Self.low : Self.high
                    return (index, try await call.say(said + Self.pause))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for index in 0..<6 {
            #expect(heard[index] == .final(index.isMultiple(of: 2) ? "uno" : "dos"))
        }
    }

    @Test func aCallMoreThanAllowedIsRefused() throws {
        var settings = SherpaRecognizer.Settings()
        settings.library = ToyModels.library
        settings.model = try ToyModels.path("ctc")
        settings.maximumSessions = 1
        let recognizer = SherpaRecognizer(settings: settings)
        let call = try RecognizerCall(recognizer)
        #expect(throws: EngineError.self) { _ = try RecognizerCall(recognizer) }
        call.end()
        try RecognizerCall(recognizer).end()
    }

    @Test func withoutAModelEveryUtteranceFailsAndSaysWhy() async throws {
        let recognizer = SherpaRecognizer(settings: .init())
        let call = try RecognizerCall(recognizer)
        defer { call.end() }
        guard case .failed(.unavailable(let advice)) = try await call.say(Self.low) else {
            Issue.record("an utterance without a model came to something")
            return
        }
        #expect(advice.contains("MEDIABRIDGE_SHERPA_STT_MODEL"))
    }
}

/// One call to a recogniser: plays samples into its ring and collects the outcomes.
final class RecognizerCall: Sendable {
    let session: any RecognitionSession
    /// Its threads end with it.
    private let recognizer: SherpaRecognizer
    private let ring = AudioRing(capacity: 1 << 20)
    private let format: AudioFormat
    private let results: AsyncStream<RecognitionResult>

    init(_ recognizer: SherpaRecognizer, _ format: AudioFormat = .telephone) throws {
        let (results, continuation) = AsyncStream.makeStream(of: RecognitionResult.self)
        self.recognizer = recognizer
        self.format = format
        self.results = results
        session = try recognizer.makeSession(
            RecognitionRequest(format: format, language: .english), audio: ring
        ) { continuation.yield($0) }
    }

    func begin(_ id: Utterance.ID) {
        session.begin(Utterance(id: id, hints: .none), from: ring.end)
    }

    /// `samples` are at 8 kHz.
    func play(_ samples: [Int16]) { ring.write(telephoneOctets(samples, as: format).span) }

    /// As a line does, 20 ms at a time: interim words come every 100 ms at most.
    func playInTime(_ samples: [Int16]) async throws {
        for start in stride(from: 0, to: samples.count, by: 160) {
            play(Array(samples[start..<min(samples.count, start + 160)]))
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func finish(_ id: Utterance.ID) { session.finish(id, at: ring.end) }

    func end() { session.close() }

    /// Plays one utterance and waits for what becomes of it, past interim words.
    func say(_ samples: [Int16], id: Utterance.ID = 1) async throws -> RecognitionResult.Outcome {
        begin(id)
        play(samples)
        finish(id)
        while let outcome = await next() {
            guard case .interim = outcome else { return outcome }
        }
        throw EngineError.failed("no result came")
    }

    func next() async -> RecognitionResult.Outcome? {
        for await result in results { return result.outcome }
        return nil
    }
}

/// 8 kHz samples as a call's format has them.
func telephoneOctets(_ samples: [Int16], as format: AudioFormat) -> [UInt8] {
    guard var resampler = try? Resampler(from: 8_000, to: format.rate) else { return [] }
    let pcm = [Int16](capacity: resampler.outputBound(samples.count)) { output in
        resampler.process(samples.span, into: &output)
    }
    var octets = [UInt8](repeating: 0, count: pcm.count)
    var span = octets.mutableSpan
    switch format.encoding {
    case .muLaw: MuLaw.encode(pcm.span, into: &span)
    case .aLaw: ALaw.encode(pcm.span, into: &span)
    case .linear16, .opus:
        octets = pcm.flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
    }
    return octets
}
