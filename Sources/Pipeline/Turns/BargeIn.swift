/// Decides what speech during an answer means: it pauses at once, and is confirmed or taken back.
///
/// Pausing is cheap to undo, so it happens on the debounced onset alone. Words, or voice that goes
/// on, make it an interruption; a cough or a backchannel ("ajá") lets the answer go on.
package struct BargeIn: Sendable {
    package struct Settings: Sendable {
        /// While the agent speaks: voice that pauses the answer; less than the debounce adds nothing.
        package var voiceToPause: Duration = .zero
        /// While the agent thinks: voice that reopens the turn, as `voiceToPause`.
        ///
        /// Audio older than the driver's pre-roll (400 ms) is not recognised.
        package var voiceToReopen: Duration = .zero
        /// Voice that long is meant, whatever the words.
        package var sustainedVoice: Duration = .milliseconds(500)
        /// Voice that long is meant, though its words so far are a backchannel's.
        package var sustainedBackchannel: Duration = .milliseconds(1_200)
        /// Voice of which a recogniser that has kept up knows no word by then is a background's.
        ///
        /// A first word is known about 700 ms after its beginning; until then "mm-hm" lasts.
        package var wordlessVoice: Duration = .milliseconds(2_000)
        /// Voice no longer than this is a cough or a click, unless words were recognised.
        package var shortestWord: Duration = .milliseconds(180)
        /// Words over so little of an answer's end are a reply to it, be they only "sí".
        package var replyOverlap: Duration = .milliseconds(600)
        package init() {}
    }

    package enum Verdict: Equatable, Sendable {
        case undecided, interruption, noise
    }

    private let settings: Settings
    private let backchannel: Backchannel

    package init(language: Language, settings: Settings = Settings()) {
        self.settings = settings
        backchannel = Backchannel(language: language)
    }

    /// Whether a sound is long enough to pause an answer that is being spoken.
    package func pauses(after voiced: Duration) -> Bool { voiced >= settings.voiceToPause }

    /// Whether a sound is long enough to reopen the turn whose answer is being thought of.
    package func reopens(after voiced: Duration) -> Bool { voiced >= settings.voiceToReopen }

    /// While the sound lasts: whether it is long enough to be meant.
    ///
    /// - Parameters:
    ///   - voiced: how much voice it has held so far.
    ///   - isBackchannel: its words so far are of the kind that lets the agent go on.
    ///   - lacksWords: the recogniser tells words as they are spoken, and told none.
    /// - Returns: `noise` only for what lacks words.
    package func verdict(
        whileSpeaking voiced: Duration, isBackchannel: Bool = false, lacksWords: Bool = false
    ) -> Verdict {
        if lacksWords { return voiced >= settings.wordlessVoice ? .noise : .undecided }
        let limit = isBackchannel ? settings.sustainedBackchannel : settings.sustainedVoice
        return voiced >= limit ? .interruption : .undecided
    }

    /// While the sound lasts, once some of its words are known and stay what they are.
    ///
    /// - Parameter text: an interim transcript.
    /// - Returns: `noise` while all of it is, or may become, a backchannel.
    package func verdict(interimWords text: String) -> Verdict {
        guard text.contains(where: \.isLetter) else { return .undecided }
        return backchannel.mayBecome(text) ? .noise : .interruption
    }

    /// Once the sound has ended, before its transcript is known.
    package func verdict(afterSpeaking voiced: Duration) -> Verdict {
        voiced <= settings.shortestWord ? .noise : .undecided
    }

    /// Once its words are known.
    ///
    /// - Parameters:
    ///   - text: the final transcript.
    ///   - rest: how much of the answer was still to be heard; `nil` while its end is not known.
    /// - Returns: never `undecided`.
    package func verdict(words text: String, rest: Duration? = nil) -> Verdict {
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return .noise }
        if let rest, rest <= settings.replyOverlap { return .interruption }
        return backchannel.matches(text) ? .noise : .interruption
    }
}
