internal import Pipeline

/// When each character of a piece of audio is said, as ElevenLabs sends it with the audio.
struct CharacterAlignment: Equatable, Sendable {
    let characters: [String]
    /// From the start of the piece, one per character.
    let starts: [Duration]
}

/// Puts the characters of one text together to words, over the borders of pieces.
struct AlignedWords {
    private var word = ""
    private var start = Duration.zero

    /// Takes the alignment of the next piece.
    ///
    /// - Parameters:
    ///   - alignment: of the piece.
    ///   - offset: where the piece starts in the audio of the text.
    /// - Returns: the words that white space has completed.
    mutating func take(_ alignment: CharacterAlignment, at offset: Duration) -> [WordTiming] {
        var words: [WordTiming] = []
        for (character, time) in zip(alignment.characters, alignment.starts) {
            if character.allSatisfy(\.isWhitespace) {
                words += finish()
            } else {
                if word.isEmpty { start = offset + time }
                word += character
            }
        }
        return words
    }

    /// The last word, when no white space followed it.
    mutating func finish() -> [WordTiming] {
        guard !word.isEmpty else { return [] }
        defer { word = "" }
        return [WordTiming(word: word, start: start)]
    }
}
