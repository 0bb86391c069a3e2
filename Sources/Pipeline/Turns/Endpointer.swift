/// Decides when the caller has finished a turn: silence after voice, as long as the words ask for.
///
/// Without interim text the wait is `Settings.pause`. Text that is clearly unfinished lengthens it
/// to `maximum`. Text that is clearly finished shortens it to `minimum`, but only when the
/// recogniser does not take its interims back (PocketSphinx rewrites one up to 27 times) and the
/// text came after the last voice, so that it may hold the last word; such a recogniser's last word
/// is waited for when it has not come by then. Pauses after which the caller went on all the same
/// are learned and lengthen later waits, within bounds.
package struct Endpointer: Sendable {
    package struct Settings: Sendable {
        /// Silence that ends a turn whose words are complete.
        package var minimum: Duration = .milliseconds(200)
        /// Silence after the last voiced frame that ends a turn when its words tell nothing.
        package var pause: Duration = .milliseconds(480)
        /// Silence that ends any turn.
        package var maximum: Duration = .milliseconds(1_200)
        /// The voice's melody shortens or lengthens the wait.
        package var usesProsody = false
        package init() {}
    }

    private let settings: Settings
    private let interimsAreStable: Bool
    let classifier: CompletenessClassifier

    private var expecting: ExpectedEntity?
    /// `nil`: no interim text in this turn.
    private var text: (completeness: Completeness, since: MonotonicTime)?
    /// How the voice moved before the pause that is on; `nil`: nobody said.
    private var intonation: Intonation?
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
        intonation = nil
        resumption = nil
        hasLearned = false
    }

    /// All the turn's words so far; not to be called per frame.
    package mutating func heard(_ words: String, at now: MonotonicTime) {
        text = (classifier.completeness(of: words, expecting: expecting), now)
    }

    /// The voice pauses, and how it moved before.
    package mutating func heard(_ intonation: Intonation) { self.intonation = intonation }

    /// Whether a turn whose last voice was at `lastVoice` is over at `now`.
    package func isOver(lastVoice: MonotonicTime, at now: MonotonicTime) -> Bool {
        lastVoice.duration(to: now) >= wait(lastVoice: lastVoice)
    }

    /// The silence that ends the turn, as far as its words are known by now.
    package func wait(lastVoice: MonotonicTime) -> Duration {
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

    /// What the melody makes of a wait: a voice that fell to its low end has rather finished, one
    /// held in the middle rather not; one that rose may have asked or may go on.
    private func shaded(_ wait: Duration) -> Duration {
        guard settings.usesProsody else { return wait }
        return switch intonation {
        case .falling: max(shortest, wait * 3 / 4)
        case .level: wait * 3 / 2
        case .rising, .unknown, nil: wait
        }
    }

    /// The caller speaks again, `silence` after the `lastVoice` of the same turn.
    ///
    /// It is learned once it is known to be more than a cough.
    package mutating func resumed(after silence: Duration, lastVoice: MonotonicTime) {
        resumption = (silence, completeness(lastVoice: lastVoice))
        intonation = nil
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
