/// How much of a chunk is still to be said when its synthesis fails: from the first word that is
/// not wholly in the audio at hand.
///
/// The next provider says `left` under the same chunk; word timings of its blocks start at
/// `resumesAt`. A word that is cut in two is said again, for half a word is none.
package struct SpeechRemainder: Equatable, Sendable {
    /// The words whose audio is complete.
    package let said: String
    /// The rest, as it stands in the text; empty: nothing is left to say.
    package let left: String
    /// Where the chunk's audio goes on, from its start.
    package let resumesAt: Duration

    /// - Parameters:
    ///   - text: the chunk.
    ///   - words: timings that came with its audio; without them, or when they do not fit the
    ///     text, the pace decides.
    ///   - audio: how much came.
    ///   - pace: of the voice; a wrong one repeats or loses words of voices without timings.
    package init(
        of text: String, words: [WordTiming], audio: Duration,
        pace: SpeakingPace = SpeakingPace()
    ) {
        let textWords = text.split(whereSeparator: \.isWhitespace)
        let saidCount =
            Self.fits(words, textWords)
            ? Self.count(words, saidBy: audio, pace)
            : Self.count(textWords, in: text, saidBy: audio, pace)
        let end = saidCount < textWords.count ? textWords[saidCount].startIndex : text.endIndex
        said = String(text[..<end]).trimmed
        left = String(text[end...]).trimmed
        resumesAt = audio
    }

    /// Whether timing and word are one for one, from the first on.
    private static func fits(_ timings: [WordTiming], _ words: [Substring]) -> Bool {
        guard !timings.isEmpty, timings.count <= words.count else { return false }
        return zip(timings, words).allSatisfy { $0.word.lettersOnly == $1.lettersOnly }
    }

    /// A word is complete when the next has begun, the last one when it had its time.
    private static func count(
        _ timings: [WordTiming], saidBy audio: Duration, _ pace: SpeakingPace
    ) -> Int {
        let begun = timings.prefix { $0.start < audio }
        guard let last = begun.last else { return 0 }
        let needed = pace.duration(ofCharacters: last.word.count)
        return last.start + needed <= audio ? begun.count : begun.count - 1
    }

    private static func count(
        _ words: [Substring], in text: String, saidBy audio: Duration, _ pace: SpeakingPace
    ) -> Int {
        let limit = pace.characters(in: audio)
        return words.prefix {
            text.distance(from: text.startIndex, to: $0.endIndex) <= limit
        }.count
    }
}

/// How fast a voice speaks, learned from its whole chunks.
package struct SpeakingPace: Equatable, Sendable {
    /// Spanish and English synthesisers speak 13 to 16 characters a second, spaces included.
    private static let usual = 14
    private var characterCount = 0
    private var audio = Duration.zero

    package init() {}

    /// A chunk that was synthesised to its end.
    package mutating func learn(_ text: String, audio: Duration) {
        // Pauses outweigh the words of a very short chunk.
        guard text.count >= 20, audio > .zero else { return }
        characterCount += text.count
        self.audio += audio
    }

    package func characters(in length: Duration) -> Int {
        characterCount == 0
            ? Int(length / .milliseconds(1)) * Self.usual / 1_000
            : Int(length / .milliseconds(1)) * characterCount
                / max(1, Int(audio / .milliseconds(1)))
    }

    package func duration(ofCharacters count: Int) -> Duration {
        characterCount == 0
            ? .milliseconds(count * 1_000 / Self.usual) : audio * count / characterCount
    }
}

extension StringProtocol {
    fileprivate var lettersOnly: String {
        String(filter { $0.isLetter || $0.isNumber }).lowercased()
    }
}
