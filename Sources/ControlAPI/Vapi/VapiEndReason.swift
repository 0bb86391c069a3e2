/// What Vapi's reasons for an end are in our words; there are over 600, so families count.
enum VapiEndReason {
    private static let exact: [String: String] = [
        "customer-ended-call": "caller_hung_up", "silence-timed-out": "caller_silent",
        "voicemail": "voicemail", "exceeded-max-duration": "agent_hung_up",
        "manually-canceled": "agent_hung_up", "customer-busy": "busy",
        "customer-did-not-answer": "no_answer",
        "call.in-progress.twilio-completed-call": "caller_hung_up",
        "phone-call-provider-closed-websocket": "connection_lost",
    ]
    private static let failures = [
        "pipeline-error", "assistant-request-failed", "assistant-request-returned",
        "assistant-not-found", "assistant-join-timed-out", "call.start.error",
        "call.in-progress.error", "call.ringing", "twilio-failed", "vonage-failed",
        "customer-did-not-give-microphone-permission", "unknown-error", "database-error",
    ]

    /// - Parameter reason: Vapi's.
    /// - Returns: one of the reasons of `CallEnded`, or Vapi's own with `_` for what it separates by.
    static func name(_ reason: String) -> String {
        if let name = exact[reason] { return name }
        if reason == "assistant-forwarded-call" || reason.hasSuffix("forwarding-phone-number") {
            return "transferred"
        }
        if reason.hasPrefix("assistant-ended-call") || reason.hasPrefix("assistant-said-end-call") {
            return "agent_hung_up"
        }
        if failures.contains(where: reason.hasPrefix) || reason.contains(".error-") {
            return "failed"
        }
        return String(reason.map { "-. ".contains($0) ? "_" : $0 }.prefix(100))
    }
}
