package import Codecs
package import Pipeline

/// Speech from espeak-ng, which runs as separate processes: it is under the GPL, this program not.
///
/// Measured on two busy cores: the first audio comes after 0.9 ms (p95 6 ms) when a process is
/// waiting and after 11 ms when one has to be started; seven seconds of speech take 20 ms.
package final class EspeakSynthesizer: SpeechSynthesizer {
    package struct Voice: Equatable, Sendable {
        /// As `espeak-ng --voices` calls it, with a variant if wanted ("en-us+f3").
        package var name: String
        /// Speed, 80…450.
        package var wordsPerMinute: Int

        package init(name: String, wordsPerMinute: Int) {
            self.name = name
            self.wordsPerMinute = wordsPerMinute
        }
    }

    package struct Settings: Equatable, Sendable {
        /// Looked up in /usr/local/bin, /usr/bin and /bin.
        package var program = "espeak-ng"
        package var voices: [Language: Voice] = [
            .english: Voice(name: "en-us", wordsPerMinute: 165),
            .spanish: Voice(name: "es-419", wordsPerMinute: 165),
        ]
        /// Processes kept waiting for a text, 8 MB each.
        package var idlePerLanguage = 4
        /// Processes speaking at once; more than a few per core only delay each other.
        package var maximumSpeaking = 4
        /// Processes in all, waiting and speaking.
        package var maximumProcesses = 16
        /// Requests that wait while `maximumSpeaking` are served; above it they are refused.
        package var maximumWaiting = 256
        /// A request not done by then has failed.
        package var timeLimit = Duration.seconds(5)
        /// Unicode scalars; a longer text is refused.
        ///
        /// The chunker's pieces have 240 characters, their numbers in words up to 32 times as many.
        package var maximumTextLength = 8_000

        package init() {}
    }

    private let settings: Settings
    private let pool: EspeakPool

    /// Starts nothing yet; the first request or `prepare()` does.
    package init(settings: Settings = Settings()) {
        self.settings = settings
        pool = EspeakPool(settings: settings)
    }

    deinit { pool.close() }

    /// Starts the waiting processes and has each voice say a word.
    ///
    /// - Throws: `EngineError.unavailable` when the program or a voice is missing.
    package func prepare() async throws(EngineError) {
        for language in settings.voices.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            do {
                let format = AudioFormat(.linear16, .hz16000)
                for try await _ in synthesize("uno", language: language, format: format) {}
            } catch let error as EngineError {
                throw error
            } catch {
                throw .failed("espeak-ng: \(error)")
            }
        }
        pool.fill()
    }

    /// Ends every process and returns when all are gone; requests from now on are refused.
    package func shutdown() async {
        for task in pool.close() { await task.value }
    }

    /// The processes alive now, waiting or speaking; for `doctor` and tests.
    package var processIdentifiers: [Int32] { pool.processIdentifiers }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (stream, blocks) = AsyncThrowingStream.makeStream(of: SpeechBlock.self)
        do {
            guard format.encoding != .opus else {
                throw EngineError.unavailable("espeak-ng's speech is not encoded as Opus here")
            }
            guard text.unicodeScalars.count <= settings.maximumTextLength else {
                throw EngineError.failed(
                    "the text is longer than \(settings.maximumTextLength) characters")
            }
            guard let octets = EspeakText.octets(of: text) else {
                blocks.finish()
                return stream
            }
            try pool.submit(octets, language: language, format: format, blocks: blocks)
        } catch {
            blocks.finish(throwing: error)
        }
        return stream
    }
}
