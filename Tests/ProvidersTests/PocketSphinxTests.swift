import Codecs
import Pipeline
import Testing

@testable import Providers

/// The real recogniser on real recordings (alsa-utils, a woman's voice), through 8 kHz µ-law.
@Suite(.tags(.integration), .serialized) struct PocketSphinxTests {
    private static let corners = RecognitionHints(
        grammar: """
            #JSGF V1.0; grammar corners;
            public <utterance> = ( front | rear | side ) ( left | right | center )
                | yes | no | help | goodbye | i want to talk to an agent;
            """)

    /// The order is fixed: a decoder's results depend on what it heard before.
    private static let clips = [
        "Front_Center", "Front_Left", "Front_Right", "Rear_Center", "Rear_Left", "Rear_Right",
        "Side_Left", "Side_Right",
    ]

    @Test func recordedWordsAreRecognisedThroughMuLaw() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        for clip in Self.clips {
            let words = clip.lowercased().replacing("_", with: " ")
            #expect(try await call.say(try alsaClip(clip), Self.corners) == .final(words))
        }
    }

    @Test(arguments: [
        AudioFormat(.aLaw, .hz8000), AudioFormat(.linear16, .hz8000),
        AudioFormat(.linear16, .hz16000), AudioFormat(.linear16, .hz48000),
    ])
    func otherFormatsAreTaken(format: AudioFormat) async throws {
        let call = try PocketSphinxCall(format)
        defer { call.end() }
        #expect(
            try await call.say(try alsaClip("Rear_Center"), Self.corners) == .final("rear center"))
    }

    @Test func noiseIsNothing() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        #expect(try await call.say(try alsaClip("Noise"), Self.corners) == .final(""))
        let silence = [Int16](repeating: 0, count: 8_000)
        #expect(try await call.say(silence, Self.corners) == .final(""))
        #expect(try await call.say([], Self.corners) == .final(""))
    }

    @Test func withoutAGrammarBasicAnswersAreHeard() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        #expect(try await call.say([Int16](repeating: 0, count: 8_000), .none) == .final(""))
    }

    @Test func anUnknownNameDoesNotSpoilTheGrammar() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        let hints = RecognitionHints(
            grammar: "#JSGF V1.0; grammar g; public <u> = xqzwyllbo | rear center;")
        #expect(try await call.say(try alsaClip("Rear_Center"), hints) == .final("rear center"))
    }

    @Test func aBrokenGrammarFailsOnceAndTheNextUtteranceIsHeard() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        let broken = RecognitionHints(grammar: "#JSGF V1.0; grammar g; public <u> = ( yes")
        guard case .failed = try await call.say(try alsaClip("Rear_Center"), broken) else {
            Issue.record("a broken grammar is a failure")
            return
        }
        #expect(
            try await call.say(try alsaClip("Rear_Center"), Self.corners) == .final("rear center"))
    }

    /// Only finished utterances have an outcome, each exactly one, in order; a second `finish`
    /// and commands for unknown utterances do nothing.
    @Test func eachFinishedUtteranceHasExactlyOneOutcome() async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        let audio = call.octets(of: try alsaClip("Front_Center"))
        for id in 1...6 {
            let start = call.ring.end
            call.session.begin(Utterance(id: id, hints: Self.corners), from: start)
            call.ring.write(audio.span)
            if id.isMultiple(of: 2) {
                call.session.cancel(id)
            } else {
                call.session.finish(id, at: call.ring.end)
                call.session.finish(id, at: call.ring.end)
            }
            call.session.cancel(99)
            call.session.finish(99, at: call.ring.end)
        }
        for id in [1, 3, 5] {
            let (utterance, outcome) = try #require(await call.nextOutcome())
            #expect(utterance == id)
            #expect(outcome == .final("front center"))
        }
        // What follows is next: nothing was left over.
        #expect(try await call.say([], Self.corners, id: 7) == .final(""))
    }

    @Test(arguments: 1...12)
    func closingAtAnyMomentIsSafe(seed: UInt64) async throws {
        let call = try PocketSphinxCall()
        defer { call.end() }
        let audio = call.octets(of: try alsaClip("Rear_Right"))
        let heard = Array(audio.prefix(Int(seed) * audio.count / 12))
        call.session.begin(Utterance(id: 1, hints: Self.corners), from: 0)
        call.ring.write(heard.span)
        if seed.isMultiple(of: 3) { call.session.finish(1, at: call.ring.end) }
        call.session.close()
        let end = call.ring.end
        // From now on the ring is this thread's to read.
        let left = [UInt8](capacity: end) { output in _ = call.ring.read(into: &output) }
        #expect(left.count <= heard.count)
        call.session.finish(1, at: end)
        call.session.close()
    }

    @Test func callsAtOnceDoNotMixUp() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for clip in Self.clips {
                group.addTask {
                    let call = try PocketSphinxCall()
                    defer { call.end() }
                    let words = clip.lowercased().replacing("_", with: " ")
                    // The same sentence again and again: the line is known from the second on.
                    let audio = try alsaClip(clip)
                    _ = try await call.say(audio, Self.corners, id: 1)
                    #expect(try await call.say(audio, Self.corners, id: 2) == .final(words))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func overItsBoundTheRecogniserRefuses() throws {
        var settings = PocketSphinxRecognizer.Settings()
        settings.maximumSessions = 1
        settings.readyDecoders = 0
        let recognizer = PocketSphinxRecognizer(settings: settings)
        defer { recognizer.shutdown() }
        let request = RecognitionRequest(format: .telephone, language: .english)
        let open = { () throws(EngineError) in
            try recognizer.makeSession(request, audio: AudioRing(capacity: 8_000)) { _ in }
        }
        let first = try open()
        #expect(throws: EngineError.overloaded("PocketSphinx hears 1 calls already")) {
            try open()
        }
        first.close()
        first.close()
        try open().close()
    }

    @Test func aMissingModelSaysWhatToInstall() async throws {
        var settings = PocketSphinxRecognizer.Settings()
        settings.modelDirectory = "/nonexistent"
        let recognizer = PocketSphinxRecognizer(settings: settings)
        let missing = EngineError.unavailable(
            "PocketSphinx has no /nonexistent/en-us/cmudict-en-us.dict: "
                + "install Debian package pocketsphinx-en-us")
        #expect(throws: missing) { try recognizer.checkInstallation() }
        await #expect(throws: missing) { try await recognizer.prepare() }
    }

    @Test func opusIsRefused() throws {
        let recognizer = PocketSphinxRecognizer()
        defer { recognizer.shutdown() }
        let request = RecognitionRequest(
            format: AudioFormat(.opus, .hz48000), language: .english)
        #expect(throws: EngineError.self) {
            try recognizer.makeSession(request, audio: AudioRing(capacity: 100)) { _ in }
        }
    }

    @Test(arguments: [
        (
            "es-book", "quisiera ( un cambio de aceite | una revision de frenos )",
            "quisiera un cambio de aceite"
        ),
        (
            "es-day",
            "el ( lunes | martes | jueves ) a las ( dos | diez | doce ) [y ( media | cuarto )]",
            "el martes a las diez y media"
        ),
        ("es-goodbye", "gracias adios | si por favor | cancelar mi cita", "gracias adios"),
    ])
    func spanishIsHeardWithAClosedGrammar(file: String, rule: String, words: String) async throws {
        let call = try PocketSphinxCall(language: .spanish)
        defer { call.end() }
        let hints = RecognitionHints(
            grammar: "#JSGF V1.0; grammar g; public <u> = \(rule);")
        let audio = try demoClip(file)
        #expect(try await call.say(audio, hints) == .final(words))
    }
}
