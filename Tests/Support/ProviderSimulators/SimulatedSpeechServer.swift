internal import Foundation
internal import Synchronization

/// OpenAI's `audio/speech` for the integration tests, and what local engines make of it.
package final class SimulatedSpeechServer: Sendable {
    package let log = SimulatedSpeechLog()
    private let server: SimulatedServer

    package var url: String { "http://127.0.0.1:\(server.port)/v1" }

    private struct Order: Decodable {
        let model: String
        let input: String
        let voice: String
        let responseFormat: String?

        private enum CodingKeys: String, CodingKey {
            case model
            case input
            case voice
            case responseFormat = "response_format"
        }
    }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - key: the only one that is welcome; `nil`: anyone is.
    ///   - hertz: of its audio.
    ///   - script: how it behaves.
    /// - Throws: when no port can be bound.
    package init(
        port: Int = 0, key: String? = "key", hertz: Int = 24_000,
        script: SimulatedSpeechScript = SimulatedSpeechScript()
    ) async throws {
        let log = log
        let voice = SimulatedVoice(.linear16, hertz: hertz)
        server = try await SimulatedServer(
            port: port,
            http: { request, exchange in
                let number = log.note { state in
                    state.requests.append(request)
                    return state.requests.count - 1
                }
                guard request.method == "POST", request.path == "/v1/audio/speech" else {
                    return try await exchange.answer(status: 404)
                }
                if let key, request.header("authorization") != "Bearer \(key)" {
                    return try await exchange.answer(
                        status: 401, body: #"{"error":{"code":"invalid_api_key"}}"#)
                }
                guard let order = try? JSONDecoder().decode(Order.self, from: Data(request.body)),
                    order.input.count <= 4_096
                else { return try await exchange.answer(status: 400) }
                log.note { $0.texts.append(order.input) }
                do {
                    try await Self.speak(
                        order.input, as: order.responseFormat ?? "mp3", voice, exchange, script,
                        script.fault(number, at: .text), askedAt: request.arrivedAt)
                    log.note { $0.completed.append(order.input) }
                } catch {
                    log.note { $0.cancelled.append(order.input) }
                    throw error
                }
            })
    }

    package func stop() async { await server.stop() }

    private static func speak(
        _ text: String, as format: String, _ voice: SimulatedVoice,
        _ exchange: SimulatedExchange, _ script: SimulatedSpeechScript,
        _ fault: SimulatedSpeechScript.Fault?, askedAt: ContinuousClock.Instant
    ) async throws {
        script.observe(text, .asked, askedAt)
        let due = askedAt.advanced(by: script.latency)
        switch fault {
        case .refuse(let status, let seconds, let body):
            let headers = seconds.map { [("Retry-After", "\($0)")] } ?? []
            return try await exchange.answer(status: status, headers: headers, body: body)
        case .error(let body):
            return try await exchange.answer(
                status: 200, headers: [("Content-Type", "application/json")], body: body)
        case .stallBeforeFirst: try await Task.sleep(for: .seconds(60))
        case .stallAfter, .garbageAfter, .abortAfter, .closeAfter, nil: break
        }
        try await Task.sleep(until: due, clock: .continuous)
        try await exchange.begin(
            status: 200, headers: [("Content-Type", format == "wav" ? "audio/wav" : "audio/pcm")])
        var audio = voice.octets(of: text)
        if format == "wav" { audio = header(voice.hertz) + audio }
        // Odd lengths: a sample may come in two pieces.
        let length = voice.octetCount(milliseconds: script.pieceMilliseconds) | 1
        var start = 0
        while start < audio.count {
            let end = min(audio.count, start + length)
            let limit = { voice.octetCount(milliseconds: $0) }
            switch fault {
            case .stallAfter(let milliseconds) where end > limit(milliseconds):
                try await Task.sleep(for: .seconds(60))
            case .abortAfter(let milliseconds) where end > limit(milliseconds):
                return await exchange.abort()
            case .closeAfter(let milliseconds, _) where end > limit(milliseconds): return
            case .garbageAfter(let milliseconds) where end > limit(milliseconds):
                return try await exchange.write("no audio")
            case .stallAfter, .abortAfter, .closeAfter, .garbageAfter, .refuse, .error,
                .stallBeforeFirst, nil:
                break
            }
            try await exchange.write(Array(audio[start..<end]))
            if start == 0 { script.observe(text, .firstAudio, .now) }
            start = end
            try await Task.sleep(for: script.interval)
        }
        try await exchange.end()
    }

    /// A RIFF header whose lengths are unknown, with a chunk that nobody needs.
    private static func header(_ hertz: Int) -> [UInt8] {
        let number = { (value: Int, count: Int) in
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let unknown = number(0xFFFF_FFFF, 4)
        let format = number(1, 2) + number(1, 2) + number(hertz, 4) + number(hertz * 2, 4)
        return Array("RIFF".utf8) + unknown + Array("WAVEfmt ".utf8) + number(16, 4) + format
            + number(2, 2) + number(16, 2) + Array("LIST".utf8) + number(3, 4)
            + Array("abc".utf8) + [0] + Array("data".utf8) + unknown
    }
}
