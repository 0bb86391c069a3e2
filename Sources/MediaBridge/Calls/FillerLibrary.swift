internal import Codecs
internal import Pipeline
internal import Synchronization

/// Phrases that must be there when engines are not, synthesised ahead in the background.
///
/// The telephone's format in the gateway's language is made when the gateway has started, others
/// when a call first needs them: a voice that is paid by the character is asked for nothing that
/// nobody hears. A soft double tone stands in until the phrases are ready, and where no voice can
/// say them, so that a caller who waits hears something in any case.
final class FillerLibrary: Sendable {
    /// How a phrase sounds.
    struct Sound: Hashable, Sendable {
        let language: Language
        let format: AudioFormat
    }

    /// How long a voice that could not say the phrases is left alone; doubles each time.
    private static let firstPause = Duration.seconds(5)
    private static let longestPause = Duration.seconds(300)

    private struct Phrases {
        var waiting: [Filler]
        var apology: Filler
    }
    private struct State {
        /// Whatever could be synthesised, if only by a stand-in or as a tone.
        var phrases: [Sound: Phrases] = [:]
        var wished: Set<Sound> = []
        var failures: [Sound: EngineError] = [:]
    }
    private let first: Sound
    private let state = Mutex(State())
    private let wishes: AsyncStream<Sound>
    private let wish: AsyncStream<Sound>.Continuation
    private let rest: @Sendable (Duration) async -> Void

    /// - Parameters:
    ///   - language: the gateway's; its phrases for telephones are made without a wish.
    ///   - rest: lets time pass; returns early when its task is cancelled.
    init(
        language: Language = .english,
        rest: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        first = Sound(language: language, format: .telephone)
        // Every sound is wished for once, so the queue is as long as there are sounds.
        (wishes, wish) = AsyncStream.makeStream(of: Sound.self)
        self.rest = rest
    }

    /// Why no voice could say the gateway's own phrases when that was last tried; `nil`: one could.
    var failure: EngineError? { state.withLock { $0.failures[first] } }

    /// For a call that begins now; the phrases of a sound nobody had yet are made for the next one.
    func waiting(in language: Language, format: AudioFormat) -> [Filler] {
        phrases(Sound(language: language, format: format))?.waiting ?? [.tone(in: format)]
    }

    func apology(in language: Language, format: AudioFormat) -> Filler {
        phrases(Sound(language: language, format: format))?.apology ?? .tone(in: format)
    }

    /// Makes the gateway's own phrases and those that calls wish for, one after the other, until
    /// its task is cancelled; what did not succeed is tried again after a while.
    ///
    /// - Parameters:
    ///   - synthesizer: a voice, or a chain that ends with the built-in one.
    ///   - onFailure: told why a tone has to stand in.
    func run(
        with synthesizer: any SpeechSynthesizer,
        onFailure: @Sendable (Sound, EngineError) -> Void
    ) async {
        _ = phrases(first)
        await withDiscardingTaskGroup { group in
            var pauses: [Sound: Duration] = [:]
            for await sound in wishes {
                switch await prepare(sound, with: synthesizer) {
                case .ready:
                    pauses[sound] = nil
                    continue
                case .standIn: break
                case .failed(let failure): onFailure(sound, failure)
                }
                let pause = pauses[sound] ?? Self.firstPause
                pauses[sound] = min(pause * 2, Self.longestPause)
                group.addTask { [rest, wish] in
                    await rest(pause)
                    wish.yield(sound)
                }
            }
            group.cancelAll()
        }
    }

    /// What came of asking a voice for the phrases of a sound.
    private enum Outcome {
        case ready
        /// Another voice than the most wanted one said them.
        case standIn
        /// Tones stand in.
        case failed(EngineError)
    }

    /// Has the gateway's own phrases said, to hear whether a voice can.
    func rehearse(with synthesizer: any SpeechSynthesizer) async -> EngineError? {
        _ = await prepare(first, with: synthesizer)
        return failure
    }

    private func prepare(_ sound: Sound, with synthesizer: any SpeechSynthesizer) async -> Outcome {
        var failure: EngineError?
        let watch = SwitchWatch()
        var waiting: [Filler] = []
        for text in Self.waitingTexts(sound.language) {
            waiting.append(await filler(text, sound, synthesizer, watch, &failure))
        }
        let apology = await filler(
            Self.apologyText(sound.language), sound, synthesizer, watch, &failure)
        let phrases = Phrases(waiting: waiting, apology: apology)
        state.withLock { state in
            state.phrases[sound] = phrases
            state.failures[sound] = failure
        }
        if let failure { return .failed(failure) }
        return watch.hasSwitched ? .standIn : .ready
    }

    private func phrases(_ sound: Sound) -> Phrases? {
        let (phrases, isNew) = state.withLock { state in
            (state.phrases[sound], state.wished.insert(sound).inserted)
        }
        if isNew { wish.yield(sound) }
        return phrases
    }

    private static func waitingTexts(_ language: Language) -> [String] {
        switch language {
        case .english: ["One moment, please.", "I am still looking, one moment."]
        case .spanish: ["Un momento, por favor.", "Sigo buscando, un momento."]
        }
    }

    private static func apologyText(_ language: Language) -> String {
        switch language {
        case .english: "I am sorry, something went wrong. I will put you through to a colleague."
        case .spanish: "Lo siento, algo ha fallado. Le paso con un compañero."
        }
    }

    private func filler(
        _ text: String, _ sound: Sound, _ synthesizer: any SpeechSynthesizer,
        _ watch: SwitchWatch, _ failure: inout EngineError?
    ) async -> Filler {
        var octets: [UInt8] = []
        let blocks = watch.watching(nil) {
            synthesizer.synthesize(text, language: sound.language, format: sound.format)
        }
        do {
            for try await block in blocks { octets += block.octets }
        } catch {
            failure = failure ?? EngineError(error)
            octets = []  // half a phrase is worse than a tone
        }
        return octets.isEmpty ? .tone(in: sound.format) : Filler(text: text, octets: octets)
    }
}
