internal import Codecs
internal import Pipeline

/// One audio client's socket as a pure machine: messages, commands and time in, actions out.
///
/// Its driver drains `nextAction()` to `nil` after every call.
struct AudioSocketStream {
    private enum State {
        case awaitingStart(since: MonotonicTime)
        /// The driver looks at the token and the session; it answers `admit` or `refuse`.
        case authorizing(AudioSocketRequest, AudioSocketSession, since: MonotonicTime)
        case live(LiveAudioSession)
        case ended
    }

    private var state: State
    private var lastReceived: MonotonicTime
    private var lastPing: MonotonicTime
    private var rate: RateLimit
    private var actions = ActionQueue()
    private let limits: AudioSocketLimits
    private let supported: [AudioFormat]
    private let sessionName: String
    private(set) var counters = AudioSocketCounters()

    /// - Parameters:
    ///   - limits: what the socket may cost.
    ///   - supported: the formats the bridge can decode and encode.
    ///   - sessionName: of a session whose client gives it none.
    ///   - now: when the WebSocket handshake was complete.
    init(
        limits: AudioSocketLimits = AudioSocketLimits(),
        supported: [AudioFormat] = AudioSocketFormat.all, sessionName: String = "",
        openedAt now: MonotonicTime
    ) {
        self.limits = limits
        self.supported = supported
        self.sessionName = sessionName
        state = .awaitingStart(since: now)
        lastReceived = now
        lastPing = now
        rate = RateLimit(
            perSecond: limits.messagesPerSecond, burst: limits.messagesPerSecond, at: now)
    }

    /// What the driver does next; `nil` when nothing is owed.
    mutating func nextAction() -> AudioSocketAction? { actions.next() }

    /// When `handleDeadline(at:)` is due; `nil` once the stream has ended.
    var deadline: MonotonicTime? {
        switch state {
        case .awaitingStart(let since), .authorizing(_, _, let since):
            since.advanced(by: limits.startLimit)
        case .live:
            min(
                lastReceived.advanced(by: limits.idleLimit),
                lastPing.advanced(by: limits.pingInterval))
        case .ended: nil
        }
    }

    // MARK: What the client sends

    /// Takes one text message.
    ///
    /// - Parameters:
    ///   - text: the message; not kept.
    ///   - now: when it was read from the socket; never decreases.
    ///   - audio: takes the octets of an `audio` message of the JSON variant.
    mutating func handleText(
        _ text: Span<UInt8>, at now: MonotonicTime, into audio: inout OutputSpan<UInt8>
    ) {
        guard admits(text.count, at: now) else { return }
        do {
            try take(AudioSocketMessage(parsing: text), text, at: now, into: &audio)
        } catch {
            fault(error)
        }
    }

    /// Takes one binary message: audio in the input format, which stays in the caller's memory.
    mutating func handleBinary(_ octets: Span<UInt8>, at now: MonotonicTime) {
        guard admits(octets.count, at: now) else { return }
        takeAudio(octetCount: octets.count, at: now)
    }

    /// A message grew past the limit, and the driver threw it away unread.
    mutating func handleOversize() {
        counters.oversize += 1
        end(.tooBig, "messages hold at most \(limits.messageOctetLimit) octets")
    }

    /// A WebSocket Pong came.
    mutating func handlePong(at now: MonotonicTime) { lastReceived = now }

    /// Pings, or closes a socket that has been silent for too long.
    mutating func handleDeadline(at now: MonotonicTime) {
        guard let deadline, deadline <= now else { return }
        switch state {
        case .awaitingStart, .authorizing: end(.timeout, "no session was started in time")
        case .live:
            if lastReceived.advanced(by: limits.idleLimit) <= now {
                end(.timeout, "nothing was received for too long")
            } else {
                lastPing = now
                actions.add(.ping)
            }
        case .ended: break
        }
    }

    // MARK: What the bridge wants

    /// The client may start its session.
    mutating func admit(at now: MonotonicTime) {
        guard case .authorizing(let request, let session, _) = state else { return }
        state = .live(LiveAudioSession(session, topics: request.events, limits: limits, at: now))
        lastPing = now
        actions.add(.send(.sessionStarted(session)))
    }

    /// The client may not, or no longer, be here.
    mutating func refuse(_ reason: AudioSocketClose, _ message: String) { end(reason, message) }

    /// Sends what the client subscribed to; anything before the session starts is dropped.
    mutating func tell(_ reply: AudioSocketReply) {
        guard case .live(let session) = state else { return }
        if let topic = reply.topic, !session.topics.contains(topic) { return }
        actions.add(.send(reply))
    }

    /// Marks this place in the outgoing audio.
    ///
    /// - Returns: `false` when the client owes too many answers already; nothing is sent then.
    mutating func mark(_ name: MarkName) -> Bool {
        guard case .live(var session) = state, session.addMark(name) else { return false }
        state = .live(session)
        actions.add(.send(.mark(name, epoch: session.epoch)))
        return true
    }

    /// Empties the client's playback buffer; what is sent next belongs to the epoch returned.
    mutating func clear() -> Int? {
        guard case .live(var session) = state else { return nil }
        session.raiseEpoch()
        state = .live(session)
        actions.add(.send(.clear(epoch: session.epoch)))
        return session.epoch
    }

