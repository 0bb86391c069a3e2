/// Whether a caller who stops here has said what they wanted to say.
package enum Completeness: Equatable, Sendable {
    case complete
    /// The words do not tell.
    case neutral
    /// More must come: a trailing conjunction, preposition, article or filler, an open list, an
    /// entity of which a part is missing.
    case open
}

/// Judges the words of a turn that may be over.
package struct CompletenessClassifier: Sendable {
    private let words: TurnWords
    private let entities: DictatedEntity

    package init(language: Language) {
        words = TurnWords(language)
        entities = DictatedEntity(language: language)
    }

    /// - Parameters:
    ///   - text: all of the turn so far, with or without punctuation and capitals.
    ///   - expecting: what the agent asked for.
    /// - Returns: `neutral` for a text without a word.
    package func completeness(of text: String, expecting: ExpectedEntity? = nil) -> Completeness {
        let spoken = SpokenWords(text)
        guard let last = spoken.words.last else { return .neutral }
        if spoken.mark == .pause || words.fillers.contains(last) { return .open }
        if let expecting, let entity = entities.completeness(of: spoken, expecting: expecting) {
            return endsWithClosing(spoken) ? .complete : entity
        }
        if endsWithClosing(spoken) { return .complete }
        if spoken.words.count > 1, words.corrections.contains(last) { return .open }
        if words.open.contains(last) && !endsWith(words.notOpen, spoken) { return .open }
        if isDangling(spoken, last) {
            switch spoken.mark {
            case .question: return .complete
            case .stop: return .neutral
            case .none, .pause: return .open
            }
        }
        if isOpenPair(spoken) || isOpenList(spoken) { return .open }
        switch spoken.mark {
        case .question: return .complete
        case .stop: return spoken.words.count > 1 ? .complete : .neutral
        case .none, .pause: return isWholeSentence(spoken) ? .complete : .neutral
        }
    }

    /// "… please", "eso es todo": nobody goes on after these.
    private func endsWithClosing(_ spoken: SpokenWords) -> Bool {
        endsWith(words.closings, spoken)
            || words.answers.contains(spoken.words.joined(separator: " "))
    }

    private func endsWith(_ phrases: Set<String>, _ spoken: SpokenWords) -> Bool {
        (1...4).contains {
            spoken.words.count >= $0
                && phrases.contains(spoken.words.suffix($0).joined(separator: " "))
        }
    }

    /// Ends in a word that seldom ends a sentence, though a stop may say that it does.
    private func isDangling(_ spoken: SpokenWords, _ last: String) -> Bool {
        if endsWith(words.notOpen, spoken) { return false }
        if words.dangling.contains(last) || endsWith(words.danglingPhrases, spoken) { return true }
        guard spoken.words.count > 1 else { return false }
        // "what time do you"
        return words.subjects.contains(last)
            && words.auxiliaries.contains(spoken.words[spoken.words.count - 2])
    }

    /// "between nine", "either Monday": the other half is missing.
    private func isOpenPair(_ spoken: SpokenWords) -> Bool {
        for (first, seconds) in words.pairs {
            guard let index = spoken.words.lastIndex(of: first) else { continue }
            if !spoken.words[index...].contains(where: seconds.contains) { return true }
        }
        return false
    }

    /// "apples, pears, plums": a list whose last item has not been announced.
    private func isOpenList(_ spoken: SpokenWords) -> Bool {
        guard spoken.mark == .none, spoken.items.count >= 3, let last = spoken.items.last,
            let first = last.first
        else { return false }
        return spoken.items.dropFirst().allSatisfy { $0.count <= 3 }
            && !words.listEnds.contains(first)
    }

    /// A text of so many words without an open end is a sentence, however it begins.
    private static let longSentence = 7

    /// Recognisers that do not punctuate: judged by how it begins and by its length.
    private func isWholeSentence(_ spoken: SpokenWords) -> Bool {
        let sentence = spoken.words.drop(while: words.openings.contains)
        guard let first = sentence.first, !words.retractions.contains(spoken.words.last ?? "")
        else { return false }
        if spoken.words.count >= Self.longSentence { return true }
        let second = sentence.dropFirst().first.map { "\(first) \($0)" } ?? first
        if words.questions.contains(first) || words.questions.contains(second) {
            return sentence.count >= 4
        }
        return words.statements.contains(first) && sentence.count >= 5
    }
}

/// The words of a text without punctuation, and the mark it ends with.
struct SpokenWords {
    enum Mark { case none, stop, question, pause }

    /// In lower case, accents kept: "si" and "sí" are different words.
    private(set) var words: [String] = []
    /// The words between commas.
    private(set) var items: [[String]] = [[]]
    private(set) var mark = Mark.none

    init(_ text: String) {
        for token in text.lowercased().split(whereSeparator: \.isWhitespace) {
            let word = token.drop { !Self.isInner($0) }.trimmingSuffix { !Self.isInner($0) }
            let tail = token.suffix(from: word.endIndex)
            if !word.isEmpty {
                words.append(String(word.map { $0 == "’" ? "'" : $0 }))
                items[items.count - 1].append(words[words.count - 1])
            }
            mark = Self.mark(String(tail))
            switch mark {
            case .none: break
            case .pause: if !items[items.count - 1].isEmpty { items.append([]) }
            case .stop, .question: items = [[]]
            }
        }
        if items.count > 1, items[items.count - 1].isEmpty { items.removeLast() }
    }

    private static func isInner(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "@"
    }

    private static func mark(_ tail: String) -> Mark {
        if tail.contains("?") || tail.contains("!") { return .question }
        if tail.contains("...") || tail.contains("…") { return .pause }
        switch tail.last {
        case ",", ";", ":", "-", "–", "—": return .pause
        default: return tail.contains(".") ? .stop : .none
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isCut: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isCut(last) { rest.removeLast() }
        return rest
    }
}
