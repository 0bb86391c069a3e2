/// Says how a word ends: in the middle of a sentence, at a clause, or at the sentence's end.
///
/// A word is what stands between two white spaces, punctuation included.
struct WordClassifier: Sendable {
    enum Ending: Equatable {
        case none, clause, sentence
        /// Belongs to the next word ("Sr.", "núm.", an initial).
        case abbreviation
        /// "3." at the head of a list item.
        case listNumber
        /// Ends the sentence unless the next word starts in lower case or with a digit ("etc.").
        case unlessLowercase
        /// Ends the sentence unless a digit follows ("No." in English).
        case unlessDigit
        /// Ends the sentence only before ¿, ¡ or a new line ("U.S.").
        case acronym
    }

    /// What the words before this one tell about it.
    struct Context: Sendable {
        fileprivate var isFirstOnLine = true
        fileprivate var previous = ""
        fileprivate var nextListNumber: Int?

        mutating func startLine() { isFirstOnLine = true }
    }

    private let table: Abbreviations

    init(language: Language) {
        table = Abbreviations(language)
    }

    func ending(of word: ArraySlice<Unicode.Scalar>, in context: inout Context) -> Ending {
        guard let end = word.lastIndex(where: { !Self.isCloser($0) }) else { return .none }
        let core = word[...end].drop(while: Self.isOpener)
        let stops = core.reversed().prefix(while: Self.isStrongStop)
        let base = core.dropLast(stops.count)
        let text = core.count <= Abbreviations.longest ? Self.text(core) : ""
        let ending = ending(base: base, stops: Array(stops.prefix(2)), text: text, context: context)

        if ending == .listNumber {
            context.nextListNumber = Int(Self.text(base)).map { $0 + 1 }
        }
        // "- 1. Aceite": the bullet leaves the line at its start.
        if context.isFirstOnLine, !base.isEmpty, ending != .listNumber {
            context.isFirstOnLine = false
        }
        context.previous = text
        return ending
    }

    func isConjunction(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.count <= Abbreviations.longest
            && table.conjunctions.contains(Self.text(word).lowercased())
    }

    private func ending(
        base: ArraySlice<Unicode.Scalar>, stops: [Unicode.Scalar], text: String, context: Context
    ) -> Ending {
        guard let last = stops.first else {
            return base.last.map(Self.isClauseMark) == true ? .clause : .none
        }
        guard last == "." || last == "…" else { return .sentence }
        if last == "…" || stops.count > 1 {
            // "¡Ay!..." has had its stop; "bueno... no sé" goes on.
            return stops.count > 1 && stops[1] != "." && stops[1] != "…"
                ? .sentence : .unlessLowercase
        }
        if isListNumber(base, in: context) { return .listNumber }
        let name = text.lowercased()
        if base.count == 1, base.allSatisfy(Self.isCapital) {
            return table.beforeLetters.contains(context.previous.lowercased())
                || table.words.contains(name)
                ? .sentence : .abbreviation
        }
        if table.joined.contains(name) { return .abbreviation }
        if table.beforeNumbers.contains(name) { return .unlessDigit }
        if table.closing.contains(name) { return .unlessLowercase }
        return Self.isAcronym(base) ? .acronym : .sentence
    }

    private func isListNumber(_ base: ArraySlice<Unicode.Scalar>, in context: Context) -> Bool {
        guard (1...2).contains(base.count), base.allSatisfy(Self.isDigit) else { return false }
        return context.isFirstOnLine || context.previous.hasSuffix(":")
            || Int(Self.text(base)) == context.nextListNumber
    }

    /// Letters in ones and twos between dots ("U.S", "EE.UU", "Ph.D").
    private static func isAcronym(_ base: ArraySlice<Unicode.Scalar>) -> Bool {
        guard base.count <= 12, base.contains(".") else { return false }
        return base.split(separator: ".").allSatisfy {
            $0.count <= 2 && $0.allSatisfy { $0.properties.isAlphabetic }
        }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// Kinds of characters.
extension WordClassifier {
    static func isBreakingSpace(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == " " || (0x09...0x0D).contains(scalar.value) }
        // The no-break spaces hold "1 234" and "n.º 5" together.
        guard scalar.properties.isWhitespace else { return false }
        return scalar != "\u{A0}" && scalar != "\u{202F}" && scalar != "\u{2007}"
    }

    static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? ("A"..."Z").contains(scalar) : scalar.properties.isUppercase
    }

    /// Whether a synthesiser has something to say for it.
    static func isSpeakable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isDigit(scalar) || isCapital(scalar) || ("a"..."z").contains(scalar)
        }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    static func isOpeningMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "¿" || scalar == "¡"
    }

    static func isStrongStop(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "!", "?", "…": true
        default: false
        }
    }

    static func isClauseMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ",", ";", ":", "—", "–": true
        default: false
        }
    }

    /// What may stand between a stop and the white space after it: quotes, brackets, markdown, emoji.
    fileprivate static func isCloser(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ")", "]", "}", "\"", "'", "»", "”", "’", "›", "*", "_", "`", "~": true
        default: !scalar.isASCII && isDecoration(scalar)
        }
    }

    fileprivate static func isOpener(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", "[", "{", "\"", "'", "«", "“", "‘", "‹", "¿", "¡", "*", "_", "`", "~", "#", "-",
            "•":
            true
        default: !scalar.isASCII && isDecoration(scalar)
        }
    }

    /// Belongs to the character before it: accents, variation selectors, joined emoji.
    static func joinsPrevious(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && (scalar.properties.isGraphemeExtend || scalar == "\u{200D}")
    }

    private static func isDecoration(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .otherSymbol, .modifierSymbol, .format, .nonspacingMark: true
        default: false
        }
    }
}
