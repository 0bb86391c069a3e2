package import Foundation

/// When a source may be asked: one that fails is left alone for a while, so that it costs the next
/// callers no time.
package struct SourcePace: Equatable, Sendable {
    private var pausedUntil: Date?
    private var failuresInARow = 0
    /// So many failures in a row, then it is left alone.
    private static let patience = 3
    private static let firstPauseSeconds = 10.0
    private static let longestPauseSeconds = 300.0
    /// A wrong key is put right by hand.
    private static let refusalPauseSeconds = 60.0
    /// Where the source does not say.
    private static let limitPauseSeconds = 10.0

    package init() {}

    package func isOpen(at now: Date) -> Bool { pausedUntil.map { $0 <= now } ?? true }

    package mutating func answered() {
        failuresInARow = 0
        pausedUntil = nil
    }

    package mutating func failed(_ failure: ContactSourceError, at now: Date) {
        switch failure {
        case .refused: pause(Self.refusalPauseSeconds, from: now)
        case .limited(let wait):
            pause(wait.map(\.seconds) ?? Self.limitPauseSeconds, from: now)
        case .timedOut, .failed:
            failuresInARow += 1
            guard failuresInARow >= Self.patience else { return }
            let doublings = Double(min(failuresInARow - Self.patience, 10))
            pause(
                min(Self.firstPauseSeconds * exp2(doublings), Self.longestPauseSeconds), from: now)
        case .cancelled: break
        }
    }

    private mutating func pause(_ seconds: Double, from now: Date) {
        pausedUntil = max(pausedUntil ?? now, now.addingTimeInterval(seconds))
    }
}
