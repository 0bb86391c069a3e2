internal import Crypto
internal import Foundation

/// One message of Vapi to its server URL; everything in it may be missing but its type.
///
/// Source: Vapi, "Server events", and its OpenAPI description, August 2026.
struct VapiMessage: Sendable {
    enum Kind: Sendable {
        case status(Status)
        case transcript(Said, isFinal: Bool)
        case speech(isStarted: Bool, by: RemoteTurns.Speaker)
        case userInterrupted
        /// The assistant is slow to answer; nobody has hung up.
        case hang
        /// All that was said and done so far.
        case conversation(VapiHistory)
        case toolCalls([VapiToolCall])
        /// Of older assistants, whose tools have no ids and are answered in another form.
        case functionCall(VapiToolCall)
        case report(VapiReport)
        case assistantRequest
        case transferDestinationRequest
        case unknown
    }

    struct Said: Equatable, Sendable {
        let speaker: RemoteTurns.Speaker
        let text: String
    }

    struct Status: Equatable, Sendable {
        /// `scheduled`, `queued`, `ringing`, `in-progress`, `forwarding`, `ended` and others.
        let name: String
        let endedReason: String?
        /// Where the caller is forwarded to.
        let destination: String?
    }

    let kind: Kind
    /// As Vapi names the type, for figures; what is not known is `unknown`.
    let name: String
    /// When Vapi sent it; `nil`: it does not say.
    let time: Date?
    let call: VapiCallFacts?
    /// Tells this message from others; the same for one that is sent twice.
    let digest: UInt64

    /// Types without a word of their own here are `unknown`.
    private static let names: Set<String> = [
        "status-update", "transcript", "speech-update", "user-interrupted", "hang",
        "conversation-update", "tool-calls", "function-call", "end-of-call-report",
        "assistant-request", "transfer-destination-request",
    ]

    /// - Parameter body: as it came.
    /// - Throws: `Problem` 400 for what is no message.
    init(parsing body: Data) throws(Problem) {
        guard let message = LenientObject.parsed(body)?["message"] else {
            throw .badRequest(#"The body is a JSON object such as {"message":{"type":"hang"}}."#)
        }
        guard let type = message.word("type") else {
            throw .badRequest("message.type is missing.")
        }
        // Transcripts may come as `transcript[transcriptType="final"]`.
        let plainType = type.hasPrefix("transcript[") ? "transcript" : type
        name = Self.names.contains(plainType) ? plainType : "unknown"
        time = message.milliseconds("timestamp")
        let call = VapiCallFacts(message)
        if let id = call?.id, !RemoteCallID.isGood(id) {
            throw .badRequest("message.call.id has 1 to 128 visible characters.")
        }
        self.call = call
        digest = SHA256.hash(data: body).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        kind = Self.kind(message, plainType, isMarkedFinal: type.contains("final"))
    }

    private static func kind(
        _ message: LenientObject, _ type: String, isMarkedFinal: Bool
    ) -> Kind {
        switch type {
        case "status-update":
            let destination = message["destination"]
            return .status(
                Status(
                    name: message.word("status") ?? "unknown",
                    endedReason: message.word("endedReason"),
                    destination: destination?.word("number") ?? destination?.word("sipUri")))
        case "transcript":
            guard let said = said(message, text: "transcript") else { return .unknown }
            let isFinal = message.word("transcriptType").map { $0 == "final" } ?? isMarkedFinal
            return .transcript(said, isFinal: isFinal)
        case "speech-update":
            guard let speaker = RemoteTurns.Speaker(vapi: message.word("role")),
                let status = message.word("status"), ["started", "stopped"].contains(status)
            else { return .unknown }
            return .speech(isStarted: status == "started", by: speaker)
        case "user-interrupted": return .userInterrupted
        case "hang": return .hang
        case "conversation-update": return .conversation(VapiHistory(message))
        case "tool-calls":
            let calls = VapiToolCall.all(in: message)
            return calls.isEmpty ? .unknown : .toolCalls(calls)
        case "function-call":
            return VapiToolCall(function: message).map(Kind.functionCall) ?? .unknown
        case "end-of-call-report": return .report(VapiReport(message))
        case "assistant-request": return .assistantRequest
        case "transfer-destination-request": return .transferDestinationRequest
        default: return .unknown  // of another's words
        }
    }

    static func said(_ object: LenientObject, text name: String) -> Said? {
        guard let speaker = RemoteTurns.Speaker(vapi: object.word("role")),
            let text = object.text(name)?.trimmingCharacters(in: .whitespacesAndNewlines),
            !text.isEmpty
        else { return nil }
        return Said(speaker: speaker, text: text)
    }
}

extension RemoteTurns.Speaker {
    /// - Parameter role: Vapi calls its side `assistant` or `bot`.
    init?(vapi role: String?) {
        switch role {
        case "user": self = .user
        case "assistant", "bot": self = .agent
        default: return nil  // the system, tools, nobody
        }
    }
}
