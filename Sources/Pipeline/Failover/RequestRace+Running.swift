/// The race while nobody has delivered, and what follows once somebody has.
extension RequestRace {
    /// Starts the next candidate that may be asked, and a probe beside it when one is due.
    mutating func startNext(at now: MonotonicTime, _ policy: inout FailoverPolicy) -> Bool {
        let next = candidates.first { policy.admits($0) }
        candidates.removeAll { $0 == next }
        startProbe(above: next, at: now, &policy)
        guard let next else { return false }
        let isInTrouble = lastFailure != nil || !runners.isEmpty
        if origin == nil { origin = Origin(provider: next, since: now) }
        runners.append(start(next, isProbe: false, at: now, &policy))
        planNext(after: next, isInTrouble: isInTrouble, at: now, policy)
        return true
    }

    /// Whose time comes first is next: the built-in engine may be due before the others had theirs.
    private mutating func planNext(
        after provider: FailoverPolicy.Provider, isInTrouble: Bool, at now: MonotonicTime,
        _ policy: FailoverPolicy
    ) {
        let waitingSince = broken?.since ?? begunAt(orNow: now)
        joinAt = nil
        var first: FailoverPolicy.Provider?
        for candidate in candidates where policy.admits(candidate) {
            let time = policy.joinTime(
                from: provider, to: candidate, waitingSince: waitingSince,
                isInTrouble: isInTrouble, at: now)
            if let joinAt, joinAt <= time { continue }
            joinAt = time
            first = candidate
        }
        guard let first else { return }
        candidates.removeAll { $0 == first }
        candidates.insert(first, at: 0)
    }

    private func begunAt(orNow now: MonotonicTime) -> MonotonicTime {
        if case .racing(let since) = state { since } else { now }
    }

    private mutating func startProbe(
        above provider: FailoverPolicy.Provider?, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) {
        guard probe == nil,
            let due = policy.takeProbe(
                above: provider, without: broken?.attempt.provider, at: now)
        else { return }
        probe = start(due, isProbe: true, at: now, &policy)
    }

    // MARK: Outcomes

    mutating func delivered(
        _ attempt: Attempt, at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        if let probe, probe.attempt == attempt {
            self.probe = nil
            policy.delivered(
                attempt.provider, after: probe.startedAt.duration(to: now), isProbe: true)
            if case .racing = state {
                win(attempt, startedAt: probe.startedAt, at: now, &policy)
            } else {
                act(.cancel(attempt))
            }
        } else if case .racing = state,
            let index = runners.firstIndex(where: { $0.attempt == attempt })
        {
            let winner = runners.remove(at: index)
            policy.delivered(
                attempt.provider, after: winner.startedAt.duration(to: now), isProbe: false)
            win(attempt, startedAt: winner.startedAt, at: now, &policy)
        } else {
            noteOutput(of: attempt, at: now)
        }
    }

    private mutating func win(
        _ winner: Attempt, startedAt: MonotonicTime, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) {
        act(.use(winner))
        for loser in runners {
            act(.cancel(loser.attempt))
            // Overtaken after its deadline: as good as a failure, three of them in a row are no chance.
            if loser.startedAt < startedAt, loser.dueAt <= now, !loser.isCounted {
                policy.failed(
                    loser.attempt.provider, .stalledBeforeFirst, isProbe: false, at: now)
            }
        }
        runners = []
        retries = []
        candidates = []
        state = .streaming(winner, lastOutput: now)
        reportSwitch(to: winner, policy)
    }

    private mutating func reportSwitch(to winner: Attempt, _ policy: FailoverPolicy) {
        guard let origin, origin.provider != winner.provider else { return }
        // A probe that is simply faster is no trouble: the chain is back in order.
        if winner.isProbe, origin.failure == nil { return }
        act(
            .switched(
                ProviderSwitch(
                    stage: policy.stage, from: policy.name(of: origin.provider),
                    to: policy.name(of: winner.provider),
                    cause: origin.failure ?? .stalledBeforeFirst, since: origin.since)))
    }

    mutating func noteOutput(of attempt: Attempt, at now: MonotonicTime) {
        guard case .streaming(let winner, _) = state, winner == attempt else { return }
        state = .streaming(winner, lastOutput: now)
    }

    mutating func finished(
        _ attempt: Attempt, at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        if case .streaming(let winner, _) = state, winner == attempt {
            policy.finished(attempt.provider)
            state = .over
        } else {
            // The end of nothing is no answer.
            failed(attempt, .closedEarly, at: now, &policy)
        }
    }

