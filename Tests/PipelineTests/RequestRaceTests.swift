import Pipeline
import Testing

/// One request to a chain, as a timeline of what is asked of whom.
@Suite struct RequestRaceTests {
    /// Retries come after exactly 1 s and 2 s.
    private static var exact: FailoverSettings {
        var settings = FailoverSettings()
        settings.backoff.jitterPercent = 0
        return settings
    }

    struct Example {
        let name: String
        let scripts: [[SimulatedChain.Behaviour]]
        var hasLastResort = false
        let expected: [String]
    }

    static let examples = [
        Example(
            name: "all is well", scripts: [[.answers(after: 300)], [.answers(after: 300)]],
            expected: ["0 start A", "300 use A"]),
        Example(
            name: "refused: the next one at the same instant",
            scripts: [[.fails(.refused, after: 20)], [.answers(after: 300)]],
            expected: ["0 start A", "20 start B", "320 use B", "320 switched A→B refused since 20"]),
        Example(
            name: "slow name resolution: raced after the deadline of an unknown provider",
            scripts: [[.fails(.dns, after: 5_000)], [.answers(after: 300)]],
            expected: [
                "0 start A", "1000 start B", "1300 use B", "1300 cancel A",
                "1300 switched A→B stalled_before_first since 0",
            ]),
        Example(
            name: "the first still wins its race",
            scripts: [[.answers(after: 1_200)], [.answers(after: 300)]],
            expected: ["0 start A", "1000 start B", "1200 use A", "1200 cancel B"]),
        Example(
            name: "the built-in engine joins late",
            scripts: [[.answers(after: 1_400)], [.answers(after: 1)]], hasLastResort: true,
            expected: ["0 start A", "1400 use A"]),
        Example(
            name: "a stall ends at the built-in engine within 2 s",
            scripts: [[.stalls], [.answers(after: 80)]], hasLastResort: true,
            expected: [
                "0 start A", "1500 start B", "1580 use B", "1580 cancel A",
                "1580 switched A→B stalled_before_first since 0",
            ]),
        Example(
            name: "a retry comes beside the next one, and may win",
            scripts: [
                [.fails(.overloaded), .answers(after: 50)], [.stalls], [.answers(after: 5)],
            ],
            hasLastResort: true,
            expected: [
                "0 start A", "0 start B", "1000 start A", "1050 use A", "1050 cancel B",
            ]),
        Example(
            name: "alone, a retry is waited for when it comes soon",
            scripts: [[.fails(.server(status: 500)), .answers(after: 50)]],
            expected: ["0 start A", "1000 start A", "1050 use A"]),
        Example(
            name: "alone, a second retry comes too late for a caller who waits",
            scripts: [[.fails(.refused)]],
            expected: ["0 start A", "1000 start A", "1000 exhausted refused"]),
        Example(
            name: "a wrong key is not tried twice", scripts: [[.fails(.unauthorised, after: 90)]],
            expected: ["0 start A", "90 exhausted unauthorised"]),
        Example(
            name: "retry-after is kept to the millisecond",
            scripts: [
                [.fails(.rateLimited(retryAfter: .milliseconds(1_400))), .answers(after: 60)]
            ],
            expected: ["0 start A", "1400 probe A", "1460 use A"]),
        Example(
            name: "a long retry-after is not waited for",
            scripts: [[.fails(.rateLimited(retryAfter: .seconds(30)))], [.answers(after: 60)]],
            expected: [
                "0 start A", "0 start B", "60 use B", "60 switched A→B rate_limited since 0",
            ]),
        Example(
            name: "everybody fails: the human's turn at once",
            scripts: [
                [.fails(.unauthorised, after: 50)], [.fails(.garbage, after: 60)],
                [.fails(.rejected(status: 400), after: 5)],
            ], hasLastResort: true,
            expected: ["0 start A", "50 start B", "110 start C", "115 exhausted rejected_400"]),
        Example(
            name: "nobody ever says a word",
            scripts: [[.stalls], [.stalls], [.stalls]], hasLastResort: true,
            expected: [
                "0 start A", "1000 start B", "1800 start C", "8000 cancel A", "8000 cancel B",
                "8000 cancel C", "8000 exhausted stalled_before_first",
            ]),
        Example(
            name: "the end of nothing is a failure",
            scripts: [[.fails(.closedEarly, after: 100)], [.answers(after: 10)]],
            expected: [
                "0 start A", "100 start B", "110 use B", "110 switched A→B closed_early since 100",
            ]),
        Example(
            name: "half-spoken: broken off, and not tried again",
            scripts: [[.breaksOff(.closedEarly, after: 200, lasting: 700)], [.answers(after: 10)]],
            expected: ["0 start A", "200 use A", "900 broken A closed_early since 900"]),
        Example(
            name: "silence in the middle is noticed after 1 s",
            scripts: [[.fallsSilent(after: 200)], [.answers(after: 10)]],
            expected: [
                "0 start A", "200 use A", "1200 cancel A",
                "1200 broken A stalled_mid_stream since 200",
            ]),
    ]

