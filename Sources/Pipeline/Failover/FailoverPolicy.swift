/// What all calls together know of one chain of providers, and the rules of changing between them.
///
/// Two promises meet here: a failure is retried with back-off, and the caller hears something
/// within 2 s of it. The rule that keeps both: **time a caller waits is never spent on a
/// retry.** When a provider fails before it gave anything, the next one of the chain starts at the
/// same instant; the retry comes beside it after its back-off, and only while nobody has
/// delivered. A retry is waited for only when nothing else is left to run, and then only if it is
/// due soon. Connections that nobody waits for retry in full (`ConnectionWarmUp`). Each failed try
/// counts, and the third in a row makes later requests start with the next provider.
///
/// The last provider may be the built-in engine: it has no breaker, for there is nobody better to
/// turn to, and it joins a race late, because it always is the fastest and seldom the best.
///
/// One value per chain and process, behind a lock at the edge; a `RequestRace` per request works
/// on it.
package struct FailoverPolicy: Sendable {
    /// A provider's place in the chain, from 0.
    package typealias Provider = Int

    /// How one provider fares, for metrics, readiness and `doctor`.
    package struct Health: Equatable, Sendable {
        package let name: String
        package let breaker: CircuitBreaker.State
        package let firstOutput95: Duration?
        package let startedCount: Int
        package let failedCount: Int
    }

    private struct Record: Sendable {
        let name: String
        let isLastResort: Bool
        var breaker: CircuitBreaker
        var latency = LatencyEstimate()
        var startedCount = 0
        var failedCount = 0

        var isAdmitted: Bool { isLastResort || breaker.isClosed }
    }

    package let stage: EngineStage
    package let settings: FailoverSettings
    private var records: [Record]
    private var random: JitterGenerator

    /// - Parameters:
    ///   - stage: what the providers do.
    ///   - providers: their names as events carry them, the most wanted first.
    ///   - hasLastResort: the last one is built in.
    ///   - settings: how patient the chain is.
    ///   - seed: of the jitter.
    package init(
        stage: EngineStage, providers: [String], hasLastResort: Bool,
        settings: FailoverSettings = FailoverSettings(), seed: UInt64
    ) {
        precondition(!providers.isEmpty, "a chain has at least one provider")
        self.stage = stage
        self.settings = settings
        random = JitterGenerator(seed: seed)
        records = providers.enumerated().map { index, name in
            Record(
                name: name, isLastResort: hasLastResort && index == providers.count - 1,
                breaker: CircuitBreaker(settings))
        }
    }

    package func name(of provider: Provider) -> String { records[provider].name }

    package var health: [Health] {
        records.map {
            Health(
                name: $0.name, breaker: $0.breaker.state, firstOutput95: $0.latency.percentile95,
                startedCount: $0.startedCount, failedCount: $0.failedCount)
        }
    }

    // MARK: Whom to ask

    /// Who may be asked now.
    ///
    /// - Parameters:
    ///   - preferred: comes first while it may be asked: the voice that has begun an answer.
    ///   - broken: is not asked: it has just broken this answer off.
    /// - Returns: providers in the order in which they are asked.
    package func candidates(
        preferring preferred: Provider? = nil, without broken: Provider? = nil
    ) -> [Provider] {
        let admitted = records.indices.filter { records[$0].isAdmitted && $0 != broken }
        guard let preferred, admitted.contains(preferred) else { return admitted }
        return [preferred] + admitted.filter { $0 != preferred }
    }

    /// Whether ordinary requests may go to `provider`.
    package func admits(_ provider: Provider) -> Bool { records[provider].isAdmitted }

    /// Why the most wanted provider is shut out.
    var cause: ProviderFailure? { records.lazy.compactMap(\.breaker.cause).first }

    /// Takes the probe of a provider that is shut out and more wanted than `provider`.
    ///
    /// - Parameters:
    ///   - provider: who does the work; `nil`: nobody can.
    ///   - broken: is not probed by the request that it broke off.
    ///   - now: the time of the probe.
    /// - Returns: who is being probed from now on; `nil`: nobody is due.
    mutating func takeProbe(
        above provider: Provider?, without broken: Provider?, at now: MonotonicTime
    ) -> Provider? {
        for index in 0..<(provider ?? records.count)
        where index != broken && !records[index].isLastResort
            && records[index].breaker.takeProbe(at: now)
        {
            return index
        }
        return nil
    }

    /// Whether `provider` itself may be probed now; if so, it is being probed.
    mutating func takeProbe(of provider: Provider, at now: MonotonicTime) -> Bool {
        records[provider].breaker.takeProbe(at: now)
    }

    /// Whether `provider` is, or may at `time` be, asked again.
    func mayReturn(_ provider: Provider, by time: MonotonicTime) -> Bool {
        if case .open(let until, _, _) = records[provider].breaker.state {
            return until <= time || records[provider].isLastResort
        }
        return admits(provider)
    }

    /// How long `provider` may take to its first output before somebody else is asked as well.
    package func deadline(of provider: Provider) -> Duration {
        let latency = records[provider].latency
        guard latency.sampleCount >= settings.samplesToKnow, let usual = latency.percentile95
        else { return settings.unknownDeadline }
        return min(max(usual, settings.shortestDeadline), settings.longestDeadline)
    }

    /// When `next` joins a race unless somebody delivers.
    ///
    /// - Parameters:
    ///   - provider: the one started last, now.
    ///   - next: the one behind it.
    ///   - waitingSince: when the caller's wait began.
    ///   - isInTrouble: somebody has failed or been too slow already.
    ///   - now: the time of the start.
    /// - Returns: a deadline later, and for the built-in engine such that it is heard within 2 s of
    ///   trouble.
    func joinTime(
        from provider: Provider, to next: Provider, waitingSince: MonotonicTime,
        isInTrouble: Bool, at now: MonotonicTime
    ) -> MonotonicTime {
        let deadline = deadline(of: provider)
        guard records[next].isLastResort else { return now.advanced(by: deadline) }
        let patience = isInTrouble ? min(deadline, settings.lastChance) : deadline
        return max(
            waitingSince.advanced(by: settings.lastResortDelay), now.advanced(by: patience))
    }

    /// How long until `provider` is tried again; `nil`: it is not.
    mutating func retryDelay(after failure: ProviderFailure, tries: Int) -> Duration? {
        settings.backoff.delay(after: failure, tries: tries, using: &random)
    }

    // MARK: What came of it

    package mutating func started(_ provider: Provider) { records[provider].startedCount += 1 }

    /// The first token or octet came.
    package mutating func delivered(_ provider: Provider, after latency: Duration, isProbe: Bool) {
        records[provider].latency.record(latency)
        if isProbe { records[provider].breaker.probeSucceeded() }
    }

    /// The answer came to its end; delivering alone proves little.
    package mutating func finished(_ provider: Provider) { records[provider].breaker.succeeded() }

    package mutating func failed(
        _ provider: Provider, _ failure: ProviderFailure, isProbe: Bool, at now: MonotonicTime
    ) {
        records[provider].failedCount += 1
        if isProbe {
            records[provider].breaker.probeFailed(failure, at: now)
        } else {
            records[provider].breaker.failed(failure, at: now)
        }
    }

    /// Nothing came within the longest deadline; it may still come.
    mutating func exceededLongestDeadline(_ provider: Provider, at now: MonotonicTime) {
        records[provider].failedCount += 1
        records[provider].breaker.exceededLongestDeadline(at: now)
    }

    mutating func probeAbandoned(_ provider: Provider, at now: MonotonicTime) {
        records[provider].breaker.probeAbandoned(at: now)
    }
}

/// What a provider does in a call; the names stand in events and metrics.
package enum EngineStage: String, CaseIterable, Codable, Sendable {
    case recognition = "stt"
    case model = "llm"
    case speech = "tts"
    /// Hears, thinks and speaks at once.
    case agent
}
