/// What a caller noticed of one thing they said, on their own sample clock (8 kHz).
struct CallerObservation: Sendable {
    let recording: String
    let text: String?
    /// The call's sample at which the voice began and ended.
    let voiceStart: Int
    var voiceEnd: Int
    /// The first audible sample of the agent after the voice ended.
    var answeredAt: Int?
    /// Spoken into the agent's answer on purpose.
    let interrupts: Bool
    /// From the first voiced sample to the arrival of `clear`, in milliseconds.
    var onsetToClear: Double?
    /// Clears that came before the first voiced sample.
    var earlyClears = 0
    /// The agent went on with the old answer after `clear`: never, or it is a defect.
    var staleMarks = 0

    /// From the end of the caller's voice to the first audible sample, as the ear has it.
    var earMilliseconds: Double? {
        answeredAt.map { Double($0 - voiceEnd) / 8 }
    }
}
