package import Codecs
package import Pipeline

/// Speech from ElevenLabs over WebSockets that are kept open between texts.
///
/// Text comes in clauses and is spoken as soon as it is there (`auto_mode`); telephone formats are
/// passed through as they come, words are timed by the provider's alignment.
package struct ElevenLabsSynthesizer: SpeechSynthesizer {
    /// Which of the provider's two protocols is spoken.
    package enum Mode: String, Sendable {
        /// Five texts at once on one socket (multi-stream-input).
        case contexts
        /// A socket per text (stream-input), the next one opened ahead; cancelling closes it.
        case stream
    }

    package struct Settings: Sendable {
        /// With or without `https://`; data residency has hosts of its own.
        package var baseURL = "wss://api.elevenlabs.io"
        /// `nil`: the server asks for none; never logged.
        package var key: String?
        package var model = "eleven_flash_v2_5"
        /// Voice identifiers; a language without one is refused.
        package var voices: [Language: String]
        /// Tells the model the language; multilingual v2 takes none.
        package var sendsLanguage = true
        package var mode = Mode.contexts
        /// 0…1; `nil`: the voice's own.
        package var stability: Double?
        /// 0…1; `nil`: the voice's own.
        package var similarityBoost: Double?
        /// 0…1; `nil`: the voice's own.
        package var style: Double?
        package var speakerBoost: Bool?
        /// 0.7…1.2; `nil`: the voice's own.
        package var speed: Double?
        package var limits = SpeechLimits()

        package init(key: String?, voices: [Language: String]) {
            self.key = key
            self.voices = voices
        }
    }

    private enum Pool {
        case contexts(SpeechLinePool<ElevenLabsContexts>)
        case stream(SpeechLinePool<ElevenLabsStream>)
    }

    private let settings: Settings
    private let pool: Pool
    private let usage: SpeechUsage

    /// Opens nothing yet; the first request or `warm` does.
    ///
    /// - Parameters:
    ///   - settings: whose voice.
    ///   - connector: opens the sockets.
    ///   - usage: told of every request once it is over.
    package init(
        settings: Settings, connector: any EngineConnector,
        usage: @escaping SpeechUsage = { _ in }
    ) {
        self.settings = settings
        self.usage = usage
        pool =
            switch settings.mode {
            case .contexts:
                .contexts(.init(over: connector, limits: settings.limits, keepsSpare: false))
            case .stream:
                .stream(.init(over: connector, limits: settings.limits, keepsSpare: true))
            }
    }

    private init(_ other: Self, usage: @escaping SpeechUsage) {
        settings = other.settings
        pool = other.pool
        self.usage = usage
    }

    /// The same voice over the same sockets, whose use is told to another: one call's.
    package func reporting(to usage: @escaping SpeechUsage) -> Self { Self(self, usage: usage) }

    /// Opens a connection ahead, at the start of a call.
    package func warm(_ language: Language, format: AudioFormat) {
        do {
            switch pool {
            case .contexts(let pool):
                pool.warm(try plan(language, format, ElevenLabsContexts.init(voice:source:)))
            case .stream(let pool):
                pool.warm(try plan(language, format, ElevenLabsStream.init(voice:source:)))
            }
        } catch {}  // the first request tells
    }

    /// Closes every socket; requests from now on are refused.
    package func shutdown() {
        switch pool {
        case .contexts(let pool): pool.close()
        case .stream(let pool): pool.close()
        }
    }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        do {
            switch pool {
            case .contexts(let pool):
                let plan = try plan(language, format, ElevenLabsContexts.init(voice:source:))
                return pool.speak(text, plan, format: format, usage: usage)
            case .stream(let pool):
                let plan = try plan(language, format, ElevenLabsStream.init(voice:source:))
                return pool.speak(text, plan, format: format, usage: usage)
            }
        } catch {
            return AsyncThrowingStream { $0.finish(throwing: error) }
        }
    }

    private func plan<Wire>(
        _ language: Language, _ format: AudioFormat,
        _ makeWire: (ElevenLabsRequest.VoiceSettings?, SpeechSource) -> Wire
    ) throws(EngineError) -> SpeechLinePool<Wire>.Plan {
        guard let voice = settings.voices[language] else {
            throw .unavailable("no ElevenLabs voice is set for \(language.rawValue)")
        }
        let (name, source) = try Self.output(format)
        let path = settings.mode == .contexts ? "multi-stream-input" : "stream-input"
        var address = URLQuery(
            WebSocketBase.normalized(settings.baseURL)
                + "/v1/text-to-speech/\(URLQuery.encoded(voice))/\(path)")
        address.add("model_id", settings.model)
        if settings.sendsLanguage { address.add("language_code", language.rawValue) }
        address.add("output_format", name)
        address.add("auto_mode", "true")
        address.add("inactivity_timeout", "180")  // the most there is; the default is 20 s
        return .init(
            key: SpeechLineKey(language: language, format: name),
            endpoint: EngineEndpoint(
                url: address.url,
                headers: settings.key.map { [(name: "xi-api-key", value: $0)] } ?? []),
            wire: makeWire(voiceSettings, source), source: source)
    }

    private var voiceSettings: ElevenLabsRequest.VoiceSettings? {
        let voice = ElevenLabsRequest.VoiceSettings(
            stability: settings.stability, similarityBoost: settings.similarityBoost,
            style: settings.style, useSpeakerBoost: settings.speakerBoost,
            speed: settings.speed)
        return voice == ElevenLabsRequest.VoiceSettings() ? nil : voice
    }

    /// The provider's format that needs the least conversion.
    private static func output(
        _ format: AudioFormat
    ) throws(EngineError) -> (name: String, source: SpeechSource) {
        switch (format.encoding, format.rate) {
        case (.muLaw, .hz8000): ("ulaw_8000", SpeechSource(format))
        case (.aLaw, .hz8000): ("alaw_8000", SpeechSource(format))
        case (.muLaw, let rate), (.aLaw, let rate), (.linear16, let rate):
            ("pcm_\(rate.rawValue)", SpeechSource(.linear16, hertz: rate.rawValue))
        case (.opus, _): throw .unavailable("ElevenLabs' speech is not asked for as Opus here")
        }
    }
}
