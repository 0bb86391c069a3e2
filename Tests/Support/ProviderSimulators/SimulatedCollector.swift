internal import Synchronization

/// A collector of traces for the integration tests, as OTLP/HTTP describes one: `POST /v1/traces`
/// with a JSON body whose spans are as opentelemetry-proto and its JSON encoding want them.
///
/// What is not so is answered with 400, as a real collector would.
package final class SimulatedCollector: Sendable {
    /// What a request is answered with.
    package struct Answer: Sendable {
        let status: Int
        let retryAfter: String?
        let body: String

        package init(status: Int, retryAfter: String? = nil, body: String = "{}") {
            self.status = status
            self.retryAfter = retryAfter
            self.body = body
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [SimulatedRequest] = []
    }

    private let server: SimulatedServer

    package var url: String { "http://127.0.0.1:\(server.port)" }
    package var requests: [SimulatedRequest] { state.value.withLock { $0.requests } }
    private let state: Box

    private final class Box: Sendable {
        let value: Mutex<State>

        init(_ answers: [Answer]) { value = Mutex(State(answers: answers)) }
    }

    /// - Parameter answers: to the requests in turn; further ones are taken.
    /// - Throws: when no port can be bound.
    package init(answers: [Answer] = []) async throws {
        let state = Box(answers)
        self.state = state
        server = try await SimulatedServer(http: { request, exchange in
            let scripted = state.value.withLock {
                $0.requests.append(request)
                return $0.answers.isEmpty ? nil : $0.answers.removeFirst()
            }
            if let fault = Self.fault(in: request) {
                return try await exchange.answer(status: 400, body: fault)
            }
            let answer = scripted ?? Answer(status: 200)
            var headers = [("Content-Type", "application/json")]
            if let wait = answer.retryAfter { headers.append(("Retry-After", wait)) }
            try await exchange.answer(status: answer.status, headers: headers, body: answer.body)
        })
    }

    package func stop() async { await server.stop() }

    /// The spans of all requests that were taken, as objects.
    package var spans: [[String: Any]] { requests.flatMap { Self.spans(in: $0) ?? [] } }

    /// The names of a request's spans, in order.
    package static func names(in request: SimulatedRequest) -> [String] {
        (spans(in: request) ?? []).compactMap { $0["name"] as? String }
    }

    private static func spans(in request: SimulatedRequest) -> [[String: Any]]? {
        guard let body = SimulatedJSON.object(request.body),
            let resources = body["resourceSpans"] as? [[String: Any]]
        else { return nil }
        let scopes = resources.flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
        return scopes.flatMap { $0["spans"] as? [[String: Any]] ?? [] }
    }

    // MARK: What the specification wants

    private static func fault(in request: SimulatedRequest) -> String? {
        guard request.method == "POST", request.path == "/v1/traces" else { return "no such path" }
        guard request.header("content-type") == "application/json" else { return "content type" }
        guard let spans = spans(in: request), !spans.isEmpty else { return "no spans" }
        for span in spans {
            for (name, digits) in [("traceId", 32), ("spanId", 16)] {
                guard isID(span[name], digits) else { return name }
            }
            if span["parentSpanId"] != nil, !isID(span["parentSpanId"], 16) {
                return "parentSpanId"
            }
            guard let kind = span["kind"] as? Int, (1...5).contains(kind) else { return "kind" }
            guard span["name"] is String else { return "name" }
            guard let start = (span["startTimeUnixNano"] as? String).flatMap({ UInt64($0) }),
                let end = (span["endTimeUnixNano"] as? String).flatMap({ UInt64($0) }),
                start <= end
            else { return "times" }
            for attribute in span["attributes"] as? [[String: Any]] ?? [] {
                guard attribute["key"] is String, let value = attribute["value"] as? [String: Any],
                    value.count == 1, isValue(value)
                else { return "attributes" }
            }
        }
        return nil
    }

    private static func isID(_ value: Any?, _ digits: Int) -> Bool {
        guard let text = value as? String, text.count == digits else { return false }
        return text.allSatisfy(\.isHexDigit) && text.contains { $0 != "0" }
    }

    private static func isValue(_ value: [String: Any]) -> Bool {
        switch value.first?.key {
        case "stringValue": value["stringValue"] is String
        case "intValue": (value["intValue"] as? String).flatMap { Int64($0) } != nil
        case "doubleValue": value["doubleValue"] is Double
        case "boolValue": value["boolValue"] is Bool
        default: false  // text of a client
        }
    }
}
