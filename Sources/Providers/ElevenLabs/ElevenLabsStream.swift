internal import Pipeline

/// ElevenLabs' stream-input: one text per socket, which is opened ahead and closed behind it.
struct ElevenLabsStream: SpeechWire {
    private enum State {
        case fresh
        case speaking(Int)
        case over
    }

    let capacity = 1
    private let voice: ElevenLabsRequest.VoiceSettings?
    private let source: SpeechSource
    private var state = State.fresh
    private var words = AlignedWords()
    private var octetCount = 0

    init(voice: ElevenLabsRequest.VoiceSettings?, source: SpeechSource) {
        self.voice = voice
        self.source = source
    }

    /// The first message must be a single space, and settings are allowed only there.
    mutating func opening() -> [String] {
        [ElevenLabsRequest(text: " ", voiceSettings: voice).json]
    }

    func admits(at now: MonotonicTime) -> Bool {
        if case .fresh = state { true } else { false }
    }

    mutating func begin(_ request: Int, _ text: String, at now: MonotonicTime) -> [String] {
        state = .speaking(request)
        return [
            ElevenLabsRequest(text: text + " ", flush: true).json,
            // The end of the stream: the provider speaks the rest and closes.
            ElevenLabsRequest(text: "").json,
        ]
    }

    /// There is no cancelling here but closing.
    mutating func cancel(_ request: Int) -> SpeechWireReply {
        state = .over
        return SpeechWireReply(end: .closedEarly)
    }

    mutating func take(text octets: [UInt8]) -> SpeechWireReply {
        let message: ElevenLabsMessage
        do {
            message = try ElevenLabsMessage(parsing: octets)
        } catch {
            return SpeechWireReply(end: error)
        }
        if let failure = message.failure { return SpeechWireReply(end: failure) }
        guard case .speaking(let request) = state else { return SpeechWireReply() }
        var reply = SpeechWireReply()
        var timings: [WordTiming] = []
        if let alignment = message.alignment {
            timings = words.take(alignment, at: source.duration(ofOctets: octetCount))
        }
        octetCount += message.audio.count
        if message.isFinal { timings += words.finish() }
        if !message.audio.isEmpty || !timings.isEmpty {
            reply.news.append(.audio(request, message.audio, timings))
        }
        if message.isFinal {
            state = .over
            reply.news.append(.done(request))
            reply.end = .closedEarly
        }
        return reply
    }

    /// An empty text would end the stream.
    func keepAlive() -> [String] { [ElevenLabsRequest(text: " ").json] }
}
