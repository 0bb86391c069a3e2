internal import Codecs
internal import Pipeline

/// The loop's end of one call with OpenAI Realtime: does what `RealtimeDialogue` decides.
final class RealtimeSession: SpeechAgentSession, @unchecked Sendable {
    // Invariant: everything is used on the call's media loop alone; the call calls there, and there
    // its socket is heard.
    private let request: SpeechAgentRequest
    private let configuration: String
    private let deliver: @Sendable (SpeechAgentEvent) -> Void
    private let used: (RealtimeMessage.Usage) -> Void
    private var dialogue: RealtimeDialogue
    private var uplink: AgentUplink
    private var downlink: AgentAudio?
    private var socket: (any EngineSocket)?
    private var isOver = false

    init(
        _ request: SpeechAgentRequest, greeting: String?, configuration: String,
        deliver: @escaping @Sendable (SpeechAgentEvent) -> Void,
        used: @escaping (RealtimeMessage.Usage) -> Void
    ) {
        self.request = request
        self.configuration = configuration
        self.deliver = deliver
        self.used = used
        let format = Self.format(for: request.outbound)
        dialogue = RealtimeDialogue(
            octetsPerSecond: format.rate.rawValue * (format.octetsPerSample ?? 2),
            greeting: greeting)
        uplink = AgentUplink(
            from: request.inbound, before: #"{"type":"input_audio_buffer.append","audio":""#,
            after: #""}"#)
    }

    /// What is spoken with the provider for a call's format: G.711 as it is, else its only rate.
    static func format(for format: AudioFormat) -> AudioFormat {
        switch (format.encoding, format.rate) {
        case (.muLaw, .hz8000), (.aLaw, .hz8000): format
        default: AudioFormat(.linear16, .hz24000)  // every other combination
        }
    }

    func start(_ endpoint: EngineEndpoint) throws(EngineError) {
        downlink = try AgentAudio(
            from: SpeechSource(Self.format(for: request.outbound)), to: request.outbound)
        socket = request.connector.connect(to: endpoint) { [weak self] event in
            guard let self, !self.isOver else { return }
            switch event {
            case .opened: break  // the provider speaks first
            case .text(let octets):
                guard let message = RealtimeMessage(parsing: octets) else {
                    return self.fail(.garbage)
                }
                self.perform(self.dialogue.take(message))
            case .binary: self.fail(.garbage)
            case .ended(let end): self.fail(ProviderFailure(socket: end))
            }
        }
    }

    // MARK: SpeechAgentSession

    func hear(_ octets: Span<UInt8>) {
        guard !isOver else { return }
        uplink.hear(octets) { [socket] in socket?.send(text: $0) }
    }

    func tick(at now: MonotonicTime) {}
    func answer(_ result: ToolResult) { perform(dialogue.answer(result)) }
    func say(_ text: String) { perform(dialogue.add(text, ofCaller: true)) }
    func add(context: String) { perform(dialogue.add(context, ofCaller: false)) }

    func truncate(response: Int, heardMilliseconds: Int) {
        perform(dialogue.truncate(response: response, heardMilliseconds: heardMilliseconds))
    }

    func stopSpeaking() { perform(dialogue.stopSpeaking()) }

    func close() {
        guard !isOver else { return }
        isOver = true
        socket?.close()
    }

    // MARK: Doing

    private func perform(_ outputs: [RealtimeDialogue.Output]) {
        for output in outputs where !isOver {
            switch output {
            case .tell(let event):
                deliver(event)
                if case .failed = event { close() }
            case .send(let message): socket?.send(text: message.text)
            case .configure:
                socket?.send(text: configuration)
                openUplink()
            case .audio(let octets, let response):
                guard let converted = downlink?.convert(octets.span) else { continue }
                deliver(
                    .audio(SpeechBlock(octets: converted), response: response, readyAt: .now()))
            case .used(let amount): used(amount)
            }
        }
    }

    private func openUplink() {
        do throws(EngineError) {
            try uplink.open(in: Self.format(for: request.inbound)) { [socket] in
                socket?.send(text: $0)
            }
        } catch {
            deliver(.complained(error.text))
            fail(.rejected(status: 415))
        }
    }

    private func fail(_ failure: ProviderFailure) {
        guard !isOver else { return }
        deliver(.failed(failure))
        close()
    }
}
