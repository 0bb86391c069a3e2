import Codecs
import Pipeline
import Synchronization
import Testing

@testable import MediaBridge

/// Which phrases are synthesised when, and what stands in for them.
@Suite struct FillerLibraryTests {
    /// Two waiting phrases and the apology.
    private static let phraseCount = 3

    @Test func onlyTheGatewaysOwnPhrasesAreMadeUnasked() async {
        let voice = ScriptedVoice()
        let library = FillerLibrary(language: .spanish)
        #expect(library.waiting(in: .spanish, format: .telephone).map(\.text) == [""])
        await Self.run(library, voice) {
            await Self.eventually { library.waiting(in: .spanish, format: .telephone).count == 2 }
            let ready = library.waiting(in: .spanish, format: .telephone)
            #expect(ready.map(\.text) == ["Un momento, por favor.", "Sigo buscando, un momento."])
            #expect(ready.allSatisfy { $0.octets == ScriptedVoice.octets })
            #expect(library.apology(in: .spanish, format: .telephone).text.hasPrefix("Lo siento"))
            #expect(voice.requests.map(\.format) == [.telephone, .telephone, .telephone])
        }
    }

    /// The call that needs them first hears a tone, the next one words; nobody pays for them twice.
    @Test func othersAreMadeWhenACallNeedsThem() async {
        let voice = ScriptedVoice()
        let library = FillerLibrary(language: .english)
        let wide = AudioFormat(.linear16, .hz16000)
        await Self.run(library, voice) {
            await Self.eventually { library.waiting(in: .english, format: .telephone).count == 2 }
            let first = library.waiting(in: .spanish, format: wide)
            #expect(first.map(\.text) == [""])
            #expect(first.map(\.octets.isEmpty) == [false], "the tone")
            _ = library.apology(in: .spanish, format: wide)
            await Self.eventually { library.waiting(in: .spanish, format: wide).count == 2 }
            #expect(voice.requests.count == 2 * Self.phraseCount)
            #expect(
                voice.requests[3...].allSatisfy { $0.format == wide && $0.language == .spanish })
        }
    }

    /// A voice that fails leaves tones and a reason, and is asked again until it can speak.
    @Test func aVoiceThatFailsIsAskedAgain() async {
        let voice = ScriptedVoice(failures: 4)
        let pauses = Mutex<[Duration]>([])
        let library = FillerLibrary { pause in pauses.withLock { $0.append(pause) } }
        let told = Mutex<[EngineError]>([])
        let failure = EngineError.failed("no voice today")
        #expect(await library.rehearse(with: voice) == failure)
        #expect(library.failure == failure)
        #expect(library.apology(in: .english, format: .telephone).text == "")
        let note: @Sendable (EngineError) -> Void = { error in told.withLock { $0.append(error) } }
        await Self.run(library, voice, onFailure: note) {
            // The rehearsal met three of the four failures, the first round the last one.
            await Self.eventually { library.failure == nil }
            #expect(voice.requests.count == 3 * Self.phraseCount)
            #expect(library.waiting(in: .english, format: .telephone).count == 2)
            #expect(library.apology(in: .english, format: .telephone).text != "")
            #expect(told.withLock { $0 } == [failure])
            #expect(pauses.withLock { $0 } == [.seconds(5)])
        }
    }

    /// What another voice said serves until the wanted one can be had.
    @Test func aStandInIsReplaced() async {
        let voice = ScriptedVoice(standIns: 1)
        let library = FillerLibrary(rest: { _ in })
        await Self.run(library, voice) {
            await Self.eventually { voice.requests.count == 2 * Self.phraseCount }
            #expect(library.failure == nil)
            #expect(library.waiting(in: .english, format: .telephone).count == 2)
        }
        #expect(voice.requests.count == 2 * Self.phraseCount)
    }

    /// Returns once it is so; others had their turn often enough otherwise.
    private static func eventually(_ isSo: () -> Bool) async {
        var turns = 0
        while !isSo(), turns < 200_000 {
            await Task.yield()
            turns += 1
        }
        #expect(isSo())
    }

    private static func run(
        _ library: FillerLibrary, _ voice: ScriptedVoice,
        onFailure: @escaping @Sendable (EngineError) -> Void = { _ in },
        _ body: () async -> Void
    ) async {
        let running = Task {
            await library.run(with: voice) { onFailure($1) }
        }
        await body()
        running.cancel()
        await running.value
    }
}

/// Says everything in three octets, once it has failed or been replaced as often as it is told to.
private final class ScriptedVoice: SpeechSynthesizer {
    static let octets: [UInt8] = [1, 2, 3]

    struct Request: Sendable {
        let language: Language
        let format: AudioFormat
    }
    private struct State {
        var requests: [Request] = []
        var failures: Int
        var standIns: Int
    }
    private let state: Mutex<State>

    init(failures: Int = 0, standIns: Int = 0) {
        state = Mutex(State(failures: failures, standIns: standIns))
    }

    var requests: [Request] { state.withLock { $0.requests } }

    func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let (fails, standsIn) = state.withLock { state in
            state.requests.append(Request(language: language, format: format))
            defer {
                if state.failures > 0 { state.failures -= 1 }
                if state.standIns > 0 { state.standIns -= 1 }
            }
            return (state.failures > 0, state.standIns > 0)
        }
        if standsIn {
            EngineContext.current?.report(
                ProviderSwitch(
                    stage: .speech, from: "dear", to: "plain", cause: .refused,
                    since: MonotonicTime(sinceStart: .zero)))
        }
        return AsyncThrowingStream { blocks in
            guard !fails else {
                return blocks.finish(throwing: EngineError.failed("no voice today"))
            }
            blocks.yield(SpeechBlock(octets: Self.octets))
            blocks.finish()
        }
    }
}
