/// What the API may do to a live call; whoever owns the calls implements it.
package protocol CallControl: Sendable {
    /// Ends a call and returns once it took effect: the agent is silent and the carrier was told.
    ///
    /// - Parameter callID: ours, of a call the journal has as live.
    /// - Throws: `CallControlError`; the API turns it into a problem document.
    func end(callID: String) async throws(CallControlError)
}

/// Why a call could not be steered.
package enum CallControlError: Error, Equatable {
    case callUnknown
    case callEnded
    /// It may still take effect.
    case timedOut
    /// The call cannot be reached at the moment; trying again may help.
    case unavailable(reason: String)
}
