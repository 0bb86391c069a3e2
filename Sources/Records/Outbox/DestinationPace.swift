internal import Foundation

/// How fast one destination is told: one attempt at a time after a failure, more with each success.
///
/// A destination that is down costs one attempt per pause, however much waits for it.
struct DestinationPace: Equatable, Sendable {
    /// Calls told side by side.
    private(set) var allowance: Int
    /// Nothing is sent before it.
    private(set) var pausedUntil: Date?
    private let most: Int
    private var failures = 0
    private static let longestPauseSeconds = 30.0

    init(most: Int) {
        self.most = most
        allowance = most
    }

    mutating func succeeded() {
        failures = 0
        pausedUntil = nil
        allowance = min(allowance * 2, most)
    }

    /// - Parameters:
    ///   - now: of the failure.
    ///   - least: what the other side asks for.
    mutating func failed(at now: Date, least: Duration? = nil) {
        failures += 1
        allowance = 1
        let pause = min(exp2(Double(min(failures, 10) - 1)), Self.longestPauseSeconds)
        pausedUntil = now.addingTimeInterval(max(pause, least?.seconds ?? 0))
    }

    func isOpen(at now: Date) -> Bool { pausedUntil.map { $0 <= now } ?? true }
}
