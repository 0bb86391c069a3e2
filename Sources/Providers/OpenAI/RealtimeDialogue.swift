internal import Pipeline

/// What OpenAI's Realtime messages mean for the call; a pure machine.
///
/// A response of the call is an audio item of the provider's: that is what a truncation names.
struct RealtimeDialogue {
    enum Output {
        case tell(SpeechAgentEvent)
        case send(JSONValue)
        /// The session is there: it is told how to behave, and audio may be sent.
        case configure
        case audio([UInt8], response: Int)
        case used(RealtimeMessage.Usage)
    }

    private struct Item {
        let id: String
        let number: Int
        let response: String
        let contentIndex: Int
        /// Sent to us so far, in octets of the provider's format.
        var octetCount = 0
        var isEnded = false
    }

    /// The protocol's name of octets per second: of the audio that comes.
    private let octetsPerSecond: Int
    private let greeting: String?
    private var closing = AgentClosing()
    private var items: [Item] = []
    private var itemCount = 0
    private var utterances: [(item: String, number: Int, text: String)] = []
    private var utteranceCount = 0
    private var isReady = false
    private var isResponding = false
    private var isCallerSpeaking = false
    private var knownCalls: Set<String> = []
    private var outstandingTools = 0
    /// A response is to be asked for as soon as one may be.
    private var owesResponse = false

    /// - Parameters:
    ///   - octetsPerSecond: of the audio that comes.
    ///   - greeting: what the agent is to say first; `nil`: its instructions tell.
    init(octetsPerSecond: Int, greeting: String?) {
        self.octetsPerSecond = octetsPerSecond
        self.greeting = greeting
    }

    mutating func take(_ message: RealtimeMessage) -> [Output] {
        switch message {
        case .sessionCreated: return [.configure, .send(opening)]
        case .sessionUpdated: return ready()
        case .speechStarted:
            isCallerSpeaking = true
            return [.tell(.interrupted(through: itemCount))]
        case .speechStopped: return [.tell(.sign)]
        case .committed(let item):
            isCallerSpeaking = false
            return [.tell(.turnEnded(utterance: utterance(of: item)))]
        case .transcriptDelta(let item, let delta):
            let number = utterance(of: item)
            guard let index = utterances.lastIndex(where: { $0.number == number }) else {
                return []
            }
            utterances[index].text += delta
            return [.tell(.heard(utterances[index].text, utterance: number, isFinal: false))]
        case .transcript(let item, let text):
            return [.tell(.heard(text, utterance: utterance(of: item), isFinal: true))]
        case .transcriptionFailed(let item):
            return [
                .tell(.complained("OpenAI: a turn could not be transcribed")),
                .tell(.heard("", utterance: utterance(of: item), isFinal: true)),
            ]
        case .responseCreated:
            isResponding = true
            return ready() + [.tell(.sign)]
        case .audio(let octets, let item, let contentIndex, let response):
            let index = place(item, response, contentIndex)
            items[index].octetCount += octets.count
            return [.audio(octets, response: items[index].number)]
        case .audioDone(let item):
            return end { $0.id == item }
        case .text(let text, let item, let response):
            let number = items[place(item, response, 0)].number
            return [.tell(.text(text, response: number, isWhole: false))]
        case .toolCall(let call): return take(call)
        case .responseDone(let done): return take(done)
        case .error(let type, let code): return take(errorOf: type, code)
        case .other: return [.tell(.sign)]
        }
    }

    private mutating func ready() -> [Output] {
        guard !isReady else { return [] }
        isReady = true
        return [.tell(.ready)]
    }

    /// The agent speaks first.
    private var opening: JSONValue {
        guard let greeting else { return ["type": "response.create"] }
        return [
            "type": "response.create",
            "response": [
                "instructions": .string("Greet the caller with exactly these words: " + greeting)
            ],
        ]
    }

    // MARK: Responses

    /// The place of an item, known or new.
    private mutating func place(_ id: String, _ response: String, _ contentIndex: Int) -> Int {
        if let index = items.lastIndex(where: { $0.id == id }) { return index }
        if items.count >= 16 { items.removeFirst() }
        itemCount += 1
        items.append(
            Item(id: id, number: itemCount, response: response, contentIndex: contentIndex))
        return items.count - 1
    }

