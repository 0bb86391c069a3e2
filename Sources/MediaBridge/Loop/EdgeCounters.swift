internal import Synchronization

/// What a loop counts; raw values index its tables.
enum EdgeCounter: Int, CaseIterable, Sendable {
    // Sockets that came.
    case socketsAccepted, socketsOverLimit, handshakesDone, handshakesTimedOut, handshakesBroken
    // Handshakes refused with an answer: 503, 404, 426, 400, 403.
    case callsRefused, unknownPaths, notWebSockets, unknownSubprotocols, strangersRefused
    // Traffic.
    case messagesReceived, octetsReceived, messagesSent, octetsSent
    // Peers that broke a rule.
    case messagesTooBig, ratesExceeded, framesBroken, peersIdle, peersStalled, peersVanished
    case messagesQueued, messagesDropped
    // The loop itself.
    case wakeUps, ticks, ticksLate, postsReceived
    // Connections we opened.
    case connectsDone, connectsFailed
    // Gauges: the value now, not a sum.
    case openSockets, handshakingSockets, tickLatenessMaxMicroseconds
}

/// A loop's own counters: plain integers, touched by its thread only.
final class EdgeCounters {
    private var values = InlineArray<32, Int>(repeating: 0)

    subscript(_ counter: EdgeCounter) -> Int {
        get { values[counter.rawValue] }
        set { values[counter.rawValue] = newValue }
    }

    /// Makes the values readable from any thread; the loop calls this once a second.
    func publish(to snapshot: EdgeSnapshot) {
        for counter in EdgeCounter.allCases { snapshot.store(self[counter], for: counter) }
    }
}

/// The counters as last published, readable from any thread.
final class EdgeSnapshot: Sendable {
    private let values = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }

    subscript(_ counter: EdgeCounter) -> Int {
        values[counter.rawValue].load(ordering: .relaxed)
    }

    fileprivate func store(_ value: Int, for counter: EdgeCounter) {
        values[counter.rawValue].store(value, ordering: .relaxed)
    }
}