    mutating func failed(
        _ attempt: Attempt, _ failure: ProviderFailure, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) {
        if probe?.attempt == attempt {
            probe = nil
            lastFailure = failure
            policy.failed(attempt.provider, failure, isProbe: true, at: now)
            giveUpUnlessRunning(at: now, &policy)
        } else if case .streaming(let winner, _) = state, winner == attempt {
            breakOff(attempt, failure, since: now, at: now, &policy)
        } else if case .racing = state,
            let index = runners.firstIndex(where: { $0.attempt == attempt })
        {
            let runner = runners.remove(at: index)
            lastFailure = failure
            if !runner.isCounted {
                policy.failed(attempt.provider, failure, isProbe: false, at: now)
            }
            if origin?.provider == attempt.provider, origin?.failure == nil {
                origin?.failure = failure
                origin?.since = now
            }
            scheduleRetry(of: attempt, after: failure, at: now, &policy)
            if runners.isEmpty, !startNext(at: now, &policy) {
                giveUpUnlessRunning(at: now, &policy)
            }
        }
    }

    private mutating func scheduleRetry(
        of attempt: Attempt, after failure: ProviderFailure, at now: MonotonicTime,
        _ policy: inout FailoverPolicy
    ) {
        guard case .racing = state,
            let delay = policy.retryDelay(
                after: failure, tries: tries[attempt.provider, default: 1])
        else { return }
        retries.append(Retry(provider: attempt.provider, dueAt: now.advanced(by: delay)))
    }

    mutating func breakOff(
        _ attempt: Attempt, _ failure: ProviderFailure, since: MonotonicTime,
        at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        policy.failed(attempt.provider, failure, isProbe: false, at: now)
        state = .over
        act(.broken(BrokenAnswer(attempt: attempt, cause: failure, since: since)))
    }

    // MARK: Deadlines

    mutating func checkProbe(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        guard let overdue = probe,
            overdue.startedAt.advanced(by: policy.settings.longestDeadline) <= now
        else { return }
        act(.cancel(overdue.attempt))
        failed(overdue.attempt, .stalledBeforeFirst, at: now, &policy)
    }

    mutating func checkRace(
        since: MonotonicTime, at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        for index in runners.indices where !runners[index].isCounted {
            let limit = runners[index].startedAt.advanced(by: policy.settings.longestDeadline)
            guard limit <= now else { continue }
            runners[index].isCounted = true
            lastFailure = .stalledBeforeFirst
            policy.exceededLongestDeadline(runners[index].attempt.provider, at: now)
        }
        if since.advanced(by: policy.settings.giveUpDelay) <= now {
            return exhaust(.stalledBeforeFirst, at: now, &policy)
        }
        startDueRetries(at: now, &policy)
        if let joinAt, joinAt <= now, !candidates.isEmpty {
            self.joinAt = nil
            _ = startNext(at: now, &policy)
        }
        giveUpUnlessRunning(at: now, &policy)
    }

    private mutating func startDueRetries(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        let due = retries.filter { $0.dueAt <= now }
        retries.removeAll { $0.dueAt <= now }
        for retry in due {
            if policy.admits(retry.provider) {
                runners.append(start(retry.provider, isProbe: false, at: now, &policy))
            } else if probe == nil, policy.takeProbe(of: retry.provider, at: now) {
                probe = start(retry.provider, isProbe: true, at: now, &policy)
            }
        }
    }

    // MARK: Ends

    /// With nobody running and no retry soon, nobody will deliver.
    mutating func giveUpUnlessRunning(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        guard case .racing = state, runners.isEmpty, probe == nil else { return }
        let patience = now.advanced(by: policy.settings.retryPatience)
        if retries.contains(where: {
            $0.dueAt <= patience && policy.mayReturn($0.provider, by: $0.dueAt)
        }) {
            return
        }
        exhaust(lastFailure ?? policy.cause ?? .refused, at: now, &policy)
    }

    private mutating func exhaust(
        _ cause: ProviderFailure, at now: MonotonicTime, _ policy: inout FailoverPolicy
    ) {
        stopAll(at: now, &policy)
        state = .over
        act(.exhausted(cause))
    }

    mutating func abandon(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        if case .streaming(let winner, _) = state { act(.cancel(winner)) }
        stopAll(at: now, &policy)
        state = .over
    }

    private mutating func stopAll(at now: MonotonicTime, _ policy: inout FailoverPolicy) {
        for runner in runners { act(.cancel(runner.attempt)) }
        if let probe {
            act(.cancel(probe.attempt))
            policy.probeAbandoned(probe.attempt.provider, at: now)
        }
        runners = []
        candidates = []
        retries = []
        probe = nil
    }
}
