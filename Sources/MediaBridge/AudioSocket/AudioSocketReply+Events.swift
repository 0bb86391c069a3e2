internal import Events
internal import Foundation
internal import Pipeline

extension AudioSocketReply {
    /// What a client in the conversation is told of an event (CONTRACT §3).
    static func replies(to event: EventBody) -> [AudioSocketReply] {
        switch event {
        case .transcript(let said):
            [.transcript(.user, said.text, isFinal: said.isFinal)]
        case .agentSpeech(let speech): [.transcript(.agent, speech.text, isFinal: true)]
        case .interruption: [.interrupt]
        case .turnCompleted(let turn): [data("turn_completed", turn)].compactMap { $0 }
        case .toolCall(let call): [data("tool_call", call)].compactMap { $0 }
        case .toolResult(let result): [data("tool_result", result)].compactMap { $0 }
        case .sentiment(let mood): [.sentiment(mood.sentiment, score: mood.score)]
        case .callbackScheduled(let callback):
            [data("callback_scheduled", callback)].compactMap { $0 }
        case .transferRequested(let request):
            [data("transfer_requested", request)].compactMap { $0 }
        case .error(let error): [data("error", error)].compactMap { $0 }
        case .callStarted, .callEnded, .speechStarted, .speechEnded, .dtmf, .carrierStatus,
            .quality,
            .sentimentAlert, .contextIssue,
            .providerFailover:
            []
        }
    }

    private static func data(_ name: String, _ value: some Encodable) -> AudioSocketReply? {
        guard let json = try? JSONEncoder().encode(value) else { return nil }
        return .event(name: name, data: String(decoding: json, as: UTF8.self))
    }
}

extension AudioSocketState {
    /// The state a client is told; `nil` once the call is over, which it is told otherwise.
    init?(_ phase: Conversation.Phase) {
        switch phase {
        case .idle: self = .idle
        case .userSpeaking: self = .userSpeaking
        case .processing: self = .processing
        case .agentSpeaking: self = .agentSpeaking
        case .interrupted: self = .interrupted
        case .ended: return nil
        }
    }
}
