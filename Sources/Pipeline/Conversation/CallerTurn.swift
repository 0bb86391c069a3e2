/// One turn of the caller: the utterances it is made of and the latency ledger of its answer.
struct CallerTurn: Sendable {
    /// Counts from 1; 0 stands for the opening of the call, before the caller spoke.
    let number: Int
    var ledger: TurnLedger
    /// In order of speech; the text is `nil` until the recogniser has said its last word.
    private(set) var utterances: [(id: Utterance.ID, text: String?)] = []
    /// What was keyed in.
    private(set) var typed = ""
    /// The keys ask for a human.
    private(set) var wantsHuman = false
    /// An utterance is being heard.
    private(set) var isOpen = false
    /// Voice heard in all of it.
    var voiced: Duration = .zero
    /// When the recogniser was asked for its last word.
    var transcriptAskedAt: MonotonicTime?

    init(number: Int, voiceEnd: MonotonicTime) {
        self.number = number
        ledger = TurnLedger(voiceEnd: voiceEnd)
    }

    var openUtterance: Utterance.ID? { utterances.last?.id }
    var isTranscribed: Bool { utterances.allSatisfy { $0.text != nil } }
    /// All its utterances but the last are transcribed.
    var awaitsOpenUtteranceOnly: Bool { utterances.dropLast().allSatisfy { $0.text != nil } }
    var text: String {
        (utterances.compactMap(\.text) + [typed]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    mutating func begin(_ utterance: Utterance.ID) {
        utterances.append((utterance, nil))
        isOpen = true
    }

    /// The utterance is over; its words may still be on their way.
    mutating func closeUtterance() { isOpen = false }

    /// Takes what was keyed in, behind whatever was before.
    mutating func type(_ digits: String, asksForHuman: Bool) {
        typed += typed.isEmpty ? digits : " " + digits
        wantsHuman = asksForHuman
    }

    /// All that is known of the words: what is final, and the open utterance's interim text.
    ///
    /// - Parameter interim: of which the last `Self.longestInterim` characters are kept.
    /// - Returns: the words of all utterances, in order of speech.
    func text(withInterim interim: String) -> String {
        [text, String(interim.suffix(Self.longestInterim))].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// In characters; what was said longer ago tells nothing about the end.
    private static let longestInterim = 400

    /// Whether the utterance is of this turn and was still open.
    mutating func transcribed(_ utterance: Utterance.ID, as text: String) -> Bool {
        guard let index = utterances.firstIndex(where: { $0.id == utterance && $0.text == nil })
        else { return false }
        utterances[index].text = text
        return true
    }

    /// Gives up on what is still to be transcribed.
    mutating func abandonTranscripts() {
        for index in utterances.indices where utterances[index].text == nil {
            utterances[index].text = ""
        }
    }

    /// The caller goes on: the turn's end is measured anew.
    mutating func reopen(at now: MonotonicTime) {
        ledger = TurnLedger(voiceEnd: now)
        transcriptAskedAt = nil
    }
}
