internal import Foundation
internal import NIOCore
internal import Synchronization

/// Deepgram's `/v1/listen` on loopback, for integration tests and for calls without a cloud.
///
/// It understands `SimulatedWords` in µ-law at 8 kHz. What it takes and says follows Deepgram's
/// documentation alone.
package final class SimulatedDeepgram: Sendable {
    /// What befalls one connection; times are of the audio it was sent.
    package enum Fault: Equatable, Sendable {
        case refuse(status: Int)
        /// Cut with a reset.
        case drop(afterMilliseconds: Int)
        case close(code: UInt16, afterMilliseconds: Int)
        /// Octets that are no frame.
        case garbage(afterMilliseconds: Int)
        /// A text message that is no JSON.
        case nonsense(afterMilliseconds: Int)
        /// Reads on and says nothing any more.
        case stall(afterMilliseconds: Int)
        /// Says farewell, says nothing more, and keeps the connection.
        case halfClose(afterMilliseconds: Int)

        var afterOctets: Int? {
            switch self {
            case .refuse: nil
            case .drop(let time), .close(_, let time), .garbage(let time), .nonsense(let time),
                .stall(let time), .halfClose(let time):
                time * 8
            }
        }
    }

    /// What one connection was told.
    package struct Connection: Sendable {
        package let request: SimulatedRequest
        package internal(set) var audio: [UInt8] = []
        /// The types of its text messages, in order.
        package internal(set) var texts: [String] = []
        package internal(set) var isOver = false
    }

    package struct Script: Sendable {
        package enum Progress: Sendable {
            case asked
            /// By a `Finalize` that came when it had been drawn out already.
            case askedAgain
            case answered
        }
        package enum Moment: Sendable { case handshake, audio }

        package var key = "test-key"
        package var words: SimulatedWords
        /// Understood instead of `words`.
        package var recordings: SimulatedRecordings?
        /// Asked instead of `faults` by a server whose faults are ordered while it runs; once for each
        /// handshake and for each piece of audio.
        package var orderedFault: (@Sendable (Moment) -> Fault?)?
        /// Told of each message with final words, when that came which drew it out (`Finalize`, or the
        /// audio behind the last word) and, the moment before, when it went out.
        package var observe: @Sendable (String, Progress, ContinuousClock.Instant) -> Void = {
            _, _, _ in
        }
        /// A word that is understood at the end of each final window, beside those that were said;
        /// given the number of the connection.
        package var addedWord: (@Sendable (Int) -> String)?
        /// Of the first connection, the second and so on; those after the last are served well.
        package var faults: [Fault?] = []
        /// Before each answer.
        package var latency = Duration.zero
        /// Of audio between interim results.
        package var interimMilliseconds = 200

        package init(words: SimulatedWords) { self.words = words }
    }

    private let server: SimulatedServer
    private let log: Log

    package var url: String { "ws://127.0.0.1:\(server.port)" }
    package var connections: [Connection] { log.connections.withLock { $0 } }
    /// Handshakes, refused ones too.
    package var attemptCount: Int { log.attempts.withLock { $0 } }

    package init(port: Int = 0, _ script: Script) async throws {
        let log = Log()
        self.log = log
        server = try await SimulatedServer(
            port: port,
            upgrade: { request in
                let ordered = script.orderedFault?(.handshake)
                if case .refuse(let status) = ordered {
                    log.orderedRefusal.withLock { $0 = status }
                    return .refuse
                }
                guard Self.refusal(request, script, attempt: log.attempts.withLock { $0 }) == nil
                else { return .refuse }
                return .accept { request, socket in
                    let attempt = log.attempts.withLock { attempts in
                        defer { attempts += 1 }
                        return attempts
                    }
                    let fault = attempt < script.faults.count ? script.faults[attempt] : nil
                    try await Self.serve(request, socket, script, fault, log)
                }
            },
            http: { request, exchange in
                let attempt = log.attempts.withLock { attempts in
                    defer { attempts += 1 }
                    return attempts
                }
                let ordered = log.orderedRefusal.withLock { status in
                    defer { status = nil }
                    return status
                }
                let (status, reason) =
                    ordered.map { ($0, "ORDERED") }
                    ?? Self.refusal(request, script, attempt: attempt) ?? (404, "NOT_FOUND")
                try await exchange.answer(
                    status: status,
                    headers: [("dg-error", reason), ("dg-request-id", "6f0c")]
                        + (status == 429 ? [("Retry-After", "1")] : []),
                    body: #"{"err_code":"\#(reason)","err_msg":"\#(reason)"}"#)
            })
    }

    package func stop() async { await server.stop() }

    /// Which status a handshake gets, and why; `nil`: it is welcome.
    private static func refusal(
        _ request: SimulatedRequest, _ script: Script, attempt: Int
    ) -> (Int, String)? {
        if attempt < script.faults.count, case .refuse(let status) = script.faults[attempt] {
            return (status, "SCRIPTED")
        }
        guard request.path == "/v1/listen" else { return (404, "NOT_FOUND") }
        guard request.header("Authorization") == "Token \(script.key)" else {
            return (401, "INVALID_AUTH")
        }
        guard let model = request.query("model").first, model.hasPrefix("nova") else {
            return (400, "no such model")
        }
        guard request.query("encoding").count == 1, request.query("sample_rate").count == 1 else {
            return (400, "raw audio needs encoding and sample_rate")
        }
        guard request.query("keyterm").isEmpty || model.hasPrefix("nova-3") else {
            return (400, "keyterm needs nova-3")
        }
        guard
            request.query("utterance_end_ms").isEmpty
                || request.query("interim_results") == ["true"]
        else { return (400, "utterance_end_ms needs interim_results") }
        return nil
    }

    private static func serve(
        _ request: SimulatedRequest, _ socket: SimulatedSocket, _ script: Script, _ fault: Fault?,
        _ log: Log
    ) async throws {
        let index = log.connections.withLock { connections in
            connections.append(Connection(request: request))
            return connections.count - 1
        }
        defer { log.connections.withLock { $0[index].isOver = true } }
        var listening = DeepgramListening(
            request, words: script.words, recordings: script.recordings,
            interimMilliseconds: script.interimMilliseconds,
            addedWord: script.addedWord.map { word in { word(index) } })
        var isSilent = false
        // Each answer takes as long, however many are under way; they come in order.
        var sending: Scheduled<ContinuousClock.Instant>?
        var lastFinal: String?
        defer { sending?.cancel() }
        func say(_ messages: [String], to heard: SimulatedSocket.Arrival) async throws {
            guard !isSilent, !messages.isEmpty else { return }
            let due = heard.arrivedAt.advanced(by: script.latency)
            for message in messages {
                let write = socket.write(message, at: due)
                sending = write
                guard message.contains(DeepgramListening.finalMark) else { continue }
                lastFinal = message
                script.observe(message, .asked, heard.arrivedAt)
                write.futureResult.whenSuccess { script.observe(message, .answered, $0) }
            }
            if script.latency == .zero { _ = try await sending?.futureResult.get() }
        }
        for await heard in socket.arrivals {
            switch heard.message {
            case .binary(let octets):
                // An empty message is the end of the stream.
                guard !octets.isEmpty else { return try await socket.close() }
                log.connections.withLock { $0[index].audio += octets }
                try await say(listening.hear(octets), to: heard)
                guard !isSilent, let fault = script.orderedFault?(.audio) ?? fault,
                    let limit = fault.afterOctets,
                    listening.position >= limit
                else { continue }
                switch fault {
                case .refuse: break
                case .drop: return await socket.abort()
                case .close(let code, _): return try await socket.close(code: code, reason: "NET")
                case .garbage: return try await socket.sendGarbage(Array("{\"type\":".utf8))
                case .nonsense:
                    try await socket.send("<html>502</html>")
                    isSilent = true
                case .stall: isSilent = true
                case .halfClose:
                    try await socket.close(code: 1_011, reason: "NET-0000")
                    isSilent = true
                }
            case .text(let text):
                let type = Self.type(of: text)
                log.connections.withLock { $0[index].texts.append(type ?? text) }
                switch type {
                case "KeepAlive": break
                case "Finalize":
                    if let answer = listening.finalize() {
                        try await say([answer], to: heard)
                    } else if let lastFinal {
                        script.observe(lastFinal, .askedAgain, heard.arrivedAt)
                    }
                case "CloseStream":
                    try await say(listening.closeStream(), to: heard)
                    _ = try await sending?.futureResult.get()
                    return try await socket.close()
                default:  // texts of a client
                    try await say(
                        [#"{"type":"Error","variant":"SchemaError","description":"unknown"}"#],
                        to: heard)
                }
            case .closed: return
            }
        }
    }

    private static func type(of text: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        return (object as? [String: Any])?["type"] as? String
    }

    private final class Log: Sendable {
        let connections = Mutex<[Connection]>([])
        let attempts = Mutex(0)
        let orderedRefusal = Mutex<Int?>(nil)
    }
}
