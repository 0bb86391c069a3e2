/// A phrase to look for in normalised words, written as one line of text.
///
/// | written | matches |
/// | --- | --- |
/// | `book\|reserve` | one of the words |
/// | `reserv*` | a word that starts so |
/// | `please?` | the word, or nothing |
/// | `...` | up to four words |
/// | `#` | a number |
/// | `^` and `$` | start and end of the utterance |
struct WordPattern: Sendable {
    private enum Element {
        case oneOf(words: [String], prefixes: [String], isOptional: Bool)
        case gap
        case number
        case start
        case end
    }
    private let elements: [Element]

    init(_ text: String) {
        elements = text.split(separator: " ").map { piece in
            switch piece {
            case "...": return .gap
            case "#": return .number
            case "^": return .start
            case "$": return .end
            default:
                let isOptional = piece.hasSuffix("?")
                let choices = (isOptional ? piece.dropLast() : piece).split(separator: "|")
                return .oneOf(
                    words: choices.filter { !$0.hasSuffix("*") }.map(String.init),
                    prefixes: choices.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) },
                    isOptional: isOptional)
            }
        }
    }

    /// The words one of which must be there, when the pattern begins with plain words.
    var firstWords: [String]? {
        for element in elements {
            switch element {
            case .start: continue
            case .oneOf(let words, let prefixes, let isOptional):
                return prefixes.isEmpty && !isOptional ? words : nil
            case .gap, .number, .end: return nil
            }
        }
        return nil
    }

    func matches(_ words: [NormalizedText.Word]) -> Bool {
        words.indices.contains { matches(words, from: $0, element: 0) }
    }

    /// Whether it stands there, beginning with the word at `index`.
    func matches(_ words: [NormalizedText.Word], at index: Int) -> Bool {
        matches(words, from: index, element: 0)
    }

    private func matches(_ words: [NormalizedText.Word], from index: Int, element: Int) -> Bool {
        guard element < elements.count else { return true }
        switch elements[element] {
        case .start:
            return index == 0 && matches(words, from: index, element: element + 1)
        case .end:
            return index == words.count
        case .gap:
            return (0...4).contains { skipped in
                index + skipped <= words.count
                    && matches(words, from: index + skipped, element: element + 1)
            }
        case .number:
            return index < words.count && words[index].number != nil
                && matches(words, from: index + 1, element: element + 1)
        case .oneOf(let choices, let prefixes, let isOptional):
            if index < words.count {
                let word = words[index].folded
                if choices.contains(word) || prefixes.contains(where: { word.hasPrefix($0) }),
                    matches(words, from: index + 1, element: element + 1)
                {
                    return true
                }
            }
            return isOptional && matches(words, from: index, element: element + 1)
        }
    }
}
