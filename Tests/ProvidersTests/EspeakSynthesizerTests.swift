import Codecs
import Pipeline
import Providers
import Testing

/// What the speech of the real program sounds like.
@Suite(.tags(.integration))
struct EspeakSynthesizerTests {
    private static let sentences: [(Language, String)] = [
        (
            .spanish,
            "Buenos días, su coche está listo; puede recogerlo hoy hasta las siete y media."
        ),
        (
            .english,
            "Good morning, your car is ready; you can pick it up today until half past seven."
        ),
    ]

    /// People speak 10 to 20 characters a second, at about -20 dBFS.
    @Test(arguments: sentences)
    func soundsLikeSpeech(language: Language, text: String) async throws {
        let octets = try await speech(text, language, .telephone).flatMap(\.self)
        let seconds = Double(octets.count) / 8_000
        #expect((10...20).contains(Double(text.count) / seconds), "\(seconds) s")

        let pcm = decoded(octets)
        let level = AudioLevel(of: pcm.span)
        #expect((-30 ... -12).contains(level.rms))
        #expect(level.peak < 0, "nothing is clipped")
        let start = pcm.firstIndex { abs(Int($0)) > 200 } ?? pcm.count
        #expect(start <= 8 * 30, "silence of \(start / 8) ms before the first word")
    }

    @Test func everyFormatLastsAsLong() async throws {
        var seconds: [Double] = []
        for rate in SampleRate.allCases {
            for encoding in [AudioEncoding.muLaw, .aLaw, .linear16] {
                let format = AudioFormat(encoding, rate)
                let octets = try await speech("Hola, le atiende Ana.", .spanish, format)
                    .flatMap(\.self)
                let perSample = try #require(format.octetsPerSample)
                #expect(octets.count.isMultiple(of: perSample))
                seconds.append(Double(octets.count / perSample) / Double(rate.rawValue))
            }
        }
        // The program varies by a few milliseconds from run to run.
        #expect(try #require(seconds.max()) - (try #require(seconds.min())) < 0.1)
    }

    @Test func blocksAreShortThenLong() async throws {
        let blocks = try await speech(Self.sentences[0].1, .spanish, .telephone)
        let lengths = blocks.map(\.count)
        #expect(lengths.prefix(5).allSatisfy { $0 == 160 })
        #expect(lengths.dropFirst(5).dropLast().allSatisfy { $0 == 800 })
        #expect(lengths.last.map { (1...800).contains($0) } == true)
    }

    /// Spoken as they stand: options, quotes, lines and markup change nothing else.
    @Test(arguments: [
        "-v en -s 450 hola", "\"hola\" 'qué tal'", "hola\nadiós", "--help", "-f /etc/passwd",
    ])
    func textIsNeverAnOption(text: String) async throws {
        let octets = try await speech(text, .spanish, .telephone).flatMap(\.self)
        let seconds = Double(octets.count) / 8_000
        #expect((0.4...4).contains(seconds), "\(seconds) s")
    }

    @Test func tagsAndEmojiAreNotSpoken() async throws {
        let plain = try await speech("hola Ana", .spanish, .telephone).flatMap(\.self).count
        let marked = try await speech("<p>hola</p> <b>Ana</b> 😊", .spanish, .telephone)
            .flatMap(\.self).count
        #expect(abs(plain - marked) < 800, "more than 100 ms apart")
    }

    @Test func nothingToSayIsNoAudio() async throws {
        #expect(try await speech("😊 ...", .spanish, .telephone).isEmpty)
    }

    @Test func missingProgramSaysWhatToInstall() async throws {
        var settings = EspeakSynthesizer.Settings()
        settings.program = "espeak-ng-is-not-here"
        let synthesizer = EspeakSynthesizer(settings: settings)
        await #expect(throws: EngineError.unavailable("install the Debian package espeak-ng")) {
            try await synthesizer.prepare()
        }
        await synthesizer.shutdown()
    }

    @Test func missingVoiceIsNamed() async throws {
        var settings = EspeakSynthesizer.Settings()
        settings.voices[.spanish]?.name = "zz-none"
        let synthesizer = EspeakSynthesizer(settings: settings)
        await #expect(
            throws: EngineError.unavailable("espeak-ng has no voice called zz-none")
        ) {
            try await synthesizer.prepare()
        }
        await synthesizer.shutdown()
    }

    @Test func refusesWhatItCannotDo() async throws {
        let synthesizer = EspeakSynthesizer()
        let opus = AudioFormat(.opus, .hz48000)
        await #expect(throws: EngineError.self) {
            for try await _ in synthesizer.synthesize("hola", language: .spanish, format: opus) {}
        }
        let long = String(repeating: "hola ", count: 1_700)
        await #expect(throws: EngineError.failed("the text is longer than 8000 characters")) {
            for try await _ in synthesizer.synthesize(
                long, language: .spanish, format: .telephone)
            {}
        }
        #expect(synthesizer.processIdentifiers.isEmpty, "neither has started a process")
        await synthesizer.shutdown()
    }

    /// The blocks of one request to a synthesiser of its own.
    private func speech(
        _ text: String, _ language: Language, _ format: AudioFormat
    ) async throws -> [[UInt8]] {
        let synthesizer = EspeakSynthesizer()
        var blocks: [[UInt8]] = []
        for try await block in synthesizer.synthesize(text, language: language, format: format) {
            blocks.append(block.octets)
        }
        await synthesizer.shutdown()
        return blocks
    }

    private func decoded(_ octets: [UInt8]) -> [Int16] {
        var pcm = [Int16](repeating: 0, count: octets.count)
        var room = pcm.mutableSpan
        MuLaw.decode(octets.span, into: &room)
        return pcm
    }
}
