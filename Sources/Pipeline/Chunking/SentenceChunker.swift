/// Cuts a streamed answer into pieces a synthesiser can speak, each as early as is safe.
///
/// The first piece is short, so that speech starts early: it may end at a comma. The ones after it
/// are whole sentences and grow, because by then the caller is listening to what came before.
/// A piece never ends inside a number, an abbreviation, an address or a URL.
///
/// Every decision is taken scalar by scalar, on the text alone: how it was cut into tokens and when
/// `nextChunk()` is called make no difference. Runs of white space count as one character, so what
/// comes out is the text that went in except for white space.
///
/// - Complexity: O(n) for the whole answer; at most `maximum` characters wait inside.
package struct SentenceChunker: Sendable {
    /// Lengths in characters (Unicode scalars); about 15 of them are a second of speech.
    package struct Settings: Equatable, Sendable {
        /// Whether the first piece may end at a clause, to start speech early.
        package var chunkedFirst = true
        /// A clause this long, or of four words, is enough for the first piece.
        package var firstTarget = 25
        /// The first piece is cut between words before it is longer than this.
        package var firstMaximum = 90
        /// Sentences are joined until they are this long (doubling up to it from `firstTarget`).
        package var target = 140
        /// No piece is longer.
        package var maximum = 240

        package init() {}
    }

    private enum Gap { case none, space, line }

    private let settings: Settings
    private let words: WordClassifier
    private var ready: [String] = []
    private var readyIndex = 0
    private var emitted = 0

    /// What is not cut yet, without leading white space; `gap` follows it.
    private var pending: [Unicode.Scalar] = []
    private var gap = Gap.none
    private var breaks = Breaks()
    /// Where the word being read starts in `pending`.
    private var wordStart = 0
    private var wordCount = 0
    private var isSpeakable = false
    /// The sentence may end there, depending on the word that follows.
    private var undecided: (position: Int, ending: WordClassifier.Ending)?
    private var context = WordClassifier.Context()
    private var lastEnding = WordClassifier.Ending.none

    package init(language: Language, settings: Settings = Settings()) {
        precondition(settings.firstTarget > 0, "pieces need characters")
        precondition(settings.firstTarget <= settings.firstMaximum, "the first piece needs room")
        precondition(settings.firstMaximum <= settings.maximum, "the first piece is a short one")
        precondition(settings.target <= settings.maximum, "the target is above the maximum")
        self.settings = settings
        words = WordClassifier(language: language)
    }

    /// Takes the next token of the answer; drain `nextChunk()` to `nil` after it.
    package mutating func append(_ token: String) {
        for scalar in token.unicodeScalars {
            if WordClassifier.isBreakingSpace(scalar) {
                takeSpace(scalar)
            } else if !pending.isEmpty || !scalar.properties.isWhitespace {
                take(scalar)
            }
        }
    }

    /// The next piece to speak, trimmed; `nil` until there is one.
    package mutating func nextChunk() -> String? {
        guard readyIndex < ready.count else {
            ready.removeAll(keepingCapacity: true)
            readyIndex = 0
            return nil
        }
        defer { readyIndex += 1 }
        return ready[readyIndex]
    }

    /// The answer, or the part of it before a tool call, is complete: what is left is spoken.
    ///
    /// - Returns: the next piece; drain `nextChunk()` for more if it was not drained before.
    ///   Text may be appended again afterwards.
    package mutating func finish() -> String? {
        if !pending.isEmpty { cut(at: pending.count) }
        context = WordClassifier.Context()
        return nextChunk()
    }

    private mutating func takeSpace(_ scalar: Unicode.Scalar) {
        let isLine = WordClassifier.isLineEnd(scalar)
        if gap == .none, !pending.isEmpty {
            gap = .space
            endWord()
        }
        guard isLine else { return }
        context.startLine()
        guard gap == .space else { return }
        gap = .line
        undecided = nil
        if lastEnding != .listNumber { endSentence(at: pending.count) }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if gap != .none {
            let isInsideNumber =
                pending.last.map(WordClassifier.isDigit) == true
                && WordClassifier.isDigit(scalar)
            if lastEnding != .abbreviation, !isInsideNumber { breaks.word = pending.count }
            breaks.space = pending.count
            pending.append(gap == .line ? "\n" : " ")
            gap = .none
            wordStart = pending.count
        } else if WordClassifier.isOpeningMark(scalar), let last = pending.last,
            WordClassifier.isStrongStop(last)
        {
            // "…taller.¿Quiere": a space is missing, the sentence ends all the same.
            endWord()
            endSentence(at: pending.count)
            wordStart = pending.count
        }
        resolve(before: scalar)
        pending.append(scalar)
        isSpeakable = isSpeakable || WordClassifier.isSpeakable(scalar)
        if pending.count > currentMaximum { cutOverflow() }
    }

    /// Decides an open sentence end by the first letter or digit after it.
    private mutating func resolve(before scalar: Unicode.Scalar) {
        guard let (position, ending) = undecided else { return }
        let isCapital = WordClassifier.isCapital(scalar)
        let isMark = WordClassifier.isOpeningMark(scalar)
        guard isCapital || isMark || WordClassifier.isSpeakable(scalar) else { return }
        undecided = nil
        let ends: Bool =
            switch ending {
            case .unlessLowercase: isCapital || isMark
            case .unlessDigit: !WordClassifier.isDigit(scalar)
            case .acronym: isMark
            case .none, .clause, .sentence, .abbreviation, .listNumber: false
            }
        if ends { endSentence(at: position) }
    }

    private mutating func endWord() {
        let word = pending[min(wordStart, pending.count)...]
        let ending = words.ending(of: word, in: &context)
        lastEnding = ending
        undecided = nil
        if word.contains(where: WordClassifier.isSpeakable) { wordCount += 1 }
        if wordStart > 0, words.isConjunction(word) { breaks.conjunction = wordStart - 1 }
        switch ending {
        case .sentence: endSentence(at: pending.count)
        case .clause: endClause()
        case .unlessLowercase, .unlessDigit, .acronym:
            undecided = (pending.count, ending)
        case .none, .abbreviation, .listNumber: break
        }
    }

    private mutating func endSentence(at position: Int) {
        guard isSpeakable, position > 0 else { return }
        breaks.sentence = position
        if position >= currentTarget { cut(at: position) }
    }

    private mutating func endClause() {
        guard isSpeakable else { return }
        breaks.clause = pending.count
        guard isFirst, pending.count >= settings.firstTarget || wordCount >= 4 else { return }
        cut(at: pending.count)
    }

    private var isFirst: Bool { settings.chunkedFirst && emitted == 0 }

    /// Length from which the end of a sentence ends the piece: it doubles from piece to piece, so
    /// each lasts about as long as the model takes to write the next.
    private var currentTarget: Int {
        emitted == 0 ? 1 : min(settings.target, settings.firstTarget << min(emitted, 8))
    }

    private var currentMaximum: Int { isFirst ? settings.firstMaximum : settings.maximum }

    /// Cuts a piece that has grown too long at the best place there is.
    private mutating func cutOverflow() {
        cut(at: breaks.best(atLeast: currentMaximum / 3) ?? hardCut)
    }

    /// One word fills the piece: cut it, but not between a letter and its accent.
    private var hardCut: Int {
        var position = currentMaximum
        while position > 1, WordClassifier.joinsPrevious(pending[position]) { position -= 1 }
        return position > 1 ? position : currentMaximum
    }

    private mutating func cut(at position: Int) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: pending[..<position])
        ready.append(String(text))
        emitted += 1

        var rest = position
        while rest < pending.count, pending[rest].properties.isWhitespace { rest += 1 }
        pending.removeSubrange(..<rest)
        breaks.rebase(by: rest)
        wordStart = max(0, wordStart - rest)
        if let (open, ending) = undecided {
            undecided = open > rest ? (open - rest, ending) : nil
        }
        isSpeakable = pending.contains(where: WordClassifier.isSpeakable)
        // Only the first piece asks for the count, and it starts at zero.
        wordCount = 0
        if pending.isEmpty { gap = .none }
    }
}

/// The last places where the pending text may be cut, from the best kind to the worst.
private struct Breaks {
    var sentence: Int?
    var clause: Int?
    /// Before a word such as "y" or "but".
    var conjunction: Int?
    /// Between two words that do not belong together.
    var word: Int?
    var space: Int?

    /// A late break of a good kind before an early one; any before none.
    func best(atLeast length: Int) -> Int? {
        if let sentence { return sentence }
        for candidate in [clause, conjunction] {
            if let candidate, candidate >= length { return candidate }
        }
        return word ?? clause ?? space
    }

    mutating func rebase(by count: Int) {
        func moved(_ position: Int?) -> Int? {
            position.flatMap { $0 > count ? $0 - count : nil }
        }
        self = Breaks(
            sentence: moved(sentence), clause: moved(clause), conjunction: moved(conjunction),
            word: moved(word), space: moved(space))
    }
}
