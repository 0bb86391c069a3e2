/// The phrases that tell how a caller feels, per language; see `WordPattern` for the notation.
struct SentimentCues: Sendable {
    /// What a negation up to four words before a phrase makes of it.
    enum Negated: Sendable {
        /// Nothing: "not angry" is no praise.
        case nothing
        /// A complaint: "not satisfied".
        case complaint
        /// The phrase holds its negation itself: "does not work".
        case itself
    }

    struct Entry: Sendable {
        let sentiment: CallerSentiment
        let negated: Negated
        let phrases: [String]

        init(_ sentiment: CallerSentiment, negated: Negated, _ phrases: [String]) {
            self.sentiment = sentiment
            self.negated = negated
            self.phrases = phrases
        }
    }

    let entries: [Entry]
    /// Words that negate what follows.
    let negators: Set<String>
    /// Verbs that begin something new, where no negation stands right before them: "no tengo tiempo
    /// estoy harto", as recognisers without commas write it.
    let barriers: Set<String>
    /// What is said behind these counts more than what was said before: "it was bad, but now …".
    let turns: Set<String>
}
