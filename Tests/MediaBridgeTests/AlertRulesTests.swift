import Events
import Pipeline
import Testing

@testable import MediaBridge

/// Alerts fire once and resolve once; every figure here is in the settings or in the test.
@Suite struct AlertRulesTests {
    /// The rules over virtual seconds.
    private final class Watch {
        private var rules: AlertRules
        private var now = MonotonicTime(sinceStart: .zero)
        var gauges = AlertRules.Gauges()
        var day = 20_000

        init(_ adjust: (inout AlertRules.Settings) -> Void = { _ in }) {
            var settings = AlertRules.Settings()
            adjust(&settings)
            rules = AlertRules(settings)
        }

        var firing: [String] { rules.states.filter(\.isFiring).map(\.rule.rawValue) }

        func happens(_ body: EventBody, times: Int = 1) {
            for _ in 0..<times { rules.record(body, onDay: day, at: now) }
        }

        /// Lets so many seconds pass with a look after every five.
        func pass(_ seconds: Int) -> [AlertRecord] {
            (0..<max(1, seconds / 5)).flatMap { _ in
                now = now.advanced(by: .seconds(5))
                return rules.judge(gauges, onDay: day, at: now)
            }
        }

        func took(_ milliseconds: Double, times: Int = 1) {
            var turn = TurnRecord(turn: 1, user: "")
            turn.totalLatency = milliseconds
            happens(.turnCompleted(turn), times: times)
        }
    }

    private static func lost(_ lost: Int, of received: Int) -> EventBody {
        .quality(
            Quality(
                framesReceived: received, framesLost: lost, messagesRejected: 0,
                audioRefusedOctets: 0))
    }

    private static func cost(_ micros: Int64?) -> EventBody {
        var end = CallEnded(
            reason: "caller_hung_up", durationSeconds: 1, turns: 1, interruptions: 0)
        end.costMicros = micros
        return .callEnded(end)
    }

    @Test func latencyFiresOnceAndResolvesOnce() throws {
        let watch = Watch()
        watch.took(400, times: 38)
        // Two of forty: the slowest in twenty takes 400 ms still.
        watch.took(4_000, times: 2)
        #expect(watch.pass(5) == [])
        watch.took(4_000)
        let fired = watch.pass(60)
        #expect(fired.map(\.state) == [.firing])
        let alert = try #require(fired.first)
        #expect(alert.rule == "latency_over_budget")
        #expect(alert.value == 4_000)
        #expect(alert.threshold == 1_500)
        #expect(alert.message.contains("4.0 s") && alert.message.contains("1.5 s"))
        #expect(watch.firing == ["latency_over_budget"])
        // The slow ones leave the window after five minutes.
        watch.took(400, times: 30)
        let resolved = watch.pass(400)
        #expect(resolved.map(\.state) == [.resolved])
        #expect(watch.firing == [])
    }

    @Test func aFewTurnsProveNothing() {
        let watch = Watch()
        watch.took(9_000, times: 19)
        #expect(watch.pass(60) == [])
        watch.took(9_000)
        #expect(watch.pass(5).map(\.state) == [.firing])
    }

    /// Between 90 % and 100 % of the threshold nothing changes.
    @Test func aValueNearTheThresholdDoesNotFlutter() {
        let watch = Watch { $0.window = .seconds(30) }
        var states: [AlertRecord.State] = []
        for latency in [1_600.0, 1_450, 1_550, 1_400, 1_520, 1_300] {
            for _ in 0..<12 {
                watch.took(latency, times: 20)
                states += watch.pass(5).map(\.state)
            }
        }
        #expect(states == [.firing, .resolved])
    }

    @Test func errorsForEachTurn() {
        let watch = Watch()
        watch.took(400, times: 100)
        let error = EventBody.error(ErrorRecord(stage: "llm", errorMessage: "gone"))
        watch.happens(error, times: 4)
        #expect(watch.pass(5) == [])
        watch.happens(error)  // 5 of 100: at the threshold, not over it
        #expect(watch.pass(5) == [])
        watch.happens(
            .toolResult(
                ToolResultRecord(
                    id: "1", name: "book", succeeded: false, result: "", durationMilliseconds: 1)))
        #expect(watch.pass(5).map(\.rule) == ["error_rate"])
        #expect(watch.pass(280) == [])
        #expect(watch.pass(30).map(\.state) == [.resolved])
    }

