import Pipeline
import Testing

/// What calls learn from each other about a chain of providers.
@Suite struct FailoverPolicyTests {
    /// Three failures in a row, over three calls; the fourth call does not ask A.
    @Test func threeFailuresInARowSwitch() {
        var chain = SimulatedChain([[.fails(.refused)], [.answers(after: 100)]])
        for call in 0..<4 { chain.add(atMilliseconds: call * 2_000) }
        chain.run()
        #expect(chain.trace(2).first == "4000 start A")
        #expect(chain.trace(3) == ["6000 start B", "6100 use B"])
    }

    @Test func anAnswerBetweenFailuresBreaksTheRow() {
        var chain = SimulatedChain([
            [
                .fails(.refused), .fails(.refused), .answers(after: 9), .fails(.refused),
                .fails(.refused), .answers(after: 9),
            ], [.answers(after: 100)],
        ])
        for call in 0..<6 { chain.add(atMilliseconds: call * 2_000) }
        chain.run()
        #expect(chain.trace(5) == ["10000 start A", "10009 use A"])
    }

    /// After 10 s a probe runs beside B; it proves itself though B was faster, and A is back.
    @Test func aProbeBringsThePrimaryBack() {
        var chain = SimulatedChain([
            [.fails(.refused), .fails(.refused), .fails(.refused), .answers(after: 300)],
            [.answers(after: 100)],
        ])
        for begin in [0, 1_000, 2_000, 11_999, 12_000, 13_000] { chain.add(atMilliseconds: begin) }
        chain.run()
        #expect(chain.trace(3) == ["11999 start B", "12099 use B"])
        #expect(
            chain.trace(4) == ["12000 probe A", "12000 start B", "12100 use B", "12300 cancel A"])
        #expect(chain.trace(5) == ["13000 start A", "13300 use A"])
    }

    /// A probe that is faster serves the caller, and that is no failover.
    @Test func aProbeMayWin() {
        var chain = SimulatedChain([
            [.fails(.refused), .fails(.refused), .fails(.refused), .answers(after: 50)],
            [.answers(after: 100)],
        ])
        for begin in [0, 1_000, 2_000, 12_500] { chain.add(atMilliseconds: begin) }
        chain.run()
        #expect(
            chain.trace(3) == ["12500 probe A", "12500 start B", "12550 use A", "12550 cancel B"])
    }

    /// Cool-downs after failed probes: 10, 20, 40, 80, 160, 160 s.
    @Test func coolDownsDouble() {
        let settings = FailoverSettings()
        var breaker = CircuitBreaker(settings)
        var now = MonotonicTime(sinceStart: .zero)
        for _ in 0..<3 { breaker.failed(.refused, at: now) }
        var coolDowns: [Duration] = []
        for _ in 0..<6 {
            guard case .open(let until, _, _) = breaker.state else { break }
            coolDowns.append(now.duration(to: until))
            let early = breaker.takeProbe(at: until.advanced(by: .milliseconds(-1)))
            now = until
            let first = breaker.takeProbe(at: now)
            let second = breaker.takeProbe(at: now)
            #expect([early, first, second] == [false, true, false], "one probe at a time")
            breaker.probeFailed(.refused, at: now)
        }
        #expect(coolDowns == [10, 20, 40, 80, 160, 160].map { .seconds($0) })
    }

    @Test(arguments: [
        (ProviderFailure.unauthorised, 300), (.rejected(status: 404), 300),
        (.rateLimited(retryAfter: .seconds(42)), 42), (.rateLimited(retryAfter: .zero), 1),
    ])
    func someFailuresSpeakForThemselves(failure: ProviderFailure, seconds: Int) {
        var breaker = CircuitBreaker(FailoverSettings())
        breaker.failed(failure, at: MonotonicTime(sinceStart: .zero))
        let until = MonotonicTime(sinceStart: .seconds(seconds))
        #expect(breaker.state == .open(until: until, openings: 1, cause: failure))
    }

    @Test func aLostProbeIsForgotten() {
        var breaker = CircuitBreaker(FailoverSettings())
        breaker.failed(.unauthorised, at: MonotonicTime(sinceStart: .zero))
        let taken = [300, 329, 330].map {
            breaker.takeProbe(at: MonotonicTime(sinceStart: .seconds($0)))
        }
        #expect(taken == [true, false, true])
    }

    /// More than 3 s without a word: left alone for 10 s after a single time.
    @Test func overThreeSecondsIsATemporaryFailover() {
        var chain = SimulatedChain([[.answers(after: 3_200)], [.stalls]])
        chain.add(atMilliseconds: 0)
        chain.add(atMilliseconds: 4_000)
        chain.run()
        #expect(chain.trace(0).contains("3200 use A"))
        #expect(chain.trace(1).first == "4000 start B")
    }

    /// Three lost races in a row are no chance: the next call need not wait for the deadline.
    @Test func lostRacesCount() {
        var chain = SimulatedChain([[.answers(after: 2_000)], [.answers(after: 100)]])
        for call in 0..<4 { chain.add(atMilliseconds: call * 5_000) }
        chain.run()
        #expect(chain.trace(2).contains("11100 use B"))
        #expect(chain.trace(3) == ["15000 start B", "15100 use B"])
    }

    /// Latencies from `first` to `last` in turn, then the deadline; all in milliseconds.
    struct Latencies {
        let first: Int
        let last: Int
        var count: Int
        let deadlineMilliseconds: Int
    }

    /// Deadlines of a provider, from the latencies it had.
    ///
    /// 537 … 600 remain of 501 … 600; 61 of 64 are 95 of 100, so the fourth from the top counts.
    @Test(arguments: [
        Latencies(first: 0, last: 0, count: 0, deadlineMilliseconds: 1_000),
        Latencies(first: 400, last: 400, count: 9, deadlineMilliseconds: 1_000),
        Latencies(first: 400, last: 400, count: 10, deadlineMilliseconds: 400),
        Latencies(first: 20, last: 20, count: 10, deadlineMilliseconds: 250),
        Latencies(first: 9_000, last: 9_000, count: 10, deadlineMilliseconds: 3_000),
        Latencies(first: 501, last: 600, count: 100, deadlineMilliseconds: 597),
    ])
    func deadlines(of latencies: Latencies) {
        let step =
            latencies.count > 1 ? (latencies.last - latencies.first) / (latencies.count - 1) : 0
        let values = (0..<latencies.count).map { latencies.first + $0 * step }
        var policy = FailoverPolicy(
            stage: .speech, providers: ["A"], hasLastResort: false, seed: 0)
        for latency in values {
            policy.delivered(0, after: .milliseconds(latency), isProbe: false)
        }
        #expect(policy.deadline(of: 0) == .milliseconds(latencies.deadlineMilliseconds))
    }

    /// Contract: 1 s, doubling, 10 s at most; jitter stays within a fifth.
    @Test(arguments: 0..<50)
    func waitsDouble(seed: Int) throws {
        var random = JitterGenerator(seed: UInt64(seed))
        var backoff = Backoff()
        backoff.tries = 8
        for (index, seconds) in [1, 2, 4, 8, 10, 10, 10].enumerated() {
            let delay = backoff.delay(after: .refused, tries: index + 1, using: &random)
            let wait = try #require(delay)
            #expect(wait >= .milliseconds(seconds * 800))
            #expect(wait <= min(.milliseconds(seconds * 1_200), .seconds(10)))
        }
        let last = backoff.delay(after: .refused, tries: 8, using: &random)
        let unhelped = backoff.delay(after: .unauthorised, tries: 1, using: &random)
        let asked = backoff.delay(
            after: .rateLimited(retryAfter: .seconds(7)), tries: 1, using: &random)
        #expect([last, unhelped, asked] == [nil, nil, .seconds(7)])
    }

    @Test(arguments: [
        (401, ProviderFailure.unauthorised), (402, .unauthorised), (403, .unauthorised),
        (400, .rejected(status: 400)), (404, .rejected(status: 404)), (408, .timedOut),
        (429, .rateLimited(retryAfter: .seconds(2))), (500, .server(status: 500)),
        (503, .overloaded), (529, .overloaded), (504, .timedOut),
    ])
    func statuses(status: Int, expected: ProviderFailure) {
        #expect(ProviderFailure(status: status, retryAfter: .seconds(2)) == expected)
    }

    /// What today's engines throw; a missing program or key heals by hand only.
    @Test func engineErrors() {
        #expect(ProviderFailure(ProviderFailure.dns, hasDelivered: false) == .dns)
        #expect(ProviderFailure(EngineError.unavailable("x"), hasDelivered: false).isPermanent)
        #expect(ProviderFailure(EngineError.overloaded("x"), hasDelivered: true) == .overloaded)
        #expect(ProviderFailure(EngineError.timedOut("x"), hasDelivered: false) == .timedOut)
        #expect(ProviderFailure(EngineError.timedOut("x"), hasDelivered: true) == .stalledMidStream)
        #expect(ProviderFailure(EngineError.failed("x"), hasDelivered: true) == .closedEarly)
        #expect(
            EngineError(exhausted: .server(status: 500), .model)
                == .failed("no llm provider could answer: server_500"))
    }

    private static let headers: [(header: String, milliseconds: Int?)] = [
        ("2", 2_000), (" 1.5 ", 1_500), ("0", 0), ("99999999", 3_600_000), ("-1", nil), ("", nil),
        ("nan", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
    ]

    @Test(arguments: headers.indices)
    func retryAfterHeaders(index: Int) {
        let (header, expected) = Self.headers[index]
        #expect(Duration(retryAfter: header)?.milliseconds == expected.map(Double.init))
    }
}
