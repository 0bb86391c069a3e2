import Codecs
import Pipeline
import Providers
import Synchronization
import Testing

@testable import MediaBridge

/// What a call opens at its start.
@Suite struct EngineWarmUpTests {
    /// Counts who is to open connections.
    private final class Engine: LanguageModel, SpeechSynthesizer {
        private let counts = Mutex((model: 0, voice: [AudioFormat]()))
        var modelCount: Int { counts.withLock { $0.model } }
        var formats: [AudioFormat] { counts.withLock { $0.voice } }

        func warmUp() async throws(ProviderFailure) { counts.withLock { $0.model += 1 } }
        func warm(_ language: Language, format: AudioFormat) {
            counts.withLock { $0.voice.append(format) }
        }
        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            AsyncThrowingStream { $0.finish() }
        }
        func synthesize(
            _ text: String, language: Language, format: AudioFormat
        ) -> AsyncThrowingStream<SpeechBlock, any Error> {
            AsyncThrowingStream { $0.finish() }
        }
    }

    private struct NoTools: ToolRunner {
        func run(_ call: ToolCall, callID: String) async -> ToolResult {
            ToolResult(callID: call.id, succeeded: false, content: "")
        }
    }

    private static func engines(_ engine: Engine) -> CallEngines {
        CallEngines(
            recognizer: InstantRecognizer(), model: engine, synthesizer: engine, tools: NoTools())
    }

    /// Calls that begin together share one request to the model; each may need its own voice.
    @Test func callsThatBeginTogetherShareOneRequest() async {
        let engine = Engine()
        let engines = Self.engines(engine)
        let warmUp = EngineWarmUp()
        for milliseconds in [0, 1_000, 4_999, 5_000, 6_000] {
            let now = MonotonicTime(sinceStart: .milliseconds(milliseconds))
            await warmUp.begin(engines, .spanish, .telephone, at: now)?.value
        }
        #expect(engine.modelCount == 2)
        #expect(engine.formats == Array(repeating: .telephone, count: 5))
    }

    @Test func aCallWarmsItsEnginesUnlessToldNotTo() async {
        for isOn in [true, false] {
            let engine = Engine()
            var engines = Self.engines(engine)
            engines.warmUp = isOn ? EngineWarmUp() : nil
            let (requests, source) = AsyncStream.makeStream(of: EngineRequest.self)
            let worker = CallWorker(
                callID: "c", language: .english, speechFormat: .telephone, engines: engines,
                engineCall: EngineCall(id: "c"), post: { _ in })
            let work = Task { await worker.run(requests) }
            var turns = 0
            while engine.formats.isEmpty, turns < 10_000, isOn {
                await Task.yield()
                turns += 1
            }
            source.finish()
            await work.value
            #expect(engine.formats == (isOn ? [.telephone] : []))
        }
    }
}
