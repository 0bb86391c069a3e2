/// What a call used of one engine.
package struct EngineUsage: Equatable, Sendable, Codable {
    /// `stt`, `llm` or `tts`.
    package let stage: String
    package let provider: String
    /// Empty where a provider has no choice of models.
    package let model: String
    package var requests = 0
    /// Heard or synthesised.
    package var audioMilliseconds = 0
    package var inputTokens = 0
    /// Read from the provider's cache, apart from the others.
    package var cachedTokens = 0
    package var outputTokens = 0
    /// Sent to be spoken.
    package var characters = 0
    /// In millionths of the table's currency; `nil`: the price table does not know the engine.
    package var costMicros: Int64?

    package init(stage: String, provider: String, model: String) {
        self.stage = stage
        self.provider = provider
        self.model = model
    }

    private enum CodingKeys: String, CodingKey {
        case stage
        case provider
        case model
        case requests
        case audioMilliseconds = "audio_ms"
        case inputTokens = "tokens_in"
        case cachedTokens = "tokens_cached"
        case outputTokens = "tokens_out"
        case characters
        case costMicros = "cost_micros"
    }
}
