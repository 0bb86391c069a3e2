internal import Pipeline

/// A call on a media loop, whoever leads it: our own conversation or a speech agent.
protocol LiveCall: AnyObject {
    var id: String { get }
    /// Questions to the model before the end of a turn, by what came of them.
    var usedSpeculations: Int { get }
    var wastedSpeculations: Int { get }

    /// Takes the caller's next octets in the format of the call.
    func receive(_ octets: Span<UInt8>, at now: MonotonicTime)
    /// Takes audio that was lost on the way as silence, so that time stays right.
    func receiveSilence(samples: Int, at now: MonotonicTime)
    /// Takes anything else that happens to the call.
    func handle(_ event: Conversation.Event, at now: MonotonicTime)
    /// Does what somebody outside wants of the call.
    func follow(_ order: CallOrder, at now: MonotonicTime) -> CallOrder.Effect
    /// Takes what a speech agent says.
    func handle(_ event: SpeechAgentEvent, at now: MonotonicTime)
    /// Where the agent is seen now; only the caller may know.
    func tell(_ room: AvatarRoom?)
    /// The carrier's stream is over, or is to be; only the first reason counts.
    func finish(_ reason: EndReason, lost framesLost: Int, rejected: Int, at now: MonotonicTime)
}

extension Call: LiveCall {
    /// No agent works for a call that our own conversation leads.
    func handle(_ event: SpeechAgentEvent, at now: MonotonicTime) {}
}
