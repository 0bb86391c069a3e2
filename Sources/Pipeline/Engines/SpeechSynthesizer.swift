package import Codecs

/// Text-to-speech: one request per chunk of an answer.
package protocol SpeechSynthesizer: Sendable {
    /// Streams the audio of `text` in `format`, the first block as early as there is sound.
    ///
    /// Ending the iteration early cancels the synthesis. Errors thrown by the stream are
    /// `EngineError`. Blocks hold whole samples; silence before the first word is cut to 20 ms.
    func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error>

    /// Opens a connection for the next text to use, at the start of a call; returns at once.
    func warm(_ language: Language, format: AudioFormat)
}

/// For voices without connections of their own.
extension SpeechSynthesizer {
    package func warm(_ language: Language, format: AudioFormat) {}
}

/// A piece of synthesised speech in the format that was asked for.
package struct SpeechBlock: Sendable {
    package let octets: [UInt8]
    /// Where words start in the chunk's audio, when the engine says so; empty otherwise.
    package let words: [WordTiming]
    /// Of each 10 ms of the chunk that this block completes, in decibels below full scale, as
    /// `SpeechLevelMeter` measures them; engines leave it empty.
    package let levels: [UInt8]

    package init(octets: [UInt8], words: [WordTiming] = [], levels: [UInt8] = []) {
        self.octets = octets
        self.words = words
        self.levels = levels
    }
}

package struct WordTiming: Equatable, Sendable {
    package let word: String
    /// From the start of the chunk's audio.
    package let start: Duration

    package init(word: String, start: Duration) {
        self.word = word
        self.start = start
    }
}

/// A language the agent speaks and hears.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"
}

/// Why an engine could not do its work; the text names no secret.
package enum EngineError: Error, Equatable, Sendable {
    /// A program, model or key is missing; the text says what to install or set.
    case unavailable(String)
    case timedOut(String)
    case failed(String)
    case overloaded(String)
}
