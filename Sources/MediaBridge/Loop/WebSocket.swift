internal import CWebSockets
internal import Glibc
internal import Pipeline

/// One WebSocket, ours or the peer's to open; valid on its loop only.
///
/// What arrives goes to the `BoundSocket` that it is.
@safe class WebSocket {
    enum Phase {
        /// TCP stands or is being opened; the WebSocket handshake is not done.
        case handshaking(since: MonotonicTime)
        case open
        /// A close frame of ours is on its way; nothing is heard or sent any more.
        case closing(since: MonotonicTime)
        case closed
    }

    final private(set) var phase: Phase
    /// Whether the peer opened the connection; one that we opened has no rate or idle limit.
    final let isAccepted: Bool
    /// Where the context keeps this socket, for removal in constant time.
    final var position = 0
    /// Whether the admission gate counts this socket.
    final var isAdmitted = false

    final let context: WebSocketContext
    final private var handle: OpaquePointer?
    final private var queue: SendQueue
    final private var rate: RateLimit
    final private var lastHeard: MonotonicTime
    final private var lastDrained: MonotonicTime
    final private var partial: [UInt8] = []
    /// A close frame that waits behind the queue.
    final private var farewell: [UInt8]?
    /// What the connection is told once a close of ours is answered.
    final private var ending: CloseReason?

    init(context: WebSocketContext, isAccepted: Bool) {
        let now = context.now
        let limits = context.limits
        self.context = context
        self.isAccepted = isAccepted
        phase = .handshaking(since: now)
        queue = SendQueue(capacity: limits.sendBufferOctets)
        rate = RateLimit(perSecond: limits.messagesPerSecond, burst: limits.messageBurst, at: now)
        lastHeard = now
        lastDrained = now
    }

    /// Octets that wait for the peer to read, beyond what the kernel has.
    final var queuedOctets: Int { queue.count }

    /// Sends a text message; `octets` must be UTF-8.
    @discardableResult final func send(text octets: Span<UInt8>) -> SendOutcome {
        send(octets, isText: true)
    }

    /// Sends a binary message.
    @discardableResult final func send(binary octets: Span<UInt8>) -> SendOutcome {
        send(octets, isText: false)
    }

    /// Sends what waits, then a close frame, and hears nothing any more.
    ///
    /// The connection is told `closedHere` when the peer has answered, after `closeLimit` at the
    /// latest. `reason` is cut after 123 octets (RFC 6455 §5.5).
    final func close(_ code: CloseCode = .normal, reason: String = "") {
        guard case .open = phase else { return }
        phase = .closing(since: context.now)
        ending = .closedHere(code)
        sayFarewell(code, reason)
    }

    // What a BoundSocket does with what happens.
    func opened(_ request: UpgradeRequest) {}
    func deliver(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {}
    func deliverPong(at now: MonotonicTime) {}
    func notifyClosed(_ reason: CloseReason, at now: MonotonicTime) {}
    func notifyFailed(_ reason: String, at now: MonotonicTime) {}
    var requestHeaders: [(name: String, value: String)] { [] }
}

// What libwebsockets tells, on the loop. A result of -1 has it close the socket.
extension WebSocket {
    final func attach(_ handle: OpaquePointer) { unsafe self.handle = handle }

    final func established(_ handle: OpaquePointer, _ request: UpgradeRequest) {
        unsafe self.handle = handle
        phase = .open
        lastHeard = context.now
        opened(request)
    }

    /// Takes a piece of a message; `remaining` is what its frame still has to come.
    final func receive(
        _ piece: Span<UInt8>, isText: Bool, isFinal: Bool, remaining: Int
    ) -> Int32 {
        guard case .open = phase else { return 0 }
        let now = context.now
        lastHeard = now
        if isAccepted, isFinal || piece.count < 64 {  // a flood of crumbs is a flood
            guard rate.admits(at: now) else {
                return misbehaved(.policyViolation, "too many messages", counter: .ratesExceeded)
            }
        }
        let limits = context.limits
        let maxOctets = isAccepted ? limits.maxMessageOctets : limits.maxAnswerOctets
        guard remaining <= maxOctets, partial.count + piece.count + remaining <= maxOctets else {
            return misbehaved(.messageTooBig, "message too big", counter: .messagesTooBig)
        }
        context.counters[.octetsReceived] &+= piece.count
        if isFinal, partial.isEmpty {
            context.counters[.messagesReceived] &+= 1
            deliver(piece, isText: isText, at: now)
            return 0
        }
        unsafe piece.withUnsafeBufferPointer { unsafe partial.append(contentsOf: $0) }
        if isFinal {
            context.counters[.messagesReceived] &+= 1
            deliver(partial.span, isText: isText, at: now)
            partial.removeAll(keepingCapacity: partial.capacity <= 4_096)
        }
        return 0
    }

