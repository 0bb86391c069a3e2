package import Codecs
package import Pipeline

/// Text-to-speech with a voice of sherpa-onnx (VITS, Piper's among them, Kokoro and Kitten),
/// without a key or network.
///
/// The library and a voice are the operator's to fetch. A text is made sentence by sentence, so the
/// first audio comes when the first sentence is made. Each language's voice has a thread of its own.
package final class SherpaSynthesizer: SpeechSynthesizer {
    package struct Settings: Equatable, Sendable {
        /// Where `script/fetch-sherpa` has put the library.
        package var library = ".engines/sherpa-onnx"
        /// The folder with the voice, or with one in `en` and one in `es`; empty: none.
        package var model = ""
        /// Which of a voice's speakers, from 0 on; the first where none is said.
        package var speakers: [Language: Int] = [:]
        /// The languages that `prepare` asks for.
        package var languages = [Language.english]
        /// Texts that wait for a voice; above it they are refused.
        package var maximumWaiting = 64
        /// Unicode scalars; a longer text is refused.
        package var maximumTextLength = 8_000

        package init() {}
    }

    private let settings: Settings
    private let voices: [Language: LoadedOnce<SherpaVoice>]
    private let speakers: [Language: SherpaSpeaker]

    /// Starts nothing yet; the first text or `prepare()` does.
    package init(settings: Settings) {
        self.settings = settings
        var voices: [Language: LoadedOnce<SherpaVoice>] = [:]
        var speakers: [Language: SherpaSpeaker] = [:]
        for language in Language.allCases {
            speakers[language] = SherpaSpeaker(
                name: "tts-sherpa-\(language.rawValue)", maximumWaiting: settings.maximumWaiting)
            voices[language] = LoadedOnce(threadName: "sherpa-load") {
                () throws(EngineError) in try Self.load(settings, language)
            }
        }
        self.voices = voices
        self.speakers = speakers
    }

    deinit { shutdown() }

    private static func load(
        _ settings: Settings, _ language: Language
    ) throws(EngineError) -> SherpaVoice {
        guard !settings.model.isEmpty else {
            throw .unavailable(
                "sherpa-onnx has no voice to speak with: set MEDIABRIDGE_SHERPA_TTS_MODEL")
        }
        let files = try SherpaVoiceModel(folder: settings.model, language: language)
        let library = try SherpaLibrary(folder: settings.library)
        let voice = try SherpaVoice(files, library: library, language: language)
        let speaker = settings.speakers[language] ?? 0
        guard speaker == 0 || (0..<voice.speakerCount).contains(speaker) else {
            throw .unavailable(
                "the voice in \(settings.model) has speakers 0 to \(voice.speakerCount - 1), "
                    + "not \(speaker): set MEDIABRIDGE_SHERPA_TTS_VOICE to one of them")
        }
        return voice
    }

    /// Returns once the voices are loaded and have said a word, which warms them.
    ///
    /// - Throws: `EngineError.unavailable` that tells what is missing and how to get it.
    package func prepare() async throws(EngineError) {
        for language in settings.languages {
            do {
                let format = AudioFormat(.linear16, .hz16000)
                for try await _ in synthesize("uno", language: language, format: format) {}
            } catch let error as EngineError {
                throw error
            } catch {
                throw .failed("sherpa-onnx: \(error)")
            }
        }
    }

    /// Ends the threads after the sentence each works on; what waits fails.
    package func shutdown() {
        for speaker in speakers.values { speaker.stop() }
        for voice in voices.values { voice.drop() }
    }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (stream, blocks) = AsyncThrowingStream.makeStream(of: SpeechBlock.self)
        let wish = SpeechWish()
        let task = Task {
            do {
                guard text.unicodeScalars.count <= settings.maximumTextLength else {
                    throw EngineError.failed(
                        "the text is longer than \(settings.maximumTextLength) characters")
                }
                try await speak(text, language, format, wish, into: blocks)
            } catch {
                blocks.finish(throwing: error)
            }
        }
        blocks.onTermination = { _ in
            wish.cancel()
            task.cancel()
        }
        return stream
    }

    private func speak(
        _ text: String, _ language: Language, _ format: AudioFormat, _ wish: SpeechWish,
        into blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) async throws {
        let voice = try await voice(language)
        var sentences: [[Int32]] = []
        if let phonemes = voice.phonemes {
            sentences = try await phonemes.sentences(of: text)
            guard !sentences.isEmpty else { return blocks.finish() }
        } else if !text.contains(where: { $0.isLetter || $0.isNumber }) {
            return blocks.finish()
        }
        try Task.checkCancellation()
        let relay = try SherpaRelay(
            from: SpeechSource(.linear16, hertz: voice.hertz), to: format, into: blocks)
        try speakers[language]?.submit(
            SherpaSpeaker.Job(
                voice: voice, text: text, sentences: sentences,
                speaker: settings.speakers[language] ?? 0, isWanted: { wish.isAlive },
                take: { relay.take($0) }, end: { relay.end(text, hasSpoken: $0) }))
    }

    private func voice(_ language: Language) async throws(EngineError) -> SherpaVoice {
        guard let voice = voices[language] else {
            throw .unavailable("sherpa-onnx has no voice for \(language.rawValue)")
        }
        let outcome = await withCheckedContinuation { continuation in
            voice.take { continuation.resume(returning: $0) }
        }
        return try outcome.get()
    }
}