    /// Says goodbye and closes.
    mutating func stop(reason: String) {
        if case .ended = state { return }
        state = .ended
        actions.add(.send(.stop(reason: reason)))
        actions.add(.close(.normal))
    }

    // MARK: Rules

    private mutating func admits(_ octetCount: Int, at now: MonotonicTime) -> Bool {
        if case .ended = state {
            counters.afterEnd += 1
            return false
        }
        counters.messages += 1
        lastReceived = now
        guard rate.admits(at: now) else {
            counters.overRate += 1
            return false
        }
        guard octetCount <= limits.messageOctetLimit else {
            handleOversize()
            return false
        }
        return true
    }

    private mutating func take(
        _ message: AudioSocketMessage, _ text: Span<UInt8>, at now: MonotonicTime,
        into audio: inout OutputSpan<UInt8>
    ) throws(AudioSocketError) {
        switch message {
        case .sessionStart(let request): start(request)
        case .audio(let data):
            let octetCount: Int
            do { octetCount = try data.decodeBase64(in: text, into: &audio) } catch {
                return badAudio(error)
            }
            if !takeAudio(octetCount: octetCount, at: now) { audio.removeLast(octetCount) }
        case .ping(let time): actions.add(.send(.pong(time)))
        case .stop(let reason):
            state = .ended
            actions.add(.stopped(reason: reason))
            actions.add(.close(.normal))
        case .dtmf, .marked, .cleared, .interrupt:
            guard case .live(var session) = state else {
                counters.beforeStart += 1
                return nonsense()
            }
            if let action = session.take(message, counters: &counters) { actions.add(action) }
            state = .live(session)
        }
    }

    private mutating func start(_ request: AudioSocketRequest) {
        guard case .awaitingStart(let since) = state else {
            counters.malformed += 1
            return complain("bad_message", "the session has started already")
        }
        guard request.version == 1 else {
            return end(.protocolViolation, "unsupported_version", "this bridge speaks version 1")
        }
        guard let input = AudioSocketFormat(request.input, among: supported),
            let output = AudioSocketFormat(request.output, among: supported)
        else {
            counters.unsupportedFormat += 1
            return end(.protocolViolation, "unsupported_encoding", "unknown encoding")
        }
        let session = AudioSocketSession(
            name: request.session ?? sessionName, input: input, output: output, limits: limits)
        state = .authorizing(request, session, since: since)
        actions.add(.authorize(request, session))
    }

    /// - Returns: whether the octets are to be heard.
    @discardableResult
    private mutating func takeAudio(octetCount: Int, at now: MonotonicTime) -> Bool {
        guard case .live(var session) = state else {
            counters.audioBeforeStart += 1
            nonsense()
            return false
        }
        // The state is put back below; leaving it in place would copy what it holds.
        state = .ended
        let verdict = session.takeAudio(octetCount: octetCount, at: now)
        state = .live(session)
        switch verdict {
        case .heard:
            counters.audioMessages += 1
            counters.audioOctets += octetCount
            actions.add(.audio(octetCount: octetCount))
            return true
        case .empty: return false
        case .partialSample:
            counters.partialSamples += 1
            complain("bad_audio", "a message holds whole samples")
            return false
        case .ahead:
            counters.audioAhead += 1
            return false
        }
    }

    private mutating func badAudio(_ error: JSONPayloadError) {
        switch error {
        case .base64:
            counters.badBase64 += 1
            complain("bad_audio", "data is not base64")
        case .tooLong:
            counters.oversize += 1
            complain("bad_audio", "too much audio in one message")
        }
    }

    private mutating func fault(_ error: AudioSocketError) {
        switch error {
        case .json:
            counters.brokenJSON += 1
            guard counters.brokenJSON < limits.strikes else {
                return end(.protocolViolation, "bad_json", "not JSON, and not for the first time")
            }
            actions.add(.send(.error(code: "bad_json", message: "not JSON", isFatal: false)))
        case .unknownType:
            counters.unknownType += 1
            nonsense()
        case .missing(let field):
            counters.malformed += 1
            complain("bad_message", "\(field.rawValue) is missing")
        case .invalid(let field):
            counters.malformed += 1
            complain("bad_message", "\(field.rawValue) has a wrong type or value")
        }
    }

    /// Tells the client what it did wrong, but not for ever.
    private mutating func complain(_ code: String, _ message: String) {
        if counters.errorReplies < limits.errorReplies {
            counters.errorReplies += 1
            actions.add(.send(.error(code: code, message: message, isFatal: false)))
        }
        nonsense()
    }

    /// After a fault: a stranger that never starts a session is shown the door.
    private mutating func nonsense() {
        switch state {
        case .awaitingStart, .authorizing:
            if counters.faults > limits.faultsBeforeStart {
                end(.protocolViolation, "too much before session.start")
            }
        case .live, .ended: break
        }
    }

    private mutating func end(_ reason: AudioSocketClose, _ message: String) {
        end(reason, reason.errorCode, message)
    }

    private mutating func end(_ reason: AudioSocketClose, _ code: String, _ message: String) {
        if case .ended = state { return }
        state = .ended
        actions.add(.send(.error(code: code, message: message, isFatal: true)))
        actions.add(.close(reason))
    }
}
