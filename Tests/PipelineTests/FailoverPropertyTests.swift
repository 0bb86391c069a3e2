import Pipeline
import Testing

/// What holds whatever providers do.
@Suite struct FailoverPropertyTests {
    /// Sixty requests of many calls at once to a chain where everything may go wrong.
    @Test(arguments: 0..<100)
    func randomFailures(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let hasLastResort = seed % 3 > 0
        let count = Int.random(in: 1...4, using: &random)
        let scripts = (0..<count).map { _ in
            (0..<80).map { _ in Self.behaviour(&random) }
        }
        var chain = SimulatedChain(scripts, hasLastResort: hasLastResort)
        var begin = 0
        for _ in 0..<60 {
            begin += Int.random(in: 0...3_000, using: &random)
            let isAbandoned = Int.random(in: 0..<6, using: &random) == 0
            chain.add(
                RequestRace(preferring: isAbandoned ? 1 : nil), atMilliseconds: begin,
                abandonedAtMilliseconds: isAbandoned
                    ? begin + Int.random(in: 0...4_000, using: &random) : nil)
        }
        var watch = Watch(count: count, hasLastResort: hasLastResort)
        chain.run { chain, race, now in watch.check(chain, race, now) }
        for race in 0..<60 {
            #expect(chain.races[race].isOver)
            #expect(watch.live[race, default: []].isEmpty, "an attempt nobody stopped")
            #expect(watch.outcomes[race, default: 0] <= 1)
        }
    }

    private static func behaviour(
        _ random: inout SeededGenerator
    ) -> SimulatedChain.Behaviour {
        let delay = Int.random(in: 0...4_000, using: &random)
        let failures: [ProviderFailure] = [
            .dns, .refused, .unauthorised, .rejected(status: 400), .overloaded, .garbage,
            .rateLimited(retryAfter: .milliseconds(delay)), .server(status: 500), .closedEarly,
        ]
        let failure = failures[Int.random(in: 0..<failures.count, using: &random)]
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: return .answers(after: delay / 5, lasting: delay)
        case 3: return .answers(after: delay)
        case 4: return .stalls
        case 5: return .breaksOff(failure, after: delay / 4, lasting: delay / 5)
        case 6: return .fallsSilent(after: delay)
        default: return .fails(failure, after: Bool.random(using: &random) ? 0 : delay)
        }
    }

    /// Holds every action of every race against the rules.
    private struct Watch {
        let count: Int
        let hasLastResort: Bool
        var live: [Int: Set<RequestRace.Attempt>] = [:]
        var outcomes: [Int: Int] = [:]
        private var begun: [Int: Int] = [:]
        /// Who could be asked when the race began, and was not.
        private var unasked: [Int: Set<FailoverPolicy.Provider>] = [:]
        /// Who delivered; a probe that did is none any more.
        private var proven: [Int: RequestRace.Attempt] = [:]
        private var seen = 0
        /// Before the step, for starts.
        private var wasClosed: [Bool]

        init(count: Int, hasLastResort: Bool) {
            self.count = count
            self.hasLastResort = hasLastResort
            wasClosed = [Bool](repeating: true, count: count)
        }

        mutating func check(_ chain: SimulatedChain, _ race: Int, _ now: Int) {
            if begun[race] == nil {
                begun[race] = now
                unasked[race] = Set((0..<count).filter { wasClosed[$0] })
            }
            for observation in chain.observations[seen...] { take(observation) }
            seen = chain.observations.count
            wasClosed = chain.policy.health.map(Self.isClosed)
            live[race]?.formIntersection(chain.races[race].liveAttempts)
            let probes = live.flatMap { race, attempts in
                attempts.filter { $0.isProbe && $0 != proven[race] }.map(\.provider)
            }
            #expect(Set(probes).count == probes.count, "two probes of one provider")
            guard let deadline = chain.races[race].deadline(chain.policy.settings) else { return }
            let wait = deadline.sinceStart.milliseconds - Double(now)
            if outcomes[race] == nil, unasked[race]?.contains(where: { wasClosed[$0] }) == true {
                #expect(wait <= 3_000, "somebody is left to ask, and the caller waits")
            }
        }

        private mutating func take(_ observation: SimulatedChain.Observation) {
            let race = observation.race
            switch observation.action {
            case .start(let attempt):
                live[race, default: []].insert(attempt)
                unasked[race]?.remove(attempt.provider)
                let isLastResort = hasLastResort && attempt.provider == count - 1
                #expect(
                    wasClosed[attempt.provider] || isLastResort || attempt.isProbe,
                    "asked a provider that was shut out")
                #expect(outcomes[race] == nil, "started somebody after the race was decided")
            case .cancel(let attempt):
                let removed = live[race, default: []].remove(attempt)
                #expect(removed != nil, "cancelled somebody who was not live")
            case .use(let attempt):
                #expect(live[race]?.contains(attempt) == true)
                proven[race] = attempt
                decided(observation)
            case .exhausted: decided(observation)
            case .switched(let change): #expect(change.from != change.to)
            case .broken: #expect(outcomes[race] == 1)
            }
        }

        private mutating func decided(_ observation: SimulatedChain.Observation) {
            outcomes[observation.race, default: 0] += 1
            let begin = begun[observation.race] ?? observation.timeMilliseconds
            #expect(observation.timeMilliseconds - begin <= 8_000)
        }

        private static func isClosed(_ health: FailoverPolicy.Health) -> Bool {
            if case .closed = health.breaker { true } else { false }
        }
    }
}
