/// Decides when the caller has finished a turn: enough silence after voice.
package struct Endpointer: Sendable {
    package struct Settings: Sendable {
        /// Silence after the last voiced frame that ends a turn.
        package var pause: Duration = .milliseconds(480)
        package init() {}
    }

    private let settings: Settings
    package init(settings: Settings = Settings()) { self.settings = settings }

    /// Whether a turn whose last voice was at `lastVoice` is over at `now`.
    package func isOver(lastVoice: MonotonicTime, at now: MonotonicTime) -> Bool {
        lastVoice.duration(to: now) >= settings.pause
    }
}
