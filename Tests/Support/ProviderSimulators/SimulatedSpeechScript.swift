internal import Synchronization

/// How slowly or badly the integration tests' voices behave.
package struct SimulatedSpeechScript: Sendable {
    package enum Fault: Sendable {
        /// Instead of the handshake or the answer; for the first request of a socket.
        case refuse(status: Int, retryAfterSeconds: Int? = nil, body: String = "{}")
        case stallBeforeFirst
        /// After so much audio.
        case stallAfter(milliseconds: Int)
        /// Something that is not the protocol, after so much audio.
        case garbageAfter(milliseconds: Int)
        /// The connection is reset after so much audio.
        case abortAfter(milliseconds: Int)
        /// A close frame or an orderly end of the connection after so much audio.
        case closeAfter(milliseconds: Int, code: UInt16 = 1_000)
        /// The protocol's own error message.
        case error(String)
    }

    package enum Moment: Sendable { case handshake, text }
    package enum Progress: Sendable { case asked, firstAudio }

    /// Before the first audio of each request.
    package var latency = Duration.zero
    /// Between two messages of audio.
    package var interval = Duration.zero
    /// Of one message.
    package var pieceMilliseconds = 90
    /// By the number of the request, or of the handshake, from 0 on.
    package var fault: @Sendable (Int) -> Fault? = { _ in nil }
    /// Asked instead of `fault` by servers whose faults are ordered while they run; once for each
    /// handshake, and once for each text.
    package var orderedFault: (@Sendable (Moment) -> Fault?)?
    /// Told of each text when it was asked for and, the moment before, when its first audio went out.
    package var observe: @Sendable (String, Progress, ContinuousClock.Instant) -> Void = {
        _, _, _ in
    }

    package init() {}

    func fault(_ number: Int, at moment: Moment) -> Fault? {
        if let orderedFault { orderedFault(moment) } else { fault(number) }
    }
}

/// What the integration tests' voices were asked, in order.
package final class SimulatedSpeechLog: Sendable {
    package struct State: Sendable {
        /// Handshakes and HTTP requests.
        package var requests: [SimulatedRequest] = []
        /// Texts that were to be spoken.
        package var texts: [String] = []
        /// Texts whose last octet was sent.
        package var completed: [String] = []
        /// Texts whose generation was ended by the client.
        package var cancelled: [String] = []
        /// Messages that mean nothing but that the connection is wanted.
        package var keepAliveCount = 0
        /// Sockets that have ended.
        package var endedCount = 0
    }
    private let state = Mutex(State())

    package init() {}

    package var all: State { state.withLock { $0 } }

    func note<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }

    /// Waits until it is so; at most five seconds.
    ///
    /// - Returns: whether it came to be.
    package func until(_ isSo: @Sendable (State) -> Bool) async -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(5))
        while clock.now < deadline {
            if isSo(all) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return isSo(all)
    }
}
