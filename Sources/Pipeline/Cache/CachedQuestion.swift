/// What a cached answer answers: the question as words, and all that the answer depends on.
package struct CachedQuestion: Hashable, Sendable {
    /// Lower case, without punctuation, accents on vowels and white space at the ends.
    package let words: String
    package let agent: String
    /// Of the system prompt, the knowledge and the model; another one, another answer.
    package let fingerprint: UInt64
    package let language: Language

    /// - Parameters:
    ///   - text: the caller's turn.
    ///   - agent: which of the configured agents is asked.
    ///   - fingerprint: see `CachedQuestion.fingerprint(of:)`.
    ///   - language: of question and answer.
    package init(_ text: String, agent: String, fingerprint: UInt64, language: Language) {
        words = Self.normalized(text)
        self.agent = agent
        self.fingerprint = fingerprint
        self.language = language
    }

    /// Spanish recognisers leave accents out at will; ñ is a letter of its own.
    package static func normalized(_ text: String) -> String {
        let plain = text.lowercased().map { accents[$0] ?? $0 }
        return String(plain).split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    private static let accents: [Character: Character] = [
        "á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u",
    ]

    /// A number that changes when any of the texts does (FNV-1a, 64 bits).
    ///
    /// It keeps old answers from being given; it is no defence against texts made to collide.
    package static func fingerprint(of texts: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in texts {
            // 0xFF stands in no UTF-8, so it parts the texts.
            for octet in [UInt8](text.utf8) + [0xFF] {
                hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }

    /// What opens a call: nothing has been said yet.
    package static func greeting(
        agent: String, fingerprint: UInt64, language: Language
    ) -> Self {
        Self("", agent: agent, fingerprint: fingerprint, language: language)
    }

    /// The caller's last turn, if its answer depends on nothing said before it.
    ///
    /// So it is for the caller's first turn, unless somebody added context, and for `marked`
    /// questions at any time. Turns with digits are about the caller, and one word ("sí") about
    /// the agent's question.
    ///
    /// - Parameters:
    ///   - history: that goes to the model, ending with the question.
    ///   - marked: normalised questions that make sense by themselves.
    /// - Returns: the question's text; `nil` when it must be asked.
    package static func selfContained(_ history: [Message], marked: Set<String> = []) -> String? {
        guard case .user(let text) = history.last else { return nil }
        let words = normalized(text)
        guard !words.isEmpty else { return nil }
        if marked.contains(words) { return text }
        let turns = history.dropLast()
        let hasContext = turns.contains {
            switch $0 {
            case .user, .context, .toolCall, .toolResult: true
            case .agent: false
            }
        }
        guard !hasContext, words.contains(" "), !words.contains(where: \.isNumber) else {
            return nil
        }
        return text
    }
}
