import Pipeline

/// A chain of scripted providers called A, B, C, …, driven in virtual time.
struct SimulatedChain {
    /// What one start of a provider leads to; times in milliseconds from that start.
    enum Behaviour {
        case answers(after: Int, lasting: Int = 100)
        case fails(ProviderFailure, after: Int = 0)
        /// Never says anything.
        case stalls
        /// Begins an answer and fails.
        case breaksOff(ProviderFailure, after: Int, lasting: Int)
        /// Begins an answer and falls silent.
        case fallsSilent(after: Int)
    }

    struct Observation {
        let race: Int
        let timeMilliseconds: Int
        let action: RequestRace.Action
    }

    private struct Pending {
        let race: Int
        let timeMilliseconds: Int
        let event: RequestRace.Event
    }

    var policy: FailoverPolicy
    /// For each provider, what its starts lead to in turn; the last one goes on for ever.
    var scripts: [[Behaviour]]
    private(set) var races: [RequestRace] = []
    private(set) var observations: [Observation] = []
    private var pending: [Pending] = []

    init(
        _ scripts: [[Behaviour]], hasLastResort: Bool = false,
        settings: FailoverSettings = FailoverSettings()
    ) {
        self.scripts = scripts
        policy = FailoverPolicy(
            stage: .model, providers: (0..<scripts.count).map(Self.name),
            hasLastResort: hasLastResort, settings: settings, seed: 1)
    }

    static func name(_ provider: Int) -> String { String("ABCDEFGH".dropFirst(provider).prefix(1)) }

    /// Adds a race that begins, and perhaps is abandoned, at these times.
    mutating func add(
        _ race: RequestRace = RequestRace(), atMilliseconds begin: Int,
        abandonedAtMilliseconds end: Int? = nil
    ) {
        races.append(race)
        let index = races.count - 1
        pending.append(Pending(race: index, timeMilliseconds: begin, event: .begin))
        if let end {
            pending.append(Pending(race: index, timeMilliseconds: end, event: .abandoned))
        }
    }

    /// Runs until nothing is left to happen; `check` sees every step.
    mutating func run(_ check: (Self, _ race: Int, _ now: Int) -> Void = { _, _, _ in }) {
        while let next = takeNext() {
            let now = MonotonicTime(sinceStart: .milliseconds(next.timeMilliseconds))
            races[next.race].handle(next.event, at: now, policy: &policy)
            while let action = races[next.race].nextAction() {
                observations.append(
                    Observation(
                        race: next.race, timeMilliseconds: next.timeMilliseconds, action: action))
                if case .start(let attempt) = action {
                    play(attempt, race: next.race, now: next.timeMilliseconds)
                }
            }
            check(self, next.race, next.timeMilliseconds)
        }
    }

    /// What race `index` did, one line per action, times in milliseconds.
    func trace(_ index: Int = 0) -> [String] {
        observations.filter { $0.race == index }.map {
            "\($0.timeMilliseconds) \(Self.text(of: $0.action))"
        }
    }

    private mutating func takeNext() -> Pending? {
        var candidates = pending.enumerated().map { ($0.element.timeMilliseconds, $0.offset) }
        for race in races.indices {
            guard let deadline = races[race].deadline(policy.settings) else { continue }
            // Rounded up, as a timer with a grain of 1 ms fires.
            let due = Int(deadline.sinceStart.milliseconds.rounded(.up))
            candidates.append((due, pending.count + race))
        }
        guard let (time, index) = candidates.min(by: { $0 < $1 }) else { return nil }
        guard index < pending.count else {
            return Pending(race: index - pending.count, timeMilliseconds: time, event: .deadline)
        }
        return pending.remove(at: index)
    }

    private mutating func play(_ attempt: RequestRace.Attempt, race: Int, now: Int) {
        let behaviour = scripts[attempt.provider].first ?? .stalls
        if scripts[attempt.provider].count > 1 { scripts[attempt.provider].removeFirst() }
        func add(
            _ event: RequestRace.Event, afterMilliseconds step: Int, _ pending: inout [Pending]
        ) {
            pending.append(Pending(race: race, timeMilliseconds: now + step, event: event))
        }
        switch behaviour {
        case .answers(let delay, let length):
            add(.delivered(attempt), afterMilliseconds: delay, &pending)
            for step in stride(from: 200, to: length, by: 200) {
                add(.progressed(attempt), afterMilliseconds: delay + step, &pending)
            }
            add(.finished(attempt), afterMilliseconds: delay + length, &pending)
        case .fails(let failure, let delay):
            add(.failed(attempt, failure), afterMilliseconds: delay, &pending)
        case .stalls: break
        case .breaksOff(let failure, let delay, let length):
            add(.delivered(attempt), afterMilliseconds: delay, &pending)
            add(.failed(attempt, failure), afterMilliseconds: delay + length, &pending)
        case .fallsSilent(let delay): add(.delivered(attempt), afterMilliseconds: delay, &pending)
        }
    }

    private static func text(of action: RequestRace.Action) -> String {
        switch action {
        case .start(let attempt):
            "\(attempt.isProbe ? "probe" : "start") \(name(attempt.provider))"
        case .cancel(let attempt): "cancel \(name(attempt.provider))"
        case .use(let attempt): "use \(name(attempt.provider))"
        case .switched(let change):
            "switched \(change.from)→\(change.to) \(change.cause.name) since "
                + "\(Int(change.since.sinceStart.milliseconds))"
        case .broken(let answer):
            "broken \(name(answer.attempt.provider)) \(answer.cause.name) since "
                + "\(Int(answer.since.sinceStart.milliseconds))"
        case .exhausted(let cause): "exhausted \(cause.name)"
        }
    }
}
