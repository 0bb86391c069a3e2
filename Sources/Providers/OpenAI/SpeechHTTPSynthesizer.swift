package import Codecs
internal import Foundation
package import Pipeline

/// Speech over HTTP as OpenAI's `audio/speech` has it, which many local engines imitate.
///
/// Every text is one request over the pool of warm connections; the audio is played as it comes.
package struct SpeechHTTPSynthesizer: SpeechSynthesizer {
    /// What is asked for and comes back.
    package enum Audio: Equatable, Sendable {
        /// 16-bit, without a header; OpenAI's has 24 000 Hz, local engines others.
        case pcm(hertz: Int)
        /// With a header, which tells the rate.
        case wav
    }

    package struct Settings: Sendable {
        /// With or without `/v1` and slashes at its end.
        package var baseURL = "https://api.openai.com/v1"
        /// Never logged; local engines need none.
        package var key: String?
        package var model = "gpt-4o-mini-tts"
        /// A language without a voice is refused.
        package var voices: [Language: String] = [.english: "alloy", .spanish: "alloy"]
        package var audio = Audio.pcm(hertz: 24_000)
        /// 0.25…4; `nil`: not sent.
        package var speed: Double?
        /// How to speak; only some models take it.
        package var instructions: String?
        package var limits = SpeechLimits()

        package init() {}
    }

    private let settings: Settings
    private let http: ProviderHTTP
    private let usage: SpeechUsage

    /// - Parameters:
    ///   - settings: whose voice.
    ///   - http: shared with other engines; its owner shuts it down.
    ///   - usage: told of every request once it is over.
    package init(
        settings: Settings, http: ProviderHTTP, usage: @escaping SpeechUsage = { _ in }
    ) {
        self.settings = settings
        self.http = http
        self.usage = usage
    }

    /// The same voice, whose use is told to another: one call's.
    package func reporting(to usage: @escaping SpeechUsage) -> Self {
        Self(settings: settings, http: http, usage: usage)
    }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (stream, blocks) = AsyncThrowingStream.makeStream(of: SpeechBlock.self)
        let watch = StallWatch(settings.limits) { hasBegun in
            let failure: ProviderFailure = hasBegun ? .stalledMidStream : .stalledBeforeFirst
            blocks.finish(throwing: failure)
        }
        let task = Task(executorPreference: CallTasks.executor) {
            do {
                let request = try request(text, language)
                try await speak(text, request, format, watch, into: blocks)
                blocks.finish()
            } catch let error as ProviderHTTPError {
                blocks.finish(throwing: ProviderFailure(http: error))
            } catch {
                blocks.finish(throwing: error)
            }
        }
        blocks.onTermination = { _ in
            watch.stop()
            task.cancel()
        }
        return stream
    }

    private func speak(
        _ text: String, _ request: ProviderHTTPRequest, _ format: AudioFormat,
        _ watch: StallWatch,
        into blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) async throws {
        var audio = 0
        defer { usage(UsageAmount(characters: text.count, audioMilliseconds: audio)) }
        let answer = try await http.send(request)
        guard answer.status == 200 else { throw try await Self.failure(answer) }
        // An error told as a success, or a page of some other server.
        let type = answer.header("content-type")?.lowercased() ?? ""
        guard !type.contains("json"), !type.hasPrefix("text/") else {
            throw ProviderFailure.garbage
        }
        switch settings.audio {
        case .pcm(let hertz):
            var relay = try SpeechRelay(
                from: SpeechSource(.linear16, hertz: hertz), to: format, into: blocks)
            for try await octets in answer.body {
                watch.progressed()
                relay.take(octets)
                audio = relay.audioMilliseconds
            }
            try relay.finish(text)
        case .wav:
            var wav = StreamedWAV()
            var relay: SpeechRelay?
            for try await octets in answer.body {
                watch.progressed()
                let rest = try wav.take(octets)
                if relay == nil, let source = wav.source {
                    relay = try SpeechRelay(from: source, to: format, into: blocks)
                }
                relay?.take(rest)
                audio = relay?.audioMilliseconds ?? 0
            }
            // A stream that ends within its header was cut off.
            guard relay != nil else { throw ProviderFailure.closedEarly }
            try relay?.finish(text)
        }
    }

    private func request(
        _ text: String, _ language: Language
    ) throws(EngineError) -> ProviderHTTPRequest {
        guard let voice = settings.voices[language] else {
            throw .unavailable("no speech voice is set for \(language.rawValue)")
        }
        var body = Body(model: settings.model, input: text, voice: voice)
        body.format =
            switch settings.audio {
            case .pcm: "pcm"
            case .wav: "wav"
            }
        body.speed = settings.speed
        body.instructions = settings.instructions
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(body) else {
            throw .failed("the text to speak is no JSON")
        }
        var headers = [(name: "Content-Type", value: "application/json")]
        if let key = settings.key, !key.isEmpty {
            headers.append((name: "Authorization", value: "Bearer \(key)"))
        }
        return ProviderHTTPRequest(
            url: ProviderAddress.url("audio/speech", below: settings.baseURL), headers: headers,
            body: [UInt8](json))
    }

    private struct Body: Encodable {
        let model: String
        let input: String
        let voice: String
        var format = "pcm"
        var speed: Double?
        var instructions: String?

        private enum CodingKeys: String, CodingKey {
            case model
            case input
            case voice
            case format = "response_format"
            case speed
            case instructions
        }
    }

    private static func failure(
        _ answer: ProviderHTTPResponse
    ) async throws(ProviderHTTPError) -> ProviderFailure {
        // 429 stands for two things: too fast, and no money.
        if answer.status == 429 {
            let body = String(decoding: try await answer.body.collect(upTo: 4_096), as: UTF8.self)
            if body.contains("insufficient_quota") { return .unauthorised }
        }
        return ProviderFailure(
            status: answer.status,
            retryAfter: answer.header("retry-after").flatMap(Duration.init(retryAfter:)))
    }
}
