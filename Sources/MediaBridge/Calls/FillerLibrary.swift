internal import Codecs
internal import Pipeline
internal import Synchronization

/// Phrases that must be there when engines are not: synthesised once when the gateway starts.
///
/// What could not be synthesised is replaced by a soft double tone, so that a caller who waits
/// hears something in any case.
final class FillerLibrary: Sendable {
    private struct Key: Hashable {
        let language: Language
        let encoding: AudioEncoding
        let rate: SampleRate
    }
    private struct Phrases {
        var waiting: [Filler]
        var apology: Filler
    }
    private let phrases = Mutex<[Key: Phrases]>([:])

    /// Synthesises every phrase in every language and format.
    ///
    /// - Returns: the first failure, when a tone had to stand in.
    func prepare(with synthesizer: any SpeechSynthesizer) async -> EngineError? {
        var failure: EngineError?
        for language in Language.allCases {
            for format in Self.formats {
                var waiting: [Filler] = []
                for text in Self.waitingTexts(language) {
                    waiting.append(await filler(text, language, format, synthesizer, &failure))
                }
                let apology = await filler(
                    Self.apologyText(language), language, format, synthesizer, &failure)
                let ready = Phrases(waiting: waiting, apology: apology)
                phrases.withLock { $0[Self.key(language, format)] = ready }
            }
        }
        return failure
    }

    func waiting(in language: Language, format: AudioFormat) -> [Filler] {
        phrases.withLock { $0[Self.key(language, format)]?.waiting } ?? [.tone(in: format)]
    }

    func apology(in language: Language, format: AudioFormat) -> Filler {
        phrases.withLock { $0[Self.key(language, format)]?.apology } ?? .tone(in: format)
    }

    private static let formats: [AudioFormat] =
        [.telephone, AudioFormat(.aLaw, .hz8000)]
        + SampleRate.allCases.map { AudioFormat(.linear16, $0) }

    private static func key(_ language: Language, _ format: AudioFormat) -> Key {
        Key(language: language, encoding: format.encoding, rate: format.rate)
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
        _ text: String, _ language: Language, _ format: AudioFormat,
        _ synthesizer: any SpeechSynthesizer, _ failure: inout EngineError?
    ) async -> Filler {
        var octets: [UInt8] = []
        do {
            let blocks = synthesizer.synthesize(text, language: language, format: format)
            for try await block in blocks { octets += block.octets }
        } catch {
            failure = failure ?? EngineError(error)
        }
        return octets.isEmpty ? .tone(in: format) : Filler(text: text, octets: octets)
    }
}
