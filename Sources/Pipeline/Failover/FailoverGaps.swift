package import Events

/// Measures what the caller heard of each failover: the silence until the next audio.
///
/// One per call. Silence counts from the trouble, or from when the audio at hand ran out if that
/// was later; audio that never ran out makes a gap of zero.
package struct FailoverGaps: Sendable {
    private var open: [ProviderSwitch] = []

    package init() {}

    package var isEmpty: Bool { open.isEmpty }

    package mutating func switched(_ change: ProviderSwitch) { open.append(change) }

    /// Audio (an answer or a filler) goes to the caller, or they hear it still.
    ///
    /// - Parameters:
    ///   - now: when the audio is handed over.
    ///   - quietSince: when the audio before it ran out; `nil`: it has not.
    /// - Returns: the events that are complete now.
    package mutating func audioSent(
        at now: MonotonicTime, quietSince: MonotonicTime?
    ) -> [ProviderFailover] {
        let events = open.map { change in
            let start = quietSince.map { max($0, change.since) } ?? now
            return Self.event(change, gap: start.duration(to: now))
        }
        open = []
        return events
    }

    /// The call, or the answer, is over without more audio: the silence lasted until now.
    package mutating func ended(at now: MonotonicTime) -> [ProviderFailover] {
        let events = open.map { Self.event($0, gap: $0.since.duration(to: now)) }
        open = []
        return events
    }

    private static func event(_ change: ProviderSwitch, gap: Duration) -> ProviderFailover {
        ProviderFailover(
            stage: change.stage.rawValue, from: change.from, to: change.to,
            cause: change.cause.name, gapMilliseconds: max(gap, .zero).milliseconds)
    }
}

extension ProviderSwitch {
    /// What `to` says when no provider is left and the caller goes to a human.
    package static let human = "human"
}
