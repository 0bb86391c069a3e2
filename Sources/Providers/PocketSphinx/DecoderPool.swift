internal import Codecs
internal import Pipeline
internal import Synchronization

/// Loads and warms decoders on a thread of its own, a few ahead of need.
final class DecoderPool: Sendable {
    typealias Taker = @Sendable (Result<SphinxDecoder, EngineError>) -> Void

    private struct State {
        var ready: [SphinxDecoder] = []
        var takers: [Taker] = []
        /// After a failure nothing is loaded in advance until somebody asks.
        var isReplenishing = true
        var isClosed = false
    }

    private enum Job { case close, rest, load }

    private let state = Mutex(State())
    private let thread = RecognizerThread()
    private let model: SphinxModel
    private let readyCount: Int

    init(model: SphinxModel, readyCount: Int) throws(EngineError) {
        self.model = model
        self.readyCount = readyCount
        // The body holds the pool until `close()`.
        try thread.start(name: "stt-load") { [self] in run() }
    }

    /// Hands a warmed decoder to `taker`, at once or from the loading thread.
    func take(_ taker: @escaping Taker) {
        let outcome: Result<SphinxDecoder, EngineError>? = state.withLock { state in
            guard !state.isClosed else { return .failure(Self.shutDown) }
            state.isReplenishing = true
            if let decoder = state.ready.popLast() { return .success(decoder) }
            state.takers.append(taker)
            return nil
        }
        if let outcome { taker(outcome) }
        thread.ring()
    }

    /// Takes back a decoder that nobody spoke to.
    func giveBack(_ decoder: SphinxDecoder) {
        state.withLock { state in
            if !state.isClosed, state.ready.count < readyCount { state.ready.append(decoder) }
        }
    }

    /// Ends the thread after the load under way, within some 100 ms; takers still waiting fail.
    func close() {
        let (wasClosed, takers) = state.withLock { state in
            let result = (state.isClosed, state.takers)
            state.isClosed = true
            state.takers = []
            state.ready = []
            return result
        }
        guard !wasClosed else { return }
        thread.ring()
        thread.join()
        for taker in takers { taker(.failure(Self.shutDown)) }
    }

    private func run() {
        var dictionary: PronouncingDictionary?
        while true {
            switch nextJob() {
            case .close: return
            case .rest: thread.sleep(atMost: nil)
            case .load:
                do throws(EngineError) {
                    if dictionary == nil {
                        dictionary = try PronouncingDictionary(path: model.dictionary)
                    }
                    if let dictionary { hand(try warmDecoder(dictionary)) }
                } catch {
                    fail(error)
                }
            }
        }
    }

    private func nextJob() -> Job {
        state.withLock { state in
            if state.isClosed { return .close }
            let isWanted =
                !state.takers.isEmpty || (state.isReplenishing && state.ready.count < readyCount)
            return isWanted ? .load : .rest
        }
    }

    private func warmDecoder(
        _ dictionary: PronouncingDictionary
    ) throws(EngineError) -> SphinxDecoder {
        let decoder = try SphinxDecoder(model: model, dictionary: dictionary)
        // Words have one language; these sound alike enough for both, as they are never reported.
        try decoder.use(grammar: Self.warmUpGrammar, language: .english)
        var audio = try RecognizerAudio(AudioFormat(.linear16, .hz8000))
        decoder.startStream()
        try decoder.startUtterance()
        decoder.process(audio.samples(of: WarmUpSound.octets))
        decoder.endUtterance()
        return decoder
    }

    private func hand(_ decoder: SphinxDecoder) {
        let taker: Taker? = state.withLock { state in
            if !state.takers.isEmpty { return state.takers.removeFirst() }
            if !state.isClosed { state.ready.append(decoder) }
            return nil
        }
        taker?(.success(decoder))
    }

    private func fail(_ error: EngineError) {
        let takers = state.withLock { state in
            let takers = state.takers
            state.takers = []
            state.isReplenishing = false
            return takers
        }
        for taker in takers { taker(.failure(error)) }
    }

    private static let shutDown = EngineError.unavailable("PocketSphinx was shut down")

    /// Made-up words, so that no real word gets the wrong language's pronunciation.
    private static let warmUpGrammar =
        "#JSGF V1.0; grammar warm; public <utterance> = ( babadiba | dodalido )*;"
}
