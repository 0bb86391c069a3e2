import Codecs
import Pipeline
import ProviderSimulators
import Providers
import Synchronization
import Testing

@testable import MediaBridge

/// Voices behind WebSockets, over a real media loop and against servers that follow the protocols.
@Suite(.tags(.integration)) struct SocketSpeechTests {
    private static let text = "su cita es mañana a las diez"

    /// ElevenLabs' two sockets, and Aura's.
    enum Provider: CaseIterable, Sendable { case contexts, stream, aura }

    /// A provider's server and its client on a loop.
    private struct Setup {
        let voice: any SpeechSynthesizer
        let log: SimulatedSpeechLog
        let warm: @Sendable () -> Void
        let stop: @Sendable () async -> Void
    }

    private static var limits: SpeechLimits {
        var limits = SpeechLimits()
        limits.firstAudio = .seconds(1)
        limits.pause = .milliseconds(500)
        limits.keepAliveInterval = .milliseconds(50)
        return limits
    }

    private static func with(
        _ provider: Provider, _ script: SimulatedSpeechScript = SimulatedSpeechScript(),
        key: String = "key", voice name: String = "voice",
        usage: @escaping SpeechUsage = { _ in },
        _ body: (Setup) async throws -> Void
    ) async throws {
        let loop = try LoopUnderTest()
        let connector: LoopConnector = await withCheckedContinuation { continuation in
            loop.loop.poster.post(.connector { continuation.resume(returning: $0) })
        }
        let setup: Setup
        switch provider {
        case .contexts, .stream:
            let server = try await SimulatedElevenLabs(script: script)
            var settings = ElevenLabsSynthesizer.Settings(
                key: key, voices: [.spanish: name])
            settings.baseURL = server.url
            settings.mode = provider == .contexts ? .contexts : .stream
            settings.stability = 0.5
            settings.limits = limits
            let voice = ElevenLabsSynthesizer(
                settings: settings, connector: connector, usage: usage)
            setup = Setup(voice: voice, log: server.log) {
                voice.warm(.spanish, format: .telephone)
            } stop: {
                voice.shutdown()
                await server.stop()
            }
        case .aura:
            let server = try await SimulatedAura(script: script)
            var settings = DeepgramSynthesizer.Settings(key: key)
            settings.baseURL = server.url
            settings.limits = limits
            let voice = DeepgramSynthesizer(
                settings: settings, connector: connector, usage: usage)
            setup = Setup(voice: voice, log: server.log) {
                voice.warm(.spanish, format: .telephone)
            } stop: {
                voice.shutdown()
                await server.stop()
            }
        }
        do { try await body(setup) } catch { Issue.record(error) }
        await setup.stop()
        _ = await loop.figures()
    }

    private static func hear(
        _ text: String, _ setup: Setup, _ format: AudioFormat = .telephone
    ) async throws -> Heard {
        try await Heard(
            setup.voice.synthesize(text, language: .spanish, format: format), format)
    }

    /// Each word is heard, in order and once, in every format.
    @Test(arguments: Provider.allCases)
    func everyWordIsHeardInOrder(provider: Provider) async throws {
        try await Self.with(provider) { setup in
            for format in [
                AudioFormat.telephone, AudioFormat(.aLaw, .hz8000),
                AudioFormat(.linear16, .hz16000), AudioFormat(.muLaw, .hz16000),
                AudioFormat(.linear16, .hz48000),
            ] {
                let heard = try await Self.hear(Self.text, setup, format)
                #expect(heard.tones == SimulatedVoice.tones(of: Self.text), "\(format)")
                #expect((858...862).contains(heard.milliseconds), "7 words of 120 ms, and 20 ms")
                guard provider != .aura else { continue }
                #expect(heard.words.map(\.word) == Self.text.split(separator: " ").map(String.init))
                // The 60 ms of silence that the server begins with are cut to 20.
                #expect(
                    heard.words.map { Int(($0.start + .microseconds(500)) / .milliseconds(1)) }
                        == (0..<7).map { 20 + 120 * $0 })
            }
        }
    }

    /// Several at once come out whole, whoever shares a socket with whom.
    @Test(arguments: Provider.allCases)
    func requestsAtOnceKeepApart(provider: Provider) async throws {
        var script = SimulatedSpeechScript()
        script.interval = .milliseconds(5)
        try await Self.with(provider, script) { setup in
            let texts = (0..<12).map { "uno \($0) tres \($0) cinco" }
            try await withThrowingTaskGroup(of: (String, Heard).self) { group in
                for text in texts {
                    group.addTask { (text, try await Self.hear(text, setup)) }
                }
                for try await (text, heard) in group {
                    #expect(heard.tones == SimulatedVoice.tones(of: text))
                }
            }
            let log = setup.log.all
            #expect(log.texts.count == 12)
            if provider == .contexts { #expect(log.requests.count == 3, "five on each socket") }
        }
    }

    @Test(arguments: [Provider.contexts, .aura])
    func oneSocketServesTextAfterText(provider: Provider) async throws {
        let told = Mutex<[UsageAmount]>([])
        let usage: SpeechUsage = { amount in told.withLock { $0.append(amount) } }
        try await Self.with(provider, usage: usage) { setup in
            setup.warm()
            for _ in 0..<3 { _ = try await Self.hear("uno dos", setup) }
            #expect(setup.log.all.requests.count == 1)
            #expect(told.withLock { $0 }.map(\.characters) == [7, 7, 7])
            #expect(told.withLock { $0 }.map(\.audioMilliseconds) == [300, 300, 300])
        }
    }

    /// The next socket is there before the next text.
    @Test func aStreamKeepsASpareOpen() async throws {
        try await Self.with(.stream) { setup in
            setup.warm()
            #expect(await setup.log.until { $0.requests.count == 1 })
            _ = try await Self.hear("uno", setup)
            #expect(await setup.log.until { $0.requests.count == 2 })
            let sent = setup.log.all.requests[0]
            #expect(sent.query("output_format") == ["ulaw_8000"])
            #expect(sent.query("model_id") == ["eleven_flash_v2_5"])
            #expect(sent.query("language_code") == ["es"])
            #expect(sent.query("auto_mode") == ["true"])
        }
    }

    @Test(arguments: [Provider.contexts, .stream])
    func idleSocketsAreKeptAlive(provider: Provider) async throws {
        try await Self.with(provider) { setup in
            setup.warm()
            #expect(await setup.log.until { $0.keepAliveCount >= 3 })
            let next = try await Self.hear("uno dos", setup)
            #expect(next.tones.count == 2)
        }
    }

    static let faults: [(SimulatedSpeechScript.Fault, ProviderFailure)] = [
        (.refuse(status: 401), .unauthorised), (.refuse(status: 500), .server(status: 500)),
        (.refuse(status: 429), .rateLimited(retryAfter: nil)),
        (.refuse(status: 529), .overloaded),
        (.stallBeforeFirst, .stalledBeforeFirst),
        (.stallAfter(milliseconds: 250), .stalledMidStream),
        (.garbageAfter(milliseconds: 250), .garbage),
        (.abortAfter(milliseconds: 250), .closedEarly),
        (.closeAfter(milliseconds: 250), .closedEarly),
        (.closeAfter(milliseconds: 0, code: 1_011), .server(status: 500)),
    ]

    /// What goes wrong is told as what it is, and the next text is spoken.
    @Test(arguments: Provider.allCases, faults)
    func faultsAreTold(
        provider: Provider, fault: (SimulatedSpeechScript.Fault, ProviderFailure)
    ) async throws {
        var script = SimulatedSpeechScript()
        script.fault = { $0 == 0 ? fault.0 : nil }
        try await Self.with(provider, script) { setup in
            await #expect(throws: fault.1) { _ = try await Self.hear(Self.text, setup) }
            let heard = try await Self.hear(Self.text, setup)
            #expect(heard.tones == SimulatedVoice.tones(of: Self.text))
        }
    }

    @Test(arguments: Provider.allCases)
    func aWrongKeyAndNobodyThere(provider: Provider) async throws {
        try await Self.with(provider, key: "wrong") { setup in
            await #expect(throws: ProviderFailure.unauthorised) {
                _ = try await Self.hear("uno", setup)
            }
        }
        try await Self.with(provider) { setup in
            await setup.stop()
            await #expect(throws: EngineError.self) { _ = try await Self.hear("uno", setup) }
        }
    }

    @Test(arguments: [Provider.contexts, .stream])
    func anUnknownVoice(provider: Provider) async throws {
        try await Self.with(provider, voice: "nobody") { setup in
            await #expect(throws: ProviderFailure.rejected(status: 404)) {
                _ = try await Self.hear("uno", setup)
            }
        }
    }

    /// Ending the iteration early cancels: at the server where the protocol can, and others go on.
    @Test(arguments: Provider.allCases)
    func endingEarlyCancels(provider: Provider) async throws {
        var script = SimulatedSpeechScript()
        script.interval = .milliseconds(10)
        try await Self.with(provider, script) { setup in
            let long = String(repeating: "palabra ", count: 60)
            async let other = Self.hear(Self.text, setup)
            for try await _ in setup.voice.synthesize(
                long, language: .spanish, format: .telephone)
            {
                break
            }
            let heard = try await other
            #expect(heard.tones == SimulatedVoice.tones(of: Self.text))
            if provider != .contexts {
                let sent = provider == .aura ? long : long + " "
                #expect(await setup.log.until { $0.cancelled == [sent] })
            }
            let next = try await Self.hear("uno dos", setup)
            #expect(next.tones.count == 2)
        }
    }

    /// What is cancelled before the socket is open is never sent.
    @Test(arguments: Provider.allCases)
    func cancelledBeforeItIsOpen(provider: Provider) async throws {
        try await Self.with(provider) { setup in
            let task = Task { try await Self.hear("nunca", setup) }
            task.cancel()
            _ = await task.result
            let next = try await Self.hear("uno dos", setup)
            #expect(next.tones.count == 2)
            #expect(setup.log.all.texts.allSatisfy { !$0.contains("nunca") })
        }
    }
}

/// What came of one request, as a caller hears it.
private struct Heard {
    let tones: [Int]
    let milliseconds: Int
    let words: [WordTiming]

    init(_ blocks: AsyncThrowingStream<SpeechBlock, any Error>, _ format: AudioFormat) async throws
    {
        var (octets, words) = ([UInt8](), [WordTiming]())
        for try await block in blocks {
            octets += block.octets
            words += block.words
        }
        let perSample = format.octetsPerSample ?? 1
        var pcm = [Int16](repeating: 0, count: octets.count / perSample)
        var room = pcm.mutableSpan
        switch format.encoding {
        case .muLaw: MuLaw.decode(octets.span, into: &room)
        case .aLaw: ALaw.decode(octets.span, into: &room)
        case .linear16, .opus:
            for index in room.indices {
                let sample = UInt16(octets[2 * index + 1]) << 8 | UInt16(octets[2 * index])
                room[index] = Int16(bitPattern: sample)
            }
        }
        tones = SimulatedVoice.heard(pcm, hertz: format.rate.rawValue)
        milliseconds = pcm.count * 1_000 / format.rate.rawValue
        self.words = words
    }
}
