internal import Codecs
internal import FoundationEssentials
package import Pipeline
internal import Synchronization

/// Speech-to-text with a streaming model of sherpa-onnx: dictation without a key or network.
///
/// The library and a model folder are the operator's to fetch. Decoding is greedy and happens on
/// threads of its own; grammars and phrases are not used. Utterances end where the conversation
/// says so.
package final class SherpaRecognizer: SpeechRecognizer {
    package struct Settings: Equatable, Sendable {
        /// Where `script/fetch-sherpa` has put the library.
        package var library = ".engines/sherpa-onnx"
        /// The folder with the model; empty: none.
        package var model = ""
        /// Decoding threads; `nil`: one less than there are cores, at least one.
        package var workerCount: Int?
        /// Calls heard at once; above it `makeSession` refuses.
        package var maximumSessions = 64
        /// An utterance is heard no further than this; the rest is read and dropped.
        package var maximumUtterance = Duration.seconds(60)

        package init() {}
    }

    /// Greedy search only ever appends.
    package var interimsAreStable: Bool { true }

    private typealias Worker = RecognizerWorker<SherpaDecoder>

    private struct State {
        var workers: [Worker] = []
        var sessionsPerWorker: [Int] = []
        var nextSession = 0
        var isShutDown = false
    }

    private let settings: Settings
    private let state = Mutex(State())
    private let model: LoadedOnce<SherpaEar>

    /// Starts nothing yet; the first session or `prepare()` does.
    package init(settings: Settings) {
        self.settings = settings
        model = LoadedOnce(threadName: "sherpa-load") { () throws(EngineError) in
            guard !settings.model.isEmpty else {
                throw .unavailable(
                    "sherpa-onnx has no model folder to hear with: set MEDIABRIDGE_SHERPA_STT_MODEL"
                )
            }
            let files = try SherpaEarModel(folder: settings.model)
            return try SherpaEar(files, library: SherpaLibrary(folder: settings.library))
        }
    }

    deinit { shutdown() }

    /// Returns once the model is loaded.
    ///
    /// - Throws: `EngineError.unavailable` that tells what is missing and how to get it.
    package func prepare() async throws(EngineError) {
        let outcome = await withCheckedContinuation { continuation in
            model.take { continuation.resume(returning: $0) }
        }
        _ = try outcome.get()
    }

    /// Ends the threads after the piece they work on; sessions still open get no further result.
    package func shutdown() {
        let workers = state.withLock { state in
            let workers = state.workers
            state.workers = []
            state.isShutDown = true
            return workers
        }
        for worker in workers { worker.stop() }
        model.drop()
    }

    /// Opens a call; the model is waited for where it is not loaded yet.
    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        guard let octetsPerSample = request.format.octetsPerSample else {
            throw .unavailable("sherpa-onnx takes µ-law, A-law or linear audio, not Opus")
        }
        let (worker, index, id) = try admit()
        let octetsPerSecond = request.format.rate.rawValue * octetsPerSample
        let gate = RingGate(audio)
        let limit = settings.maximumUtterance.milliseconds / 1_000 * Double(octetsPerSecond)
        worker.post(
            .open(
                CallSetup(
                    request: request, gate: gate, deliver: deliver,
                    pieceLength: octetsPerSecond / 10, utteranceLimit: Int(limit))), to: id)
        model.take { ear in worker.post(.decoder(ear.map { SherpaDecoder($0) }), to: id) }
        return DecodedSession(id: id, gate: gate, worker: worker) { [weak self] in
            self?.release(worker: index)
        }
    }

    private func admit() throws(EngineError) -> (worker: Worker, index: Int, session: Int) {
        try state.withLock { state throws(EngineError) in
            try startWorkers(&state)
            let loads = state.sessionsPerWorker
            guard loads.reduce(0, +) < settings.maximumSessions else {
                throw .overloaded("sherpa-onnx hears \(settings.maximumSessions) calls already")
            }
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            state.sessionsPerWorker[index] += 1
            state.nextSession += 1
            return (state.workers[index], index, state.nextSession)
        }
    }

    private func release(worker index: Int) {
        state.withLock { $0.sessionsPerWorker[index] -= 1 }
    }

    private func startWorkers(_ state: inout State) throws(EngineError) {
        guard !state.isShutDown else { throw .unavailable("sherpa-onnx was shut down") }
        guard state.workers.isEmpty else { return }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = max(1, settings.workerCount ?? cores - 1)
        var workers: [Worker] = []
        do {
            for index in 0..<count { workers.append(try Worker(name: "stt-sherpa-\(index)")) }
        } catch {
            for worker in workers { worker.stop() }
            throw error
        }
        state.workers = workers
        state.sessionsPerWorker = [Int](repeating: 0, count: count)
    }
}
