/// What a caller said, cut into words that rules can compare.
///
/// Words are lower case with accents folded, contractions are written out ("i'd" → "i would",
/// "al" → "a el"), numbers in words are digits; `display` keeps the word as it was written.
package struct NormalizedText: Equatable, Sendable {
    package struct Word: Equatable, Sendable {
        package let folded: String
        /// As it came, without punctuation; what a name is shown as.
        package let display: String
        /// The number it stands for, if it is one.
        package let number: Int?
        /// "third", "3rd", "primero".
        package let isOrdinal: Bool

        init(folded: String, display: String, number: Int? = nil, isOrdinal: Bool = false) {
            self.folded = folded
            self.display = display
            self.number = number
            self.isOrdinal = isOrdinal
        }

        /// A plain number, not an ordinal.
        var cardinal: Int? { isOrdinal ? nil : number }
    }

    package let words: [Word]

    package init(_ text: String, language: SpokenLanguage) {
        var words: [Word] = []
        for (folded, display) in Self.cut(text) {
            let expanded = Self.contractions(of: language)[folded]
            if let expanded {
                words += expanded.split(separator: " ").map {
                    Word(folded: String($0), display: String($0))
                }
            } else {
                words.append(Word(folded: folded, display: display))
            }
        }
        self.words = NumberWords(language: language).readingNumbers(in: Self.joinMeridiems(words))
    }

    /// The words joined by spaces.
    package var folded: String { words.map(\.folded).joined(separator: " ") }

    /// Lower case without accents; everything else stays.
    package static func folding(_ text: String) -> String {
        text.map(fold).joined()
    }

    /// Splits at anything that is neither letter, digit nor apostrophe, and between "3" and "pm".
    private static func cut(_ text: String) -> [(folded: String, display: String)] {
        var pieces: [(String, String)] = []
        var folded = ""
        var display = ""
        func finish() {
            // Local function so that every exit of the loop closes a word the same way.
            if !folded.isEmpty { pieces.append((folded, display)) }
            folded = ""
            display = ""
        }
        for character in text {
            if character == "'" || character == "’" {
                display.append("'")
                continue
            }
            guard character.isLetter || character.isNumber else {
                finish()
                continue
            }
            let isDigit = character.isNumber
            if let last = folded.last, last.isNumber != isDigit,
                isDigit || !ordinalEndings.contains(where: { $0.hasPrefix(fold(character)) })
            {
                finish()
            }
            folded += fold(character)
            display.append(character)
        }
        finish()
        return pieces
    }

    private static let ordinalEndings = ["st", "nd", "rd", "th"]

    /// The character in lower case without accent.
    private static func fold(_ character: Character) -> String {
        let lower = character.lowercased()
        return accents[lower] ?? lower
    }

    private static let accents: [String: String] = [
        "á": "a", "à": "a", "â": "a", "ä": "a", "ã": "a", "é": "e", "è": "e", "ê": "e", "ë": "e",
        "í": "i", "ì": "i", "î": "i", "ï": "i", "ó": "o", "ò": "o", "ô": "o", "ö": "o", "õ": "o",
        "ú": "u", "ù": "u", "û": "u", "ü": "u", "ñ": "n", "ç": "c",
    ]

    /// Joins the two letters that are left over from an abbreviated meridiem.
    private static func joinMeridiems(_ words: [Word]) -> [Word] {
        var joined: [Word] = []
        for word in words {
            if word.folded == "m", let last = joined.last, last.folded == "a" || last.folded == "p"
            {
                joined.removeLast()
                joined.append(Word(folded: last.folded + "m", display: last.display + "m"))
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    private static func contractions(of language: SpokenLanguage) -> [String: String] {
        switch language {
        case .english: englishContractions
        case .spanish: spanishContractions
        }
    }

    private static let spanishContractions = ["al": "a el", "del": "de el", "pa": "para"]

    private static let englishContractions = [
        "id": "i would", "im": "i am", "ive": "i have", "ill": "i will", "youre": "you are",
        "youve": "you have", "its": "it is", "thats": "that is", "whats": "what is",
        "wheres": "where is", "whens": "when is", "hows": "how is", "theres": "there is",
        "lets": "let us", "dont": "do not", "doesnt": "does not", "didnt": "did not",
        "cant": "can not", "cannot": "can not", "couldnt": "could not", "wont": "will not",
        "wouldnt": "would not", "isnt": "is not", "arent": "are not", "wasnt": "was not",
        "havent": "have not", "hasnt": "has not", "shouldnt": "should not",
        "wanna": "want to", "gonna": "going to", "gotta": "have to", "gimme": "give me",
        "lemme": "let me", "whos": "who is", "names": "name is",
    ]
}
