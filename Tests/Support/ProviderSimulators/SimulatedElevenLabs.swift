internal import Foundation
internal import Synchronization

/// ElevenLabs' text-to-speech sockets for the integration tests, as its protocol is documented:
/// stream-input and multi-stream-input.
package final class SimulatedElevenLabs: Sendable {
    package let log = SimulatedSpeechLog()
    private let server: SimulatedServer

    package var url: String { "ws://127.0.0.1:\(server.port)" }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - key: the only one that is welcome.
    ///   - voices: those there are.
    ///   - script: how it behaves.
    /// - Throws: when no port can be bound.
    package init(
        port: Int = 0, key: String = "key", voices: Set<String> = ["voice"],
        script: SimulatedSpeechScript = SimulatedSpeechScript()
    ) async throws {
        let log = log
        let handshakes = Mutex(0)
        let refusal = Mutex<(Int, [(String, String)], String)>((404, [], "{}"))
        server = try await SimulatedServer(port: port) { request in
            let parts = request.path.split(separator: "/")
            guard parts.count == 4, parts[0] == "v1", parts[1] == "text-to-speech",
                parts[3] == "stream-input" || parts[3] == "multi-stream-input"
            else { return .refuse }
            guard request.header("xi-api-key") == key else {
                refusal.withLock { $0 = (401, [], #"{"detail":{"status":"invalid_api_key"}}"#) }
                return .refuse
            }
            let number = handshakes.withLock { $0 }
            if case .refuse(let status, let seconds, let body) = script.fault(
                number, at: .handshake)
            {
                handshakes.withLock { $0 += 1 }
                let headers = seconds.map { [("Retry-After", "\($0)")] } ?? []
                refusal.withLock { $0 = (status, headers, body) }
                return .refuse
            }
            return .accept { request, socket in
                handshakes.withLock { $0 += 1 }
                log.note { $0.requests.append(request) }
                let session = ElevenLabsSession(
                    socket, isMulti: parts[3] == "multi-stream-input",
                    format: request.query("output_format").first ?? "mp3_44100_128",
                    script: script, log: log)
                defer { log.note { $0.endedCount += 1 } }
                guard voices.contains(String(parts[2])) else {
                    try await session.fail("voice_not_found", "A voice does not exist")
                    return
                }
                try await session.run()
            }
        } http: { request, exchange in
            log.note { $0.requests.append(request) }
            let (status, headers, body) = refusal.withLock { $0 }
            try await exchange.answer(status: status, headers: headers, body: body)
        }
    }

    package func stop() async { await server.stop() }
}

/// One socket, with its contexts.
private final class ElevenLabsSession: Sendable {
    private struct Context {
        var text = ""
        var isSpeaking = false
        var isClosed = false
    }

    private let socket: SimulatedSocket
    private let isMulti: Bool
    private let voice: SimulatedVoice
    private let script: SimulatedSpeechScript
    private let log: SimulatedSpeechLog
    private let contexts = Mutex<[String: Context]>([:])

    init(
        _ socket: SimulatedSocket, isMulti: Bool, format: String, script: SimulatedSpeechScript,
        log: SimulatedSpeechLog
    ) {
        self.socket = socket
        self.isMulti = isMulti
        self.script = script
        self.log = log
        voice =
            switch format {
            case "ulaw_8000": SimulatedVoice(.muLaw, hertz: 8_000)
            case "alaw_8000": SimulatedVoice(.aLaw, hertz: 8_000)
            default:  // a name from outside
                SimulatedVoice(.linear16, hertz: Int(format.dropFirst(4)) ?? 44_100)
            }
    }

    func fail(_ error: String, _ message: String) async throws {
        try await socket.send(
            #"{"message":"\#(message)","error":"\#(error)","code":1008}"#)
        try await socket.close(code: 1_008, reason: error)
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            reading: for await arrival in socket.arrivals {
                guard case .text(let text) = arrival.message else { break }
                guard
                    let fields = (try? JSONSerialization.jsonObject(with: Data(text.utf8)))
                        as? [String: Any]
                else {
                    try await fail("invalid_input_message", "no JSON")
                    break
                }
                for order in try await orders(fields) {
                    switch order {
                    case .speak(let context, let text):
                        let number = log.note { state in
                            state.texts.append(text)
                            return state.texts.count - 1
                        }
                        group.addTask {
                            try await self.speak(text, context, number, arrival.arrivedAt)
                        }
                    case .end(let context):
                        if try await finish(context), !isMulti {
                            try await socket.close()
                            break reading
                        }
                    case .hangUp:
                        try? await socket.close()
                        break reading
                    }
                }
            }
            // What was still being said when the client went is cancelled.
            let unfinished = contexts.withLock { $0.values.filter(\.isSpeaking).map(\.text) }
            log.note { $0.cancelled += unfinished }
            group.cancelAll()
        }
    }

    private enum Order {
        case speak(String, String)
        case end(String)
        case hangUp
    }

    private func orders(_ fields: [String: Any]) async throws -> [Order] {
        if fields["close_socket"] as? Bool == true { return [.hangUp] }
        let name = fields["context_id"] as? String ?? ""
        let text = fields["text"] as? String
        if isMulti, name.isEmpty {
            log.note { $0.keepAliveCount += 1 }
            return []
        }
        let isKnown = contexts.withLock { $0[name] != nil }
        guard isKnown else {
            guard text == " ", contexts.withLock({ $0.count }) < (isMulti ? 5 : 1) else {
                try await fail("invalid_input_message", "voice_settings field must be first")
                return [.hangUp]
            }
            contexts.withLock { $0[name] = Context() }
            return []
        }
        guard fields["voice_settings"] == nil else {
            try await fail("invalid_input_message", "voice_settings came twice")
            return [.hangUp]
        }
        if fields["close_context"] as? Bool == true || text == "" && !isMulti {
            return [.end(name)]
        }
        guard let text, !text.isEmpty, text != " " else {
            log.note { $0.keepAliveCount += 1 }
            return []
        }
        contexts.withLock {
            $0[name]?.text += text
            $0[name]?.isSpeaking = true
        }
        return [.speak(name, text)]
    }

    /// No more text comes; what was asked for is still spoken.
    ///
    /// - Returns: whether it is over.
    private func finish(_ name: String) async throws -> Bool {
        let isSilent = contexts.withLock { contexts in
            contexts[name]?.isClosed = true
            return contexts[name]?.isSpeaking == false
        }
        if isSilent { try await sendFinal(name) }
        return isSilent
    }

    private func sendFinal(_ name: String) async throws {
        contexts.withLock { $0[name] = nil }
        try await socket.send(
            isMulti
                ? #"{"isFinal":true,"contextId":"\#(name)"}"# : #"{"audio":null,"isFinal":true}"#)
    }

    private func speak(
        _ text: String, _ name: String, _ number: Int, _ askedAt: ContinuousClock.Instant
    ) async throws {
        let fault = script.fault(number, at: .text)
        script.observe(text, .asked, askedAt)
        var due = askedAt.advanced(by: script.latency)
        let audio = voice.octets(of: text)
        if fault != nil { try await Task.sleep(until: due, clock: .continuous) }
        if case .stallBeforeFirst = fault { return try await Task.sleep(for: .seconds(60)) }
        if case .error(let message) = fault {
            try await socket.send(message)
            return try await socket.close(code: 1_008)
        }
        let characters = SimulatedVoice.characterStarts(of: text)
        var start = 0
        while voice.octetCount(milliseconds: start) < audio.count {
            let end = start + script.pieceMilliseconds
            if let fault, try await happens(fault, at: end) { return }
            let octets = audio[
                voice.octetCount(
                    milliseconds: start)..<min(audio.count, voice.octetCount(milliseconds: end))]
            let here = characters.filter { $0.start >= start && $0.start < end }
            // Made before it is due.
            let message = message(
                Array(octets), here.map { ($0.character, $0.start - start) }, name)
            let sentAt = try await socket.send(message, at: due)
            if start == 0 { script.observe(text, .firstAudio, sentAt) }
            start = end
            due = due.advanced(by: script.interval)
        }
        log.note { $0.completed.append(text) }
        let isClosed = contexts.withLock { contexts in
            contexts[name]?.isSpeaking = false
            return contexts[name]?.isClosed == true
        }
        if isClosed {
            try await sendFinal(name)
            if !isMulti { try await socket.close() }
        }
    }

    private func happens(
        _ fault: SimulatedSpeechScript.Fault, at milliseconds: Int
    ) async throws -> Bool {
        switch fault {
        case .refuse, .stallBeforeFirst, .error: return false
        case .stallAfter(let limit) where milliseconds > limit:
            try await Task.sleep(for: .seconds(60))
        case .garbageAfter(let limit) where milliseconds > limit:
            try await socket.send("<html>no JSON</html>")
        case .abortAfter(let limit) where milliseconds > limit: await socket.abort()
        case .closeAfter(let limit, let code) where milliseconds > limit:
            try await socket.close(code: code)
        case .stallAfter, .garbageAfter, .abortAfter, .closeAfter: return false
        }
        return true
    }

    private func message(
        _ octets: [UInt8], _ characters: [(Character, Int)], _ name: String
    ) -> String {
        var fields: [String: Any] = ["audio": Data(octets).base64EncodedString()]
        fields["isFinal"] = NSNull()
        fields["alignment"] =
            [
                "chars": characters.map { String($0.0) },
                "charStartTimesMs": characters.map(\.1),
                "charDurationsMs": characters.map { _ in 5 },
            ] as [String: Any]
        if isMulti { fields["contextId"] = name }
        return SimulatedJSON.text(fields)
    }
}
