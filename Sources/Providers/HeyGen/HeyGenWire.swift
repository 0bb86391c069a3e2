internal import Pipeline

/// What goes to HeyGen's Streaming API and comes back (v1, `api.heygen.com`).
struct HeyGenWire: Sendable {
    let settings: HeyGenAvatar.Settings
    let language: Language

    func message(_ request: AvatarSession.Request) -> ProviderHTTPRequest {
        var authorization = (name: "X-Api-Key", value: settings.key)
        let call: String
        let body: [String: JSONValue]
        switch request {
        case .makeToken: (call, body) = ("create_token", [:])
        case .makeSession(let token):
            authorization = (name: "Authorization", value: "Bearer \(token)")
            (call, body) = ("new", newSession)
        case .start(let session): (call, body) = ("start", ["session_id": .string(session)])
        case .task(let session, let text, _):
            call = "task"
            body = [
                "session_id": .string(session), "text": .string(text),
                // `talk`, the default, would have the provider's own model answer.
                "task_type": .string("repeat"), "task_mode": .string("sync"),
            ]
        case .interrupt(let session):
            (call, body) = ("interrupt", ["session_id": .string(session)])
        case .keepAlive(let session):
            (call, body) = ("keep_alive", ["session_id": .string(session)])
        case .stop(let session): (call, body) = ("stop", ["session_id": .string(session)])
        }
        return ProviderHTTPRequest(
            url: "\(base)/v1/streaming.\(call)",
            headers: [authorization, (name: "Content-Type", value: "application/json")],
            body: JSONValue.object(body).octets)
    }

    private var base: String {
        var text = settings.baseURL
        while text.hasSuffix("/") { text.removeLast() }
        return text.hasSuffix("/v1") ? String(text.dropLast(3)) : text
    }

    private var newSession: [String: JSONValue] {
        var body: [String: JSONValue] = [
            "quality": .string(settings.quality.rawValue), "avatar_id": .string(settings.avatar),
            "language": .string(language.rawValue), "version": .string("v2"),
            "video_encoding": .string("H264"), "activity_idle_timeout": .integer(120),
        ]
        if let voice = settings.voices[language] {
            body["voice"] = .object(["voice_id": .string(voice)])
        }
        return body
    }

    /// Reads an answer, whose success stands in its body as well as in its status.
    static func answer(
        to request: AvatarSession.Request, status: Int, retryAfter: String?, body: [UInt8]
    ) -> AvatarSession.Answer {
        let text = String(decoding: body, as: UTF8.self)
        let members = JSONValue(parsing: text)?.object
        guard (200..<300).contains(status) else {
            return refusal(status, retryAfter, members?["message"]?.string ?? "")
        }
        let data = members?["data"]?.object ?? [:]
        switch request {
        case .makeToken:
            return data["token"]?.string.map { .token($0) } ?? .failed(.garbage)
        case .makeSession:
            guard let id = data["session_id"]?.string, let url = data["url"]?.string,
                let token = data["access_token"]?.string
            else { return .failed(.garbage) }
            return .session(id: id, room: AvatarRoom(url: url, accessToken: token))
        case .task:
            guard let milliseconds = milliseconds(data["duration_ms"]) else {
                return .failed(.garbage)
            }
            return .spoken(.milliseconds(milliseconds))
        // Some answer in plain text.
        case .start, .interrupt, .keepAlive, .stop: return .done
        }
    }

    private static func refusal(
        _ status: Int, _ retryAfter: String?, _ message: String
    ) -> AvatarSession.Answer {
        let text = message.lowercased()
        if text.contains("session state wrong") || text.contains("session not found") {
            return .sessionClosed
        }
        if text.contains("concurrent limit") { return .failed(.overloaded) }
        return .failed(
            ProviderFailure(
                status: status, retryAfter: retryAfter.flatMap(Duration.init(retryAfter:))))
    }

    /// Up to a day: no sentence takes longer.
    private static func milliseconds(_ value: JSONValue?) -> Int? {
        let number: Double
        switch value {
        case .integer(let whole): number = Double(whole)
        case .number(let some): number = some
        default: return nil  // what is no number is no time
        }
        guard number >= 0, number <= 86_400_000 else { return nil }
        return Int(number)
    }
}