    private mutating func end(where isMeant: (Item) -> Bool) -> [Output] {
        var outputs: [Output] = []
        for index in items.indices where !items[index].isEnded && isMeant(items[index]) {
            items[index].isEnded = true
            outputs.append(.tell(.responseEnded(items[index].number)))
        }
        return outputs
    }

    private mutating func take(_ done: RealtimeMessage.Done) -> [Output] {
        isResponding = false
        var outputs: [Output] = []
        if let usage = done.usage { outputs.append(.used(usage)) }
        for call in done.calls { outputs += take(call) }
        outputs += end { $0.response == done.id }
        if done.status == "failed" {
            outputs.append(.tell(.failed(ProviderFailure(realtimeCode: done.code ?? ""))))
        }
        return outputs + askIfOwed()
    }

    private mutating func take(errorOf type: String, _ code: String) -> [Output] {
        // Nothing was to be cancelled any more.
        if code == "response_cancel_not_active" { return [.tell(.sign)] }
        let complaint = SpeechAgentEvent.complained(
            "OpenAI: " + [type, code].filter { !$0.isEmpty }.joined(separator: ", "))
        guard !isReady else { return [.tell(complaint)] }
        return [.tell(complaint), .tell(.failed(ProviderFailure(realtimeCode: code)))]
    }

    /// - Parameters:
    ///   - response: by our number.
    ///   - heardMilliseconds: of its audio.
    /// - Returns: the order; empty where there is nothing to be cut.
    mutating func truncate(response: Int, heardMilliseconds: Int) -> [Output] {
        guard let item = items.last(where: { $0.number == response }) else { return [] }
        // More than was generated would be an error.
        let generated = item.octetCount * 1_000 / octetsPerSecond
        return [
            .send([
                "type": "conversation.item.truncate", "item_id": .string(item.id),
                "content_index": .integer(item.contentIndex),
                "audio_end_ms": .integer(min(heardMilliseconds, generated)),
            ])
        ]
    }

    mutating func stopSpeaking() -> [Output] {
        isResponding ? [.send(["type": "response.cancel"])] : []
    }

    // MARK: Tools and words

    private mutating func take(_ call: ToolCall) -> [Output] {
        guard knownCalls.insert(call.id).inserted else { return [] }
        let event = closing.take(call)
        if case .toolCall = event { outstandingTools += 1 }
        return [.tell(event)]
    }

    /// The tool's result goes to the agent, which is asked to go on once it has all of them.
    mutating func answer(_ result: ToolResult) -> [Output] {
        outstandingTools -= 1
        owesResponse = owesResponse || outstandingTools <= 0
        return [
            .send([
                "type": "conversation.item.create",
                "item": [
                    "type": "function_call_output", "call_id": .string(result.callID),
                    "output": .string(result.content),
                ],
            ])
        ] + askIfOwed() + (closing.answered(result).map { [.tell($0)] } ?? [])
    }

    /// Words that come in writing: of the caller, or for the agent to know.
    mutating func add(_ text: String, ofCaller: Bool) -> [Output] {
        owesResponse = owesResponse || ofCaller
        return [
            .send([
                "type": "conversation.item.create",
                "item": [
                    "type": "message", "role": .string(ofCaller ? "user" : "system"),
                    "content": [["type": "input_text", "text": .string(text)]],
                ],
            ])
        ] + askIfOwed()
    }

    /// Two responses at once are an error; and the end of the caller's turn brings one by itself.
    private mutating func askIfOwed() -> [Output] {
        guard owesResponse, !isResponding else { return [] }
        owesResponse = false
        guard !isCallerSpeaking else { return [] }
        isResponding = true
        return [.send(["type": "response.create"])]
    }

    private mutating func utterance(of item: String) -> Int {
        if let known = utterances.last(where: { $0.item == item }) { return known.number }
        if utterances.count >= 16 { utterances.removeFirst() }
        utteranceCount += 1
        utterances.append((item, utteranceCount, ""))
        return utteranceCount
    }
}

extension ProviderFailure {
    /// What the code of an error event, or of a failed response, says.
    init(realtimeCode code: String) {
        switch code {
        case "invalid_api_key", "insufficient_quota": self = .unauthorised
        case "rate_limit_exceeded": self = .rateLimited(retryAfter: nil)
        case "model_not_found", "invalid_model": self = .rejected(status: 404)
        case "server_error", "": self = .server(status: 500)
        default: self = .rejected(status: 400)  // codes of a peer
        }
    }
}
