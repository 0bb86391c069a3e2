internal import Codecs
internal import Pipeline
internal import Providers

/// Ears and voices.
extension EngineFactory {
    func recognizer(
        _ name: GatewayConfiguration.Recognizer
    ) -> EngineSource<any SpeechRecognizer> {
        switch name {
        case .pocketsphinx:
            let sphinx = PocketSphinxRecognizer()
            return EngineSource(
                name: name.rawValue, engine: sphinx,
                prepare: { try await sphinx.prepare() }, shutdown: { sphinx.shutdown() })
        case .sherpa:
            var settings = SherpaRecognizer.Settings()
            settings.library = configuration.sherpaLibrary
            let own = configuration.providers.settings(of: .sherpa, for: .recognition)
            settings.model = own.model ?? ""
            let sherpa = SherpaRecognizer(settings: settings)
            return EngineSource(
                name: name.rawValue, engine: sherpa,
                prepare: { try await sherpa.prepare() }, shutdown: { sherpa.shutdown() })
        case .instant: return EngineSource(name: name.rawValue, engine: InstantRecognizer())
        case .deepgram:
            let deepgram = DeepgramRecognizer(settings: deepgramHearing)
            let (language, connector) = (configuration.language, connector)
            return cloud(.deepgram, .recognition, deepgram) {
                try await deepgram.check(language, over: connector)
            }
        case .openai:
            let own = configuration.providers.settings(of: .openai, for: .recognition)
            var settings = TranscriptionRecognizer.Settings()
            settings.baseURL = own.baseURL ?? "https://api.openai.com/v1"
            settings.key = own.key?.value
            settings.model = own.model ?? settings.model
            let transcription = TranscriptionRecognizer(settings: settings, http: http)
            let language = configuration.language
            return cloud(.openai, .recognition, transcription) {
                try await transcription.check(language)
            }
        }
    }

    func synthesizer(
        _ name: GatewayConfiguration.Synthesizer
    ) -> EngineSource<any SpeechSynthesizer> {
        switch name {
        case .espeak:
            let espeak = EspeakSynthesizer()
            return EngineSource(
                name: name.rawValue, engine: espeak,
                prepare: { try await espeak.prepare() }, shutdown: { await espeak.shutdown() })
        case .sherpa:
            var settings = SherpaSynthesizer.Settings()
            settings.library = configuration.sherpaLibrary
            settings.languages = [configuration.language]
            let own = configuration.providers.settings(of: .sherpa, for: .speech)
            settings.model = own.model ?? ""
            for language in Language.allCases {
                settings.speakers[language] = own.voice(in: language).flatMap { Int($0) }
            }
            let sherpa = SherpaSynthesizer(settings: settings)
            return EngineSource(
                name: name.rawValue, engine: sherpa,
                prepare: { try await sherpa.prepare() }, shutdown: { sherpa.shutdown() })
        case .instant: return EngineSource(name: name.rawValue, engine: InstantSynthesizer())
        case .elevenlabs:
            let own = configuration.providers.settings(of: .elevenlabs, for: .speech)
            var settings = ElevenLabsSynthesizer.Settings(
                key: own.key?.value, voices: voices(own, or: [:]))
            settings.baseURL = own.baseURL ?? settings.baseURL
            settings.model = own.model ?? settings.model
            let voice = ElevenLabsSynthesizer(
                settings: settings, connector: connector,
                usage: Self.counted("elevenlabs", settings.model))
            return self.voice(.elevenlabs, voice) { voice.shutdown() }
        case .deepgram:
            let own = configuration.providers.settings(of: .deepgram, for: .speech)
            var settings = DeepgramSynthesizer.Settings(key: own.key?.value)
            settings.baseURL = own.baseURL ?? settings.baseURL
            settings.voices = voices(own, or: settings.voices)
            let voice = DeepgramSynthesizer(
                settings: settings, connector: connector, usage: Self.counted("deepgram", "aura-2"))
            return self.voice(.deepgram, voice) { voice.shutdown() }
        case .openai:
            let own = configuration.providers.settings(of: .openai, for: .speech)
            var settings = SpeechHTTPSynthesizer.Settings()
            settings.baseURL = own.baseURL ?? settings.baseURL
            settings.key = own.key?.value
            settings.model = own.model ?? settings.model
            settings.voices = voices(own, or: settings.voices)
            // OpenAI's samples come at 24 kHz; other servers' rate is in the header of a WAV.
            if own.baseURL != nil { settings.audio = .wav }
            let voice = SpeechHTTPSynthesizer(
                settings: settings, http: http, usage: Self.counted("openai", settings.model))
            return self.voice(.openai, voice)
        }
    }

    private var deepgramHearing: DeepgramRecognizer.Settings {
        let own = configuration.providers.settings(of: .deepgram, for: .recognition)
        var settings = DeepgramRecognizer.Settings(key: own.key?.value)
        settings.baseURL = own.baseURL ?? settings.baseURL
        settings.model = own.model ?? settings.model
        switch own.language {
        case let tag? where tag.hasPrefix(Language.spanish.rawValue): settings.spanish = tag
        case let tag? where tag.hasPrefix(Language.english.rawValue): settings.english = tag
        case let tag?: (settings.spanish, settings.english) = (tag, tag)  // such as `multi`
        case nil: break
        }
        return settings
    }

    private func voices(
        _ own: ProviderSettings, or defaults: [Language: String]
    ) -> [Language: String] {
        Language.allCases.reduce(into: defaults) { voices, language in
            if let voice = own.voice(in: language) { voices[language] = voice }
        }
    }

    /// A voice is tried with a word: nothing less tells a wrong key, model or voice for sure.
    private func voice(
        _ provider: CloudProvider, _ voice: any SpeechSynthesizer,
        shutdown: @escaping @Sendable () -> Void = {}
    ) -> EngineSource<any SpeechSynthesizer> {
        let language = configuration.language
        var source = cloud(provider, .speech, voice) {
            let word =
                switch language {
                case .english: "one"
                case .spanish: "uno"
                }
            let said = voice.synthesize(word, language: language, format: .telephone)
            for try await block in said where !block.octets.isEmpty { return }
            throw ProviderFailure.garbage
        }
        source.shutdown = shutdown
        return source
    }

    /// Counts for the call that the request was made for.
    private static func counted(_ provider: String, _ model: String) -> SpeechUsage {
        let engine = Usage.Engine(stage: .speech, provider: provider, model: model)
        return { EngineContext.current?.call.used($0, of: engine) }
    }
}
