/// Tells how a caller feels by the phrases they use: no model, a few microseconds.
///
/// A text is cut into clauses; a phrase counts unless its clause negates it. Of several feelings
/// the worst counts, and what stands behind a "but" counts more than what stands before it.
package struct SentimentClassifier: Sendable {
    /// How many words before a phrase a negation may stand.
    private static let reach = 4

    private let language: SpokenLanguage

    package init(language: SpokenLanguage) { self.language = language }

    package func classify(_ text: String) -> CallerSentiment {
        let table = Self.table(of: language)
        var said = CallerSentiment.neutral
        var section = CallerSentiment.neutral
        func closeSection() {
            if section != .neutral { said = section }
            section = .neutral
        }
        for clause in Self.clauses(of: text) {
            let words = NormalizedText(String(clause), language: language).words
            var start = 0
            for end in 0...words.count where end == words.count || table.turns(words[end].folded) {
                let feeling = table.feeling(in: Array(words[start..<end]))
                if feeling.weight > section.weight { section = feeling }
                if end < words.count { closeSection() }
                start = end + 1
            }
        }
        closeSection()
        return said
    }

    /// Marks that end a clause; recognisers that write none give one clause.
    private static let marks: Set<Character> = [
        ",", ".", ";", ":", "?", "!", "¿", "¡", "…", "—", "\n",
    ]

    private static func clauses(of text: String) -> [Substring] {
        text.split { marks.contains($0) }
    }

    /// A language's cues, found by the word they begin with.
    private struct Table: Sendable {
        struct Cue: Sendable {
            let pattern: WordPattern
            let sentiment: CallerSentiment
            let negated: SentimentCues.Negated
        }

        private let negators: Set<String>
        private let barriers: Set<String>
        private let turnWords: Set<String>
        private var cues: [Cue] = []
        private var byFirstWord: [String: [Int]] = [:]
        /// Cues that do not begin with a plain word.
        private var always: [Int] = []

        init(_ source: SentimentCues) {
            negators = source.negators
            barriers = source.barriers
            turnWords = source.turns
            for entry in source.entries {
                for phrase in entry.phrases {
                    let pattern = WordPattern(phrase)
                    if let words = pattern.firstWords {
                        for word in words { byFirstWord[word, default: []].append(cues.count) }
                    } else {
                        always.append(cues.count)
                    }
                    cues.append(
                        Cue(pattern: pattern, sentiment: entry.sentiment, negated: entry.negated))
                }
            }
        }

        func turns(_ word: String) -> Bool { turnWords.contains(word) }

        func feeling(in words: [NormalizedText.Word]) -> CallerSentiment {
            var worst = CallerSentiment.neutral
            for index in words.indices {
                for cue in (byFirstWord[words[index].folded] ?? []) + always
                where cues[cue].pattern.matches(words, at: index) {
                    let feeling = meaning(of: cues[cue], isNegated: isNegated(words, at: index))
                    if feeling.weight > worst.weight { worst = feeling }
                }
            }
            return worst
        }

        private func isNegated(_ words: [NormalizedText.Word], at index: Int) -> Bool {
            for place in (max(0, index - SentimentClassifier.reach)..<index).reversed() {
                if negators.contains(words[place].folded) { return true }
                let follows = place > 0 && negators.contains(words[place - 1].folded)
                if barriers.contains(words[place].folded), !follows { return false }
            }
            return false
        }

        private func meaning(of cue: Cue, isNegated: Bool) -> CallerSentiment {
            guard isNegated else { return cue.sentiment }
            switch cue.negated {
            case .nothing: return .neutral
            case .complaint: return .frustrated
            case .itself: return cue.sentiment
            }
        }
    }

    private static func table(of language: SpokenLanguage) -> Table {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    private static let english = Table(.english)
    private static let spanish = Table(.spanish)
}
