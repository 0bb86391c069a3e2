internal import Codecs
internal import Pipeline
internal import Synchronization

/// The loop's end of one call with an ElevenLabs agent: does what `ElevenLabsAgentDialogue` decides.
final class ElevenLabsAgentSession: SpeechAgentSession, @unchecked Sendable {
    // Invariant: all but `address` is used on the call's media loop alone; the call calls there, and
    // there its socket is heard.
    private let request: SpeechAgentRequest
    private let opening: String
    private let deliver: @Sendable (SpeechAgentEvent) -> Void
    /// Told how many milliseconds of the caller the agent heard, once it is over.
    private let used: (Int) -> Void
    private var dialogue = ElevenLabsAgentDialogue()
    private var uplink: AgentUplink
    private var downlink: AgentAudio?
    private var source: SpeechSource?
    private var words = ResponseWords()
    private var socket: (any EngineSocket)?
    private var isOver = false
    private var heardOctets = 0
    /// Where to connect, once another thread has found out.
    private let address = Mutex<Result<String, ProviderFailure>?>(nil)
    private var asking: Task<Void, Never>?

    init(
        _ request: SpeechAgentRequest, opening: String,
        deliver: @escaping @Sendable (SpeechAgentEvent) -> Void, used: @escaping (Int) -> Void
    ) {
        self.request = request
        self.opening = opening
        self.deliver = deliver
        self.used = used
        uplink = AgentUplink(
            from: request.inbound, before: #"{"user_audio_chunk":""#, after: #""}"#)
    }

    /// Asks for the address of a private agent; the next tick connects to it.
    func start(asking signed: @escaping @Sendable () async -> Result<String, ProviderFailure>) {
        asking = Task { [weak self] in
            let result = await signed()
            self?.address.withLock { $0 = result }
        }
    }

    func connect(to url: String) {
        socket = request.connector.connect(to: EngineEndpoint(url: url)) { [weak self] event in
            guard let self, !self.isOver else { return }
            switch event {
            case .opened: self.socket?.send(text: self.opening)
            case .text(let octets):
                guard let message = ElevenLabsAgentMessage(parsing: octets) else {
                    return self.fail(.garbage)
                }
                self.perform(self.dialogue.take(message))
            case .binary: self.fail(.garbage)
            case .ended(let end): self.ended(end)
            }
        }
    }

    // MARK: SpeechAgentSession

    func hear(_ octets: Span<UInt8>) {
        guard !isOver else { return }
        heardOctets += octets.count
        uplink.hear(octets) { [socket] in socket?.send(text: $0) }
    }

    func tick(at now: MonotonicTime) {
        guard asking != nil, !isOver, let found = address.withLock({ $0 }) else { return }
        asking = nil
        switch found {
        case .success(let url): connect(to: url)
        case .failure(let failure): fail(failure)
        }
    }

    func answer(_ result: ToolResult) { perform(dialogue.answer(result)) }

    func say(_ text: String) { send(["type": "user_message", "text": .string(text)]) }

    func add(context: String) { send(["type": "contextual_update", "text": .string(context)]) }

    /// The agent counts for itself, and corrects its words by what it counted.
    func truncate(response: Int, heardMilliseconds: Int) {}

    /// The protocol has no such order: what still comes is dropped.
    func stopSpeaking() {}

    func close() {
        guard !isOver else { return }
        isOver = true
        asking?.cancel()
        socket?.close()
        let octetsPerSecond = request.inbound.rate.rawValue * (request.inbound.octetsPerSample ?? 2)
        used(heardOctets * 1_000 / octetsPerSecond)
    }

    // MARK: Doing

    private func perform(_ outputs: [ElevenLabsAgentDialogue.Output]) {
        for output in outputs where !isOver {
            switch output {
            case .tell(let event):
                deliver(event)
                if case .failed = event { close() }
            case .send(let message): send(message)
            case .begin(let agent, let user): begin(agent, user)
            case .audio(let octets, let response, let alignment):
                guard let source, let converted = downlink?.convert(octets.span) else { continue }
                let timings = words.take(
                    alignment, of: response, lasting: source.duration(ofOctets: octets.count))
                deliver(
                    .audio(
                        SpeechBlock(octets: converted, words: timings), response: response,
                        readyAt: .now()))
            }
        }
    }

    private func begin(_ agent: SpeechSource, _ user: SpeechSource) {
        do throws(EngineError) {
            guard let userFormat = user.format else {
                throw .unavailable("the agent hears at \(user.hertz) Hz: set it to ulaw_8000")
            }
            downlink = try AgentAudio(from: agent, to: request.outbound)
            source = agent
            try uplink.open(in: userFormat) { [socket] in socket?.send(text: $0) }
        } catch {
            deliver(.complained(error.text))
            fail(.rejected(status: 415))
        }
    }

    private func send(_ message: JSONValue) {
        guard !isOver else { return }
        socket?.send(text: message.text)
    }

    private func ended(_ end: EngineSocketEnd) {
        switch end {
        case .peerClosed(code: 1_000):
            deliver(.ended)
            close()
        // For a missing agent or a signature that does not fit.
        case .peerClosed(code: 3_000...3_099): fail(.unauthorised)
        case .peerClosed, .impossible, .unreachable, .refused, .vanished, .misbehaved,
            .closedHere:
            fail(ProviderFailure(socket: end))
        }
    }

    private func fail(_ failure: ProviderFailure) {
        guard !isOver else { return }
        deliver(.failed(failure))
        close()
    }
}

/// Where the words of a response start in its audio, over the borders of its pieces.
private struct ResponseWords {
    private var response = 0
    private var offset = Duration.zero
    private var aligned = AlignedWords()

    mutating func take(
        _ alignment: CharacterAlignment?, of response: Int, lasting duration: Duration
    ) -> [WordTiming] {
        if response != self.response {
            self.response = response
            offset = .zero
            aligned = AlignedWords()
        }
        defer { offset += duration }
        return alignment.map { aligned.take($0, at: offset) } ?? []
    }
}
