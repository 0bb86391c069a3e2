/// Answers to frequent questions with their audio, shared by calls; bounded in number and octets.
///
/// The answer used longest ago goes first. An answer is as old as when the model gave it, however
/// often it is used.
package struct ResponseCache: Sendable {
    package struct Settings: Equatable, Sendable {
        package var timeToLive = Duration.seconds(3_600)
        package var mostAnswers = 500
        /// Texts and audio together; 64 MiB hold about two hours of telephone audio.
        package var mostOctets = 64 << 20

        package init() {}
    }

    package struct Counters: Equatable, Sendable {
        package var hits = 0
        package var misses = 0
        /// Of the misses, those whose answer was too old.
        package var expired = 0
        /// Answers given up for room.
        package var evicted = 0
        /// Answers given up because prompt or knowledge changed.
        package var invalidated = 0
    }

    private struct Entry: Sendable {
        var answer: CachedAnswer
        let storedAt: MonotonicTime
        var lastUse: Int
        var octetCount: Int
    }

    package private(set) var counters = Counters()
    package private(set) var octetCount = 0
    private var entries: [CachedQuestion: Entry] = [:]
    private var useCount = 0
    private let settings: Settings

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    package var count: Int { entries.count }

    /// The answer to a question, if it is known and young enough.
    package mutating func answer(
        to question: CachedQuestion, at now: MonotonicTime
    ) -> CachedAnswer? {
        guard var entry = entries[question] else {
            counters.misses += 1
            return nil
        }
        guard now < entry.storedAt.advanced(by: settings.timeToLive) else {
            counters.misses += 1
            counters.expired += 1
            remove(question)
            return nil
        }
        counters.hits += 1
        useCount += 1
        entry.lastUse = useCount
        entries[question] = entry
        return entry.answer
    }

    /// Keeps an answer that the model has just given.
    package mutating func store(
        _ answer: CachedAnswer, for question: CachedQuestion, at now: MonotonicTime
    ) {
        remove(question)
        useCount += 1
        let octets = answer.octetCount
        guard octets <= settings.mostOctets, settings.mostAnswers > 0 else { return }
        entries[question] = Entry(
            answer: answer, storedAt: now, lastUse: useCount, octetCount: octets)
        octetCount += octets
        makeRoom(sparing: question)
    }

    /// Adds the audio of an answer that is kept, once all of it has been synthesised.
    ///
    /// Ignored when the text is another by now, or when there is no room for it at all.
    package mutating func store(
        _ chunks: [CachedAnswer.Chunk], in sound: CachedAnswer.Sound, saying text: String,
        for question: CachedQuestion
    ) {
        guard var entry = entries[question], entry.answer.text == text else { return }
        entry.answer.keep(chunks, in: sound)
        let octets = entry.answer.octetCount
        guard octets <= settings.mostOctets else { return }
        octetCount += octets - entry.octetCount
        entry.octetCount = octets
        entries[question] = entry
        makeRoom(sparing: question)
    }

    /// Prompt or knowledge of an agent changed: answers to any other fingerprint go.
    package mutating func promptChanged(of agent: String, to fingerprint: UInt64) {
        for question in entries.keys
        where question.agent == agent && question.fingerprint != fingerprint {
            counters.invalidated += 1
            remove(question)
        }
    }

    /// Linear in the number of answers; only when one is stored, off the audio path.
    private mutating func makeRoom(sparing newest: CachedQuestion) {
        while entries.count > settings.mostAnswers || octetCount > settings.mostOctets {
            let oldest = entries.filter { $0.key != newest }
                .min { $0.value.lastUse < $1.value.lastUse }
            guard let oldest else { return }
            counters.evicted += 1
            remove(oldest.key)
        }
    }

    private mutating func remove(_ question: CachedQuestion) {
        guard let entry = entries.removeValue(forKey: question) else { return }
        octetCount -= entry.octetCount
    }
}
