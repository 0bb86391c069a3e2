import Events
import Pipeline
import Testing

@testable import MediaBridge

@Suite struct CallUsageTests {
    private static let model = Usage.Engine(stage: .model, provider: "anthropic", model: "haiku")
    private static let voice = Usage.Engine(stage: .speech, provider: "local", model: "")

    /// Reported as engines do, through the call that they work for.
    private static func usage() -> Usage {
        let call = EngineCall(id: "c")
        var tokens = UsageAmount()
        tokens.requests = 1
        tokens.inputTokens = 1_000
        tokens.cachedTokens = 2_000
        tokens.outputTokens = 100
        var speech = UsageAmount()
        speech.characters = 42
        call.used(speech, of: voice)
        call.used(tokens, of: model)
        call.used(tokens, of: model)
        return call.usage
    }

    private static func ended() -> CallEnded {
        CallEnded(reason: "caller_hung_up", durationSeconds: 9, turns: 2, interruptions: 0)
    }

    @Test func amountsAddUpAndHavePrices() throws {
        var ended = Self.ended()
        let prices = try PriceTable(
            parsing: ["anthropic/haiku input=1.00 cached=0.10 output=5.00"], currency: "EUR")
        ended.tell(Self.usage(), prices)
        let lines = try #require(ended.usage)
        #expect(lines.map(\.provider) == ["anthropic", "local"])
        #expect(lines[0].requests == 2)
        #expect(lines[0].inputTokens == 2_000)
        #expect(lines[0].cachedTokens == 4_000)
        // 2 000 at 1.00, 4 000 at 0.10 and 200 at 5.00 a million.
        #expect(lines[0].costMicros == 3_400)
        #expect(lines[1].characters == 42)
        #expect(lines[1].costMicros == nil)
        #expect(ended.costMicros == 3_400)
        #expect(ended.currency == "EUR")
    }

    @Test func withoutPricesThereAreAmountsOnly() {
        var ended = Self.ended()
        ended.tell(Self.usage(), nil)
        #expect(ended.usage?.count == 2)
        #expect(ended.costMicros == nil)
        #expect(ended.currency == nil)
    }

    @Test func aCallThatUsedNothingSaysNothing() {
        var ended = Self.ended()
        ended.tell(Usage(), nil)
        #expect(ended == Self.ended())
    }
}
