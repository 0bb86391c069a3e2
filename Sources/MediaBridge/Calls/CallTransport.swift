internal import Events
internal import Pipeline

/// The carrier's side of a call: where its audio, marks and end go; used on the call's loop only.
protocol CallTransport: AnyObject {
    /// Queues audio in the format agreed for the call.
    func send(audio octets: [UInt8])
    /// Asks to be told when everything sent so far has been played.
    func send(mark: PlayoutMark)
    /// Empties the carrier's playback buffer at once.
    func sendClear()
    /// Tells a peer that takes part in the conversation what happens in it; carriers are told nothing.
    func tell(_ event: EventBody)
    /// Who has the floor has changed.
    func tell(_ phase: Conversation.Phase)
    /// Where the agent is seen from now on; `nil`: it is only heard.
    func tell(_ room: AvatarRoom?)
    /// Ends the stream; the carrier goes on with whatever stands after it (a human's number).
    func end(_ reason: EndReason)
    /// Ends the stream for a human.
    ///
    /// - Parameter destination: a number or SIP address; empty: whoever stands after the stream.
    func transfer(to destination: String)
}

extension CallTransport {
    func tell(_ event: EventBody) {}
    func tell(_ phase: Conversation.Phase) {}
    func tell(_ room: AvatarRoom?) {}
    func transfer(to destination: String) { end(.transferred) }
}
