internal import Codecs
internal import Pipeline

/// One Twilio media socket as a pure machine: messages and time in, what they mean out.
///
/// A peer's mistake is counted and ignored, and the stream lives on; it ends for audio that cannot
/// be decoded, for talking on before `start`, and for silence past a deadline.
struct TwilioStream {
    /// What the driver does next.
    enum Outcome: Equatable, Sendable {
        /// Nothing: the message was swallowed, or counted as a fault.
        case none
        // Boxed: it comes once, and without it the value is small.
        indirect case started(TwilioStart, AudioFormat)
        /// Audio was appended to the caller's memory.
        case audio(TwilioAudio)
        case dtmf(Character)
        case mark(MarkName)
        /// Twilio is done; the socket closes next.
        case stopped
        /// Close the socket; nothing else follows.
        case close(TwilioClose)
    }

    private enum State {
        case awaitingConnected(since: MonotonicTime)
        case awaitingStart(since: MonotonicTime)
        case live
        case ended
    }

    private var state: State
    /// Set when the stream starts; beside the state, not in it, since Swift changes an optional in
    /// place but copies what an enum case holds, and this is changed 50 times a second.
    private var live: LiveStream?
    private var lastReceived: MonotonicTime
    private var rate: RateLimit
    private let limits: TwilioLimits
    private(set) var counters = TwilioCounters()

    init(limits: TwilioLimits = TwilioLimits(), openedAt now: MonotonicTime) {
        self.limits = limits
        state = .awaitingConnected(since: now)
        lastReceived = now
        rate = RateLimit(
            perSecond: limits.messagesPerSecond, burst: limits.messagesPerSecond, at: now)
    }

    /// When `handleDeadline(at:)` is due; `nil` once the stream has ended.
    var deadline: MonotonicTime? {
        switch state {
        case .awaitingConnected(let since), .awaitingStart(let since):
            since.advanced(by: limits.startLimit)
        case .live: lastReceived.advanced(by: limits.idleLimit)
        case .ended: nil
        }
    }

    /// The stream that messages to Twilio must name; `nil` before `start`.
    var streamSID: StreamSID? {
        if case .live = state { live?.streamSID } else { nil }
    }

    /// Takes one complete text message.
    ///
    /// - Parameters:
    ///   - text: the message; not kept.
    ///   - now: when it was read from the socket; never decreases.
    ///   - audio: takes the octets of a media message; 64 KiB of room fit any legal message.
    /// - Returns: one outcome. Media costs no allocation.
    mutating func handle(
        _ text: Span<UInt8>, at now: MonotonicTime, into audio: inout OutputSpan<UInt8>
    ) -> Outcome {
        guard !isEnded else {
            counters.afterEnd += 1
            return .none
        }
        counters.messages += 1
        lastReceived = now
        guard rate.admits(at: now) else {
            counters.overRate += 1
            return nonsense()
        }
        guard text.count <= limits.messageOctetLimit else { return handleOversize() }
        do {
            return try take(TwilioMessage(parsing: text), text, at: now, into: &audio)
        } catch {
            counters.count(error)
            if case .unsupportedFormat = error { return end(.unsupportedFormat) }
            return nonsense()
        }
    }

    /// A message grew past the limit, and the driver threw it away unread.
    mutating func handleOversize() -> Outcome {
        counters.oversize += 1
        return nonsense()
    }

    /// A binary message came; Twilio sends none.
    mutating func handleBinary() -> Outcome {
        counters.binary += 1
        return nonsense()
    }

    /// Looks whether the peer has been silent for too long.
    mutating func handleDeadline(at now: MonotonicTime) -> Outcome {
        guard let deadline, deadline <= now else { return .none }
        switch state {
        case .awaitingConnected, .awaitingStart: return end(.noStart)
        case .live: return end(.idle)
        case .ended: return .none
        }
    }

    private var isEnded: Bool {
        if case .ended = state { true } else { false }
    }

    private mutating func take(
        _ message: TwilioMessage, _ text: Span<UInt8>, at now: MonotonicTime,
        into audio: inout OutputSpan<UInt8>
    ) throws(TwilioError) -> Outcome {
        switch state {
        case .awaitingConnected(let since):
            if case .connected = message {
                state = .awaitingStart(since: since)
                return .none
            }
            // A carrier that forgets to say hello is understood all the same.
            if case .start = message { counters.unexpectedEvent += 1 }
            return try takeBeforeStart(message, at: now)
        case .awaitingStart:
            return try takeBeforeStart(message, at: now)
        case .live:
            let outcome = try live?.take(message, text, at: now, into: &audio, counters: &counters)
            if case .stopped = outcome { state = .ended }
            return outcome ?? .none
        case .ended:
            return .none
        }
    }

    private mutating func takeBeforeStart(
        _ message: TwilioMessage, at now: MonotonicTime
    ) throws(TwilioError) -> Outcome {
        switch message {
        case .start(let start):
            guard let format = start.mediaFormat.audioFormat else {
                throw .unsupportedFormat(start.mediaFormat)
            }
            live = LiveStream(start, format: format, at: now)
            state = .live
            return .started(start, format)
        case .media:
            counters.mediaBeforeStart += 1
            return nonsense()
        case .stop:
            counters.unexpectedEvent += 1
            state = .ended
            return .stopped
        case .connected, .dtmf, .mark:
            counters.unexpectedEvent += 1
            return nonsense()
        }
    }

    /// After a fault: a stranger that never starts a stream is shown the door.
    private mutating func nonsense() -> Outcome {
        switch state {
        case .awaitingConnected, .awaitingStart:
            counters.faults > limits.faultsBeforeStart ? end(.protocolViolation) : .none
        case .live, .ended: .none
        }
    }

    private mutating func end(_ reason: TwilioClose) -> Outcome {
        state = .ended
        return .close(reason)
    }
}

/// A piece of the caller's (or our own) voice, ready to be heard.
struct TwilioAudio: Equatable, Sendable {
    let track: TwilioTrack
    /// How many octets were appended to the caller's memory.
    let octetCount: Int
    /// Since the stream began, as Twilio says; `nil` when it does not.
    let timestampMilliseconds: Int?
    /// Samples of silence that belong before these octets; at most one second.
    let missingSamples: Int
    /// Chunk numbers that were skipped right before this one.
    let missingChunks: Int
}

/// Why the bridge closes a Twilio socket.
enum TwilioClose: Equatable, Sendable {
    case unsupportedFormat
    case protocolViolation
    /// No `start` in time.
    case noStart
    /// A stream that went quiet; Twilio sends audio even in silence.
    case idle

    /// The WebSocket close code; Twilio logs error 31921 for any but 1000.
    var code: UInt16 {
        switch self {
        case .unsupportedFormat, .idle: 1_000
        case .protocolViolation, .noStart: 1_008
        }
    }
}

/// What a Twilio socket may cost before it is refused.
struct TwilioLimits: Equatable, Sendable {
    /// A legal message of a second of audio has 11 KiB.
    var messageOctetLimit = 65_536
    var startLimit = Duration.seconds(5)
    var idleLimit = Duration.seconds(30)
    /// Faults, media included, that a socket may commit before its stream starts.
    var faultsBeforeStart = 50
    /// Twilio sends 50 messages per second and track.
    var messagesPerSecond = 400
}
