internal import Codecs
internal import Pipeline

/// One text message to an audio client (docs/audio-websocket.md, "Bridge to client").
enum AudioSocketReply: Equatable, Sendable {
    case sessionStarted(AudioSocketSession)
    case mark(MarkName, epoch: Int)
    case clear(epoch: Int)
    case pong(String)
    case error(code: String, message: String, isFatal: Bool)
    case stop(reason: String)

    /// The caller spoke over the agent.
    case interrupt
    case sentiment(String, score: Double)
    case transcript(AudioSocketSpeaker, String, isFinal: Bool)
    case state(AudioSocketState)
    /// Where the agent is seen; `nil`: nowhere.
    case avatar(AvatarRoom?)
    /// `data` is a JSON value.
    case event(name: String, data: String)

    /// The subscription that asks for this message; `nil` for what every client needs.
    var topic: AudioSocketTopic? {
        switch self {
        case .sessionStarted, .mark, .clear, .pong, .error, .stop, .avatar: nil
        case .interrupt: .interrupt
        case .sentiment: .sentiment
        case .transcript: .transcript
        case .state: .state
        case .event: .event
        }
    }

    /// The message's octets, one JSON object.
    func serialized() -> [UInt8] {
        switch self {
        case .sessionStarted(let session): return session.serialized()
        case .mark(let name, let epoch):
            return Self.object("mark", ("name", .text(name.text)), ("epoch", .raw("\(epoch)")))
        case .clear(let epoch): return Self.object("clear", ("epoch", .raw("\(epoch)")))
        case .pong(let time): return Self.object("pong", ("t", .raw(time)))
        case .error(let code, let message, let isFatal):
            return Self.object(
                "error", ("code", .text(code)), ("message", .text(message)),
                ("fatal", .raw("\(isFatal)")))
        case .stop(let reason): return Self.object("stop", ("reason", .text(reason)))
        case .interrupt: return Self.object("interrupt")
        case .sentiment(let sentiment, let score):
            return Self.object(
                "sentiment", ("sentiment", .text(sentiment)),
                ("score", .raw(score.isFinite ? "\(score)" : "0.0")))
        case .transcript(let speaker, let text, let isFinal):
            return Self.object(
                "transcript", ("speaker", .text(speaker.rawValue)), ("text", .text(text)),
                ("is_final", .raw("\(isFinal)")))
        case .state(let state): return Self.object("state", ("state", .text(state.rawValue)))
        case .avatar(.some(let room)):
            return Self.object(
                "avatar", ("state", .text("ready")), ("url", .text(room.url)),
                ("access_token", .text(room.accessToken)))
        case .avatar(.none): return Self.object("avatar", ("state", .text("gone")))
        case .event(let name, let data):
            return Self.object("event", ("name", .text(name)), ("data", .raw(data)))
        }
    }

    private enum Value {
        case text(String)
        /// Already JSON.
        case raw(String)
    }

    private static func object(_ type: String, _ members: (String, Value)...) -> [UInt8] {
        var octets = Array("{\"type\":\"\(type)\"".utf8)
        for (name, value) in members {
            octets.append(contentsOf: ",\"\(name)\":".utf8)
            switch value {
            case .text(let text): octets.appendJSONString(text)
            case .raw(let json): octets.append(contentsOf: json.utf8)
            }
        }
        octets.append(UInt8(ascii: "}"))
        return octets
    }
}

/// Whose words a transcript holds.
enum AudioSocketSpeaker: String, Sendable {
    case user
    case agent = "ai"
}

/// What the conversation is doing.
enum AudioSocketState: String, CaseIterable, Sendable {
    case idle
    case userSpeaking = "user_speaking"
    case processing
    case agentSpeaking = "agent_speaking"
    case interrupted
}

/// What was agreed when a session started.
struct AudioSocketSession: Equatable, Sendable {
    /// The client's name for it, or the bridge's when it gave none.
    let name: String
    let input: AudioSocketFormat
    let output: AudioSocketFormat
    let limits: AudioSocketLimits

    fileprivate func serialized() -> [UInt8] {
        var octets = Array("{\"type\":\"session.started\",\"version\":1,\"session\":".utf8)
        octets.appendJSONString(name)
        octets.append(contentsOf: ",\"input\":\(input.json),\"output\":\(output.json)".utf8)
        octets.append(contentsOf: ",\"limits\":{\"max_message_bytes\":".utf8)
        octets.append(contentsOf: "\(limits.messageOctetLimit)".utf8)
        octets.append(contentsOf: ",\"max_lead_ms\":\(limits.leadMilliseconds)".utf8)
        let idle = limits.idleLimit.components
        let milliseconds = idle.seconds * 1_000 + idle.attoseconds / 1_000_000_000_000_000
        octets.append(contentsOf: ",\"idle_timeout_ms\":\(milliseconds)}}".utf8)
        return octets
    }
}

extension AudioSocketFormat {
    /// As `input` and `output` name it.
    fileprivate var json: String {
        "{\"encoding\":\"\(audio.encoding.rawValue)\",\"rate\":\(audio.rate.rawValue),"
            + "\"channels\":1,\"ptime\":\(packetMilliseconds)}"
    }
}

/// What an audio socket may cost, and what the client is promised.
struct AudioSocketLimits: Equatable, Sendable {
    var messageOctetLimit = 65_536
    /// The bridge sends no further ahead of real time; the client's buffer holds twice as much.
    var leadMilliseconds = 400
    var startLimit = Duration.seconds(5)
    var pingInterval = Duration.seconds(10)
    var idleLimit = Duration.seconds(30)
    /// Texts that are not JSON; the last of them closes.
    var strikes = 3
    /// Replies to other faults; further ones are only counted.
    var errorReplies = 20
    /// Messages a client may send before its session starts, audio included.
    var faultsBeforeStart = 50
    var messagesPerSecond = 400
    /// Marks the client has not answered yet.
    var pendingMarks = 64
}
