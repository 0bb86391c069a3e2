internal import Synchronization

/// HeyGen's Streaming API for the integration tests, as its documents describe it; nothing is seen
/// or heard of the avatar.
package final class SimulatedHeyGen: Sendable {
    package enum Fault: Sendable {
        /// Answered with this status and message.
        case refuse(status: Int, message: String = "scripted", retryAfter: Int? = nil)
        /// Answers late, by so much.
        case slow(Duration)
        /// Never answers.
        case stall
        case garbage
        /// The session is over for this call and for all that name it from then on.
        case sessionEnds
    }

    /// One call as it came.
    package struct Call: Equatable, Sendable {
        /// What stands behind `streaming.`.
        package let name: String
        package let session: String?
        package let text: String?
    }

    private struct State: Sendable {
        var calls: [Call] = []
        var bodies: [String] = []
        var live: Set<String> = []
        var made = 0
        var tokens: Set<String> = []
        var interruptions = 0
        var counts: [String: Int] = [:]
    }

    private final class Log: Sendable {
        let state = Mutex(State())
    }

    private let server: SimulatedServer
    private let log: Log

    package var url: String { "http://127.0.0.1:\(server.port)" }
    package var calls: [Call] { log.state.withLock { $0.calls } }
    /// Of `streaming.new` and `streaming.task`.
    package var bodies: [String] { log.state.withLock { $0.bodies } }
    /// Sessions that nobody has stopped; they would be paid for.
    package var liveSessions: Int { log.state.withLock { $0.live.count } }

    /// - Parameters:
    ///   - key: the only one that is welcome.
    ///   - perCharacter: how long the avatar speaks.
    ///   - fault: what goes wrong with the nth call of a name, counted from 0.
    /// - Throws: when no port can be bound.
    package init(
        key: String = "key", perCharacter: Duration = .milliseconds(2),
        fault: @escaping @Sendable (_ name: String, _ number: Int) -> Fault? = { _, _ in nil }
    ) async throws {
        let log = Log()
        self.log = log
        server = try await SimulatedServer(http: { request, exchange in
            let name = String(request.path.dropFirst("/v1/streaming.".count))
            let body = SimulatedJSON.object(request.body) ?? [:]
            let session = body["session_id"] as? String
            let number = log.state.withLock { state in
                state.calls.append(
                    Call(name: name, session: session, text: body["text"] as? String))
                if name == "new" || name == "task" {
                    state.bodies.append(String(decoding: request.body, as: UTF8.self))
                }
                defer { state.counts[name, default: 0] += 1 }
                return state.counts[name, default: 0]
            }
            switch fault(name, number) {
            case .refuse(let status, let message, let seconds):
                return try await exchange.fail(status, 400_112, message, seconds)
            case .slow(let delay): try await Task.sleep(for: delay)
            case .stall: try await Task.sleep(for: .seconds(3_600))
            case .garbage: return try await exchange.answer(status: 200, body: "<html>")
            case .sessionEnds: if let session { log.state.withLock { _ = $0.live.remove(session) } }
            case nil: break
            }
            if name == "create_token" {
                guard request.header("x-api-key") == key else {
                    return try await exchange.fail(401, 400_112, "Unauthorized")
                }
                let token = "token-\(number)"
                log.state.withLock { _ = $0.tokens.insert(token) }
                return try await exchange.succeed(["token": token])
            }
            if name == "new" {
                let token = String((request.header("authorization") ?? "").dropFirst(7))
                // A token is good for one session.
                let made: Int? = log.state.withLock { state in
                    guard state.tokens.remove(token) != nil else { return nil }
                    state.made += 1
                    state.live.insert("session-\(state.made)")
                    return state.made
                }
                guard let made else { return try await exchange.fail(401, 400_112, "token") }
                return try await exchange.succeed([
                    "session_id": "session-\(made)", "url": "wss://room.example.test",
                    "access_token": "viewer-\(made)", "session_duration_limit": 600,
                ])
            }
            guard request.header("x-api-key") == key else {
                return try await exchange.fail(401, 400_112, "Unauthorized")
            }
            guard let session, log.state.withLock({ $0.live.contains(session) }) else {
                return try await exchange.fail(400, 10_005, "session state wrong: closed")
            }
            switch name {
            case "task":
                guard body["task_type"] as? String == "repeat",
                    body["task_mode"] as? String == "sync", let text = body["text"] as? String
                else { return try await exchange.fail(400, 400, "not a synchronous repeat") }
                let length = perCharacter * text.count
                let before = log.state.withLock { $0.interruptions }
                let end = ContinuousClock.now.advanced(by: length)
                // Interrupted, a task is answered at once.
                while ContinuousClock.now < end,
                    log.state.withLock({ $0.interruptions }) == before
                { try await Task.sleep(for: .milliseconds(5)) }
                try await exchange.succeed([
                    "task_id": "task-\(number)", "duration_ms": length / .milliseconds(1),
                ])
            case "interrupt":
                log.state.withLock { $0.interruptions += 1 }
                try await exchange.succeed([:])
            case "stop":
                log.state.withLock { _ = $0.live.remove(session) }
                try await exchange.answer(status: 200, body: "stopped")
            case "start", "keep_alive": try await exchange.succeed([:])
            default: try await exchange.fail(404, 404, "no such call")
            }
        })
    }

    package func stop() async { await server.stop() }
}

extension SimulatedExchange {
    fileprivate func succeed(_ data: [String: Any]) async throws {
        let body = SimulatedJSON.text(["code": 100, "data": data, "message": "success"])
        try await answer(
            status: 200, headers: [("Content-Type", "application/json")], body: body)
    }

    fileprivate func fail(
        _ status: Int, _ code: Int, _ message: String, _ retryAfter: Int? = nil
    ) async throws {
        let headers =
            [("Content-Type", "application/json")]
            + (retryAfter.map { [("Retry-After", "\($0)")] } ?? [])
        let body = SimulatedJSON.text(["code": code, "message": message])
        try await answer(status: status, headers: headers, body: body)
    }
}
