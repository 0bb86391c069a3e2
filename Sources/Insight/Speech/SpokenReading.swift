/// A word as it is said, and what it was read from.
package struct SpokenWord: Equatable, Sendable {
    /// With the punctuation around it.
    package let text: String
    /// In the original text; all words of one amount or date have the same.
    package let source: Range<String.Index>

    package init(text: String, source: Range<String.Index>) {
        self.text = text
        self.source = source
    }
}

/// A word of the original, cut at white space, and when it is said.
package struct OriginalWord: Equatable, Sendable {
    package let text: Substring
    /// The index in `SpokenReading.words` with which it begins; their count for what is silent at
    /// the end.
    package let firstSpokenWord: Int

    package init(text: Substring, firstSpokenWord: Int) {
        self.text = text
        self.firstSpokenWord = firstSpokenWord
    }
}

/// A text made ready for speech that can be led back to the original.
package struct SpokenReading: Equatable, Sendable {
    package let original: String
    /// What is said, separated by single spaces.
    package let words: [SpokenWord]

    package var text: String { words.map(\.text).joined(separator: " ") }

    /// The original up to the last word that was wholly heard.
    ///
    /// An amount, date or number counts once all its words were heard. `heardWords` counts from
    /// the start of `words`; any value is safe.
    package func original(heardWords: Int) -> Substring {
        guard heardWords < words.count else { return original[...] }
        let cut = max(0, heardWords)
        let next = words[cut].source.lowerBound
        var heard = cut
        while heard > 0, words[heard - 1].source.upperBound > next { heard -= 1 }
        guard heard > 0 else { return original[..<original.startIndex] }
        // Markup and punctuation that close the word go with it.
        var end = words[heard - 1].source.upperBound
        while end < words[heard].source.lowerBound, !original.unicodeScalars[end].isBlank {
            end = original.unicodeScalars.index(after: end)
        }
        return original[..<end]
    }

    /// All words of the original with the place where each begins to be said.
    ///
    /// Of words that are said as one ("2:30 pm"), the later ones begin with what follows them: a
    /// word has been heard once the next one begins, and none of these was before all were.
    package var originalWords: [OriginalWord] {
        var result: [OriginalWord] = []
        var spoken = 0
        var start = original.startIndex
        while let first = original[start...].unicodeScalars.firstIndex(where: { !$0.isBlank }) {
            let end =
                original[first...].unicodeScalars.firstIndex(where: \.isBlank) ?? original.endIndex
            while spoken < words.count, words[spoken].source.lowerBound < first { spoken += 1 }
            result.append(OriginalWord(text: original[first..<end], firstSpokenWord: spoken))
            start = end
        }
        return result
    }
}

extension SpokenReading {
    /// Cuts `spoken`, whose sources count scalars of `original`, into words.
    init(of original: String, spoken: SourcedText) {
        let indices = Array(original.unicodeScalars.indices) + [original.endIndex]
        var words: [SpokenWord] = []
        var start = 0
        while start < spoken.count {
            guard spoken.scalars[start] != " " else {
                start += 1
                continue
            }
            let end = spoken.scalars[start...].firstIndex(of: " ") ?? spoken.count
            let text = String(String.UnicodeScalarView(spoken.scalars[start..<end]))
            var source = spoken.sources[start]
            for index in start..<end {
                source =
                    min(
                        source.lowerBound, spoken.sources[index].lowerBound)..<max(
                        source.upperBound, spoken.sources[index].upperBound)
            }
            words.append(
                SpokenWord(
                    text: text, source: indices[source.lowerBound]..<indices[source.upperBound]))
            start = end
        }
        self.init(original: original, words: words)
    }
}

extension Unicode.Scalar {
    /// White space of any kind, line ends too.
    var isBlank: Bool { self == " " || properties.isWhitespace }
}
