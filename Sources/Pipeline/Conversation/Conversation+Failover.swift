internal import Events

/// What a change of provider means to the caller: the silence until the next audio.
extension Conversation {
    /// - Parameters:
    ///   - change: who took over from whom, and why.
    ///   - generation: the answer it happened to; `nil`: recognition.
    ///   - now: when the call learned of it.
    mutating func providerSwitched(
        _ change: ProviderSwitch, generation: Int?, at now: MonotonicTime
    ) {
        let isAwaited = generation.map { answerInHand?.generation == $0 } ?? true
        if isAwaited { return gaps.switched(change) }
        // A question that nobody has to have asked is no reason to call a human.
        guard speculation.attempt?.generation != generation || change.to != ProviderSwitch.human
        else { return }
        // The caller waits for something else: it cost them nothing.
        emit(
            .providerFailover(
                ProviderFailover(
                    stage: change.stage.rawValue, from: change.from, to: change.to,
                    cause: change.cause.name, gapMilliseconds: 0)))
    }

    /// Audio goes to the caller; `quietSince`: when what they heard before it was over.
    mutating func endGaps(quietSince: MonotonicTime?, at now: MonotonicTime) {
        guard !gaps.isEmpty else { return }
        for event in gaps.audioSent(at: now, quietSince: quietSince) {
            emit(.providerFailover(event))
        }
    }

    /// The answer is over without more audio.
    mutating func endGaps(at now: MonotonicTime) {
        guard !gaps.isEmpty else { return }
        for event in gaps.ended(at: now) { emit(.providerFailover(event)) }
    }
}
