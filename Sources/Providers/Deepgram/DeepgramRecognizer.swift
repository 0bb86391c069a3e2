internal import Codecs
package import Pipeline

/// Streaming speech-to-text at Deepgram (`/v1/listen`, the nova models).
///
/// One socket per call, on the call's media loop, opened when the call starts. The caller's audio
/// goes out as it came: µ-law and A-law are not expanded.
package struct DeepgramRecognizer: SpeechRecognizer {
    package struct Settings: Sendable {
        /// With or without `https://`; other regions and servers of one's own have other hosts.
        package var baseURL = "wss://api.deepgram.com"
        /// `nil`: the server asks for none; never logged.
        package var key: String?
        package var model = "nova-3"
        /// Deepgram's name of each language; BCP-47.
        package var spanish = "es-419"
        package var english = "en"
        /// Names and words of the business; nova-3 takes so many that they make 500 tokens.
        package var keyterms: [String] = []
        package var smartFormat = true
        /// Silence after which the provider takes a phrase for final.
        package var endpointing = Duration.milliseconds(300)
        /// Time without a word after which it says so; interims come once a second, so not below.
        package var utteranceEnd = Duration.seconds(1)
        /// Audio that can be sent again after a lost connection.
        package var replayLimit = Duration.seconds(15)

        package init(key: String?) { self.key = key }
    }

    private let settings: Settings

    package init(settings: Settings) { self.settings = settings }

    package var interimsAreStable: Bool { true }

    /// Tries the key, the model and the language by opening a connection and closing it again.
    ///
    /// - Parameters:
    ///   - language: whose name is tried.
    ///   - connector: of any loop.
    /// - Throws: what became of the connection; after 5 s without an answer, `timedOut`.
    package func check(
        _ language: Language, over connector: any EngineConnector
    ) async throws(ProviderFailure) {
        let (events, continuation) = AsyncStream.makeStream(of: EngineSocketEvent?.self)
        let socket = connector.connect(
            to: endpoint(for: language, format: .telephone, keyterms: settings.keyterms)
        ) { continuation.yield($0) }
        let alarm = Task {
            try? await Task.sleep(for: .seconds(5))
            continuation.yield(nil)
        }
        defer {
            alarm.cancel()
            socket.send(text: DeepgramSession.closeStream)
            socket.close()
        }
        for await event in events {
            switch event {
            case .opened: return
            case .ended(let end): throw ProviderFailure(socket: end)
            case .text, .binary: continue
            case nil: throw .timedOut
            }
        }
    }

    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        guard let connector = request.connector else {
            throw .unavailable("Deepgram needs a media loop to connect from")
        }
        guard let octetsPerSample = request.format.octetsPerSample else {
            throw .unavailable("Deepgram is sent µ-law, A-law or linear audio here, not Opus")
        }
        let octetsPerSecond = request.format.rate.rawValue * octetsPerSample
        let stream = DeepgramStream.Settings(
            octetsPerSecond: octetsPerSecond, octetsPerSample: octetsPerSample,
            historyCapacity: octetsPerSecond * Int(settings.replayLimit.components.seconds))
        let session = DeepgramSession(
            DeepgramStream(settings: stream, seed: .random(in: 0...UInt64.max)),
            AudioHistory(capacity: stream.historyCapacity), audio, connector, deliver,
            usage: Self.report(model: settings.model, octetsPerSecond: octetsPerSecond)
        ) { phrases in
            endpoint(
                for: request.language, format: request.format,
                keyterms: settings.keyterms + phrases)
        }
        session.start()
        return session
    }

    /// Counts for the call that the session is opened for.
    private static func report(
        model: String, octetsPerSecond: Int
    ) -> @Sendable (_ octets: Int, _ connections: Int) -> Void {
        let call = EngineContext.current?.call
        let engine = Usage.Engine(stage: .recognition, provider: "deepgram", model: model)
        return { octets, connections in
            guard connections > 0 else { return }
            var amount = UsageAmount()
            amount.requests = connections
            amount.audioMilliseconds = octets * 1_000 / octetsPerSecond
            call?.used(amount, of: engine)
        }
    }

    /// The address with everything that a connection is told in its query.
    func endpoint(
        for language: Language, format: AudioFormat, keyterms: [String]
    ) -> EngineEndpoint {
        let encoding =
            switch format.encoding {
            case .muLaw: "mulaw"
            case .aLaw: "alaw"
            case .linear16, .opus: "linear16"
            }
        var query = [
            ("model", settings.model),
            ("language", language == .spanish ? settings.spanish : settings.english),
            ("encoding", encoding), ("sample_rate", "\(format.rate.rawValue)"), ("channels", "1"),
            ("interim_results", "true"),
            ("endpointing", "\(Int(settings.endpointing.milliseconds))"),
            ("utterance_end_ms", "\(Int(settings.utteranceEnd.milliseconds))"),
            ("vad_events", "true"),
        ]
        if settings.smartFormat {
            // A number is not to be held back until the caller has finished it.
            query += [("smart_format", "true"), ("no_delay", "true")]
        }
        if settings.model.hasPrefix("nova-3") {
            query += Self.limited(keyterms).map { ("keyterm", $0) }
        }
        let text = query.map { $0.0 + "=" + Self.encoded($0.1) }.joined(separator: "&")
        return EngineEndpoint(
            url: WebSocketBase.normalized(settings.baseURL) + "/v1/listen?" + text,
            headers: settings.key.map { [(name: "Authorization", value: "Token " + $0)] } ?? [])
    }

    /// As many different ones, from the front, as stay well below 500 tokens.
    private static func limited(_ keyterms: [String]) -> [String] {
        var seen: Set<String> = []
        var octetsLeft = 1_000
        return keyterms.filter { term in
            guard !term.isEmpty, octetsLeft >= term.utf8.count, seen.insert(term).inserted else {
                return false
            }
            octetsLeft -= term.utf8.count
            return true
        }
    }

    /// Percent-encodes all but RFC 3986's unreserved characters.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { encoded, octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(octet))
            default:  // every other octet
                encoded += "%" + String([digits[Int(octet >> 4)], digits[Int(octet & 0xF)]])
            }
        }
    }
}