    @Test func aProviderThatIsShutOut() {
        let watch = Watch()
        func serving(_ isServing: Bool) {
            watch.gauges.providers = [
                .init(name: "llm/anthropic", isServing: isServing),
                .init(name: "llm/intent", isServing: true),
            ]
        }
        serving(false)
        #expect(watch.pass(30) == [])
        serving(true)
        #expect(watch.pass(5) == [])
        serving(false)
        #expect(watch.pass(35) == [])  // from the first look on
        let fired = watch.pass(60)
        #expect(fired.map(\.subject) == ["llm/anthropic"])
        #expect(fired.map(\.state) == [.firing])
        serving(true)
        #expect(watch.pass(60).map(\.state) == [.resolved])
    }

    @Test func costsOfADay() {
        let watch = Watch { $0.costPerDayMicros = 10_000_000 }
        watch.happens(Self.cost(6_000_000))
        watch.happens(Self.cost(nil))
        #expect(watch.pass(60) == [])
        watch.happens(Self.cost(4_000_001))
        #expect(watch.pass(60).map(\.rule) == ["cost_per_day"])
        #expect(watch.pass(3_600) == [])
        watch.day += 1
        #expect(watch.pass(5).map(\.state) == [.resolved])
        watch.happens(Self.cost(9_000_000))
        #expect(watch.pass(5) == [])
    }

    @Test func lostFramesAndLateTicks() {
        let watch = Watch()
        watch.happens(Self.lost(20, of: 1_000))  // 2 %: at the threshold
        #expect(watch.pass(5) == [])
        watch.happens(Self.lost(50, of: 1_000))
        #expect(watch.pass(5).map(\.subject) == ["packet_loss"])
        let late = Watch()
        #expect(late.pass(5) == [])
        late.gauges.ticks = 1_000
        late.gauges.lateTicks = 10
        #expect(late.pass(5) == [])
        late.gauges.ticks = 2_000
        late.gauges.lateTicks = 40
        #expect(late.pass(5).map(\.subject) == ["late_frames"])
        // On time from now on.
        late.gauges.ticks = 400_000
        #expect(late.pass(400).map(\.state) == [.resolved])
    }

    /// A rule that is off is neither judged nor shown.
    @Test func switchesAreHeeded() {
        let watch = Watch {
            $0.latency = nil
            $0.errorShare = nil
            $0.providerDown = nil
            $0.lossShare = nil
            $0.lateShare = nil
        }
        watch.took(60_000, times: 100)
        watch.happens(.error(ErrorRecord(stage: "llm", errorMessage: "")), times: 500)
        watch.happens(Self.lost(1_000, of: 1_000))
        watch.gauges.providers = [.init(name: "llm/x", isServing: false)]
        watch.gauges.ticks = 5_000
        watch.gauges.lateTicks = 5_000
        #expect(watch.pass(600) == [])
        #expect(watch.firing == [])
    }

    /// Whatever happens, firing and resolved take turns for each subject.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func alertsTakeTurns(seed: UInt64) {
        var random = seed
        func chance(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        let watch = Watch {
            $0.costPerDayMicros = 5_000_000
            $0.window = .seconds(60)
        }
        var last: [String: AlertRecord.State] = [:]
        for _ in 0..<2_000 {
            watch.took(Double(chance(4_000)), times: chance(8))
            if chance(3) == 0 {
                watch.happens(.error(ErrorRecord(stage: "tts", errorMessage: "")), times: chance(4))
            }
            if chance(9) == 0 { watch.happens(Self.lost(chance(80), of: 1_500)) }
            if chance(40) == 0 { watch.day += 1 }
            watch.happens(Self.cost(Int64(chance(900_000))))
            watch.gauges.ticks += 250
            watch.gauges.lateTicks += chance(20) == 0 ? 100 : 0
            watch.gauges.providers = [.init(name: "stt/x", isServing: chance(30) > 3)]
            for alert in watch.pass(5) {
                let key = alert.rule + (alert.subject ?? "")
                #expect(alert.state != last[key, default: .resolved])
                last[key] = alert.state
            }
        }
        #expect(last.count >= 5)
    }
}
