/// Something that goes wrong in a conversation (CONTRACT §6, "Problems").
package enum ContextIssue: String, CaseIterable, Sendable {
    case repeatedQuestion = "repeated_question"
    case frustration
    case humanRequested = "human_requested"
    case confusion
}

/// Follows what a caller says: how they feel, and what goes wrong.
///
/// Frustration and confusion are told when they begin, and again only after they were over; a wish
/// for a human and a repeated question are told each time.
package struct CallerWatch: Sendable {
    /// What one message shows.
    package struct Finding: Equatable, Sendable {
        package let sentiment: CallerSentiment
        /// What is new, the most urgent first.
        package let issues: [ContextIssue]
        /// How sure the surest of the issues is, 0–1; 0 without any.
        package let confidence: Double
    }

    /// A question is repeated when it shares more of its words than this with an earlier one.
    private static let sharedWords = 0.6
    /// Questions that are remembered.
    private static let memory = 12
    /// Confusion: so many of the last messages are questions.
    private static let confusingQuestions = 3
    private static let confusionSpan = 4
    /// Frustration in one of so many last messages.
    private static let frustrationSpan = 3

    private let language: SpokenLanguage
    private let classifier: SentimentClassifier
    private let wishes: HumanWish
    private let questions: QuestionForm
    /// The distinct words of the latest questions.
    private var asked: [Set<String>] = []
    /// Whether each of the last messages was a question, and frustrated; the latest last.
    private var wereQuestions: [Bool] = []
    private var wereFrustrated: [Bool] = []
    private var isConfused = false
    private var isFrustrated = false

    package init(language: SpokenLanguage) {
        self.language = language
        classifier = SentimentClassifier(language: language)
        wishes = HumanWish(language: language)
        questions = QuestionForm(language: language)
    }

    /// Takes the caller's next message, a whole turn; `nil` when there are no words.
    package mutating func hear(_ text: String) -> Finding? {
        let words = NormalizedText(text, language: language).words
        guard !words.isEmpty else { return nil }
        let sentiment = classifier.classify(text)
        var issues: [ContextIssue] = []
        var confidence = 0.0
        func note(_ issue: ContextIssue, _ sureness: Double) {
            issues.append(issue)
            confidence = max(confidence, sureness)
        }
        if let sureness = wishes.sureness(of: words) { note(.humanRequested, sureness) }
        if noteFrustration(sentiment) { note(.frustration, -sentiment.score) }
        let isQuestion = questions.matches(text, words)
        if let share = noteConfusion(isQuestion) { note(.confusion, share) }
        if isQuestion, let share = noteRepetition(Set(words.map(\.folded))) {
            note(.repeatedQuestion, share)
        }
        return Finding(sentiment: sentiment, issues: issues, confidence: confidence)
    }

    /// - Returns: whether it has begun with this message.
    private mutating func noteFrustration(_ sentiment: CallerSentiment) -> Bool {
        wereFrustrated.append(sentiment.isAlarming)
        if wereFrustrated.count > Self.frustrationSpan { wereFrustrated.removeFirst() }
        let before = isFrustrated
        isFrustrated = wereFrustrated.contains(true)
        return isFrustrated && !before
    }

    /// - Returns: the share of questions when it has begun with this message.
    private mutating func noteConfusion(_ isQuestion: Bool) -> Double? {
        wereQuestions.append(isQuestion)
        if wereQuestions.count > Self.confusionSpan { wereQuestions.removeFirst() }
        let before = isConfused
        let count = wereQuestions.count { $0 }
        isConfused = count >= Self.confusingQuestions
        return isConfused && !before ? Double(count) / Double(Self.confusionSpan) : nil
    }

    /// - Returns: the share of words the question has in common with the likest earlier one, when
    ///   that makes it the same.
    private mutating func noteRepetition(_ words: Set<String>) -> Double? {
        guard words.count > 1 else { return nil }  // "what?" asks for something else
        let likest =
            asked.map { Double($0.intersection(words).count) / Double(max($0.count, words.count)) }
            .max() ?? 0
        asked.append(words)
        if asked.count > Self.memory { asked.removeFirst() }
        return likest > Self.sharedWords ? likest : nil
    }
}
