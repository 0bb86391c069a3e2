/// What an audio socket's driver does next.
enum AudioSocketAction: Equatable, Sendable {
    /// Look at the token and the session's name, then call `admit` or `refuse`.
    case authorize(AudioSocketRequest, AudioSocketSession)
    /// Hear the octets: the binary message itself, or what was appended to the caller's memory.
    case audio(octetCount: Int)
    case dtmf(Character, durationMilliseconds: Int?)
    /// A mark came back; `epoch` is the one it was sent in.
    case marked(MarkName, epoch: Int, isPlayed: Bool, playedMilliseconds: Int?)
    /// The buffer was emptied; how much of the utterance had been heard by then.
    case cleared(epoch: Int, playedMilliseconds: Int?, droppedMilliseconds: Int?)
    /// The user wants the agent to be quiet.
    case interrupt
    case stopped(reason: String?)
    case send(AudioSocketReply)
    /// Send a WebSocket Ping.
    case ping
    /// Send what is queued, then close; nothing follows.
    case close(AudioSocketClose)
}

/// The actions owed since the driver last looked: first in, first out.
struct ActionQueue {
    private var actions: [AudioSocketAction] = []
    private var head = 0

    mutating func add(_ action: AudioSocketAction) { actions.append(action) }

    /// The oldest action; once drained, the memory is used again.
    mutating func next() -> AudioSocketAction? {
        guard head < actions.count else {
            actions.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
        head += 1
        return actions[head - 1]
    }
}

/// What went through one audio socket; plain integers, published once a second by the driver.
struct AudioSocketCounters: Equatable, Sendable {
    var messages = 0
    var audioMessages = 0
    var audioOctets = 0

    /// Texts that were not JSON; the third closes.
    var brokenJSON = 0
    var badBase64 = 0
    /// Members missing, of a wrong type or out of range, or a second `session.start`.
    var malformed = 0
    var unknownType = 0
    var partialSamples = 0
    var oversize = 0
    var unsupportedFormat = 0
    var audioBeforeStart = 0
    /// Control messages, other than `session.start`, before the session.
    var beforeStart = 0
    /// Messages dropped because the peer sent more than any client does.
    var overRate = 0
    /// Audio dropped because it was more than a second ahead of real time.
    var audioAhead = 0
    /// `marked` for a mark that was not pending.
    var unknownMark = 0
    /// `cleared` for another epoch than the last.
    var staleEpoch = 0
    var afterEnd = 0
    /// Non-fatal `error` messages sent.
    var errorReplies = 0

    /// Everything a peer did wrong.
    var faults: Int {
        brokenJSON + badBase64 + malformed + unknownType + partialSamples + oversize
            + unsupportedFormat + audioBeforeStart + beforeStart + overRate
    }
}