    /// The kernel has room again: sends what waits, then the close frame if one is due.
    final func writable() -> Int32 {
        guard let handle = unsafe handle else { return -1 }
        if !queue.isEmpty { lastDrained = context.now }
        while !queue.isEmpty, unsafe lws_partial_buffered(handle) == 0 {
            var isWritten = true
            queue.takeFirst { message, isText in isWritten = write(message, isText: isText) }
            guard isWritten else { return -1 }
        }
        if unsafe !queue.isEmpty || lws_partial_buffered(handle) != 0 {
            unsafe lws_callback_on_writable(handle)
            return 0
        }
        if let farewell {
            self.farewell = nil
            writeRaw(farewell)
        }
        return 0
    }

    /// A close frame came: -1 when it answers ours, 0 has libwebsockets answer it.
    final func peerCloses(code: UInt16) -> Int32 {
        guard case .open = phase else {
            notifyClosed(ending ?? .peerClosed(code: code), at: context.now)
            return farewell == nil ? -1 : 0
        }
        phase = .closing(since: context.now)
        notifyClosed(.peerClosed(code: code), at: context.now)
        return 0
    }

    /// The socket is over, whoever ended it.
    final func ended() {
        if case .open = phase {
            if let code = refusedCode {
                context.counters[.framesBroken] &+= 1
                notifyClosed(.peerMisbehaved(code), at: context.now)
            } else {
                context.counters[.peersVanished] &+= 1
                notifyClosed(.peerVanished, at: context.now)
            }
        } else {
            notifyClosed(ending ?? .peerVanished, at: context.now)
        }
        phase = .closed
    }

    /// Called when libwebsockets frees its side; nothing may touch it after this.
    final func destroyed() {
        if case .handshaking = phase, isAccepted { context.counters[.handshakesBroken] &+= 1 }
        failed("the connection was closed during the handshake")
        ended()
        unsafe handle = nil
        queue.removeAll()
    }

    /// The handshake was answered with a refusal.
    final func refused() { phase = .closed }

    /// Our attempt to connect came to nothing; told once.
    final func failed(_ reason: String) {
        guard case .handshaking = phase else { return }
        phase = .closed
        guard !isAccepted else { return }
        context.counters[.connectsFailed] &+= 1
        notifyFailed(reason, at: context.now)
    }

    /// Ends what took too long; called several times a second.
    final func expire(at now: MonotonicTime) {
        let limits = context.limits
        switch phase {
        case .handshaking(let since):
            guard since.duration(to: now) >= limits.handshakeLimit else { return }
            if isAccepted { context.counters[.handshakesTimedOut] &+= 1 }
            failed("the handshake took too long")
            kill()
        case .open:
            if let code = refusedCode {
                context.counters[.framesBroken] &+= 1
                end(.peerMisbehaved(code), at: now)
            } else if isAccepted, lastHeard.duration(to: now) >= limits.idleLimit {
                context.counters[.peersIdle] &+= 1
                end(.idle, at: now)
                sayFarewell(.goingAway, "idle")
            } else if !queue.isEmpty, lastDrained.duration(to: now) >= limits.stallLimit {
                context.counters[.peersStalled] &+= 1
                end(.stalled, at: now)
                kill()
            }
        case .closing(let since):
            guard since.duration(to: now) >= limits.closeLimit else { return }
            notifyClosed(ending ?? .peerVanished, at: now)
            kill()
        case .closed: kill()
        }
    }

    /// The loop ends: says good-bye to a live peer.
    final func loopStops() {
        guard case .open = phase else { return }
        end(.loopStopped, at: context.now)
        sayFarewell(.goingAway, "shutting down")
    }

