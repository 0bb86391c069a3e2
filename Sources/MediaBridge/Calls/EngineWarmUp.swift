internal import Codecs
internal import Pipeline
internal import Synchronization

/// Opens connections to the engines when a call begins, so that its first turn finds them open.
///
/// Shared by all calls: connections are kept, so one request opens them for many.
final class EngineWarmUp: Sendable {
    /// Calls that begin within this time share one request to the model.
    private static let interval = Duration.seconds(5)

    private let newest = Mutex<MonotonicTime?>(nil)

    /// At the start of a call; returns at once.
    ///
    /// - Returns: what is still being opened; its owner cancels it when the call is over.
    func begin(
        _ engines: CallEngines, _ language: Language, _ format: AudioFormat,
        at now: MonotonicTime
    ) -> Task<Void, Never>? {
        engines.synthesizer.warm(language, format: format)
        let isDue = newest.withLock { newest in
            if let newest, newest.duration(to: now) < Self.interval { return false }
            newest = now
            return true
        }
        guard isDue else { return nil }
        return Task {
            // Who is not reached now will be asked all the same, and the chain knows by then.
            try? await engines.model.warmUp()
        }
    }
}
