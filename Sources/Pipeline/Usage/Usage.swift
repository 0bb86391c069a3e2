/// What one call used of the engines, by stage, provider and model.
package struct Usage: Equatable, Sendable {
    /// Who was used.
    package struct Engine: Hashable, Sendable {
        package let stage: EngineStage
        package let provider: String
        /// Empty where a provider has no choice of models.
        package let model: String

        package init(stage: EngineStage, provider: String, model: String) {
            self.stage = stage
            self.provider = provider
            self.model = model
        }

        /// The cache in front of a stage: its requests tell what no provider was asked for.
        package static func cache(_ stage: EngineStage) -> Self {
            Self(stage: stage, provider: cacheName, model: "")
        }

        /// It has no price: nobody is paid.
        var isFree: Bool { provider == Self.cacheName }

        private static let cacheName = "cache"
    }

    package private(set) var amounts: [Engine: UsageAmount] = [:]

    package init() {}

    /// Adds what one request used; those that were cancelled or lost a race cost as well.
    package mutating func add(_ amount: UsageAmount, of engine: Engine) {
        amounts[engine, default: UsageAmount()] += amount
    }

    package static func += (sum: inout Self, other: Self) {
        for (engine, amount) in other.amounts { sum.add(amount, of: engine) }
    }

    /// Amounts and costs, ready to be told.
    package func summary(_ prices: PriceTable) -> UsageSummary {
        let lines = amounts.map { engine, amount in
            UsageSummary.Line(
                stage: engine.stage.rawValue, provider: engine.provider, model: engine.model,
                amount: amount, costMicros: prices.cost(of: amount, by: engine)?.micros)
        }
        return UsageSummary(
            currency: prices.currency,
            lines: lines.sorted {
                ($0.stage, $0.provider, $0.model) < ($1.stage, $1.provider, $1.model)
            })
    }
}

/// How much was used; what a provider does not count stays zero.
package struct UsageAmount: Equatable, Sendable, Codable {
    package var requests = 0
    /// Heard or synthesised.
    package var audioMilliseconds = 0
    /// Read by the model, without those from its cache.
    package var inputTokens = 0
    /// Read from the provider's cache, which costs less.
    package var cachedTokens = 0
    /// Written to the provider's cache, which some let pay extra.
    package var cacheWriteTokens = 0
    package var outputTokens = 0
    /// Sent to be spoken.
    package var characters = 0

    package init() {}

    package static func += (sum: inout Self, other: Self) {
        sum.requests += other.requests
        sum.audioMilliseconds += other.audioMilliseconds
        sum.inputTokens += other.inputTokens
        sum.cachedTokens += other.cachedTokens
        sum.cacheWriteTokens += other.cacheWriteTokens
        sum.outputTokens += other.outputTokens
        sum.characters += other.characters
    }

    private enum CodingKeys: String, CodingKey {
        case requests
        case audioMilliseconds = "audio_ms"
        case inputTokens = "tokens_in"
        case cachedTokens = "tokens_cached"
        case cacheWriteTokens = "tokens_cache_write"
        case outputTokens = "tokens_out"
        case characters
    }
}

/// What a call used and cost, line by line, sorted by stage, provider and model.
package struct UsageSummary: Equatable, Sendable, Codable {
    package struct Line: Equatable, Sendable, Codable {
        package let stage: String
        package let provider: String
        package let model: String
        package let amount: UsageAmount
        /// In millionths; `nil`: the price table does not know it.
        package let costMicros: Int64?

        private enum CodingKeys: String, CodingKey {
            case stage
            case provider
            case model
            case amount
            case costMicros = "cost_micros"
        }
    }

    package let currency: String
    package let lines: [Line]

    /// Of what has a price.
    package var cost: Money { Money(micros: lines.compactMap(\.costMicros).reduce(0, +)) }
    /// Providers whose price is not known, so that a total is not taken for the whole.
    package var unpriced: [String] {
        lines.filter { $0.costMicros == nil }.map { "\($0.provider)/\($0.model)" }
    }
}