    /// Cuts the connection; libwebsockets notices at its next wake-up.
    final func kill() {
        guard let handle = unsafe handle else { return }
        let descriptor = unsafe lws_get_socket_fd(handle)
        if descriptor >= 0 {
            shutdown(descriptor, Int32(SHUT_RDWR))
        } else {
            unsafe lws_set_timeout(handle, PENDING_TIMEOUT_USER_OK, Int32(LWS_TO_KILL_SYNC))
        }
    }
}

extension WebSocket {
    final private func send(_ octets: Span<UInt8>, isText: Bool) -> SendOutcome {
        guard case .open = phase, let handle = unsafe handle else { return dropped() }
        if queue.isEmpty, unsafe lws_partial_buffered(handle) == 0 {
            guard write(octets, isText: isText) else {
                kill()
                return dropped()
            }
            return .sent
        }
        if queue.isEmpty { lastDrained = context.now }
        guard queue.append(octets, isText: isText) else { return dropped() }
        context.counters[.messagesQueued] &+= 1
        unsafe lws_callback_on_writable(handle)
        return .queued
    }

    /// Hands a message to the kernel; libwebsockets keeps what does not fit and asks for write
    /// interest itself.
    final private func write(_ octets: Span<UInt8>, isText: Bool) -> Bool {
        guard let handle = unsafe handle else { return false }
        let payload = unsafe context.outgoing.filled(with: octets)
        let kind = isText ? LWS_WRITE_TEXT : LWS_WRITE_BINARY
        guard unsafe lws_write(handle, payload, octets.count, kind) >= 0 else { return false }
        context.counters[.messagesSent] &+= 1
        context.counters[.octetsSent] &+= octets.count
        return true
    }

    /// The peer answered a ping: it is there, though it says nothing.
    final func ponged() {
        guard case .open = phase else { return }
        lastHeard = context.now
        deliverPong(at: lastHeard)
    }

    /// Asks the peer for a sign of life; skipped while messages wait, which ask for the same.
    final func ping() {
        guard case .open = phase, queue.isEmpty, let handle = unsafe handle,
            unsafe lws_partial_buffered(handle) == 0
        else { return }
        let payload = unsafe context.outgoing.filled(with: [UInt8]().span)
        _ = unsafe lws_write(handle, payload, 0, LWS_WRITE_PING)
    }

    final private func dropped() -> SendOutcome {
        context.counters[.messagesDropped] &+= 1
        return .dropped
    }

    final private func misbehaved(
        _ code: CloseCode, _ text: String, counter: EdgeCounter
    ) -> Int32 {
        context.counters[counter] &+= 1
        end(.peerMisbehaved(code), at: context.now)
        sayFarewell(code, text)
        return 0
    }

    final private func end(_ reason: CloseReason, at now: MonotonicTime) {
        phase = .closing(since: now)
        partial = []
        notifyClosed(reason, at: now)
    }

    /// Sends a close frame once what waits has gone.
    ///
    /// libwebsockets' own way (a close reason and -1 from its callback) loses the frame on libuv:
    /// Debian's build has a debugging check in it that closes twice, and the second time is final.
    final private func sayFarewell(_ code: CloseCode, _ text: String) {
        guard let handle = unsafe handle else { return }
        let frame = CloseFrame(code: code, text: text, isMasked: !isAccepted).octets
        if queue.isEmpty, unsafe lws_partial_buffered(handle) == 0 { return writeRaw(frame) }
        farewell = frame
        unsafe lws_callback_on_writable(handle)
    }

    final private func writeRaw(_ frame: [UInt8]) {
        guard let handle = unsafe handle else { return }
        let octets = unsafe context.outgoing.filled(with: frame.span)
        unsafe lws_write(handle, octets, frame.count, LWS_WRITE_HTTP)  // which adds nothing
    }

    /// The code libwebsockets itself closes the peer with, once it has found a broken frame.
    private final var refusedCode: CloseCode? {
        guard let handle = unsafe handle, unsafe lws_get_close_length(handle) >= 2,
            let payload = unsafe lws_get_close_payload(handle)
        else { return nil }
        return unsafe CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    }
}
