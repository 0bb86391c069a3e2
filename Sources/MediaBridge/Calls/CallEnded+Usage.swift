internal import Events
internal import Pipeline

extension CallEnded {
    /// Adds what the engines counted, with what it costs as far as prices are known.
    mutating func tell(_ used: Usage, _ prices: PriceTable?) {
        guard !used.amounts.isEmpty else { return }
        var total = Money(micros: 0)
        usage = used.amounts.map { engine, amount in
            var line = EngineUsage(
                stage: engine.stage.rawValue, provider: engine.provider, model: engine.model)
            line.requests = amount.requests
            line.audioMilliseconds = amount.audioMilliseconds
            line.inputTokens = amount.inputTokens + amount.cacheWriteTokens
            line.cachedTokens = amount.cachedTokens
            line.outputTokens = amount.outputTokens
            line.characters = amount.characters
            let cost = prices?.cost(of: amount, by: engine)
            line.costMicros = cost?.micros
            total = Money(micros: total.micros + (cost?.micros ?? 0))
            return line
        }.sorted { ($0.stage, $0.provider, $0.model) < ($1.stage, $1.provider, $1.model) }
        guard let prices else { return }
        costMicros = total.micros
        currency = prices.currency
    }
}
