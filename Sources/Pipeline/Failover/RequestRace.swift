/// One request to a chain of providers: whom to ask when, and who wins.
///
/// States: `ready → racing → streaming → over`. While racing, the next provider is started when
/// the last one fails or exceeds its deadline, and the first that delivers is used; the others are
/// cancelled. While streaming, the winner may end, break off or fall silent; a broken answer is
/// not retried here: what is left of it is a request of its own, `RequestRace(continuing:)`.
///
/// A provider that was shut out and is due for a probe runs beside the others, so the caller never
/// waits for it. It may win; if it does not, it goes on until it delivers or fails, so that it
/// comes back even when somebody else is always faster. So a race can outlive its answer: the
/// driver serves it until `isOver`, or says `.abandoned`.
///
/// In a race for a session, such as a recogniser's, "delivered" means that it is open.
package struct RequestRace: Sendable {
    /// One start of one provider.
    package struct Attempt: Equatable, Hashable, Sendable {
        /// Counts from 1 within a race.
        package let id: Int
        package let provider: FailoverPolicy.Provider
        package let isProbe: Bool
    }

    package enum Event: Equatable, Sendable {
        case begin
        /// The first token or octet, or the open session.
        case delivered(Attempt)
        /// More of it.
        case progressed(Attempt)
        case finished(Attempt)
        case failed(Attempt, ProviderFailure)
        /// `deadline` is reached.
        case deadline
        /// Nobody wants the answer any more.
        case abandoned
    }

    package enum Action: Equatable, Sendable {
        case start(Attempt)
        /// Stop it; what it still says is ignored.
        case cancel(Attempt)
        /// This one's output goes to the caller; said once at most.
        case use(Attempt)
        /// The caller is served by another provider than expected.
        case switched(ProviderSwitch)
        /// The attempt in use failed with its answer half given.
        case broken(BrokenAnswer)
        /// Nobody can do it.
        case exhausted(ProviderFailure)
    }

    struct Runner: Sendable {
        let attempt: Attempt
        let startedAt: MonotonicTime
        /// Slower than usual from then on.
        let dueAt: MonotonicTime
        /// It has been counted for exceeding the longest deadline.
        var isCounted = false
    }

    struct Retry: Sendable {
        let provider: FailoverPolicy.Provider
        let dueAt: MonotonicTime
    }

    enum State: Sendable {
        case ready
        case racing(since: MonotonicTime)
        case streaming(Attempt, lastOutput: MonotonicTime)
        case over
    }

    var state = State.ready
    /// Live attempts that may win; the probe stands apart.
    var runners: [Runner] = []
    var probe: Runner?
    /// Not started yet, in order.
    var candidates: [FailoverPolicy.Provider] = []
    /// When the next candidate joins unless somebody delivers.
    var joinAt: MonotonicTime?
    var retries: [Retry] = []
    var tries: [FailoverPolicy.Provider: Int] = [:]
    /// Who was to serve the caller, and what became of them.
    var origin: Origin?
    var lastFailure: ProviderFailure?
    private var startCount = 0
    private var actions: [Action] = []
    private let preferred: FailoverPolicy.Provider?
    let broken: BrokenAnswer?

    struct Origin: Sendable {
        let provider: FailoverPolicy.Provider
        var since: MonotonicTime
        var failure: ProviderFailure?
    }

    /// - Parameter preferred: who serves this answer already: a voice does not change between two
    ///   sentences of one answer because another one might be back.
    package init(preferring preferred: FailoverPolicy.Provider? = nil) {
        self.preferred = preferred
        broken = nil
    }

    /// What is left of an answer that broke off; asked of anybody but who broke it off.
    package init(continuing broken: BrokenAnswer) {
        preferred = nil
        self.broken = broken
        origin = Origin(
            provider: broken.attempt.provider, since: broken.since, failure: broken.cause)
        lastFailure = broken.cause
    }

    /// Nothing more will come of it, and no probe is under way.
    package var isOver: Bool {
        if case .over = state { probe == nil } else { false }
    }

    /// When `.deadline` is due; `nil` while nothing is pending.
    package func deadline(_ settings: FailoverSettings) -> MonotonicTime? {
        var times = [probe?.startedAt.advanced(by: settings.longestDeadline)]
        switch state {
        case .racing(let since):
            times.append(since.advanced(by: settings.giveUpDelay))
            times.append(candidates.isEmpty ? nil : joinAt)
            times += retries.map(\.dueAt)
            times += runners.filter { !$0.isCounted }.map {
                $0.startedAt.advanced(by: settings.longestDeadline)
            }
        case .streaming(_, let lastOutput):
            times.append(lastOutput.advanced(by: settings.longestPause))
        case .ready, .over: break
        }
        return times.compactMap(\.self).min()
    }

    /// What to do, oldest first; drain to `nil` before the next event.
    package mutating func nextAction() -> Action? {
        actions.isEmpty ? nil : actions.removeFirst()
    }

    /// Takes an event; outcomes of attempts that were cancelled are ignored.
    package mutating func handle(
        _ event: Event, at now: MonotonicTime, policy: inout FailoverPolicy
    ) {
        switch event {
        case .begin: begin(at: now, &policy)
        case .delivered(let attempt): delivered(attempt, at: now, &policy)
        case .progressed(let attempt): noteOutput(of: attempt, at: now)
        case .finished(let attempt): finished(attempt, at: now, &policy)
        case .failed(let attempt, let failure): failed(attempt, failure, at: now, &policy)
        case .deadline:
            checkProbe(at: now, &policy)
            switch state {
            case .racing(let since): checkRace(since: since, at: now, &policy)
            case .streaming(let attempt, let lastOutput):
                guard lastOutput.advanced(by: policy.settings.longestPause) <= now else { return }
                act(.cancel(attempt))
                breakOff(attempt, .stalledMidStream, since: lastOutput, at: now, &policy)
            case .ready, .over: break
            }
        case .abandoned: abandon(at: now, &policy)
        }
    }

    mutating func act(_ action: Action) { actions.append(action) }

    /// A new attempt; the caller keeps it as runner or as probe.
    mutating func start(
        _ provider: FailoverPolicy.Provider, isProbe: Bool, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) -> Runner {
        startCount += 1
        tries[provider, default: 0] += 1
        policy.started(provider)
        let attempt = Attempt(id: startCount, provider: provider, isProbe: isProbe)
        act(.start(attempt))
        return Runner(
            attempt: attempt, startedAt: now,
            dueAt: now.advanced(by: policy.deadline(of: provider)))
    }

    private mutating func begin(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        guard case .ready = state else { return }
        state = .racing(since: now)
        candidates = policy.candidates(
            preferring: preferred, without: broken?.attempt.provider)
        if !startNext(at: now, &policy) { giveUpUnlessRunning(at: now, &policy) }
    }

    /// Who may still be heard of.
    package var liveAttempts: [Attempt] {
        var live = runners.map(\.attempt)
        if let probe { live.append(probe.attempt) }
        if case .streaming(let winner, _) = state { live.append(winner) }
        return live
    }
}

/// That the caller is served by another provider, and why.
package struct ProviderSwitch: Equatable, Sendable {
    package let stage: EngineStage
    package let from: String
    package let to: String
    package let cause: ProviderFailure
    /// When the trouble began: the failure, or the start of a wait without end.
    package let since: MonotonicTime

    package init(
        stage: EngineStage, from: String, to: String, cause: ProviderFailure, since: MonotonicTime
    ) {
        self.stage = stage
        self.from = from
        self.to = to
        self.cause = cause
        self.since = since
    }
}

/// An answer that was half given when its provider failed.
package struct BrokenAnswer: Equatable, Sendable {
    package let attempt: RequestRace.Attempt
    package let cause: ProviderFailure
    /// When the trouble began.
    package let since: MonotonicTime
}
