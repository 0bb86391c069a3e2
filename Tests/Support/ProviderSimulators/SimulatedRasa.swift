internal import Synchronization

/// A Rasa server for the integration tests: the REST channel and `/model/parse`, as its documents
/// describe them.
package final class SimulatedRasa: Sendable {
    package enum Fault: Sendable {
        /// With Rasa's error body.
        case status(Int)
        /// An action threw: the channel answers with what was said before it, often nothing.
        case brokenAction
        case garbage
        case stall
        case closeMidBody
    }

    /// What became of one request of the REST channel.
    package struct Turn: Equatable, Sendable {
        package let sender: String
        package let message: String
        package let channel: String
    }

    /// Answers a turn with messages, each a JSON object without its recipient.
    package typealias Dialogue = @Sendable (Turn) -> [String]

    private let server: SimulatedServer
    private let log: Log

    package var url: String { "http://127.0.0.1:\(server.port)" }
    package var turns: [Turn] { log.turns.withLock { $0 } }

    private final class Log: Sendable {
        let turns = Mutex<[Turn]>([])
    }

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - token: of `--auth-token`; guards the API but not the channel.
    ///   - fault: happens to every request.
    ///   - orderedFault: asked instead, once for each request.
    ///   - parse: the whole answer of `/model/parse` to a text.
    ///   - dialogue: answers the REST channel.
    /// - Throws: when the port cannot be bound.
    package init(
        port: Int = 0, token: String? = nil, fault: Fault? = nil,
        orderedFault: (@Sendable () -> Fault?)? = nil,
        parse: @escaping @Sendable (String) -> String = { _ in "{}" },
        dialogue: @escaping Dialogue = { _ in [] }
    ) async throws {
        let log = Log()
        self.log = log
        server = try await SimulatedServer(
            port: port,
            http: { request, exchange in
                let fault = if let orderedFault { orderedFault() } else { fault }
                switch fault {
                case .status(let status): return try await exchange.fail(status)
                case .garbage: return try await exchange.answer(status: 200, body: "<html>")
                case .stall: return try await Task.sleep(for: .seconds(3_600))
                case .closeMidBody:
                    try await exchange.begin(status: 200)
                    return try await exchange.write(#"[{"recipient_id":"c","te"#)
                case .brokenAction, nil: break
                }
                if request.method == "GET", request.path == "/status" {
                    return try await exchange.answer(
                        status: token == nil || request.query("token") == [token ?? ""] ? 200 : 401,
                        headers: [("Content-Type", "application/json")],
                        body: #"{"model_file":"20261120.tar.gz","num_active_training_jobs":0}"#)
                }
                guard let body = SimulatedJSON.object(request.body), request.method == "POST"
                else { return try await exchange.fail(400) }
                switch request.path {
                case "/webhooks/rest/webhook":
                    let turn = Turn(
                        sender: body["sender"] as? String ?? "default",
                        message: body["message"] as? String ?? "",
                        channel: body["input_channel"] as? String ?? "rest")
                    log.turns.withLock { $0.append(turn) }
                    let messages = fault == nil ? dialogue(turn) : []
                    let answer = messages.map { message in
                        var message = SimulatedJSON.object(message)
                        message["recipient_id"] = turn.sender
                        return SimulatedJSON.text(message)
                    }
                    try await exchange.answer(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body: "[" + answer.joined(separator: ",") + "]")
                case "/model/parse":
                    if let token, request.query("token") != [token] {
                        return try await exchange.fail(401)
                    }
                    try await exchange.answer(
                        status: 200, headers: [("Content-Type", "application/json")],
                        body: parse(body["text"] as? String ?? ""))
                default: try await exchange.fail(404)
                }
            })
    }

    package func stop() async { await server.stop() }
}

extension SimulatedExchange {
    fileprivate func fail(_ status: Int) async throws {
        try await answer(
            status: status, headers: [("Content-Type", "application/json")],
            body: SimulatedJSON.text([
                "version": "3.6.20", "status": "failure", "reason": "Scripted", "code": status,
            ]))
    }
}
