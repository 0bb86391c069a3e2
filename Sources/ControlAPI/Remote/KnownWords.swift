/// Which words of a call are in the journal, to tell what a history of the whole call adds.
///
/// Histories spell numbers and names in other ways than transcripts do, and join what came in
/// pieces: text counts as known when at least half of its words are, each word as often as it was
/// said.
struct KnownWords {
    private var counts: [RemoteTurns.Speaker: [String: Int]] = [:]

    mutating func add(_ text: String, of speaker: RemoteTurns.Speaker) {
        for word in Self.words(of: text) { counts[speaker, default: [:]][word, default: 0] += 1 }
    }

    /// Takes the words of a text away if it is known.
    ///
    /// - Returns: whether it was; text without words always is.
    mutating func remove(_ text: String, of speaker: RemoteTurns.Speaker) -> Bool {
        var left = counts[speaker] ?? [:]
        var found = 0
        let words = Self.words(of: text)
        for word in words {
            guard let count = left[word], count > 0 else { continue }
            left[word] = count - 1
            found += 1
        }
        guard found * 2 >= words.count else { return false }
        counts[speaker] = left
        return true
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
