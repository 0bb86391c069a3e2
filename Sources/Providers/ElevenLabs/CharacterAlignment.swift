internal import Codecs
internal import Pipeline

/// When each character of a piece of audio is said, as ElevenLabs sends it with the audio.
struct CharacterAlignment: Equatable, Sendable {
    let characters: [String]
    /// From the start of the piece, one per character.
    let starts: [Duration]
}

extension CharacterAlignment {
    /// The next value of a message, passed over; `nil` when it is no alignment.
    init?(reading scanner: inout JSONScanner, in text: Span<UInt8>) throws(JSONError) {
        guard try scanner.beginObjectIfPresent(in: text) else { return nil }
        var (characters, starts): ([String]?, [Duration]?)
        while let key = try scanner.nextKey(in: text) {
            if key.equals("chars", in: text) || key.equals("characters", in: text) {
                characters = try Self.characters(&scanner, text)
            } else if key.equals("charStartTimesMs", in: text)
                || key.equals("charsStartTimesMs", in: text)
            {
                starts = try Self.starts(&scanner, text)
            } else {
                try scanner.skipValue(in: text)
            }
        }
        guard let characters, let starts, characters.count == starts.count else { return nil }
        self.init(characters: characters, starts: starts)
    }

    private static func characters(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>
    ) throws(JSONError) -> [String]? {
        guard try scanner.beginArrayIfPresent(in: text) else { return nil }
        var (result, isWhole): ([String], Bool) = ([], true)
        while try scanner.nextElement(in: text) {
            if let string = try scanner.stringIfPresent(in: text) {
                result.append(string.decoded(in: text))
            } else {
                isWhole = false
            }
        }
        return isWhole ? result : nil
    }

    /// Within an hour.
    private static func starts(
        _ scanner: inout JSONScanner, _ text: Span<UInt8>
    ) throws(JSONError) -> [Duration]? {
        guard try scanner.beginArrayIfPresent(in: text) else { return nil }
        var (result, isWhole): ([Duration], Bool) = ([], true)
        while try scanner.nextElement(in: text) {
            let milliseconds = try scanner.numberIfPresent(in: text)?.value(in: text) ?? -1
            if (0...3_600_000).contains(milliseconds) {
                result.append(.microseconds(Int(milliseconds * 1_000)))
            } else {
                isWhole = false
            }
        }
        return isWhole ? result : nil
    }
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
