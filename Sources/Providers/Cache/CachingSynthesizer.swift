package import Codecs
package import Pipeline

/// A voice, or a chain of them, whose audio of frequent answers is played again.
///
/// Which answers those are, `CachingModel` notes with the call that they are for; whatever else an
/// agent says is not kept. Nor is what was cut off, or said by a stand-in.
package struct CachingSynthesizer: SpeechSynthesizer {
    private let voice: any SpeechSynthesizer
    private let name: @Sendable (Language) -> String
    private let cache: SharedResponseCache

    /// - Parameters:
    ///   - voice: who speaks.
    ///   - name: tells the most wanted voice from any other, in each language.
    ///   - cache: shared with the model's.
    package init(
        _ voice: any SpeechSynthesizer, name: @escaping @Sendable (Language) -> String,
        cache: SharedResponseCache
    ) {
        self.voice = voice
        self.name = name
        self.cache = cache
    }

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        guard let context = EngineContext.current, let generation = context.generation,
            context.call.isFrequent(generation)
        else { return voice.synthesize(text, language: language, format: format) }
        let key = CachedSpeech.Key(
            text: text, language: language, format: format, voice: name(language))
        guard let known = cache.speech(key) else { return recorded(key, context) }
        var amount = UsageAmount()
        amount.requests = 1
        amount.audioMilliseconds = known.milliseconds(in: format)
        context.call.used(amount, of: .cache(.speech))
        return AsyncThrowingStream { output in
            for block in known.blocks(in: format) { output.yield(block) }
            output.finish()
        }
    }

    package func warm(_ language: Language, format: AudioFormat) {
        voice.warm(language, format: format)
    }

    /// Has a text said and keeps it, whatever was kept before.
    ///
    /// - Parameters:
    ///   - text: as calls will ask for it.
    ///   - language: of the text.
    ///   - format: of the audio.
    ///   - context: for whom.
    /// - Returns: whether it is kept; what a stand-in said is not.
    /// - Throws: what the voice's stream throws.
    package func keep(
        _ text: String, _ language: Language, format: AudioFormat, _ context: EngineContext
    ) async throws -> Bool {
        let key = CachedSpeech.Key(
            text: text, language: language, format: format, voice: name(language))
        for try await _ in recorded(key, context) {}
        return cache.has(key)
    }

    private func recorded(
        _ key: CachedSpeech.Key, _ context: EngineContext
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        let watch = SwitchWatch()
        let said = watch.watching(context) {
            voice.synthesize(key.text, language: key.language, format: key.format)
        }
        return AsyncThrowingStream { [cache] output in
            let task = Task(executorPreference: cache.clock.executor) {
                var blocks: [SpeechBlock] = []
                do {
                    for try await block in said {
                        blocks.append(block)
                        output.yield(block)
                    }
                    if !Task.isCancelled, !watch.hasSwitched, let speech = CachedSpeech(blocks) {
                        cache.store(speech, as: key)
                    }
                    output.finish()
                } catch {
                    // Whoever left hears of no failure.
                    output.finish(throwing: Task.isCancelled ? nil : error)
                }
            }
            output.onTermination = { _ in task.cancel() }
        }
    }
}
