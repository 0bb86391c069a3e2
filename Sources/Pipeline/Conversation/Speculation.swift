/// The question asked to the model before the caller's turn is over, and what leads to it.
///
/// What the model says meanwhile is held here; it becomes an answer when the final transcript has
/// the words that were asked, and is forgotten when it has not.
package struct Speculation: Sendable {
    package struct Settings: Sendable {
        /// The model is asked on interim words that seem to be all: for recognisers that do not take
        /// them back.
        package var isOn = false
        /// So long after the last voice and the last change of the words.
        package var stableFor: Duration = .milliseconds(150)
        /// The share of questions that may be asked in vain before no more are asked, from 0 to 1.
        package var wasteLimit: Float = 0.5
        package init() {}
    }

    /// What the model said, in order; bounded by what it says until the transcript's time is up.
    enum Said: Sendable {
        case event(ModelEvent, timing: EngineTiming)
        case ended(timing: EngineTiming)
    }

    struct Attempt: Sendable {
        let generation: Int
        let request: ModelRequest
        fileprivate(set) var said: [Said] = []

        /// Whether it was asked what would be asked now, but for case, punctuation and spaces.
        func fits(_ history: [Message]) -> Bool {
            guard case .user(let asked) = request.history.last, case .user(let text) = history.last
            else { return false }
            return SpokenWords(asked).words == SpokenWords(text).words
                && request.history.dropLast() == history.dropLast()
        }
    }

    /// The words of the caller's turn so far.
    struct Interim: Sendable {
        let text: String
        fileprivate let words: [String]
        /// When they were heard for the first time, and for the last time.
        fileprivate let changedAt: MonotonicTime
        fileprivate var heardAt: MonotonicTime
        /// They read like a whole turn.
        fileprivate let isFinished: Bool
    }

    /// A recogniser tells a word at the latest so long after it was said.
    private static let longestLag = Duration.milliseconds(400)

    let isOn: Bool
    private let stableFor: Duration
    private var budget: SpeculationBudget
    private(set) var attempt: Attempt?
    private var interim: Interim?
    /// The model failed on a question of this utterance.
    private var isSpent = false
    private(set) var askedCount = 0
    private(set) var usedCount = 0
    private(set) var wastedCount = 0

    init(_ settings: Settings) {
        isOn = settings.isOn
        stableFor = settings.stableFor
        budget = SpeculationBudget(wasteLimit: settings.wasteLimit)
    }

    // MARK: When to ask

    /// The words of an utterance that begins are not known.
    mutating func utteranceBegan() {
        interim = nil
        isSpent = false
    }

    /// The caller's turn has these words so far.
    ///
    /// - Parameters:
    ///   - text: all of them.
    ///   - now: when they were heard.
    ///   - isFinished: whether they read like a whole turn; asked when they have changed.
    /// - Returns: whether they are others than before.
    mutating func heard(
        _ text: String, at now: MonotonicTime, isFinished: () -> Bool
    ) -> Bool {
        let words = SpokenWords(text).words
        if interim?.words == words {
            interim?.heardAt = now
            return false
        }
        interim = Interim(
            text: text, words: words, changedAt: now, heardAt: now, isFinished: isFinished())
        return true
    }

    /// What to ask in a pause of the caller; `nil` unless the words seem to be all.
    func question(inPauseSince lastVoice: MonotonicTime, at now: MonotonicTime) -> String? {
        guard let interim, interim.isFinished,
            max(interim.changedAt, lastVoice).duration(to: now) >= stableFor
        else { return nil }
        return question(afterTurnWith: lastVoice, at: now)
    }

    /// What to ask once the turn is over; `nil` when words may be missing.
    func question(afterTurnWith lastVoice: MonotonicTime, at now: MonotonicTime) -> String? {
        guard isOn, !isSpent, attempt == nil, budget.isOpen, let interim, !interim.words.isEmpty,
            interim.heardAt >= lastVoice || lastVoice.duration(to: now) >= Self.longestLag
        else { return nil }
        return interim.text
    }

    mutating func turnEnded() { budget.turnEnded() }

    // MARK: What comes of it

    mutating func ask(_ request: ModelRequest, generation: Int) {
        precondition(attempt == nil, "one question at a time")
        attempt = Attempt(generation: generation, request: request)
        askedCount += 1
    }

    /// Whether something the model said was of the pending question; it is then kept.
    mutating func hold(_ said: @autoclosure () -> Said, of generation: Int) -> Bool {
        guard attempt?.generation == generation else { return false }
        attempt?.said.append(said())
        return true
    }

    /// The caller said just that.
    mutating func use() -> Attempt? {
        guard let attempt else { return nil }
        budget.add(wasted: false)
        usedCount += 1
        self.attempt = nil
        return attempt
    }

    /// The question was in vain.
    ///
    /// - Returns: it; `nil` when there was none.
    @discardableResult
    mutating func waste() -> Attempt? {
        guard let attempt else { return nil }
        budget.add(wasted: true)
        wastedCount += 1
        self.attempt = nil
        return attempt
    }

    /// The model failed: it is asked again when the turn is over.
    mutating func fail() { isSpent = true }
}
