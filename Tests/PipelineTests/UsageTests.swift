import Foundation
import Pipeline
import Testing

/// What a call used and what it costs; prices are examples, sums were worked out by hand.
@Suite struct UsageTests {
    private static let lines = [
        "deepgram/nova-3 minute=0.0077",
        "anthropic/claude input=1.00 cached=0.10 cache_write=1.25 output=5.00",
        "elevenlabs/* thousand_characters=0.05", "rasa/* request=0.000001",
        "openai/small input=0.15 output=0.6",
    ]

    @Test func oneCall() throws {
        var usage = Usage()
        var heard = UsageAmount()
        heard.audioMilliseconds = 90_000  // 1.5 min × 7 700 = 11 550
        usage.add(heard, of: Self.engine(.recognition, "deepgram", "nova-3"))
        var thought = UsageAmount()
        thought.requests = 1
        thought.inputTokens = 812  // 812
        thought.cachedTokens = 4_000  // 400
        thought.cacheWriteTokens = 1_000  // 1 250
        thought.outputTokens = 120  // 600
        usage.add(thought, of: Self.engine(.model, "anthropic", "claude"))
        usage.add(thought, of: Self.engine(.model, "anthropic", "claude"))
        var said = UsageAmount()
        said.characters = 333  // 333 × 50 = 16 650
        usage.add(said, of: Self.engine(.speech, "elevenlabs", "flash"))
        usage.add(said, of: Self.engine(.speech, "espeak-ng", ""))
        let summary = usage.summary(try PriceTable(parsing: Self.lines))
        #expect(summary.lines.map(\.costMicros) == [6_124, 11_550, 16_650, nil])
        #expect(summary.cost.text == "0.034324")
        #expect(summary.unpriced == ["espeak-ng/"])
        #expect(summary.lines[0].amount.requests == 2)
    }

    /// Sums are rounded once, half up, and cached tokens without a price are no gift.
    @Test func rounding() throws {
        let prices = try PriceTable(parsing: Self.lines)
        var amount = UsageAmount()
        amount.inputTokens = 3  // 0.45
        #expect(prices.cost(of: amount, by: Self.engine(.model, "openai", "small"))?.micros == 0)
        amount.cachedTokens = 1  // 0.60
        #expect(prices.cost(of: amount, by: Self.engine(.model, "openai", "small"))?.micros == 1)
        var audio = UsageAmount()
        audio.audioMilliseconds = 1  // 0.128
        let deepgram = Self.engine(.recognition, "deepgram", "nova-3")
        #expect(prices.cost(of: audio, by: deepgram)?.micros == 0)
        audio.audioMilliseconds = 4  // 0.513
        #expect(prices.cost(of: audio, by: deepgram)?.micros == 1)
        var request = UsageAmount()
        request.requests = 7
        #expect(prices.cost(of: request, by: Self.engine(.model, "rasa", "x"))?.micros == 7)
    }

    @Test func hugeAmountsDoNotTrap() throws {
        let prices = try PriceTable(parsing: ["a/b input=999999.999999 minute=999999"])
        var amount = UsageAmount()
        amount.inputTokens = .max
        let cost = prices.cost(of: amount, by: Self.engine(.model, "a", "b"))
        #expect(cost?.micros == .max)
    }

    private static let moneys: [(text: String, micros: Int64?)] = [
        ("0.0077", 7_700), ("1", 1_000_000), ("12.5", 12_500_000), ("0.000001", 1),
        ("999999.999999", 999_999_999_999), ("", nil), (".5", nil), ("1.", nil), ("-1", nil),
        ("1.0000001", nil), ("1000000", nil), ("1,5", nil), ("1.2.3", nil), ("٣", nil),
        ("1e3", nil),
    ]

    @Test(arguments: moneys.indices)
    func money(index: Int) {
        #expect(Money(parsing: Self.moneys[index].text)?.micros == Self.moneys[index].micros)
    }

    @Test(arguments: [
        (7_700, "0.007700"), (0, "0.000000"), (12_500_001, "12.500001"), (-3, "-0.000003"),
    ])
    func moneyText(micros: Int, text: String) {
        #expect(Money(micros: Int64(micros)).text == text)
    }

    @Test(arguments: [
        ("deepgram minute=1", PriceError.noEngine(line: "deepgram minute=1")),
        ("a/b", .noEngine(line: "a/b")),
        ("a/b hour=1", .unit("hour=1", line: "a/b hour=1")),
        ("a/b input=1 input=2", .unit("input=2", line: "a/b input=1 input=2")),
        ("a/b input=x", .amount("input=x", line: "a/b input=x")),
        ("a/b input", .amount("input", line: "a/b input")),
    ])
    func badLines(line: String, expected: PriceError) {
        #expect(throws: expected) { try PriceTable(parsing: [line]) }
    }

    @Test func summaryAsJSON() throws {
        var usage = Usage()
        var amount = UsageAmount()
        amount.requests = 1
        amount.characters = 20
        usage.add(amount, of: Self.engine(.speech, "elevenlabs", "flash"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let octets = try encoder.encode(usage.summary(try PriceTable(parsing: Self.lines)))
        #expect(
            String(decoding: octets, as: UTF8.self) == #"""
                {"currency":"USD","lines":[{"amount":{"audio_ms":0,"characters":20,"requests":1,\#
                "tokens_cache_write":0,"tokens_cached":0,"tokens_in":0,"tokens_out":0},\#
                "cost_micros":1000,"model":"flash","provider":"elevenlabs","stage":"tts"}]}
                """#)
    }

    private static func engine(
        _ stage: EngineStage, _ provider: String, _ model: String
    ) -> Usage.Engine {
        Usage.Engine(stage: stage, provider: provider, model: model)
    }
}
