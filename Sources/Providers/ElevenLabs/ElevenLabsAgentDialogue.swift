internal import Codecs
internal import Pipeline

/// What an ElevenLabs agent's messages mean for the call; a pure machine.
///
/// The protocol numbers pieces of audio, not responses: a response begins with a text, or with
/// audio after whatever ended the one before.
struct ElevenLabsAgentDialogue {
    enum Output {
        case tell(SpeechAgentEvent)
        case send(JSONValue)
        /// The conversation has begun, in these formats.
        case begin(agent: SpeechSource, user: SpeechSource)
        /// Of a response, with words that start so long after its first sample.
        case audio([UInt8], response: Int, alignment: CharacterAlignment?)
    }

    private var closing = AgentClosing()
    private var response = 0
    private var isResponding = false
    private var hasText = false
    private var utterance = 0
    /// Audio up to this event is of no use any more.
    private var interruptedThrough = Int.min

    mutating func take(_ message: ElevenLabsAgentMessage) -> [Output] {
        switch message {
        case .metadata(let agentFormat, let userFormat):
            guard let agent = SpeechSource(elevenLabs: agentFormat),
                let user = SpeechSource(elevenLabs: userFormat)
            else {
                return [
                    .tell(
                        .complained(
                            "the agent speaks \(agentFormat) and hears \(userFormat): "
                                + "set both to ulaw_8000")),
                    .tell(.failed(.rejected(status: 415))),
                ]
            }
            return [.begin(agent: agent, user: user), .tell(.ready)]
        case .audio(let octets, let eventID, let alignment):
            guard eventID > interruptedThrough else { return [.tell(.sign)] }
            if !isResponding { begin() }
            return [.audio(octets, response: response, alignment: alignment)]
        case .response(let text):
            if !isResponding || hasText { begin() }
            hasText = true
            return [.tell(.text(text, response: response, isWhole: true))]
        case .responseComplete:
            guard isResponding else { return [.tell(.sign)] }
            isResponding = false
            return [.tell(.responseEnded(response))]
        case .correction(let original, let corrected):
            return [.tell(.corrected(from: original, to: corrected))]
        case .userTranscript(let text):
            isResponding = false
            utterance += 1
            return [
                .tell(.turnEnded(utterance: utterance)),
                .tell(.heard(text, utterance: utterance, isFinal: true)),
            ]
        case .tentativeTranscript(let text):
            return [.tell(.heard(text, utterance: utterance + 1, isFinal: false))]
        case .interruption(let eventID):
            interruptedThrough = max(interruptedThrough, eventID)
            isResponding = false
            return [.tell(.interrupted(through: response))]
        case .ping(let eventID):
            return [.send(["type": "pong", "event_id": .integer(eventID)]), .tell(.sign)]
        case .toolCall(let call): return [.tell(closing.take(call))]
        case .error(let code): return [.tell(.complained("ElevenLabs: client error \(code)"))]
        case .other: return [.tell(.sign)]
        }
    }

    /// The tool's result goes to the agent.
    mutating func answer(_ result: ToolResult) -> [Output] {
        let message: JSONValue = [
            "type": "client_tool_result", "tool_call_id": .string(result.callID),
            "result": .string(result.content), "is_error": .bool(!result.succeeded),
        ]
        return [.send(message)] + (closing.answered(result).map { [.tell($0)] } ?? [])
    }

    private mutating func begin() {
        response += 1
        isResponding = true
        hasText = false
    }
}

extension SpeechSource {
    /// Reads `ulaw_8000` or `pcm_16000`; `nil` for what is neither.
    init?(elevenLabs name: String) {
        let parts = name.split(separator: "_")
        guard parts.count == 2, let hertz = Int(parts[1]), Resampler.inputRates.contains(hertz)
        else { return nil }
        switch parts[0] {
        case "pcm": self.init(.linear16, hertz: hertz)
        case "ulaw": self.init(.muLaw, hertz: hertz)
        case "alaw": self.init(.aLaw, hertz: hertz)
        default: return nil  // text of a peer
        }
    }

    /// As the bridge carries it; `nil`: at a rate that it does not.
    var format: AudioFormat? { SampleRate(rawValue: hertz).map { AudioFormat(encoding, $0) } }
}
