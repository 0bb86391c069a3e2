package import Codecs
package import Pipeline

/// Speech from Deepgram Aura over WebSockets that are kept open between texts.
package struct DeepgramSynthesizer: SpeechSynthesizer {
    package struct Settings: Sendable {
        /// With or without `https://`; other regions have hosts of their own.
        package var baseURL = "wss://api.deepgram.com"
        /// `nil`: the server asks for none; never logged.
        package var key: String?
        /// Model and voice in one, as `aura-2-celeste-es`; a language without one is refused.
        package var voices: [Language: String] = [
            .english: "aura-2-thalia-en", .spanish: "aura-2-celeste-es",
        ]
        /// `nil`: the voice's own.
        package var speed: Double?
        package var limits = SpeechLimits()

        package init(key: String?) { self.key = key }
    }

    private let settings: Settings
    private let pool: SpeechLinePool<AuraWire>
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
        pool = SpeechLinePool(over: connector, limits: settings.limits, keepsSpare: false)
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
            pool.warm(try plan(language, format))
        } catch {}  // the first request tells
    }

    /// Closes every socket; requests from now on are refused.
    package func shutdown() { pool.close() }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        do {
            return pool.speak(
                text, try plan(language, format), format: format, usage: usage)
        } catch {
            return AsyncThrowingStream { $0.finish(throwing: error) }
        }
    }

    private func plan(
        _ language: Language, _ format: AudioFormat
    ) throws(EngineError) -> SpeechLinePool<AuraWire>.Plan {
        guard let voice = settings.voices[language] else {
            throw .unavailable("no Deepgram voice is set for \(language.rawValue)")
        }
        let (encoding, source) = try Self.output(format)
        var address = URLQuery(WebSocketBase.normalized(settings.baseURL) + "/v1/speak")
        address.add("model", voice)
        address.add("encoding", encoding)
        address.add("sample_rate", String(source.hertz))
        if let speed = settings.speed { address.add("speed", String(speed)) }
        return .init(
            key: SpeechLineKey(language: language, format: "\(encoding)_\(source.hertz)"),
            endpoint: EngineEndpoint(
                url: address.url,
                headers: settings.key.map { [(name: "Authorization", value: "Token \($0)")] } ?? []),
            wire: AuraWire(), source: source)
    }

    /// The provider's format that needs the least conversion.
    private static func output(
        _ format: AudioFormat
    ) throws(EngineError) -> (name: String, source: SpeechSource) {
        switch (format.encoding, format.rate) {
        case (.muLaw, .hz8000): ("mulaw", SpeechSource(format))
        case (.aLaw, .hz8000): ("alaw", SpeechSource(format))
        case (.muLaw, let rate), (.aLaw, let rate), (.linear16, let rate):
            ("linear16", SpeechSource(.linear16, hertz: rate.rawValue))
        case (.opus, _): throw .unavailable("Aura's speech is not asked for as Opus here")
        }
    }
}
