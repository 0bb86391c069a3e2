/// Answers to frequent questions and their audio, shared by calls; bounded in number and octets.
///
/// Texts and audio are found apart: an answer may have been said in one format and be asked for in
/// another, and its audio may be ready before the model has ended it. What is used longest ago goes
/// first.
package struct ResponseCache: Sendable {
    package struct Settings: Equatable, Sendable {
        package var timeToLive = Duration.seconds(3_600)
        package var mostAnswers = 500
        /// Of the audio: 64 MiB hold about two hours for telephones; texts may have as much.
        package var mostOctets = 64 << 20

        package init() {}
    }

    /// Since the start, of answers or of their audio.
    package struct Counters: Equatable, Sendable {
        package var hits = 0
        package var misses = 0
        /// Of the misses, those whose value was too old.
        package var expired = 0
        package var stored = 0
        /// Given up for room.
        package var evicted = 0
        /// Given up because prompt or knowledge changed.
        package var invalidated = 0

        package init() {}
    }

    /// An answer is said in a few pieces.
    private static let piecesPerAnswer = 4

    private var answers: BoundedStore<CachedQuestion, CachedAnswer>
    private var speech: BoundedStore<CachedSpeech.Key, CachedSpeech>

    package init(_ settings: Settings = Settings()) {
        answers = BoundedStore(
            timeToLive: settings.timeToLive, mostValues: settings.mostAnswers,
            mostOctets: settings.mostOctets)
        speech = BoundedStore(
            timeToLive: settings.timeToLive,
            mostValues: settings.mostAnswers * Self.piecesPerAnswer,
            mostOctets: settings.mostOctets)
    }

    /// Answers that are kept.
    package var count: Int { answers.count }
    package var counters: Counters { answers.counters }
    /// Of the answers' audio.
    package var speechCounters: Counters { speech.counters }
    package var octetCount: Int { answers.octetCount + speech.octetCount }

    /// The answer to a question, if it is known and young enough.
    package mutating func answer(
        to question: CachedQuestion, at now: MonotonicTime
    ) -> CachedAnswer? {
        answers.value(of: question, at: now)
    }

    /// Until when a question has an answer; `nil`: it has none.
    package func expiry(of question: CachedQuestion) -> MonotonicTime? {
        answers.expiry(of: question)
    }

    /// Keeps an answer that the model has just given.
    package mutating func store(
        _ answer: CachedAnswer, for question: CachedQuestion, at now: MonotonicTime
    ) {
        answers.store(answer, for: question, octetCount: answer.octetCount, at: now)
    }

    /// The audio of a piece of an answer, if it has been said in this way before.
    package mutating func speech(
        _ key: CachedSpeech.Key, at now: MonotonicTime
    ) -> CachedSpeech? {
        speech.value(of: key, at: now)
    }

    /// Until when audio is kept; `nil`: there is none.
    package func expiry(of key: CachedSpeech.Key) -> MonotonicTime? { speech.expiry(of: key) }

    /// Keeps audio that a voice has just said to its end.
    package mutating func store(
        _ said: CachedSpeech, as key: CachedSpeech.Key, at now: MonotonicTime
    ) {
        let octets = said.octetCount + key.text.utf8.count
        speech.store(said, for: key, octetCount: octets, at: now)
    }

    /// Prompt or knowledge of an agent changed in a language: answers to any other fingerprint go.
    ///
    /// Audio stays: the same words sound the same.
    package mutating func promptChanged(
        of agent: String, in language: Language, to fingerprint: UInt64
    ) {
        answers.invalidate {
            $0.agent == agent && $0.language == language && $0.fingerprint != fingerprint
        }
    }
}
