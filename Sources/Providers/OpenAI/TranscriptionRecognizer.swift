internal import Codecs
package import Pipeline

/// Speech-to-text over `POST /v1/audio/transcriptions`, one request per utterance.
///
/// For servers of one's own (whisper.cpp, Speaches, LocalAI, Ollama) and for OpenAI: final
/// transcripts only, after the caller's turn.
package struct TranscriptionRecognizer: SpeechRecognizer {
    package struct Settings: Sendable {
        /// With or without `/v1`.
        package var baseURL = "http://127.0.0.1:8000/v1"
        /// `nil`: the server asks for none; never logged.
        package var key: String?
        package var model = "whisper-1"
        /// As usage and prices name the server.
        package var provider = "openai"
        /// Longer ones are cut at their end; the memory of a call grows up to this.
        package var longestUtterance = Duration.seconds(30)
        /// Shorter ones hold no word, and make Whisper invent some.
        package var shortestUtterance = Duration.milliseconds(300)

        package init() {}
    }

    private let settings: Settings
    private let http: ProviderHTTP

    package init(settings: Settings = Settings(), http: ProviderHTTP) {
        self.settings = settings
        self.http = http
    }

    /// Tries the key and the model with half a second of silence.
    package func check(_ language: Language) async throws(ProviderFailure) {
        let silence = TranscriptionForm(
            audio: Array(repeating: 0xFF, count: 4_000), format: .telephone, model: settings.model,
            language: language)
        _ = try await silence.post(to: settings.baseURL, key: settings.key, over: http)
    }

    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        guard let octetsPerSample = request.format.octetsPerSample else {
            throw .unavailable("transcription takes µ-law, A-law or linear audio here, not Opus")
        }
        let octetsPerMillisecond =
            Double(request.format.rate.rawValue * octetsPerSample) / 1_000
        let settings = settings
        let http = http
        let call = EngineContext.current?.call
        let engine = Usage.Engine(
            stage: .recognition, provider: settings.provider, model: settings.model)
        return TranscriptionSession(
            ring: audio,
            limits: Int(
                settings.shortestUtterance.milliseconds * octetsPerMillisecond)...Int(
                    settings.longestUtterance.milliseconds * octetsPerMillisecond),
            deliver: deliver
        ) { octets throws(ProviderFailure) in
            var amount = UsageAmount()
            amount.requests = 1
            amount.audioMilliseconds = Int(Double(octets.count) / octetsPerMillisecond)
            call?.used(amount, of: engine)
            let form = TranscriptionForm(
                audio: octets, format: request.format, model: settings.model,
                language: request.language)
            return try await form.post(to: settings.baseURL, key: settings.key, over: http)
        }
    }
}