    @Test(arguments: examples.indices)
    func timeline(index: Int) {
        let example = Self.examples[index]
        var chain = SimulatedChain(
            example.scripts, hasLastResort: example.hasLastResort, settings: Self.exact)
        chain.add(atMilliseconds: 0)
        chain.run()
        #expect(chain.trace() == example.expected, "\(example.name)")
        #expect(chain.races[0].isOver)
    }

    struct Fault {
        let name: String
        let behaviour: SimulatedChain.Behaviour
        /// When the caller begins to miss something, from the start of the request.
        let troubleMilliseconds: Int
    }

    /// Every failure that the promise names.
    static let faults = [
        Fault(name: "refused", behaviour: .fails(.refused, after: 3), troubleMilliseconds: 3),
        Fault(name: "401", behaviour: .fails(.unauthorised, after: 90), troubleMilliseconds: 90),
        Fault(
            name: "429", behaviour: .fails(.rateLimited(retryAfter: .seconds(5)), after: 80),
            troubleMilliseconds: 80),
        Fault(
            name: "500", behaviour: .fails(.server(status: 500), after: 700),
            troubleMilliseconds: 700),
        Fault(name: "529", behaviour: .fails(.overloaded, after: 60), troubleMilliseconds: 60),
        Fault(name: "stall before the first token", behaviour: .stalls, troubleMilliseconds: 0),
        Fault(name: "slow DNS", behaviour: .fails(.dns, after: 5_000), troubleMilliseconds: 0),
        Fault(name: "garbage", behaviour: .fails(.garbage, after: 200), troubleMilliseconds: 200),
        Fault(
            name: "close mid-word", behaviour: .breaksOff(.closedEarly, after: 300, lasting: 450),
            troubleMilliseconds: 750),
        Fault(
            name: "stall mid-stream", behaviour: .fallsSilent(after: 300),
            troubleMilliseconds: 300),
    ]

    /// Within 2 s of a failure somebody delivers, if need be the built-in engine.
    ///
    /// One, two or three providers fail in the same way; another takes 300 ms, the built-in one 80.
    @Test(arguments: faults.indices, 1...3)
    func heardWithinTwoSeconds(index: Int, failing: Int) throws {
        let fault = Self.faults[index]
        for hasCloud in [true, false] {
            var scripts = [[SimulatedChain.Behaviour]](repeating: [fault.behaviour], count: failing)
            if hasCloud { scripts.append([.answers(after: 300)]) }
            scripts.append([.answers(after: 80)])
            var chain = SimulatedChain(scripts, hasLastResort: true)
            chain.add(atMilliseconds: 0)
            chain.run()
            var trouble = fault.troubleMilliseconds
            while let last = chain.observations.last, case .broken(let answer) = last.action {
                trouble = Int(answer.since.sinceStart.milliseconds)
                chain.add(
                    RequestRace(continuing: answer), atMilliseconds: last.timeMilliseconds)
                chain.run()
            }
            let used = try #require(
                chain.observations.last { if case .use = $0.action { true } else { false } })
            #expect(used.timeMilliseconds - trouble <= 2_000, "\(fault.name) \(scripts.count)")
        }
    }

    /// The rest of a broken answer goes to anybody but who broke it off.
    @Test func restOfABrokenAnswer() throws {
        var chain = SimulatedChain([
            [.breaksOff(.closedEarly, after: 200, lasting: 300)], [.answers(after: 100)],
        ])
        chain.add(atMilliseconds: 0)
        chain.run()
        let answer = try #require(
            chain.observations.compactMap {
                if case .broken(let answer) = $0.action { answer } else { nil }
            }.first)
        chain.add(RequestRace(continuing: answer), atMilliseconds: 500)
        chain.run()
        #expect(
            chain.trace(1) == [
                "500 start B", "600 use B", "600 switched A→B closed_early since 500",
            ])
    }

    /// The voice of an answer stays, though the first of the chain may be asked again.
    @Test func answersKeepTheirVoice() {
        var chain = SimulatedChain([[.answers(after: 100)], [.answers(after: 200)]])
        chain.add(RequestRace(preferring: 1), atMilliseconds: 0)
        chain.run()
        #expect(chain.trace() == ["0 start B", "200 use B"])
    }

    /// Barge-in: whoever works for the answer stops, and nobody is blamed.
    @Test func abandoned() {
        var chain = SimulatedChain([[.stalls], [.stalls]])
        chain.add(atMilliseconds: 0, abandonedAtMilliseconds: 1_500)
        chain.run()
        #expect(
            chain.trace() == ["0 start A", "1000 start B", "1500 cancel A", "1500 cancel B"])
        #expect(chain.policy.health.map(\.failedCount) == [0, 0])
    }
}
