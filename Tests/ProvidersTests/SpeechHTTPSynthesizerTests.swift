import Codecs
import Pipeline
import ProviderSimulators
import Synchronization
import Testing

@testable import Providers

/// OpenAI-style speech over real sockets.
@Suite(.tags(.integration)) struct SpeechHTTPSynthesizerTests {
    private static let text = "su cita es mañana a las diez"

    private static func withServer(
        hertz: Int = 24_000, _ script: SimulatedSpeechScript = SimulatedSpeechScript(),
        _ change: (inout SpeechHTTPSynthesizer.Settings) -> Void = { _ in },
        usage: @escaping SpeechUsage = { _ in },
        _ body: (SpeechHTTPSynthesizer, SimulatedSpeechServer) async throws -> Void
    ) async throws {
        let server = try await SimulatedSpeechServer(hertz: hertz, script: script)
        var settings = SpeechHTTPSynthesizer.Settings()
        settings.baseURL = server.url
        settings.key = "key"
        settings.audio = .pcm(hertz: hertz)
        settings.limits.firstAudio = .seconds(1)
        settings.limits.pause = .milliseconds(500)
        change(&settings)
        try await ProviderHTTP.run(stopping: server.stop) { [settings] http in
            try await body(
                SpeechHTTPSynthesizer(settings: settings, http: http, usage: usage), server)
        }
    }

    @Test(arguments: [24_000, 22_050, 16_000])
    func everyWordIsHeardInOrder(hertz: Int) async throws {
        for audio in [SpeechHTTPSynthesizer.Audio.pcm(hertz: hertz), .wav] {
            try await Self.withServer(hertz: hertz) {
                $0.audio = audio
            } _: { voice, _ in
                let speech = try await HeardSpeech(
                    voice.synthesize(Self.text, language: .spanish, format: .telephone))
                #expect(speech.tones == SimulatedVoice.tones(of: Self.text))
                #expect((855...865).contains(speech.milliseconds), "7 words of 120 ms, and 20 ms")
            }
        }
    }

    @Test func usageIsTold() async throws {
        let told = Mutex<[UsageAmount]>([])
        let usage: SpeechUsage = { amount in told.withLock { $0.append(amount) } }
        try await Self.withServer(usage: usage) { voice, server in
            _ = try await HeardSpeech(
                voice.synthesize("uno dos", language: .spanish, format: .telephone))
            let amounts = told.withLock { $0 }
            #expect(amounts.map(\.characters) == [7])
            #expect(amounts.map(\.requests) == [1])
            #expect(amounts.map(\.audioMilliseconds) == [300])
            let body = server.log.all.requests.first.map {
                String(decoding: $0.body, as: UTF8.self)
            }
            #expect(
                body
                    == #"{"input":"uno dos","model":"gpt-4o-mini-tts","response_format":"pcm","voice":"alloy"}"#
            )
        }
    }

    @Test(arguments: [
        (SimulatedSpeechScript.Fault.refuse(status: 401), ProviderFailure.unauthorised),
        (.refuse(status: 404), .rejected(status: 404)),
        (.refuse(status: 429, retryAfterSeconds: 7), .rateLimited(retryAfter: .seconds(7))),
        (
            .refuse(status: 429, body: #"{"error":{"code":"insufficient_quota"}}"#),
            .unauthorised
        ),
        (.refuse(status: 500), .server(status: 500)), (.refuse(status: 529), .overloaded),
        (.stallBeforeFirst, .stalledBeforeFirst),
        (.stallAfter(milliseconds: 250), .stalledMidStream),
        (.abortAfter(milliseconds: 250), .closedEarly),
        (.closeAfter(milliseconds: 250), .closedEarly),
        (.error(#"{"error":{"message":"no"}}"#), .garbage),
    ])
    func faults(fault: SimulatedSpeechScript.Fault, failure: ProviderFailure) async throws {
        var script = SimulatedSpeechScript()
        script.fault = { _ in fault }
        try await Self.withServer(script) { voice, _ in
            await #expect(throws: failure) {
                _ = try await HeardSpeech(
                    voice.synthesize(Self.text, language: .spanish, format: .telephone))
            }
        }
    }

    @Test func aWrongKeyAndNobodyThere() async throws {
        try await Self.withServer {
            $0.key = "wrong"
        } _: { voice, server in
            await #expect(throws: ProviderFailure.unauthorised) {
                _ = try await HeardSpeech(
                    voice.synthesize("hola", language: .spanish, format: .telephone))
            }
            await server.stop()
            await #expect(throws: ProviderFailure.refused) {
                _ = try await HeardSpeech(
                    voice.synthesize("hola", language: .spanish, format: .telephone))
            }
        }
    }

    @Test func endingEarlyClosesTheExchange() async throws {
        var script = SimulatedSpeechScript()
        script.interval = .milliseconds(10)
        try await Self.withServer(script) { voice, server in
            let long = String(repeating: "palabra ", count: 400)
            for try await _ in voice.synthesize(long, language: .spanish, format: .telephone) {
                break
            }
            #expect(await server.log.until { $0.cancelled == [long] })
            #expect(server.log.all.completed.isEmpty)
        }
    }
}

/// What came of one request, as a caller hears it.
struct HeardSpeech {
    let tones: [Int]
    let milliseconds: Int
    let words: [WordTiming]

    /// - Parameter blocks: in telephone audio.
    /// - Throws: what the stream does.
    init(_ blocks: AsyncThrowingStream<SpeechBlock, any Error>) async throws {
        var (octets, words) = ([UInt8](), [WordTiming]())
        for try await block in blocks {
            octets += block.octets
            words += block.words
        }
        var pcm = [Int16](repeating: 0, count: octets.count)
        var room = pcm.mutableSpan
        MuLaw.decode(octets.span, into: &room)
        tones = SimulatedVoice.heard(pcm, hertz: 8_000)
        milliseconds = octets.count / 8
        self.words = words
    }
}
