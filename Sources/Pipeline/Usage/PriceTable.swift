/// Why a line of the price table says nothing.
package enum PriceError: Error, Equatable {
    /// Not `provider/model unit=amount …`.
    case noEngine(line: String)
    /// Not one of the units, or named twice.
    case unit(String, line: String)
    /// No decimal from 0 to 999999.999999 with at most six places.
    case amount(String, line: String)
}

/// What engines cost, from the configuration.
///
/// One line per model: `deepgram/nova-3 minute=0.0077`,
/// `anthropic/claude-haiku-4-5 input=1.00 cached=0.10 cache_write=1.25 output=5.00`,
/// `elevenlabs/* thousand_characters=0.05`. Tokens are priced by the million. `*` stands for all
/// models of a provider that have no line of their own.
package struct PriceTable: Equatable, Sendable {
    private enum Unit: String {
        case minute
        case request
        case input
        case cached
        case cacheWrite = "cache_write"
        case output
        case thousandCharacters = "thousand_characters"
    }

    package let currency: String
    private var prices: [String: [Unit: Money]] = [:]

    /// - Parameters:
    ///   - lines: as described above.
    ///   - currency: ISO 4217; told with every cost, and nothing is converted.
    /// - Throws: `PriceError` with the first line that is wrong.
    package init(parsing lines: [String], currency: String = "USD") throws(PriceError) {
        self.currency = currency
        for line in lines {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let engine = fields.first, engine.split(separator: "/").count >= 2,
                fields.count >= 2, prices[String(engine)] == nil
            else { throw .noEngine(line: line) }
            var price: [Unit: Money] = [:]
            for field in fields.dropFirst() {
                let parts = field.split(separator: "=", maxSplits: 1)
                guard let name = parts.first, let unit = Unit(rawValue: String(name)),
                    price[unit] == nil
                else { throw .unit(String(field), line: line) }
                guard parts.count == 2, let amount = Money(parsing: String(parts[1])) else {
                    throw .amount(String(field), line: line)
                }
                price[unit] = amount
            }
            prices[String(engine)] = price
        }
    }

    /// What an amount costs, rounded half up to a millionth; `nil` when the engine has no line.
    ///
    /// What its line does not price is free, but cached tokens without a price of their own cost
    /// as much as others.
    package func cost(of amount: UsageAmount, by engine: Usage.Engine) -> Money? {
        if engine.isFree { return Money(micros: 0) }
        guard
            let price = prices["\(engine.provider)/\(engine.model)"]
                ?? prices["\(engine.provider)/*"]
        else { return nil }
        /// A millionth of a millionth, so that nothing is rounded before the sum.
        func parts(_ count: Int, _ unit: Unit, per units: Int128, or other: Unit? = nil) -> Int128 {
            let money = price[unit] ?? other.flatMap { price[$0] }
            return Int128(count) * Int128(money?.micros ?? 0) * (1_000_000 / units)
        }
        let million = Int128(1_000_000)
        var total = parts(amount.inputTokens, .input, per: million)
        total += parts(amount.cachedTokens, .cached, per: million, or: .input)
        total += parts(amount.cacheWriteTokens, .cacheWrite, per: million, or: .input)
        total += parts(amount.outputTokens, .output, per: million)
        total += parts(amount.characters, .thousandCharacters, per: 1_000)
        total += parts(amount.requests, .request, per: 1)
        // A minute has 60 000 ms, which a million does not divide by: thirds of a millionth.
        let audio = Int128(amount.audioMilliseconds) * Int128(price[.minute]?.micros ?? 0)
        let exact = total * 3 + audio * 50
        let rounded = (exact + 3 * million / 2) / (3 * million)
        return Money(micros: Int64(clamping: rounded))
    }
}
