internal import Pipeline

/// One WebSocket of the media port: speaks the dialect of its path.
final class CallConnection: ConnectionHandler {
    private enum Dialect {
        case twilio(TwilioDriver)
        case audio(AudioDriver)
    }

    private let dialect: Dialect
    private let socket: WebSocket
    private unowned let loop: GatewayLoop

    init(_ request: UpgradeRequest, socket: WebSocket, loop: GatewayLoop) {
        self.socket = socket
        self.loop = loop
        let now = MonotonicTime.now()
        dialect =
            request.path == "/audio"
            ? .audio(AudioDriver(request, socket: socket, loop: loop, at: now))
            : .twilio(TwilioDriver(socket: socket, loop: loop, at: now))
    }

    /// No call has started on it.
    var isIdle: Bool {
        switch dialect {
        case .twilio(let driver): !driver.hasCall
        case .audio(let driver): !driver.hasCall
        }
    }

    /// Adds what the connection has counted so far.
    func addCounters(to values: inout LoopFigures.Values) {
        switch dialect {
        case .twilio(let driver): values.twilio.add(driver.counters)
        case .audio(let driver):
            values.audio.add(driver.counters)
            values.rejectedPackets += driver.rejectedPackets
        }
    }

    func close() { socket.close(.goingAway) }

    func received(_ message: Span<UInt8>, isText: Bool, at now: MonotonicTime) {
        switch dialect {
        case .twilio(let driver): driver.received(message, isText: isText, at: now)
        case .audio(let driver): driver.received(message, isText: isText, at: now)
        }
    }

    func ponged(at now: MonotonicTime) {
        switch dialect {
        case .twilio: break  // Twilio is never pinged
        case .audio(let driver): driver.ponged(at: now)
        }
    }

    /// Looks for deadlines of the socket's protocol that passed.
    func expire(at now: MonotonicTime) {
        switch dialect {
        case .twilio(let driver): driver.expire(at: now)
        case .audio(let driver): driver.expire(at: now)
        }
    }

    func tick(at now: MonotonicTime) {
        switch dialect {
        case .twilio(let driver): driver.tick(at: now)
        case .audio(let driver): driver.tick(at: now)
        }
    }

    func closed(_ reason: CloseReason, at now: MonotonicTime) {
        switch dialect {
        case .twilio(let driver): driver.closed(reason, at: now)
        case .audio(let driver): driver.closed(reason, at: now)
        }
        loop.closed(self)
    }
}
