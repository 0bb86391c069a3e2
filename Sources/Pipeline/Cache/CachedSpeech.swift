package import Codecs

/// A piece of an answer as a voice said it, from its first word to its last.
package struct CachedSpeech: Equatable, Sendable {
    /// What is said, by whom, and how it sounds: audio is of use only to a call that sounds like it.
    package struct Key: Hashable, Sendable {
        package let text: String
        package let language: Language
        package let format: AudioFormat
        /// Provider, model and voice, such as `elevenlabs/flash/ana`.
        package let voice: String

        package init(text: String, language: Language, format: AudioFormat, voice: String) {
            self.text = text
            self.language = language
            self.format = format
            self.voice = voice
        }
    }

    /// How much of it is handed on at once.
    private static let blockMilliseconds = 500

    package let octets: [UInt8]
    package let words: [WordTiming]

    /// `nil` when it has no sound.
    ///
    /// - Parameter blocks: all that the voice gave.
    package init?(_ blocks: [SpeechBlock]) {
        octets = blocks.flatMap(\.octets)
        words = blocks.flatMap(\.words)
        guard !octets.isEmpty else { return nil }
    }

    /// As a voice would stream it; where words start is told with the first block.
    package func blocks(in format: AudioFormat) -> [SpeechBlock] {
        let octetsPerSample = format.octetsPerSample ?? 1
        let size = format.rate.rawValue * Self.blockMilliseconds / 1_000 * octetsPerSample
        return stride(from: 0, to: octets.count, by: size).map { start in
            SpeechBlock(
                octets: Array(octets[start..<min(start + size, octets.count)]),
                words: start == 0 ? words : [])
        }
    }

    package func milliseconds(in format: AudioFormat) -> Int {
        octets.count * 1_000 / (format.rate.rawValue * (format.octetsPerSample ?? 1))
    }

    /// In memory: octets, and per word its text and 40 octets around it.
    var octetCount: Int {
        octets.count + words.reduce(0) { $0 + $1.word.utf8.count + 40 }
    }
}
