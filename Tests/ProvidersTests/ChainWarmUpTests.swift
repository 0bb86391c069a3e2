import Codecs
import Pipeline
import Providers
import Synchronization
import Testing

/// Connections that a chain opens ahead, in virtual time.
@Suite struct ChainWarmUpTests {
    /// Fails to connect as often as it is told to.
    private final class Engine: LanguageModel, SpeechSynthesizer {
        private let time: VirtualTime
        private let failures: Int
        private let log = Mutex<[Int]>([])
        /// When it was asked to connect, in milliseconds.
        var tries: [Int] { log.withLock { $0 } }

        init(_ time: VirtualTime, failures: Int = 0) {
            self.time = time
            self.failures = failures
        }

        func warmUp() async throws(ProviderFailure) {
            let count = log.withLock { log in
                log.append(time.milliseconds)
                return log.count
            }
            if count <= failures { throw .refused }
        }

        func warm(_ language: Language, format: AudioFormat) {
            log.withLock { $0.append(time.milliseconds) }
        }

        func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
            AsyncThrowingStream { $0.finish(throwing: ProviderFailure.refused) }
        }

        func synthesize(
            _ text: String, language: Language, format: AudioFormat
        ) -> AsyncThrowingStream<SpeechBlock, any Error> {
            AsyncThrowingStream { $0.finish(throwing: ProviderFailure.refused) }
        }
    }

    private static func chain(_ time: VirtualTime, _ engines: Engine...) -> ChainedModel {
        ChainedModel(
            ProviderChain(
                stage: .model,
                engines.enumerated().map { .init("\($0)", $1 as any LanguageModel) },
                hasLastResort: false, clock: time, seed: 1))
    }

    /// The contract's retries, with 20 % of jitter: after 1 s and 2 s, and only of the first.
    @Test func aConnectionIsRetried() throws {
        let time = VirtualTime()
        let (first, second) = (Engine(time, failures: 2), Engine(time))
        let model = Self.chain(time, first, second)
        time.run { try? await model.warmUp() }
        try #require(first.tries.count == 3)
        #expect(first.tries[0] == 0)
        #expect((800...1_200).contains(first.tries[1]))
        #expect((1_600...2_400).contains(first.tries[2] - first.tries[1]))
        #expect(second.tries.isEmpty)
    }

    /// The third failure shuts it out: the next call warms up whom it will ask.
    @Test func whoCannotBeReachedIsLeftAlone() {
        let time = VirtualTime()
        let (first, second) = (Engine(time, failures: .max), Engine(time))
        let model = Self.chain(time, first, second)
        time.run {
            do throws(ProviderFailure) {
                try await model.warmUp()
                Issue.record("nobody was reached")
            } catch {
                #expect(error == .refused)
            }
            #expect(first.tries.count == 3)
            try? await model.warmUp()
        }
        #expect(first.tries.count == 3)
        #expect(second.tries.count == 1)
    }

    @Test func voicesAreWarmedThroughEverythingInFront() {
        let time = VirtualTime()
        let (first, second) = (Engine(time), Engine(time))
        let chain = ProviderChain(
            stage: .speech,
            [first, second].enumerated().map {
                .init("\($0)", NormalizedSynthesizer($1) as any SpeechSynthesizer)
            }, hasLastResort: false, clock: time, seed: 1)
        let voice = CachingSynthesizer(
            ChainedSynthesizer(chain), name: { _ in "v" }, cache: SharedResponseCache(clock: time))
        voice.warm(.english, format: .telephone)
        #expect(first.tries == [0])
        #expect(second.tries.isEmpty)
    }
}
