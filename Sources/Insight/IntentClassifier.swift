/// Finds the intent of an utterance by weighted phrases.
///
/// Phrases that hit are independent evidence: with weights w the confidence is 1 − ∏(1 − w).
package struct IntentClassifier: Sendable {
    /// The best intent and how sure the rules are, 0–1.
    package struct Verdict: Equatable, Sendable {
        package let intent: Intent
        package let confidence: Double

        package init(intent: Intent, confidence: Double) {
            self.intent = intent
            self.confidence = confidence
        }
    }

    /// Below this an utterance counts as not understood.
    package static let threshold = 0.5

    private let language: SpokenLanguage

    package init(language: SpokenLanguage) { self.language = language }

    package func classify(_ words: [NormalizedText.Word]) -> Verdict {
        let table = Self.table(of: language)
        let doubts = doubts(of: words, in: table)
        var best = Verdict(intent: .unknown, confidence: 0)
        for (intent, doubt) in zip(table.intents, doubts) where 1 - doubt > best.confidence {
            best = Verdict(intent: intent, confidence: 1 - doubt)
        }
        guard best.confidence >= Self.threshold else {
            return Verdict(intent: .unknown, confidence: 0)
        }
        return best
    }

    /// How sure the rules are of one intent, whatever else the words mean, 0–1.
    package func confidence(of intent: Intent, in words: [NormalizedText.Word]) -> Double {
        let table = Self.table(of: language)
        guard let index = table.intents.firstIndex(of: intent) else { return 0 }
        return 1 - doubts(of: words, in: table, only: index)[index]
    }

    /// Of each intent of the table, what its phrases leave open.
    private func doubts(
        of words: [NormalizedText.Word], in table: Table, only intent: Int? = nil
    ) -> [Double] {
        var candidates = Set(table.always)
        for word in words { candidates.formUnion(table.byFirstWord[word.folded] ?? []) }
        var doubts = [Double](repeating: 1, count: table.intents.count)
        for index in candidates.sorted()
        where intent ?? table.cues[index].intent == table.cues[index].intent
            && table.cues[index].pattern.matches(words)
        {
            doubts[table.cues[index].intent] *= 1 - table.cues[index].weight
        }
        return doubts
    }

    private struct Cue: Sendable {
        /// Index into the table's intents.
        let intent: Int
        let pattern: WordPattern
        let weight: Double
    }

    /// All cues of a language, found by the word they begin with: few of them are ever tried.
    private struct Table: Sendable {
        let intents: [Intent]
        private(set) var cues: [Cue] = []
        private(set) var byFirstWord: [String: [Int]] = [:]
        /// Cues that do not begin with a plain word.
        private(set) var always: [Int] = []

        init(_ entries: [IntentCues.Entry]) {
            intents = entries.map(\.intent)
            for (intent, entry) in entries.enumerated() {
                for (weight, patterns) in entry.cues {
                    for text in patterns {
                        add(Cue(intent: intent, pattern: WordPattern(text), weight: weight))
                    }
                }
            }
        }

        private mutating func add(_ cue: Cue) {
            if let words = cue.pattern.firstWords {
                for word in words { byFirstWord[word, default: []].append(cues.count) }
            } else {
                always.append(cues.count)
            }
            cues.append(cue)
        }
    }

    private static func table(of language: SpokenLanguage) -> Table {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    private static let english = Table(IntentCues.english)
    private static let spanish = Table(IntentCues.spanish)
}
