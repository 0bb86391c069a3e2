internal import Foundation
internal import Synchronization

/// One-time tokens that let a media stream in: made for a call by its voice webhook, taken back
/// when its stream starts.
///
/// They live in memory: after a restart a stream is refused, and the call goes on to the mobile.
package final class StreamTokens: Sendable {
    package struct Counters: Equatable, Sendable {
        package var issued = 0
        package var redeemed = 0
        /// Unknown, of another call, used before or too old.
        package var refused = 0
    }

    private struct Entry {
        let token: String
        /// Since `origin`.
        let expiry: Duration
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var counters = Counters()
    }

    private let state = Mutex(State())
    private let origin = ContinuousClock.now
    private let lifetime: Duration
    private let capacity: Int

    /// - Parameters:
    ///   - lifetime: from the webhook's answer to the stream's start; the carrier needs a second.
    ///   - capacity: calls that may wait for their stream; beyond it the oldest lose theirs.
    package init(lifetime: Duration = .seconds(60), capacity: Int = 10_000) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    package var counters: Counters { state.withLock { $0.counters } }

    /// A token for a call; the same one when the carrier repeats its request before the stream.
    ///
    /// - Parameters:
    ///   - callSID: the carrier's name for the call.
    ///   - now: since the gateway started; `nil`: by the clock.
    /// - Returns: text that may stand in a URL.
    package func issue(for callSID: String, at now: Duration? = nil) -> String {
        let now = now ?? origin.duration(to: .now)
        return state.withLock { state in
            if let entry = state.entries[callSID], entry.expiry > now { return entry.token }
            if state.entries.count >= capacity {
                state.entries = state.entries.filter { $0.value.expiry > now }
            }
            if state.entries.count >= capacity,
                let oldest = state.entries.min(by: { $0.value.expiry < $1.value.expiry })
            {
                state.entries[oldest.key] = nil
            }
            let token = Self.random()
            state.entries[callSID] = Entry(token: token, expiry: now + lifetime)
            state.counters.issued += 1
            return token
        }
    }

    /// Whether a stream may start; a token that was right is worth nothing afterwards.
    package func redeem(
        _ token: String?, for callSID: String, at now: Duration? = nil
    ) -> Bool {
        let now = now ?? origin.duration(to: .now)
        return state.withLock { state in
            guard let entry = state.entries[callSID], entry.expiry > now, let token,
                TwilioSignature.isSame(Array(token.utf8), Array(entry.token.utf8))
            else {
                state.counters.refused += 1
                return false
            }
            state.entries[callSID] = nil
            state.counters.redeemed += 1
            return true
        }
    }

    /// 192 bits of the system's randomness.
    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let octets = (0..<24).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Data(octets).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_")
    }
}
