/// Learns how long one caller pauses without having finished.
///
/// One pause that was taken for the end of a turn is enough to wait longer from then on; turns that
/// end without one let the wait come back, so that a single hesitation does not burden a long call.
package struct PauseLearner: Equatable, Sendable {
    /// Voice is known as such only after the debounce (CONTRACT §6: 100 ms) and a frame.
    private static let margin = Duration.milliseconds(120)

    /// The pause to be survived; zero: none was seen.
    private var pause: Duration = .zero

    package init() {}

    /// The caller went on after a pause.
    package mutating func resumed(after silence: Duration) {
        pause = silence >= pause ? silence : pause - (pause - silence) / 8
    }

    /// A turn ended and nobody went on.
    package mutating func turnEnded() {
        pause = pause < .milliseconds(50) ? .zero : pause - pause / 8
    }

    /// At least `base`, and long enough for the caller's usual pause with an eighth to spare.
    package func wait(atLeast base: Duration) -> Duration {
        pause == .zero ? base : max(base, pause + pause / 8 + Self.margin)
    }
}
