import Codecs
import Pipeline
import ProviderSimulators
import Providers
import Synchronization
import Testing

@testable import MediaBridge

/// Recognition at Deepgram over real sockets, through a media loop.
@Suite(.tags(.integration)) struct DeepgramTests {
    private static let words = SimulatedWords([
        "quiero", "cambiar", "mi", "cita", "para", "el", "martes", "gracias",
    ])

    /// One call's recognition: everything of it happens on the loop, as in a call.
    private final class RecognisedCall: Sendable {
        private let loop: LoopUnderTest
        let ring = AudioRing(capacity: 16_000)
        private let results = Mutex<[RecognitionResult]>([])
        private let session = Mutex<(any RecognitionSession)?>(nil)

        init(_ server: SimulatedDeepgram, key: String = "test-key") async throws {
            loop = try LoopUnderTest()
            var settings = DeepgramRecognizer.Settings(key: key)
            settings.baseURL = server.url
            let recognizer = DeepgramRecognizer(settings: settings)
            #expect(recognizer.interimsAreStable)
            let made: Result<any RecognitionSession, EngineError> = await onLoop { connector in
                do throws(EngineError) {
                    return .success(
                        try recognizer.makeSession(
                            RecognitionRequest(
                                format: .telephone, language: .spanish, connector: connector),
                            audio: self.ring
                        ) { result in self.results.withLock { $0.append(result) } })
                } catch {
                    return .failure(error)
                }
            }
            let session = try made.get()
            self.session.withLock { $0 = session }
        }

        func onLoop<Value: Sendable>(
            _ body: @escaping @Sendable (LoopConnector) -> Value
        ) async -> Value {
            await withCheckedContinuation { continuation in
                loop.loop.poster.post(.connector { continuation.resume(returning: body($0)) })
            }
        }

        func with(_ body: @escaping @Sendable (any RecognitionSession) -> Void) async {
            let session = session.withLock { $0 }
            await onLoop { _ in session.map(body) }
        }

        func begin(_ id: Utterance.ID) async {
            let start = ring.end
            await with { $0.begin(Utterance(id: id, hints: .none), from: start) }
        }

        /// Lets `octets` come in frames, each with its tick, faster than they were spoken.
        func speak(_ octets: [UInt8]) async {
            for start in stride(from: 0, to: octets.count, by: 160) {
                let frame = Array(octets[start..<min(start + 160, octets.count)])
                await with { [ring] session in
                    ring.write(frame.span)
                    session.audioArrived()
                    session.tick(at: .now())
                }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }

        func finish(_ id: Utterance.ID) async {
            let end = ring.end
            await with { $0.finish(id, at: end) }
        }

        var all: [RecognitionResult] { results.withLock { $0 } }

        /// The last word on utterance `id`; ticks go on meanwhile, for ten seconds at most.
        func outcome(of id: Utterance.ID) async -> RecognitionResult.Outcome? {
            let deadline = ContinuousClock.now.advanced(by: .seconds(10))
            while ContinuousClock.now < deadline {
                for result in all where result.utterance == id {
                    switch result.outcome {
                    case .interim: continue
                    case .final, .failed: return result.outcome
                    }
                }
                await with { $0.tick(at: .now()) }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return nil
        }

        func end() async {
            await with { $0.close() }
            _ = await loop.figures()
        }
    }

    private static func withCall(
        _ faults: [SimulatedDeepgram.Fault?] = [], key: String = "test-key",
        _ body: (RecognisedCall, SimulatedDeepgram) async throws -> Void
    ) async throws {
        var script = SimulatedDeepgram.Script(words: words)
        script.faults = faults
        let server = try await SimulatedDeepgram(script)
        let call = try await RecognisedCall(server, key: key)
        try await body(call, server)
        await call.end()
        await server.stop()
    }

    @Test func aSentenceIsHeardAsItIsSpoken() async throws {
        try await Self.withCall { call, server in
            await call.begin(1)
            await call.speak(Self.words.audio(of: [0, 1, 2, 3]))
            await call.finish(1)
            #expect(await call.outcome(of: 1) == .final("quiero cambiar mi cita"))
            let interims = call.all.dropLast().map(\.outcome)
            #expect(!interims.isEmpty)
            for outcome in interims {
                guard case .interim(let text) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                #expect("quiero cambiar mi cita".hasPrefix(text))
            }
            await call.begin(2)
            await call.speak(Self.words.audio(of: [7]))
            await call.finish(2)
            #expect(await call.outcome(of: 2) == .final("gracias"))
            let connections = server.connections
            #expect(connections.count == 1)
            // As it came: both utterances one after the other, not an octet more.
            #expect(
                connections.first?.audio == Self.words.audio(of: [0, 1, 2, 3])
                    + Self.words.audio(of: [7]))
            #expect(connections.first?.request.query("language") == ["es-419"])
        }
    }

    /// Whatever happens to the first connection, every word is there once.
    @Test(arguments: [
        SimulatedDeepgram.Fault.drop(afterMilliseconds: 500),
        .drop(afterMilliseconds: 1_180), .close(code: 1_011, afterMilliseconds: 700),
        .garbage(afterMilliseconds: 500), .nonsense(afterMilliseconds: 600),
        .stall(afterMilliseconds: 300), .halfClose(afterMilliseconds: 500),
        .refuse(status: 500),
    ])
    func aBrokenConnectionLosesNoWord(_ fault: SimulatedDeepgram.Fault) async throws {
        try await Self.withCall([fault]) { call, server in
            await call.begin(1)
            await call.speak(Self.words.audio(of: [0, 1, 2]))
            await call.speak(SimulatedWords.silence(octets: 3_200))  // makes a window final
            await call.speak(Self.words.audio(of: [3, 4, 5, 6]))
            await call.finish(1)
            #expect(await call.outcome(of: 1) == .final("quiero cambiar mi cita para el martes"))
            #expect(server.attemptCount == 2)
        }
    }

    @Test func aCancelledUtteranceIsForgotten() async throws {
        try await Self.withCall { call, _ in
            await call.begin(1)
            await call.speak(Self.words.audio(of: [0, 1]))
            await call.with { $0.cancel(1) }
            await call.begin(2)
            await call.speak(Self.words.audio(of: [7]))
            await call.finish(2)
            #expect(await call.outcome(of: 2) == .final("gracias"))
            let late = call.all.drop { $0.utterance == 1 }
            #expect(late.allSatisfy { $0.utterance == 2 })
        }
    }

    @Test func aWrongKeyIsTold() async throws {
        try await Self.withCall(key: "wrong") { call, server in
            await call.begin(1)
            await call.speak(Self.words.audio(of: [0]))
            await call.finish(1)
            guard case .failed(.unavailable(let text)) = await call.outcome(of: 1) else {
                Issue.record("\(call.all)")
                return
            }
            #expect(text.contains("DEEPGRAM_API_KEY") && !text.contains("wrong"))
            #expect(server.attemptCount == 1)
            var settings = DeepgramRecognizer.Settings(key: "wrong")
            settings.baseURL = server.url
            let connector = await call.onLoop { $0 }
            await #expect(throws: ProviderFailure.unauthorised) {
                try await DeepgramRecognizer(settings: settings).check(.spanish, over: connector)
            }
            settings.key = "test-key"
            try await DeepgramRecognizer(settings: settings).check(.spanish, over: connector)
        }
    }
}
