internal import Foundation

/// What was said and done in a call from its beginning, as updates and the report repeat it.
struct VapiHistory: Sendable {
    struct Sentence: Equatable, Sendable {
        let said: VapiMessage.Said
        let time: Date?
        /// It was said to its end; only the latest may not have been.
        let isWhole: Bool
    }

    struct ToolUse: Equatable, Sendable {
        let call: VapiToolCall
        let time: Date?
    }

    struct ToolResult: Equatable, Sendable {
        let callID: String
        let name: String
        let result: String
        let time: Date?
    }

    var sentences: [Sentence] = []
    var toolUses: [ToolUse] = []
    var toolResults: [ToolResult] = []

    init() {}

    /// - Parameter object: has `messages`, or `messagesOpenAIFormatted` where those are missing.
    init(_ object: LenientObject) {
        let messages = object.objects("messages")
        for (index, message) in messages.enumerated() {
            let time = message.milliseconds("time")
            switch message.word("role") {
            case "tool_calls":
                toolUses += message.objects("toolCalls").compactMap { call in
                    VapiToolCall(call, name: nil).map { ToolUse(call: $0, time: time) }
                }
            case "tool_call_result":
                guard let id = message.word("toolCallId") else { continue }
                toolResults.append(
                    ToolResult(
                        callID: String(id.prefix(128)), name: message.word("name") ?? "unknown",
                        result: message.text("result") ?? "", time: time))
            default:  // somebody speaks, or the system's instructions
                guard let said = VapiMessage.said(message, text: "message") else { continue }
                let isWhole = message.number("endTime") != nil || index < messages.count - 1
                sentences.append(Sentence(said: said, time: time, isWhole: isWhole))
            }
        }
        guard messages.isEmpty else { return }
        let plain = object.objects("messagesOpenAIFormatted")
        sentences = plain.enumerated().compactMap { index, message in
            VapiMessage.said(message, text: "content").map {
                Sentence(said: $0, time: nil, isWhole: index < plain.count - 1)
            }
        }
    }
}
