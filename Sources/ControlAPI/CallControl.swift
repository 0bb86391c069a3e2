package import Foundation

/// What the API may do to a live call; whoever owns the calls implements it.
package protocol CallControl: Sendable {
    /// Ends a call and returns once it took effect: the agent is silent and the carrier was told.
    ///
    /// - Parameter callID: ours, of a call the journal has as live.
    /// - Throws: `CallControlError`; the API turns it into a problem document.
    func end(callID: String) async throws(CallControlError)

    /// Steers a call and returns once the call has done it, or has queued what is to be said.
    ///
    /// - Parameters:
    ///   - action: what is wanted.
    ///   - callID: ours, of a call the journal has as live.
    /// - Returns: when it took effect, and the state after it.
    /// - Throws: `CallControlError`; the API turns it into a problem document.
    func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect
}

extension CallControl {
    /// For whoever can only end calls.
    package func perform(
        _ action: CallAction, on callID: String
    ) async throws(CallControlError) -> CallActionEffect {
        guard case .end = action else {
            throw .unavailable(reason: "calls of this kind can only be ended")
        }
        try await end(callID: callID)
        return CallActionEffect(time: Date(), secondsFromStart: nil, state: "ended")
    }
}

/// What is wanted of a live call; texts are not empty.
package enum CallAction: Equatable, Sendable {
    /// The agent says this at once, or after the sentence it is saying.
    case say(String)
    /// The model is told this; nobody hears it.
    case addContext(String)
    /// The model works from another prompt, or other values of its variables, or other engines of
    /// the configured chains are asked first, from the next answer on.
    case changeAgent(prompt: String?, variables: [String: String], engines: EngineWish)
    /// The agent is silent and goes on listening.
    case mute
    case unmute
    /// Keys, sent down the caller's line as tones: `0`–`9`, `*`, `#`, `A`–`D`, `w` for half a second.
    case sendTones(String)
    /// The caller goes on to a human; empty texts were not given.
    case transfer(destination: String, department: String, reason: String)
    case end
}

/// Engines as the configuration names them; `nil`: as before.
package struct EngineWish: Equatable, Sendable {
    package var agent: String?
    package var tts: String?

    package init(agent: String? = nil, tts: String? = nil) {
        self.agent = agent
        self.tts = tts
    }
}

/// When an action took effect, and how the call stands after it.
package struct CallActionEffect: Equatable, Sendable {
    /// Wall clock.
    package let time: Date
    /// Of the call; `nil`: not known.
    package let secondsFromStart: Double?
    /// `speaking`, `queued` (it is said when the sentence or the caller's turn is over), `sending`,
    /// `added`, `changed`, `muted`, `unmuted`, `transferred` or `ended`.
    package let state: String

    package init(time: Date, secondsFromStart: Double?, state: String) {
        self.time = time
        self.secondsFromStart = secondsFromStart
        self.state = state
    }
}

/// Why a call could not be steered.
package enum CallControlError: Error, Equatable {
    case callUnknown
    case callEnded
    /// It may still take effect.
    case timedOut
    /// The call is in a state that forbids it, or has enough to do.
    case refused(reason: String)
    /// The call cannot be reached at the moment; trying again may help.
    case unavailable(reason: String)
}
