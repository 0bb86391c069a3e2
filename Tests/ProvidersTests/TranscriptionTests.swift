import Codecs
import Pipeline
import ProviderSimulators
import Synchronization
import Testing

@testable import Providers

/// Transcription over HTTP against a server on loopback.
@Suite(.tags(.integration)) struct TranscriptionTests {
    /// Half a second of 500 Hz in µ-law.
    private static let octets = (0..<4_000).map {
        ($0 / 8).isMultiple(of: 2) ? 0x90 : 0x10 as UInt8
    }

    private static func outcome(
        of octets: [UInt8] = octets, faults: [SimulatedTranscription.Fault?] = []
    ) async throws -> (RecognitionResult.Outcome?, [SimulatedTranscription.Form]) {
        let server = try await SimulatedTranscription(transcript: "Hola.", faults: faults)
        let http = ProviderHTTP()
        var settings = TranscriptionRecognizer.Settings()
        settings.baseURL = server.url
        settings.key = "k"
        settings.model = "whisper-1"
        let recognizer = TranscriptionRecognizer(settings: settings, http: http)
        #expect(!recognizer.interimsAreStable)
        let call = EngineCall(id: "c")
        let context = EngineContext(call: call, generation: nil) { _ in }
        let (results, told) = AsyncStream.makeStream(of: RecognitionResult.self)
        let ring = AudioRing(capacity: 8_000)
        let session = try EngineContext.$current.withValue(context) {
            try recognizer.makeSession(
                RecognitionRequest(format: .telephone, language: .spanish), audio: ring
            ) { told.yield($0) }
        }
        // An utterance that is cancelled leaves nothing.
        session.begin(Utterance(id: 1, hints: .none), from: 0)
        let first = Array(octets.prefix(160))
        ring.write(first.span)
        session.audioArrived()
        session.cancel(1)
        session.begin(Utterance(id: 2, hints: .none), from: ring.end)
        for start in stride(from: 0, to: octets.count, by: 160) {
            let frame = Array(octets[start..<start + 160])
            ring.write(frame.span)
            session.audioArrived()
        }
        session.finish(2, at: ring.end)
        var iterator = results.makeAsyncIterator()
        let result = await iterator.next()
        #expect(result?.utterance == 2)
        session.close()
        let forms = server.forms
        let engine = Usage.Engine(stage: .recognition, provider: "openai", model: "whisper-1")
        let used = call.usage.amounts[engine] ?? UsageAmount()
        #expect(used.requests >= forms.count)
        // 8 octets of µ-law are a millisecond.
        if octets.count == Self.octets.count {
            #expect(used.audioMilliseconds == 500 * used.requests)
        }
        await http.shutdown()
        await server.stop()
        return (result?.outcome, forms)
    }

    @Test func anUtteranceIsOneForm() async throws {
        let (outcome, forms) = try await Self.outcome()
        #expect(outcome == .final("Hola."))
        let form = try #require(forms.first)
        #expect(forms.count == 1)
        #expect(
            form.fields == [
                "model": "whisper-1", "language": "es", "response_format": "json",
            ])
        #expect(form.authorization == "Bearer k")
        let file = try WAVFile.parse(form.file.span)
        #expect(file.sampleRate == 16_000 && file.channelCount == 1)
        // Half a second, but for what the resampler's filter holds back.
        #expect((7_900...8_000).contains(file.samples.count))
    }

    @Test func aClickIsNotAskedAbout() async throws {
        let (outcome, forms) = try await Self.outcome(of: Array(Self.octets.prefix(1_600)))
        #expect(outcome == .final(""))
        #expect(forms.isEmpty)
    }

    @Test func aConnectionThatWasClosedIsReplaced() async throws {
        let (outcome, forms) = try await Self.outcome(faults: [.drop])
        #expect(outcome == .final("Hola."))
        #expect(forms.count == 2)
    }

    @Test(
        arguments: zip(
            [.status(401), .status(404), .status(429), .status(500), .garbage]
                as [SimulatedTranscription.Fault],
            [
                .unavailable("the transcription server refuses the key"),
                .unavailable("the transcription server refuses the request (404): check the model"),
                .overloaded("the transcription server is busy"),
                .failed("no transcript from the server: server_500"),
                .failed("no transcript from the server: garbage"),
            ] as [EngineError]))
    func faultsAreTold(_ fault: SimulatedTranscription.Fault, _ error: EngineError) async throws {
        let (outcome, _) = try await Self.outcome(faults: [fault])
        #expect(outcome == .failed(error))
    }
}
