/// The words that a JSGF grammar can accept, for which the decoder needs pronunciations.
enum GrammarWords {
    /// Finds every token that is neither a rule, a tag, a weight, a comment nor the header.
    ///
    /// - Parameter grammar: a complete JSGF grammar.
    /// - Returns: the words, sorted, as they are written.
    static func words(of grammar: String) -> [String] {
        var words: Set<String> = []
        var text = Substring(grammar)
        if text.hasPrefix("#") { text = text.drop { $0 != ";" } }
        while let first = text.first {
            switch first {
            case "<": text = dropped(text, through: ">")
            case "{": text = dropped(text, through: "}")
            case "/" where text.hasPrefix("//"): text = dropped(text, through: "\n")
            case "/" where text.hasPrefix("/*"): text = droppedComment(text)
            case "/": text = dropped(text.dropFirst(), through: "/")
            case _ where isWord(first):
                let word = text.prefix(while: isWord)
                text = text.dropFirst(word.count)
                switch word {
                case "public": break
                // The grammar's own name, or a rule of another file.
                case "grammar", "import": text = dropped(text, through: ";")
                default: words.insert(String(word))
                }
            default: text = text.dropFirst()
            }
        }
        return words.sorted()
    }

    private static func isWord(_ character: Character) -> Bool {
        !character.isWhitespace && !";=|*+<>()[]{}/\"".contains(character)
    }

    private static func dropped(_ text: Substring, through end: Character) -> Substring {
        text.drop { $0 != end }.dropFirst()
    }

    private static func droppedComment(_ text: Substring) -> Substring {
        var rest = text.dropFirst(2)
        while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
        return rest.dropFirst(2)
    }
}
