/// Drops what a continued answer repeats of its beginning: whole sentences, and the start of the
/// sentence that was broken off.
///
/// Text is held back only as long as it may still turn out to be a repetition. Sentences compare by
/// their words, whatever their case and punctuation; each may be dropped once, because an answer
/// may well say "Sí." twice.
struct RepetitionFilter: Sendable {
    private struct Sentence: Equatable, Sendable {
        var words: [String]
        var isWhole: Bool
    }

    /// What may be repeated.
    private var given: [Sentence] = []
    /// The sentence that is being held, as it came, and its words.
    private var held = ""
    private var heldWords: [String] = []
    /// The sentence at hand is new: it passes to its end.
    private var isPassing = false

    init(given text: String) {
        var sentence = Sentence(words: [], isWhole: false)
        for piece in Self.pieces(text) {
            sentence.words += Self.words(piece)
            sentence.isWhole = Self.endsSentence(piece)
            if sentence.isWhole {
                given.append(sentence)
                sentence = Sentence(words: [], isWhole: false)
            }
        }
        given.append(sentence)
        given.removeAll { $0.words.isEmpty }
    }

    /// Takes whole words with the white space behind them.
    ///
    /// - Returns: what is no repetition.
    mutating func take(_ text: String) -> String {
        Self.pieces(text).map { takePiece($0) }.joined()
    }

    /// What is held at the end of the stream, unless it repeats something in full.
    mutating func finish() -> String {
        defer { held = "" }
        return given.contains { $0.words == heldWords } ? "" : held
    }

    private mutating func takePiece(_ piece: String) -> String {
        let ends = Self.endsSentence(piece)
        defer {
            if ends {
                isPassing = false
                heldWords = []
            }
        }
        guard !isPassing else { return piece }
        let before = heldWords
        held += piece
        heldWords += Self.words(piece)
        // The start of the broken sentence, and now more: the rest is new.
        if let broken = given.firstIndex(where: { !$0.isWhole && $0.words == before }),
            heldWords.count > before.count, !isStart(heldWords)
        {
            given.remove(at: broken)
            held = ""
            isPassing = true
            return piece
        }
        if ends, let whole = given.firstIndex(where: { $0.words == heldWords }) {
            given.remove(at: whole)
            held = ""
            return ""
        }
        if !ends, isStart(heldWords) { return "" }
        isPassing = true
        // Something new stands behind the broken sentence: it cannot be completed any more.
        given.removeAll { !$0.isWhole }
        defer { held = "" }
        return held
    }

    private func isStart(_ words: [String]) -> Bool {
        given.contains { $0.words.starts(with: words) }
    }

    /// Words with the white space around them; joined they are the text.
    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            if !character.isWhitespace, piece.last?.isWhitespace == true,
                piece.contains(where: { !$0.isWhitespace })
            {
                pieces.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }

    /// Whether the text ends with a sentence, or at least a line.
    static func endsSentence(_ piece: String) -> Bool {
        if piece.reversed().prefix(while: \.isWhitespace).contains(where: \.isNewline) {
            return true
        }
        let closing: Set<Character> = ["\"", "'", "”", "»", ")", "’"]
        let last = piece.last { !$0.isWhitespace && !closing.contains($0) }
        return last.map { ".!?…".contains($0) } ?? false
    }

    private static func words(_ piece: String) -> [String] {
        let word = String(piece.filter { $0.isLetter || $0.isNumber }).lowercased()
        return word.isEmpty ? [] : [word]
    }
}
