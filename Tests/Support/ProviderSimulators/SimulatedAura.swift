internal import Foundation
internal import Synchronization

/// Deepgram's text-to-speech socket (`/v1/speak`) for the integration tests, as it is documented.
package final class SimulatedAura: Sendable {
    package let log = SimulatedSpeechLog()
    private let server: SimulatedServer

    package var url: String { "ws://127.0.0.1:\(server.port)" }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - key: the only one that is welcome.
    ///   - script: how it behaves.
    /// - Throws: when no port can be bound.
    package init(
        port: Int = 0, key: String = "key",
        script: SimulatedSpeechScript = SimulatedSpeechScript()
    ) async throws {
        let log = log
        let handshakes = Mutex(0)
        let refusal = Mutex<(Int, [(String, String)])>((404, []))
        server = try await SimulatedServer(port: port) { request in
            guard request.path == "/v1/speak" else { return .refuse }
            guard request.header("authorization") == "Token \(key)" else {
                refusal.withLock { $0 = (401, [("dg-error", "Invalid credentials.")]) }
                return .refuse
            }
            if case .refuse(let status, let seconds, _) = script.fault(
                handshakes.withLock { $0 }, at: .handshake)
            {
                handshakes.withLock { $0 += 1 }
                let headers = seconds.map { [("Retry-After", "\($0)")] } ?? []
                refusal.withLock { $0 = (status, headers + [("dg-error", "scripted")]) }
                return .refuse
            }
            return .accept { request, socket in
                handshakes.withLock { $0 += 1 }
                log.note { $0.requests.append(request) }
                defer { log.note { $0.endedCount += 1 } }
                try await AuraSession(socket, request, script: script, log: log).run()
            }
        } http: { request, exchange in
            log.note { $0.requests.append(request) }
            let (status, headers) = refusal.withLock { $0 }
            try await exchange.answer(status: status, headers: headers)
        }
    }

    package func stop() async { await server.stop() }
}

/// One socket: text is buffered until `Flush`, `Clear` ends what is being said.
private final class AuraSession: Sendable {
    private let socket: SimulatedSocket
    private let voice: SimulatedVoice
    private let script: SimulatedSpeechScript
    private let log: SimulatedSpeechLog

    init(
        _ socket: SimulatedSocket, _ request: SimulatedRequest, script: SimulatedSpeechScript,
        log: SimulatedSpeechLog
    ) {
        self.socket = socket
        self.script = script
        self.log = log
        let rate = request.query("sample_rate").first.flatMap { Int($0) }
        voice =
            switch request.query("encoding").first {
            case "mulaw": SimulatedVoice(.muLaw, hertz: rate ?? 8_000)
            case "alaw": SimulatedVoice(.aLaw, hertz: rate ?? 8_000)
            default: SimulatedVoice(.linear16, hertz: rate ?? 24_000)  // documented as usual
            }
    }

    private struct Order: Decodable {
        let type: String
        let text: String?
    }

    func run() async throws {
        try await socket.send(
            #"{"type":"Metadata","request_id":"r","model_name":"m","model_version":"1","model_uuid":"u"}"#
        )
        var (text, sequence, flushes) = ("", 0, 0)
        var speaking: (task: Task<Void, any Error>, text: String)?
        defer { speaking?.task.cancel() }
        for await arrival in socket.arrivals {
            guard case .text(let json) = arrival.message,
                let order = try? JSONDecoder().decode(Order.self, from: Data(json.utf8))
            else { break }
            switch order.type {
            case "Speak":
                guard let more = order.text, more.count <= 2_000 else {
                    try await socket.close(code: 1_008, reason: "DATA-0001")
                    return
                }
                text += more
            case "Flush":
                flushes += 1
                guard flushes <= 20 else {
                    try await socket.send(
                        #"{"type":"Warning","code":"TOO_MANY_FLUSHES","description":"wait"}"#)
                    continue
                }
                let (said, before, place) = (text, speaking?.task, sequence)
                let number = log.note { state in
                    state.texts.append(said)
                    return state.texts.count - 1
                }
                speaking = (
                    Task {
                        try? await before?.value
                        try await self.speak(said, number, place, arrival.arrivedAt)
                    }, said
                )
                (text, sequence) = ("", sequence + 1)
            case "Clear":
                if let (task, said) = speaking {
                    task.cancel()
                    let wasCut = await task.result.isFailure
                    if wasCut { log.note { $0.cancelled.append(said) } }
                }
                (text, speaking) = ("", nil)
                try await socket.send(#"{"type":"Cleared","sequence_id":\#(sequence)}"#)
                sequence += 1
            case "Close":
                try await socket.close()
                return
            default: log.note { $0.keepAliveCount += 1 }  // a name from outside
            }
        }
    }

    private func speak(
        _ text: String, _ number: Int, _ sequence: Int, _ askedAt: ContinuousClock.Instant
    ) async throws {
        let fault = script.fault(number, at: .text)
        script.observe(text, .asked, askedAt)
        let due = askedAt.advanced(by: script.latency)
        let audio = voice.octets(of: text)
        try await Task.sleep(until: due, clock: .continuous)
        if case .stallBeforeFirst = fault { return try await Task.sleep(for: .seconds(60)) }
        if case .error(let message) = fault {
            try await socket.send(message)
            return try await socket.close(code: 1_011, reason: "NET-0000")
        }
        var start = 0
        while voice.octetCount(milliseconds: start) < audio.count {
            let end = start + script.pieceMilliseconds
            switch fault {
            case .stallAfter(let limit) where end > limit:
                return try await Task.sleep(for: .seconds(60))
            case .garbageAfter(let limit) where end > limit:
                return try await socket.send("<html>no JSON</html>")
            case .abortAfter(let limit) where end > limit: return await socket.abort()
            case .closeAfter(let limit, let code) where end > limit:
                return try await socket.close(code: code)
            case .stallAfter, .garbageAfter, .abortAfter, .closeAfter, .refuse,
                .stallBeforeFirst, .error, nil:
                break
            }
            let last = min(audio.count, voice.octetCount(milliseconds: end))
            try await socket.send(
                Array(audio[voice.octetCount(milliseconds: start)..<last]))
            if start == 0 { script.observe(text, .firstAudio, .now) }
            start = end
            try await Task.sleep(for: script.interval)
        }
        log.note { $0.completed.append(text) }
        try await socket.send(#"{"type":"Flushed","sequence_id":\#(sequence)}"#)
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        switch self {
        case .success: false
        case .failure: true
        }
    }
}
