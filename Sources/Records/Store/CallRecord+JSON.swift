// How records look in answers of the control API: snake case, times in UTC, unknown members left out.

internal import Foundation

extension CallRecord: Encodable {
    private enum Key: String, CodingKey {
        case source
        case conversationID = "conversation_id"
        case direction
        case liveTranscriptEnabled = "live_transcript_enabled"
        case toolCallsCount = "tool_calls_count"
        case toolErrorsCount = "tool_errors_count"
        case errorsCount = "errors_count"
        case userSentiment = "user_sentiment"
        case interventionCount = "intervention_count"
        case recording, cost, currency
        case lastSeq = "last_seq"
    }

    /// The summary's members and the record's side by side.
    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(source, forKey: .source)
        try object.encode(conversationID, forKey: .conversationID)
        try object.encode(direction, forKey: .direction)
        try object.encode(liveTranscriptEnabled, forKey: .liveTranscriptEnabled)
        try object.encode(toolCallsCount, forKey: .toolCallsCount)
        try object.encode(toolErrorsCount, forKey: .toolErrorsCount)
        try object.encode(errorsCount, forKey: .errorsCount)
        try object.encodeIfPresent(userSentiment, forKey: .userSentiment)
        try object.encode(interventionCount, forKey: .interventionCount)
        try object.encodeIfPresent(recording, forKey: .recording)
        try object.encodeIfPresent(costMicros.map { Double($0) / 1_000_000 }, forKey: .cost)
        try object.encodeIfPresent(currency, forKey: .currency)
        try object.encode(lastSeq, forKey: .lastSeq)
    }
}

extension ToolLog: Encodable {
    private enum Key: String, CodingKey {
        case id
        case callID = "call_id"
        case toolName = "tool_name"
        case toolCallID = "tool_call_id"
        case arguments, success, result
        case errorMessage = "error_message"
        case started = "started_at"
        case durationMilliseconds = "duration_ms"
        case userFeedback = "user_feedback"
        case correctionApplied = "correction_applied"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encode(callID, forKey: .callID)
        try object.encode(toolName, forKey: .toolName)
        try object.encode(toolCallID, forKey: .toolCallID)
        try object.encode(arguments, forKey: .arguments)
        try object.encodeIfPresent(success, forKey: .success)
        try object.encodeIfPresent(result, forKey: .result)
        try object.encodeIfPresent(errorMessage, forKey: .errorMessage)
        try object.encode(started.recordText, forKey: .started)
        try object.encodeIfPresent(durationMilliseconds, forKey: .durationMilliseconds)
        try object.encodeIfPresent(userFeedback, forKey: .userFeedback)
        try object.encode(correctionApplied, forKey: .correctionApplied)
    }
}

extension Conversation: Encodable {
    private enum Key: String, CodingKey {
        case id
        case userID = "user_id"
        case agentID = "agent_id"
        case twilioCallSID = "twilio_call_sid"
        case transcript, duration, cost, status
        case phoneNumber = "phone_number"
        case direction
        case created = "created_at"
        case ended = "ended_at"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encodeIfPresent(userID, forKey: .userID)
        try object.encodeIfPresent(agentID, forKey: .agentID)
        try object.encodeIfPresent(twilioCallSID, forKey: .twilioCallSID)
        try object.encodeIfPresent(transcript, forKey: .transcript)
        try object.encodeIfPresent(durationSeconds, forKey: .duration)
        try object.encodeIfPresent(cost, forKey: .cost)
        try object.encode(status, forKey: .status)
        try object.encodeIfPresent(phoneNumber, forKey: .phoneNumber)
        try object.encodeIfPresent(direction, forKey: .direction)
        try object.encode(created.recordText, forKey: .created)
        try object.encodeIfPresent(ended?.recordText, forKey: .ended)
    }
}

extension Webhook: Encodable {
    private enum Key: String, CodingKey {
        case id, url, events, description
        case created = "created_at"
        case isActive = "active"
    }

    /// Everything but the secret.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(id, forKey: .id)
        try object.encode(url, forKey: .url)
        try object.encode(events, forKey: .events)
        try object.encodeIfPresent(description, forKey: .description)
        try object.encode(created.recordText, forKey: .created)
        try object.encode(isActive, forKey: .isActive)
    }
}
