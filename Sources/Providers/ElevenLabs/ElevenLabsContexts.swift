internal import Pipeline

/// ElevenLabs' multi-stream-input: up to five texts at once on one socket, each in a context.
///
/// A context gets its whole text at once and is closed behind it, which is what makes the provider
/// tell its end. There is no message that stops one: what still comes of a context that nobody
/// listens to is dropped, and its slot is taken until its end is told.
struct ElevenLabsContexts: SpeechWire {
    private struct Context {
        var words = AlignedWords()
        var octetCount = 0
    }

    let capacity = 5
    private let voice: ElevenLabsRequest.VoiceSettings?
    private let source: SpeechSource
    private var contexts: [Int: Context] = [:]

    init(voice: ElevenLabsRequest.VoiceSettings?, source: SpeechSource) {
        self.voice = voice
        self.source = source
    }

    mutating func opening() -> [String] { [] }

    mutating func begin(_ request: Int, _ text: String, at now: MonotonicTime) -> [String] {
        contexts[request] = Context()
        let name = "c\(request)"
        return [
            // Settings go with the first message of a context, and only there.
            ElevenLabsRequest(text: " ", context: name, voiceSettings: voice).json,
            // Without the space, the words of two messages run together.
            ElevenLabsRequest(text: text + " ", context: name, flush: true).json,
            ElevenLabsRequest(context: name, closeContext: true).json,
        ]
    }

    mutating func cancel(_ request: Int) -> SpeechWireReply { SpeechWireReply() }

    mutating func take(text octets: [UInt8]) -> SpeechWireReply {
        let message: ElevenLabsMessage
        do {
            message = try ElevenLabsMessage(parsing: octets)
        } catch {
            return SpeechWireReply(end: error)
        }
        let request = Int(message.context.dropFirst())
        if let failure = message.failure {
            guard let request, contexts.removeValue(forKey: request) != nil else {
                return SpeechWireReply(end: failure)
            }
            return SpeechWireReply(news: [.failed(request, failure)])
        }
        guard let request, var context = contexts[request] else { return SpeechWireReply() }
        var news: [SpeechWireReply.News] = []
        var words: [WordTiming] = []
        if let alignment = message.alignment {
            let offset = source.duration(ofOctets: context.octetCount)
            words = context.words.take(alignment, at: offset)
        }
        context.octetCount += message.audio.count
        if message.isFinal { words += context.words.finish() }
        if !message.audio.isEmpty || !words.isEmpty {
            news.append(.audio(request, message.audio, words))
        }
        contexts[request] = message.isFinal ? nil : context
        if message.isFinal { news.append(.done(request)) }
        return SpeechWireReply(news: news)
    }

    /// Without a context: one that was named before its first message would have no settings.
    func keepAlive() -> [String] { [ElevenLabsRequest(text: "").json] }

    func closing() -> [String] { [ElevenLabsRequest(closeSocket: true).json] }
}
