/// The name of an event on the wire.
package enum EventType: String, Codable, CaseIterable, Sendable {
    case callStarted = "call_started"
    case callEnded = "call_ended"
    case speechStarted = "speech_started"
    case speechEnded = "speech_ended"
    case transcript
    case agentSpeech = "agent_speech"
    case interruption
    case turnCompleted = "turn_completed"
    case toolCall = "tool_call"
    case toolResult = "tool_result"
    case sentiment
    case sentimentAlert = "sentiment_alert"
    case contextIssue = "context_issue"
    case callbackScheduled = "callback_scheduled"
    case transferRequested = "transfer_requested"
    case dtmf
    case carrierStatus = "carrier_status"
    case providerFailover = "provider_failover"
    case quality
    case error
}

/// What happened, with the data its type carries.
package enum EventBody: Equatable, Sendable {
    case callStarted(CallStarted)
    case callEnded(CallEnded)
    case speechStarted
    case speechEnded
    case transcript(Transcript)
    case agentSpeech(AgentSpeech)
    case interruption(Interruption)
    case turnCompleted(TurnRecord)
    case toolCall(ToolCallRecord)
    case toolResult(ToolResultRecord)
    case sentiment(SentimentRecord)
    case sentimentAlert(SentimentAlert)
    case contextIssue(ContextIssueRecord)
    case callbackScheduled(CallbackScheduled)
    case transferRequested(TransferRequested)
    case dtmf(DTMFRecord)
    case carrierStatus(CarrierStatus)
    case providerFailover(ProviderFailover)
    case quality(Quality)
    case error(ErrorRecord)

    package var type: EventType {
        switch self {
        case .callStarted: .callStarted
        case .callEnded: .callEnded
        case .speechStarted: .speechStarted
        case .speechEnded: .speechEnded
        case .transcript: .transcript
        case .agentSpeech: .agentSpeech
        case .interruption: .interruption
        case .turnCompleted: .turnCompleted
        case .toolCall: .toolCall
        case .toolResult: .toolResult
        case .sentiment: .sentiment
        case .sentimentAlert: .sentimentAlert
        case .contextIssue: .contextIssue
        case .callbackScheduled: .callbackScheduled
        case .transferRequested: .transferRequested
        case .dtmf: .dtmf
        case .carrierStatus: .carrierStatus
        case .providerFailover: .providerFailover
        case .quality: .quality
        case .error: .error
        }
    }

    /// Writes the `data` of the event alone.
    package func encodeData(to encoder: any Encoder) throws {
        switch self {
        case .callStarted(let data): try data.encode(to: encoder)
        case .callEnded(let data): try data.encode(to: encoder)
        case .speechStarted, .speechEnded: try NoData().encode(to: encoder)
        case .transcript(let data): try data.encode(to: encoder)
        case .agentSpeech(let data): try data.encode(to: encoder)
        case .interruption(let data): try data.encode(to: encoder)
        case .turnCompleted(let data): try data.encode(to: encoder)
        case .toolCall(let data): try data.encode(to: encoder)
        case .toolResult(let data): try data.encode(to: encoder)
        case .sentiment(let data): try data.encode(to: encoder)
        case .sentimentAlert(let data): try data.encode(to: encoder)
        case .contextIssue(let data): try data.encode(to: encoder)
        case .callbackScheduled(let data): try data.encode(to: encoder)
        case .transferRequested(let data): try data.encode(to: encoder)
        case .dtmf(let data): try data.encode(to: encoder)
        case .carrierStatus(let data): try data.encode(to: encoder)
        case .providerFailover(let data): try data.encode(to: encoder)
        case .quality(let data): try data.encode(to: encoder)
        case .error(let data): try data.encode(to: encoder)
        }
    }

    /// Reads the `data` of an event whose type is known.
    package init(type: EventType, data: any Decoder) throws {
        self =
            switch type {
            case .callStarted: .callStarted(try CallStarted(from: data))
            case .callEnded: .callEnded(try CallEnded(from: data))
            case .speechStarted: .speechStarted
            case .speechEnded: .speechEnded
            case .transcript: .transcript(try Transcript(from: data))
            case .agentSpeech: .agentSpeech(try AgentSpeech(from: data))
            case .interruption: .interruption(try Interruption(from: data))
            case .turnCompleted: .turnCompleted(try TurnRecord(from: data))
            case .toolCall: .toolCall(try ToolCallRecord(from: data))
            case .toolResult: .toolResult(try ToolResultRecord(from: data))
            case .sentiment: .sentiment(try SentimentRecord(from: data))
            case .sentimentAlert: .sentimentAlert(try SentimentAlert(from: data))
            case .contextIssue: .contextIssue(try ContextIssueRecord(from: data))
            case .callbackScheduled: .callbackScheduled(try CallbackScheduled(from: data))
            case .transferRequested: .transferRequested(try TransferRequested(from: data))
            case .dtmf: .dtmf(try DTMFRecord(from: data))
            case .carrierStatus: .carrierStatus(try CarrierStatus(from: data))
            case .providerFailover: .providerFailover(try ProviderFailover(from: data))
            case .quality: .quality(try Quality(from: data))
            case .error: .error(try ErrorRecord(from: data))
            }
    }
}

/// The empty object of events that carry nothing but their time.
private struct NoData: Codable {}
