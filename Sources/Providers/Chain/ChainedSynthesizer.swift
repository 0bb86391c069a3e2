package import Codecs
package import Pipeline
internal import Synchronization

/// A chain of voices that looks like one; the voice that begins an answer keeps it while it can.
package final class ChainedSynthesizer: SpeechSynthesizer {
    private let chain: ProviderChain<any SpeechSynthesizer>
    /// Of every provider's voice, by language, learned from all calls.
    private let paces: Mutex<[Language: [SpeakingPace]]>

    package init(_ chain: ProviderChain<any SpeechSynthesizer>) {
        self.chain = chain
        let unknown = chain.links.map { _ in SpeakingPace() }
        paces = Mutex(
            Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, unknown) }))
    }

    /// Errors thrown by the stream are `EngineError`: nobody was left to ask.
    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        // Nobody says a lone dash; that is no failure of the voice.
        guard text.contains(where: { $0.isLetter || $0.isNumber || $0.isSymbol }) else {
            return AsyncThrowingStream { $0.finish() }
        }
        let context = EngineContext.current
        let voice = context?.generation.flatMap { context?.call.voice(of: $0) }
        let work = ChainedSpeech(
            text, octetsPerSecond: format.rate.rawValue * (format.octetsPerSample ?? 2),
            paces: paces.withLock { $0[language] ?? [] })
        var request = ChainRequest<any SpeechSynthesizer, ChainedSpeech>(chain: chain) {
            $0.synthesize($1, language: language, format: format)
        }
        request.onUse = { provider in
            guard let generation = context?.generation else { return }
            context?.call.spoke(provider, in: generation)
        }
        request.onEnd = { [self] in learn($0.lesson, language) }
        return request.stream(work, preferring: voice ?? chain.preferred)
    }

    package func warm(_ language: Language, format: AudioFormat) {
        chain.firstChoice?.warm(language, format: format)
    }

    private func learn(_ lesson: ChainedSpeech.Lesson?, _ language: Language) {
        guard let lesson else { return }
        paces.withLock {
            $0[language]?[lesson.provider].learn(lesson.text, audio: lesson.audio)
        }
    }
}
