internal import Synchronization

/// How many callers were known when their calls began; used by all calls at once.
final class CallerFigures: Sendable {
    enum Outcome: String, CaseIterable, Sendable {
        case known
        /// Known when the greeting had to go out already.
        case late
        case unknown
        /// Without a number.
        case withheld
    }

    private let counts = Mutex<[Outcome: UInt64]>([:])

    func count(_ outcome: Outcome) { counts.withLock { $0[outcome, default: 0] += 1 } }

    var all: [Outcome: UInt64] { counts.withLock { $0 } }
}
