package import Pipeline
internal import Synchronization

/// The one `ResponseCache` of the process, used by all calls at once.
///
/// Nothing but its own look-ups happens under the lock.
package final class SharedResponseCache: Sendable {
    private struct Owner: Hashable {
        let agent: String
        let language: Language
    }
    private struct State {
        var cache: ResponseCache
        /// Of the newest question.
        var fingerprints: [Owner: UInt64] = [:]
    }

    /// What is kept and what came of it.
    package struct Figures: Equatable, Sendable {
        package let answers: ResponseCache.Counters
        package let speech: ResponseCache.Counters
        package let answerCount: Int
        package let octetCount: Int
    }

    private let state: Mutex<State>
    let clock: any ChainClock
    let timeToLive: Duration

    /// - Parameters:
    ///   - settings: how much is kept, and for how long.
    ///   - clock: the process's own unless under test.
    package init(
        _ settings: ResponseCache.Settings = ResponseCache.Settings(),
        clock: any ChainClock = SystemClock()
    ) {
        state = Mutex(State(cache: ResponseCache(settings)))
        self.clock = clock
        timeToLive = settings.timeToLive
    }

    package var figures: Figures {
        state.withLock {
            Figures(
                answers: $0.cache.counters, speech: $0.cache.speechCounters,
                answerCount: $0.cache.count, octetCount: $0.cache.octetCount)
        }
    }

    /// How much longer a question has an answer; `nil`: it has none.
    package func timeLeft(of question: CachedQuestion) -> Duration? {
        let now = clock.now()
        return state.withLock { $0.cache.expiry(of: question) }.map { now.duration(to: $0) }
            .flatMap { $0 > .zero ? $0 : nil }
    }

    func answer(to question: CachedQuestion) -> CachedAnswer? {
        let now = clock.now()
        return state.withLock { state in
            let owner = Owner(agent: question.agent, language: question.language)
            if state.fingerprints[owner] != question.fingerprint {
                state.fingerprints[owner] = question.fingerprint
                state.cache.promptChanged(
                    of: owner.agent, in: owner.language, to: question.fingerprint)
            }
            return state.cache.answer(to: question, at: now)
        }
    }

    func store(_ answer: CachedAnswer, for question: CachedQuestion) {
        let now = clock.now()
        state.withLock { $0.cache.store(answer, for: question, at: now) }
    }

    func speech(_ key: CachedSpeech.Key) -> CachedSpeech? {
        let now = clock.now()
        return state.withLock { $0.cache.speech(key, at: now) }
    }

    func has(_ key: CachedSpeech.Key) -> Bool {
        let now = clock.now()
        return state.withLock { $0.cache.expiry(of: key) }.map { now < $0 } ?? false
    }

    func store(_ said: CachedSpeech, as key: CachedSpeech.Key) {
        let now = clock.now()
        state.withLock { $0.cache.store(said, as: key, at: now) }
    }
}
