internal import Codecs
internal import FoundationEssentials
package import Pipeline
internal import Synchronization

/// Speech-to-text with PocketSphinx: closed grammars over the telephone, without a key or network.
///
/// It chooses among the sentences of the utterance's JSGF grammar and is no dictation engine.
/// Decoding happens on threads of its own. Spanish is heard with the English acoustic model,
/// through `SpanishPronunciation`.
///
/// Measured with the built-in agent's grammars on espeak-ng through 8 kHz µ-law, each sentence
/// exactly right: English 228 of 288 (en-us 89 %, its variants 82 and 78 %, British 68 %), Spanish
/// 221 of 264 (es 83 %, es-419 88 %, female variants 76 and 88 %); what is wrong is mostly a name or
/// a left-out "a las". Real callers were not tested. Decoding takes 5 % of real time; the final
/// result comes 0.2 to 1.3 ms (p50) after `finish` with one call, and after 4 ms (p95 27 to 49 ms)
/// with ten calls on one worker of a busy machine.
package final class PocketSphinxRecognizer: SpeechRecognizer {
    package struct Settings: Equatable, Sendable {
        /// What `pkg-config --variable=modeldir pocketsphinx` says.
        package var modelDirectory = "/usr/share/pocketsphinx/model"
        /// Decoding threads; `nil`: one less than there are cores, at least one.
        package var workerCount: Int?
        /// Decoders kept warm for the next calls.
        package var readyDecoders = 4
        /// Calls heard at once; above it `makeSession` refuses.
        ///
        /// Each takes 16 MB (measured). One worker keeps up with 10 callers who speak at the same
        /// time; 20 saturate it.
        package var maximumSessions = 64
        /// An utterance is heard no further than this; the rest is read and dropped.
        package var maximumUtterance = Duration.seconds(30)

        package init() {}
    }

    private struct Engine {
        let pool: DecoderPool
        let workers: [RecognizerWorker<SphinxDecoder>]
    }

    private struct State {
        var engine: Engine?
        var isShutDown = false
        var sessionCount = 0
        var nextSession = 0
        var sessionsPerWorker: [Int] = []
    }

    private let settings: Settings
    private let state = Mutex(State())

    /// Starts nothing yet; the first session or `prepare()` does.
    package init(settings: Settings = Settings()) { self.settings = settings }

    deinit { shutdown() }

    /// Looks for the model's files.
    ///
    /// - Throws: `EngineError.unavailable` that tells what to install.
    package func checkInstallation() throws(EngineError) {
        _ = try SphinxModel(directory: settings.modelDirectory)
    }

    /// Starts the threads and returns once a decoder is warm.
    ///
    /// - Throws: `EngineError.unavailable` when the model is missing or cannot be loaded.
    package func prepare() async throws(EngineError) {
        let pool = try state.withLock { state throws(EngineError) in try start(&state).pool }
        let outcome = await withCheckedContinuation { continuation in
            pool.take { continuation.resume(returning: $0) }
        }
        pool.giveBack(try outcome.get())
    }

    /// Ends the threads within some 100 ms; sessions still open get no further result.
    package func shutdown() {
        let engine = state.withLock { state in
            let engine = state.engine
            state.engine = nil
            state.isShutDown = true
            return engine
        }
        guard let engine else { return }
        engine.pool.close()
        for worker in engine.workers { worker.stop() }
    }

    /// Opens a call; the decoder comes from the pool or follows when it is loaded (some 60 ms).
    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        guard let octetsPerSample = request.format.octetsPerSample else {
            throw .unavailable("PocketSphinx takes µ-law, A-law or linear audio, not Opus")
        }
        let (engine, id, index) = try admit()
        let octetsPerSecond = request.format.rate.rawValue * octetsPerSample
        let gate = RingGate(audio)
        let worker = engine.workers[index]
        let limit = settings.maximumUtterance.milliseconds / 1_000 * Double(octetsPerSecond)
        worker.post(
            .open(
                CallSetup(
                    request: request, gate: gate, deliver: deliver,
                    pieceLength: octetsPerSecond / 10, utteranceLimit: Int(limit))), to: id)
        engine.pool.take { worker.post(.decoder($0), to: id) }
        return DecodedSession(id: id, gate: gate, worker: worker) { [weak self] in
            self?.release(worker: index)
        }
    }

    private func admit() throws(EngineError) -> (engine: Engine, id: Int, worker: Int) {
        try state.withLock { state throws(EngineError) in
            let engine = try start(&state)
            guard state.sessionCount < settings.maximumSessions else {
                throw .overloaded("PocketSphinx hears \(settings.maximumSessions) calls already")
            }
            let loads = state.sessionsPerWorker
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            state.sessionsPerWorker[index] += 1
            state.sessionCount += 1
            state.nextSession += 1
            return (engine, state.nextSession, index)
        }
    }

    private func release(worker index: Int) {
        state.withLock { state in
            state.sessionCount -= 1
            state.sessionsPerWorker[index] -= 1
        }
    }

    private func start(_ state: inout State) throws(EngineError) -> Engine {
        if let engine = state.engine { return engine }
        guard !state.isShutDown else { throw .unavailable("PocketSphinx was shut down") }
        let model = try SphinxModel(directory: settings.modelDirectory)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = max(1, settings.workerCount ?? cores - 1)
        let pool = try DecoderPool(model: model, readyCount: settings.readyDecoders)
        var workers: [RecognizerWorker<SphinxDecoder>] = []
        do {
            for index in 0..<count { workers.append(try RecognizerWorker(name: "stt-\(index)")) }
        } catch {
            for worker in workers { worker.stop() }
            pool.close()
            throw error
        }
        let engine = Engine(pool: pool, workers: workers)
        state.engine = engine
        state.sessionsPerWorker = [Int](repeating: 0, count: count)
        return engine
    }
}
