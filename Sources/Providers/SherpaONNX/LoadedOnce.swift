internal import Pipeline
internal import Synchronization

/// Something big that is loaded on a thread of its own when it is first asked for, and then kept.
final class LoadedOnce<Loaded: Sendable>: Sendable {
    typealias Taker = @Sendable (Result<Loaded, EngineError>) -> Void

    private enum State {
        case absent
        case loading([Taker])
        case loaded(Loaded)
    }

    private let state = Mutex(State.absent)
    private let threadName: String
    private let load: @Sendable () throws(EngineError) -> Loaded

    /// - Parameters:
    ///   - threadName: at most 15 octets.
    ///   - load: may block; what it throws is told to all who wait, and the next one tries again.
    init(threadName: String, load: @escaping @Sendable () throws(EngineError) -> Loaded) {
        self.threadName = threadName
        self.load = load
    }

    /// Hands it to `taker`, at once or from the loading thread.
    func take(_ taker: @escaping Taker) {
        let (ready, isFirst): (Loaded?, Bool) = state.withLock { state in
            switch state {
            case .loaded(let loaded): return (loaded, false)
            case .loading(let takers):
                state = .loading(takers + [taker])
                return (nil, false)
            case .absent:
                state = .loading([taker])
                return (nil, true)
            }
        }
        if let ready { taker(.success(ready)) }
        guard isFirst else { return }
        do throws(EngineError) {
            try RecognizerThread().start(name: threadName) { [self] in settle(outcome()) }
        } catch {
            settle(.failure(error))
        }
    }

    /// Lets it go, as soon as nobody works with it any more.
    func drop() {
        state.withLock { state in
            if case .loaded = state { state = .absent }
        }
    }

    private func outcome() -> Result<Loaded, EngineError> {
        do throws(EngineError) { return .success(try load()) } catch { return .failure(error) }
    }

    private func settle(_ outcome: Result<Loaded, EngineError>) {
        let takers: [Taker] = state.withLock { state in
            guard case .loading(let takers) = state else { return [] }
            switch outcome {
            case .success(let loaded): state = .loaded(loaded)
            case .failure: state = .absent
            }
            return takers
        }
        for taker in takers { taker(outcome) }
    }
}
