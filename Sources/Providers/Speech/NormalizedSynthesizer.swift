package import Codecs
package import Insight
package import Pipeline

/// Has text made ready for speech before a voice reads it.
///
/// Numbers, money and dates are sent in words and markup not at all; the timings of the spoken
/// words come back as timings of the words of the text as it was written.
package struct NormalizedSynthesizer: SpeechSynthesizer {
    private let voice: any SpeechSynthesizer
    private let country: SpokenCountry?

    /// - Parameters:
    ///   - voice: who speaks.
    ///   - country: decides what "$" is and how dates go; `nil`: the language's usual one.
    package init(_ voice: any SpeechSynthesizer, country: SpokenCountry? = nil) {
        self.voice = voice
        self.country = country
    }

    package func warm(_ language: Language, format: AudioFormat) {
        voice.warm(language, format: format)
    }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (stream, blocks) = AsyncThrowingStream.makeStream(of: SpeechBlock.self)
        let spoken: SpokenLanguage =
            switch language {
            case .english: .english
            case .spanish: .spanish
            }
        let reading = SpokenText(language: spoken, country: country).reading(text)
        guard !reading.words.isEmpty else {
            blocks.finish()
            return stream
        }
        let voice = voice
        let task = Task.immediate(executorPreference: CallTasks.executor) {
            var timings = WrittenTimings(reading)
            do {
                let said = voice.synthesize(reading.text, language: language, format: format)
                for try await block in said {
                    blocks.yield(
                        SpeechBlock(octets: block.octets, words: timings.take(block.words)))
                }
                blocks.finish()
            } catch {
                blocks.finish(throwing: error)
            }
        }
        blocks.onTermination = { _ in task.cancel() }
        return stream
    }
}

/// Leads timings of spoken words back to the words of the written text.
struct WrittenTimings {
    /// A voice's word is looked for among so many that may come next; voices leave words out.
    private static let searchLength = 5

    private let spoken: [String]
    private let written: [OriginalWord]
    /// When the spoken words start, as far as it is known.
    private var starts: [Duration] = []
    private var writtenCount = 0

    init(_ reading: SpokenReading) {
        spoken = reading.words.map { Self.letters($0.text) }
        written = reading.originalWords
    }

    /// Takes timings in the order they are spoken and returns those of written words that follow.
    ///
    /// A timing of no expected word is dropped; an expected word that was passed over starts with
    /// the one after it, so that it is not taken for heard too early.
    mutating func take(_ timings: [WordTiming]) -> [WordTiming] {
        for timing in timings {
            let word = Self.letters(timing.word)
            let expected = spoken[starts.count...].prefix(Self.searchLength)
            guard let index = expected.firstIndex(of: word) else { continue }
            while starts.count <= index { starts.append(timing.start) }
        }
        var result: [WordTiming] = []
        while writtenCount < written.count {
            let word = written[writtenCount]
            // Words that are silent at the end of the text never start.
            guard word.firstSpokenWord < starts.count else { break }
            result.append(
                WordTiming(word: String(word.text), start: starts[word.firstSpokenWord]))
            writtenCount += 1
        }
        return result
    }

    private static func letters(_ word: String) -> String {
        let letters = word.filter { $0.isLetter || $0.isNumber }
        return letters.isEmpty ? word : letters.lowercased()
    }
}
