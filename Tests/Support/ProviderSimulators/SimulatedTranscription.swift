internal import Synchronization

/// A server for `POST /v1/audio/transcriptions` on loopback, for integration tests; as the documentation of
/// OpenAI's form has it.
package final class SimulatedTranscription: Sendable {
    package enum Fault: Equatable, Sendable {
        case status(Int)
        case drop
        case garbage
        case stall
    }

    /// What one request held.
    package struct Form: Sendable {
        package let fields: [String: String]
        package let file: [UInt8]
        package let authorization: String?
    }

    private let server: SimulatedServer
    private let received: Received

    package var url: String { "http://127.0.0.1:\(server.port)/v1" }
    package var forms: [Form] { received.forms.withLock { $0 } }

    /// - Parameters:
    ///   - transcript: of every utterance.
    ///   - faults: of the first request, the second and so on.
    /// - Throws: when no port can be bound.
    package convenience init(transcript: String, faults: [Fault?] = []) async throws {
        try await self.init(
            hear: { _ in transcript }, fault: { $0 < faults.count ? faults[$0] : nil })
    }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - latency: of every answer.
    ///   - hear: gives the transcript of a WAV file.
    ///   - fault: by the number of the request.
    /// - Throws: when the port cannot be bound.
    package init(
        port: Int = 0, latency: Duration = .zero, hear: @escaping @Sendable ([UInt8]) -> String,
        fault: @escaping @Sendable (Int) -> Fault?
    ) async throws {
        let received = Received()
        self.received = received
        server = try await SimulatedServer(
            port: port,
            http: { request, exchange in
                guard request.method == "POST", request.path == "/v1/audio/transcriptions",
                    let form = Self.form(of: request)
                else { return try await exchange.answer(status: 400) }
                let index = received.forms.withLock { forms in
                    forms.append(form)
                    return forms.count - 1
                }
                switch fault(index) {
                case .status(let status): try await exchange.answer(status: status)
                case .drop: await exchange.abort()
                case .garbage: try await exchange.answer(status: 200, body: "<html>")
                case .stall: try await Task.sleep(for: .seconds(60))
                case nil:
                    let transcript = hear(form.file)
                    try await Task.sleep(for: latency)
                    try await exchange.answer(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body:
                            #"{"text":" \#(transcript)\n","usage":{"type":"duration","seconds":1}}"#
                    )
                }
            })
    }

    package func stop() async { await server.stop() }

    private static func form(of request: SimulatedRequest) -> Form? {
        let type = request.header("Content-Type") ?? ""
        guard type.hasPrefix("multipart/form-data; boundary=") else { return nil }
        let boundary = Array(("--" + type.dropFirst(30)).utf8)
        var fields: [String: String] = [:]
        var file: [UInt8] = []
        for part in request.body.split(separator: boundary).dropLast() {
            guard let gap = part.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
            let content = part[gap.upperBound...].dropLast(2)
            let names = head.split(separator: "name=\"")
            guard names.count > 1, let name = names[1].split(separator: "\"").first else {
                return nil
            }
            if name == "file" {
                file = Array(content)
            } else {
                fields[String(name)] = String(decoding: content, as: UTF8.self)
            }
        }
        return Form(
            fields: fields, file: file, authorization: request.header("Authorization"))
    }

    private final class Received: Sendable {
        let forms = Mutex<[Form]>([])
    }
}
