internal import Foundation
internal import Synchronization

/// What each provider of the simulated cloud was asked, and when; the last 20,000 entries.
///
/// On the wall clock, as the integration tests' servers are on real sockets. Questions are noted
/// with the moment at which they had been read, answers with the moment before they went out.
final class CloudLog: Sendable {
    struct Entry: Encodable, Sendable {
        let provider: CloudService
        /// `asked`, `first`, `done`, `fault`, for a model `piece`, and for a recogniser `again`.
        let what: String
        /// Words asked, spoken or recognised; a fault's name.
        let text: String
        /// Since 1970, in milliseconds, as the machine's clock has it.
        let milliseconds: Double
    }

    private static let limit = 20_000
    private let entries = Mutex<[Entry]>([])
    private let start = (wallClock: Date(), clock: ContinuousClock.now)

    func note(
        _ provider: CloudService, _ what: String, _ text: String,
        at moment: ContinuousClock.Instant = .now
    ) {
        let sinceStart = start.clock.duration(to: moment) / .milliseconds(1)
        let time = start.wallClock.timeIntervalSince1970 * 1_000 + sinceStart
        entries.withLock {
            if $0.count == Self.limit { $0.removeFirst(Self.limit / 2) }
            $0.append(Entry(provider: provider, what: what, text: text, milliseconds: time))
        }
    }

    func clear() { entries.withLock { $0 = [] } }

    var json: String {
        guard let data = try? JSONEncoder().encode(entries.withLock { $0 }) else { return "[]" }
        return String(decoding: data, as: UTF8.self)
    }
}
