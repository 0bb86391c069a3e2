// The data of each event type, one small value per type (DESIGN §7).

/// A call was answered.
package struct CallStarted: Equatable, Sendable, Codable {
    /// `twilio` or `audio`.
    package let carrier: String
    /// The carrier's name for the call (Twilio: CallSid).
    package let carrierCallID: String
    /// ISO 639-1.
    package let language: String
    package var from: String?
    package var to: String?
    /// `inbound` or `outbound`; `nil` from a gateway that did not tell.
    package var direction: String?
    /// The conversation it goes on with; `nil`: the call is one of its own.
    package var conversationID: String?

    package init(
        carrier: String, carrierCallID: String, language: String, from: String? = nil,
        to: String? = nil, direction: String? = nil, conversationID: String? = nil
    ) {
        self.carrier = carrier
        self.carrierCallID = carrierCallID
        self.language = language
        self.from = from
        self.to = to
        self.direction = direction
        self.conversationID = conversationID
    }

    private enum CodingKeys: String, CodingKey {
        case carrier
        case carrierCallID = "carrier_call_id"
        case language
        case from
        case to
        case direction
        case conversationID = "conversation_id"
    }
}

/// A call is over.
package struct CallEnded: Equatable, Sendable, Codable {
    /// `caller_hung_up`, `agent_hung_up`, `transferred`, `caller_silent` (the agent asked in vain
    /// whether somebody is there), `voicemail` (an answering machine took the call),
    /// `connection_lost`, `drained`, `failed` or `interrupted` (the gateway died during the call).
    package let reason: String
    package let durationSeconds: Double
    package let turns: Int
    package let interruptions: Int
    /// Of the engines that count; `nil`: none did.
    package var usage: [EngineUsage]?
    /// Of what has a price, in millionths of `currency`.
    package var costMicros: Int64?
    package var currency: String?

    package init(reason: String, durationSeconds: Double, turns: Int, interruptions: Int) {
        self.reason = reason
        self.durationSeconds = durationSeconds
        self.turns = turns
        self.interruptions = interruptions
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case durationSeconds = "duration_seconds"
        case turns
        case interruptions
        case usage
        case costMicros = "cost_micros"
        case currency
    }
}

/// What the caller said, as far as it is known.
package struct Transcript: Equatable, Sendable, Codable {
    package let text: String
    package let isFinal: Bool
    /// The turn it belongs to, from 1.
    package let turn: Int
    /// `ai` for what an agent that is run elsewhere says at the moment, which is never final;
    /// `nil`: the caller.
    package var speaker: String?

    package init(text: String, isFinal: Bool, turn: Int) {
        self.text = text
        self.isFinal = isFinal
        self.turn = turn
    }

    private enum CodingKeys: String, CodingKey {
        case text
        case isFinal = "is_final"
        case turn
        case speaker
    }
}

/// A chunk of the answer goes to the caller.
package struct AgentSpeech: Equatable, Sendable, Codable {
    package let text: String
    /// The turn it answers; 0: the greeting.
    package let turn: Int
    /// Said to cover a wait; not part of the answer.
    package let filler: Bool

    package init(text: String, turn: Int, filler: Bool) {
        self.text = text
        self.turn = turn
        self.filler = filler
    }

    private enum CodingKeys: String, CodingKey {
        case text
        case turn
        case filler
    }
}

/// The caller cut the answer off.
package struct Interruption: Equatable, Sendable, Codable {
    /// The turn whose answer was cut.
    package let turn: Int
    /// What the caller had heard of it.
    package let heard: String
    /// From the detected onset of speech to `clear` handed to the socket.
    package let onsetToClearMilliseconds: Double

    package init(turn: Int, heard: String, onsetToClearMilliseconds: Double) {
        self.turn = turn
        self.heard = heard
        self.onsetToClearMilliseconds = onsetToClearMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case turn
        case heard
        case onsetToClearMilliseconds = "onset_to_clear_ms"
    }
}

/// The model asked for a tool.
package struct ToolCallRecord: Equatable, Sendable, Codable {
    package let id: String
    package let name: String
    /// A JSON object.
    package let arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case arguments
    }
}

/// A tool answered.
package struct ToolResultRecord: Equatable, Sendable, Codable {
    package let id: String
    package let name: String
    package let succeeded: Bool
    package let result: String
    package let durationMilliseconds: Double

    package init(
        id: String, name: String, succeeded: Bool, result: String, durationMilliseconds: Double
    ) {
        self.id = id
        self.name = name
        self.succeeded = succeeded
        self.result = result
        self.durationMilliseconds = durationMilliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case succeeded
        case result
        case durationMilliseconds = "duration_ms"
    }
}

/// The caller is to be handed to a human.
package struct TransferRequested: Equatable, Sendable, Codable {
    package let department: String
    package let priority: String
    package let reason: String
    /// The number or address that was asked for; `nil`: nobody named one.
    package var destination: String?

    package init(department: String, priority: String, reason: String) {
        self.department = department
        self.priority = priority
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case department
        case priority
        case reason
        case destination = "to"
    }
}

/// The caller pressed a key, or the keys pressed so far are a complete input.
package struct DTMFRecord: Equatable, Sendable, Codable {
    /// Empty when this tells of a complete input: every key has its own event before.
    package let digit: String
    /// The complete input, without terminator; `nil` for a key.
    package let input: String?

    package init(digit: String) {
        self.digit = digit
        input = nil
    }

    package init(input: String) {
        digit = ""
        self.input = input
    }

    private enum CodingKeys: String, CodingKey {
        case digit
        case input
    }
}

/// How the media of a call fared; sent when it ends.
package struct Quality: Equatable, Sendable, Codable {
    package let framesReceived: Int
    /// Missing by the carrier's own count; filled with silence.
    package let framesLost: Int
    /// Bad messages that were counted and ignored.
    package let messagesRejected: Int
    /// Audio the recogniser was too slow to take.
    package let audioRefusedOctets: Int
    /// How fast the caller's media clock is against ours; a call of a minute or more tells it.
    package let clockDriftPartsPerMillion: Double?

    package init(
        framesReceived: Int, framesLost: Int, messagesRejected: Int, audioRefusedOctets: Int,
        clockDriftPartsPerMillion: Double? = nil
    ) {
        self.framesReceived = framesReceived
        self.framesLost = framesLost
        self.messagesRejected = messagesRejected
        self.audioRefusedOctets = audioRefusedOctets
        self.clockDriftPartsPerMillion = clockDriftPartsPerMillion
    }

    private enum CodingKeys: String, CodingKey {
        case framesReceived = "frames_received"
        case framesLost = "frames_lost"
        case messagesRejected = "messages_rejected"
        case audioRefusedOctets = "audio_refused_octets"
        case clockDriftPartsPerMillion = "clock_drift_ppm"
    }
}

/// Something failed; the caller may not have noticed.
package struct ErrorRecord: Equatable, Sendable, Codable {
    /// `stt`, `llm`, `tts`, `tool`, `media`; `alert` of what the gateway's alert rules tell.
    package let stage: String
    package let errorMessage: String
    /// The alert it tells of; webhooks get those as errors that belong to no call.
    package var alert: AlertRecord?

    package init(stage: String, errorMessage: String) {
        self.stage = stage
        self.errorMessage = errorMessage
    }

    private enum CodingKeys: String, CodingKey {
        case stage
        case errorMessage = "error_message"
        case alert
    }
}
