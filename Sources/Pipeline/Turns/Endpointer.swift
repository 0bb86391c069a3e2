/// Decides when the caller has finished a turn: silence after voice, as long as the words ask for.
///
/// Without interim text the wait is `Settings.pause`. Text that is clearly unfinished lengthens it
/// to `maximum`. Text that is clearly finished shortens it to `minimum`, but only when the
/// recogniser does not take its interims back (PocketSphinx rewrites one up to 27 times) and the
/// text came after the last voice, so that it may hold the last word; such a recogniser's last word
/// is waited for when it has not come by then. Where the melody counts too, words and melody give
/// the odds that the caller goes on, and those the wait. Pauses after which the caller went on all
/// the same are learned and lengthen later waits, within bounds.
package struct Endpointer: Sendable {
    package struct Settings: Sendable {
        /// Silence that ends a turn whose words are complete; the network still hears a voice 70 ms
        /// after its end, so that about 200 ms of quiet have passed by then.
        package var minimum: Duration = .milliseconds(120)
        /// Silence after the last voiced frame that ends a turn when its words tell nothing.
        package var pause: Duration = .milliseconds(480)
        /// Silence that ends any turn.
        package var maximum: Duration = .milliseconds(1_500)
        /// Where the voice stood in the caller's range shortens or lengthens the wait.
        package var usesProsody = true
        package init() {}
    }

    private let settings: Settings
    private let interimsAreStable: Bool
    let classifier: CompletenessClassifier

    private var expecting: ExpectedEntity?
    /// `nil`: no interim text in this turn.
    private var text: (completeness: Completeness, since: MonotonicTime)?
    /// What the melody before the pause that is on makes of the odds; 1: nobody said.
    private var melody = 1.0
    private var neutralPauses = PauseLearner()
    private var completePauses = PauseLearner()
    /// A pause the caller went on after, and what ended or did not end the turn there.
    private var resumption: (silence: Duration, completeness: Completeness)?
    private var hasLearned = false

    /// - Parameters:
    ///   - language: whose word lists tell a complete sentence.
    ///   - settings: the bounds; `pause` outside of them widens them.
    ///   - interimsAreStable: the recogniser's interim words stay what they are.
    package init(
        language: Language, settings: Settings = Settings(), interimsAreStable: Bool = false
    ) {
        self.settings = settings
        self.interimsAreStable = interimsAreStable
        classifier = CompletenessClassifier(language: language)
    }

    /// A turn begins; `expecting` is what the agent asked for.
    package mutating func begin(expecting: ExpectedEntity?) {
        self.expecting = expecting
        text = nil
        melody = 1
        resumption = nil
        hasLearned = false
    }

    /// All the turn's words so far; not to be called per frame.
    package mutating func heard(_ words: String, at now: MonotonicTime) {
        text = (classifier.completeness(of: words, expecting: expecting), now)
    }

    /// The voice pauses, and how it stood before.
    package mutating func heard(_ intonation: Intonation) {
        guard settings.usesProsody else { return }
        melody = TurnOdds.factor(of: intonation)
    }

    /// Whether a turn whose last voice was at `lastVoice` is over at `now`.
    package func isOver(lastVoice: MonotonicTime, at now: MonotonicTime) -> Bool {
        lastVoice.duration(to: now) >= wait(lastVoice: lastVoice)
    }

    /// The silence that ends the turn, as far as its words are known by now.
    package func wait(lastVoice: MonotonicTime) -> Duration {
        if settings.usesProsody, interimsAreStable { return likelyWait(lastVoice: lastVoice) }
        let pause = shaded(settings.pause)
        guard let text else {
            return interimsAreStable ? min(longest, max(pause, Self.textWait)) : min(longest, pause)
        }
        if interimsAreStable, text.completeness != .open, !isFresh(text.since, lastVoice) {
            return min(longest, max(pause, Self.textWait))
        }
        return switch completeness(lastVoice: lastVoice) {
        case .open: longest
        case .neutral:
            min(
                longest, settings.pause * Self.mostForNeutral / 100,
                neutralPauses.wait(atLeast: pause))
        case .complete:
            min(
                longest, shortest + (settings.pause - shortest) * Self.mostForComplete / 100,
                completePauses.wait(atLeast: shaded(shortest)))
        }
    }

    /// The wait by words and melody together; words that are open and whole leave no doubt.
    private func likelyWait(lastVoice: MonotonicTime) -> Duration {
        let isKnown = text.map { isFresh($0.since, lastVoice) } ?? false
        let words: Double
        switch (text?.completeness, isKnown) {
        case (.open, true): return longest
        case (.complete, true): words = TurnOdds.complete
        case (.neutral, true), (.open, false): words = TurnOdds.neutral
        case (.complete, false), (.neutral, false), (nil, _): words = 1
        }
        let learned = min(
            settings.pause * Self.mostForNeutral / 100,
            neutralPauses.wait(atLeast: settings.pause))
        let wait = TurnOdds.wait(
            words * melody, shortest: shortest, pause: min(learned, longest), longest: longest)
        // A voice that fell has ended, whatever its last word will be.
        return isKnown || melody < 1 ? wait : min(longest, max(wait, Self.textWait))
    }

    /// What the melody makes of a wait when no word is sure: a voice that fell to its low end has
    /// rather finished, one held above it rather not.
    private func shaded(_ wait: Duration) -> Duration {
        if melody < Self.clearFall { return max(shortest, wait * 3 / 4) }
        return melody > 1 / Self.clearFall ? wait * 3 / 2 : wait
    }

    /// The caller speaks again, `silence` after the `lastVoice` of the same turn.
    ///
    /// It is learned once it is known to be more than a cough.
    package mutating func resumed(after silence: Duration, lastVoice: MonotonicTime) {
        resumption = (silence, completeness(lastVoice: lastVoice))
        melody = 1
    }

    /// What the caller went on with was speech.
    package mutating func confirmResumption() {
        guard let (silence, completeness) = resumption else { return }
        resumption = nil
        // Nobody is waited for longer than `maximum`; a voice after that wants something else.
        guard silence <= longest else { return }
        switch completeness {
        case .open: return  // waited for anyhow, and no measure of other pauses
        case .neutral:
            guard silence > settings.pause - Self.debounce else { return }
            neutralPauses.resumed(after: silence)
        case .complete:
            guard silence > shortest - Self.debounce else { return }
            completePauses.resumed(after: silence)
        }
        hasLearned = true
    }

    /// The turn is taken to be over.
    package mutating func turnEnded() {
        guard !hasLearned else { return }
        neutralPauses.turnEnded()
        completePauses.turnEnded()
    }

    /// A pause shorter than a wait by this much is survived without having been learned.
    private static let debounce = Duration.milliseconds(100)

    /// What is learned may lengthen a wait to so many per cent of `pause`; when the words are
    /// complete, by so many of the way from `minimum` to `pause`.
    ///
    /// Without bounds, 4 % fewer turns were cut for 135 ms more delay in the
    /// mean (`bench/hearing`, tuning texts): one hesitation burdened every later end.
    private static let mostForNeutral = 150
    private static let mostForComplete = 30

    /// A recogniser that has kept up owes the words of the last voice until then.
    private static let textWait = Duration.milliseconds(600)

    private static let clearFall = 0.5

    /// Whether text of that time may hold the last word.
    private func isFresh(_ since: MonotonicTime, _ lastVoice: MonotonicTime) -> Bool {
        since >= lastVoice
    }

    private var shortest: Duration { min(settings.minimum, settings.pause) }
    private var longest: Duration { max(settings.maximum, settings.pause) }

    private func completeness(lastVoice: MonotonicTime) -> Completeness {
        guard let (completeness, since) = text else { return .neutral }
        switch completeness {
        case .open, .neutral: return completeness
        case .complete: return interimsAreStable && isFresh(since, lastVoice) ? .complete : .neutral
        }
    }
}
