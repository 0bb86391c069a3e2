/// One answer of a language model on its way to the conversation, whoever streams it.
///
/// Passes whole words on, so that an answer that breaks off in the middle of a word leaves none
/// cut in two; a word is whole when something follows it. When a provider fails, `recovery` says
/// how the next one goes on: it is asked to continue behind what the conversation has, and what
/// it repeats of that is dropped.
package struct StreamedAnswer: Sendable {
    /// How an answer goes on when its provider failed.
    package enum Recovery: Equatable, Sendable {
        /// Nothing was said: ask the next one the same.
        case startOver
        /// Ask the next one with what was said in its history, then feed its stream in here.
        case goOn(after: String)
        /// A tool was asked for: end here; the model is asked again with its result.
        case endHere
    }

    /// What was passed on; ends at the end of a word.
    package private(set) var given = ""
    /// Of the last word, until it is whole.
    private var word = ""
    private var hasToolCall = false
    private var repetition: RepetitionFilter?

    package init() {}

    /// What was given ends with a sentence: if nobody can go on, it may stand as it is.
    package var endsWithSentence: Bool { RepetitionFilter.endsSentence(given) }

    /// Takes a piece of the stream.
    ///
    /// - Returns: what the conversation gets now; may be empty.
    package mutating func take(_ text: String) -> String {
        word += text
        guard let last = word.lastIndex(where: \.isWhitespace) else { return "" }
        let whole = String(word[...last])
        word = String(word[word.index(after: last)...])
        return pass(whole)
    }

    /// A whole tool call went to the conversation.
    package mutating func tookToolCall() { hasToolCall = true }

    /// The stream has ended well.
    ///
    /// - Returns: what is left for the conversation.
    package mutating func finish() -> String {
        var rest = pass(word)
        word = ""
        if var filter = repetition {
            repetition = nil
            rest += append(filter.finish())
        }
        return rest
    }

    /// The provider failed; what it began to say and did not finish is forgotten.
    package mutating func fail() -> Recovery {
        word = ""
        repetition = nil
        if hasToolCall { return .endHere }
        guard !given.trimmed.isEmpty else { return .startOver }
        repetition = RepetitionFilter(given: given)
        return .goOn(after: given.trimmed)
    }

    /// What the next provider is asked.
    ///
    /// - Parameters:
    ///   - recovery: as `fail` gave it.
    ///   - request: as the conversation asked it.
    /// - Returns: `nil` when nobody is asked.
    package static func request(_ recovery: Recovery, of request: ModelRequest) -> ModelRequest? {
        switch recovery {
        case .startOver: request
        case .endHere: nil
        case .goOn(let text):
            ModelRequest(
                language: request.language,
                history: request.history + [
                    .agent(text, interrupted: true), .context(instruction(request.language)),
                ], agent: request.agent)
        }
    }

    private static func instruction(_ language: Language) -> String {
        switch language {
        case .english:
            "Your last answer was cut off by a fault. Go on exactly where it stops, "
                + "without repeating any of it and without mentioning the fault."
        case .spanish:
            "Un fallo cortó tu última respuesta. Sigue exactamente donde termina, "
                + "sin repetir nada de ella y sin mencionar el fallo."
        }
    }

    private mutating func pass(_ whole: String) -> String {
        guard repetition != nil else { return append(whole) }
        return append(repetition?.take(whole) ?? "")
    }

    private mutating func append(_ text: String) -> String {
        guard let first = text.first else { return "" }
        let needsSpace =
            given.last.map { !$0.isWhitespace } == true && !first.isWhitespace && given != ""
            && repetition != nil
        let passed = needsSpace ? " " + text : text
        given += passed
        return passed
    }
}
