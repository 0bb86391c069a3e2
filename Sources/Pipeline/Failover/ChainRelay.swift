/// What one request to a chain of providers has come to so far, and how it goes on when the provider
/// that served it fails half-way.
package protocol ChainedWork: Sendable {
    associatedtype Request: Sendable
    associatedtype Output: Sendable

    /// What a provider that starts now is asked.
    var request: Request { get }
    /// Nobody can go on, and what was given may stand as it is.
    var mayStandAsItIs: Bool { get }

    /// Takes what the provider in use gave.
    ///
    /// - Returns: what the consumer gets; a mere sign of life gives nothing.
    mutating func take(_ output: Output) -> [Output]
    /// `provider` has ended well.
    ///
    /// - Returns: what is left for the consumer.
    mutating func finish(by provider: FailoverPolicy.Provider) -> [Output]
    /// `provider` failed in the middle; `request` now asks for the rest.
    ///
    /// - Returns: whether there is a rest to ask for.
    mutating func breakOff(by provider: FailoverPolicy.Provider) -> Bool
}

/// One request to a chain of providers from its first race to its end, with a further race for each
/// time that an answer breaks off; pure.
///
/// States: one `RequestRace` after another until the work is done, then only probes are left. Its
/// driver keeps a task per start and one timer, and drains `nextAction()` after every event.
package struct ChainRelay<Work: ChainedWork>: Sendable {
    /// One start of one provider.
    package struct Source: Hashable, Sendable {
        /// The race it belongs to, from 0.
        let race: Int
        let attempt: RequestRace.Attempt

        package var provider: FailoverPolicy.Provider { attempt.provider }
    }

    package enum Event: Sendable {
        case begin
        case output(Source, Work.Output)
        case ended(Source)
        case failed(Source, ProviderFailure)
        /// `deadline` is reached.
        case deadline
        /// The consumer wants no more.
        case abandoned
    }

    package enum Action: Sendable {
        case start(Source, Work.Request)
        /// Stop it; what it still says is ignored.
        case cancel(Source)
        /// To the consumer.
        case give(Work.Output)
        case switched(ProviderSwitch)
        /// The consumer has all of it.
        case end
        /// Nobody can do it, or finish it.
        case fail(ProviderFailure)
    }

    package private(set) var work: Work
    /// Who gives, or gave last.
    package private(set) var provider: FailoverPolicy.Provider?
    /// A provider failed in the middle: even one that nobody had to go on for.
    package private(set) var hasBroken = false
    private var races: [RequestRace]
    private var source: Source?
    private var isDone = false
    private var actions: [Action] = []

    /// - Parameters:
    ///   - work: what is asked, and nothing given yet.
    ///   - preferred: who served what came just before it.
    package init(_ work: Work, preferring preferred: FailoverPolicy.Provider? = nil) {
        self.work = work
        races = [RequestRace(preferring: preferred)]
    }

    /// The consumer has what it gets, and no probe is under way.
    package var isOver: Bool { isDone && races.allSatisfy(\.isOver) }

    /// When `.deadline` is due; `nil` while nothing is pending.
    package func deadline(_ settings: FailoverSettings) -> MonotonicTime? {
        races.compactMap { $0.deadline(settings) }.min()
    }

    /// What to do, oldest first; drain to `nil` after every event.
    package mutating func nextAction() -> Action? {
        actions.isEmpty ? nil : actions.removeFirst()
    }

    package mutating func handle(
        _ event: Event, at now: MonotonicTime, policy: inout FailoverPolicy
    ) {
        switch event {
        case .begin: tell(0, .begin, at: now, &policy)
        case .output(let from, let output):
            let isFirst = from != source
            let event: RequestRace.Event =
                isFirst ? .delivered(from.attempt) : .progressed(from.attempt)
            tell(from.race, event, at: now, &policy)
            guard from == source, !isDone else { return }
            actions += work.take(output).map { .give($0) }
        case .ended(let from):
            let isInUse = from == source
            tell(from.race, .finished(from.attempt), at: now, &policy)
            guard isInUse, !isDone else { return }
            actions += work.finish(by: from.provider).map { .give($0) }
            finish(.end)
        case .failed(let from, let failure):
            tell(from.race, .failed(from.attempt, failure), at: now, &policy)
        case .deadline:
            for race in races.indices { tell(race, .deadline, at: now, &policy) }
        case .abandoned:
            isDone = true
            source = nil
            for race in races.indices { tell(race, .abandoned, at: now, &policy) }
        }
    }

    private mutating func tell(
        _ race: Int, _ event: RequestRace.Event, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) {
        races[race].handle(event, at: now, policy: &policy)
        while let action = races[race].nextAction() {
            switch action {
            case .start(let attempt):
                actions.append(.start(Source(race: race, attempt: attempt), work.request))
            case .cancel(let attempt):
                actions.append(.cancel(Source(race: race, attempt: attempt)))
            case .use(let attempt):
                source = Source(race: race, attempt: attempt)
                provider = attempt.provider
            case .switched(let change): actions.append(.switched(change))
            case .broken(let broken): goOn(after: broken, at: now, &policy)
            case .exhausted(let failure): exhausted(failure, race, at: now, policy)
            }
        }
    }

    private mutating func goOn(
        after broken: BrokenAnswer, at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        source = nil
        guard !isDone else { return }
        hasBroken = true
        guard work.breakOff(by: broken.attempt.provider) else { return finish(.end) }
        races.append(RequestRace(continuing: broken))
        tell(races.count - 1, .begin, at: now, &policy)
    }

    private mutating func exhausted(
        _ failure: ProviderFailure, _ race: Int, at now: MonotonicTime, _ policy: FailoverPolicy
    ) {
        guard !isDone else { return }
        if work.mayStandAsItIs { return finish(.end) }
        let origin = races[race].origin
        actions.append(
            .switched(
                ProviderSwitch(
                    stage: policy.stage, from: policy.name(of: origin?.provider ?? 0),
                    to: ProviderSwitch.human, cause: failure, since: origin?.since ?? now)))
        finish(.fail(failure))
    }

    private mutating func finish(_ action: Action) {
        isDone = true
        source = nil
        actions.append(action)
    }
}
