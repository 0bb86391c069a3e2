internal import Events
internal import Foundation

/// One event of a call as a line of a conversation.
enum EventLine {
    /// The line; `nil` for events that would only be noise to a reader.
    static func text(of event: CallEvent) -> String? {
        guard let text = text(of: event.body) else { return nil }
        return String(format: "%7.2f s  ", event.secondsFromStart) + text
    }

    private static func text(of body: EventBody) -> String? {
        switch body {
        case .callStarted(let start): "☎ call answered (\(start.carrier), \(start.language))"
        case .callEnded(let end): "☎ call over: \(end.reason), \(end.turns) turns"
        case .transcript(let said) where said.isFinal:
            "caller: \(said.text.isEmpty ? "(not understood)" : said.text)"
        case .agentSpeech(let speech): "agent:  \(speech.text)"
        case .interruption(let cut): "        [interrupted; the caller had heard: “\(cut.heard)”]"
        case .toolCall(let call): "        [tool \(call.name) \(call.arguments)]"
        case .toolResult(let result): "        [tool \(result.name) → \(result.result)]"
        case .sentimentAlert(let alert): "        [the caller sounds \(alert.sentiment)]"
        case .contextIssue(let trouble):
            "        [trouble: \(trouble.issues.joined(separator: ", "))]"
        case .callbackScheduled(let callback): "        [call back at \(callback.datetime)]"
        case .transferRequested(let request): "        [to a human: \(request.reason)]"
        case .providerFailover(let change):
            "        [\(change.stage): \(change.from) → \(change.to), \(change.cause)]"
        case .dtmf(let key) where key.input == nil: "caller pressed \(key.digit)"
        case .error(let error): "        [\(error.stage) failed: \(error.errorMessage)]"
        case .transcript, .dtmf, .carrierStatus, .speechStarted, .speechEnded, .turnCompleted,
            .quality,
            .sentiment:
            nil
        }
    }
}
