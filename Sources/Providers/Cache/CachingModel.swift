package import Pipeline

/// A language model, or a chain of them, whose answers to frequent questions are given again.
///
/// Asked from the cache are questions that make sense by themselves, and what opens a call. Kept are
/// answers that ended well, used no tool and came from the most wanted provider.
package struct CachingModel: LanguageModel {
    /// Who answers, and all that its answers depend on beside the question.
    package struct Agent: Sendable {
        package let name: String
        /// Of the prompt, the knowledge and the model, as they are now; asked at every question.
        package let fingerprint: @Sendable (Language) -> UInt64
        /// An agent of rules is as fast as the cache, and it knows what time it is: its words are
        /// always asked for, and only their audio is kept.
        package var keepsAnswers = true
        /// Normalised questions that make sense at any time of a call.
        package var marked: Set<String> = []

        package init(
            _ name: String, fingerprint: @escaping @Sendable (Language) -> UInt64
        ) {
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    private let model: any LanguageModel
    private let agent: Agent
    private let cache: SharedResponseCache

    package init(_ model: any LanguageModel, agent: Agent, cache: SharedResponseCache) {
        self.model = model
        self.agent = agent
        self.cache = cache
    }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let context = EngineContext.current
        let question = question(of: request)
        if let context, let generation = context.generation {
            context.call.note(isFrequent: question != nil, generation)
        }
        guard let question, agent.keepsAnswers else { return model.answer(request) }
        guard let known = cache.answer(to: question) else {
            return recorded(request, as: question, context)
        }
        var amount = UsageAmount()
        amount.requests = 1
        context?.call.used(amount, of: .cache(.model))
        return AsyncThrowingStream { output in
            for event in known.events { output.yield(event) }
            output.finish()
        }
    }

    package func warmUp() async throws(ProviderFailure) { try await model.warmUp() }

    /// Asks what opens a call and keeps it, whatever was kept before.
    ///
    /// - Parameters:
    ///   - language: of the call.
    ///   - context: for whom; its generation's speech is kept as well.
    /// - Returns: the words as they will be streamed to calls; empty when nothing was said.
    /// - Throws: what the model's stream throws.
    package func freshGreeting(
        _ language: Language, _ context: EngineContext
    ) async throws -> [ModelEvent] {
        if let generation = context.generation { context.call.note(isFrequent: true, generation) }
        let request = ModelRequest(language: language, history: [])
        let answer = EngineContext.$current.withValue(context) {
            guard agent.keepsAnswers, let question = question(of: request) else {
                return model.answer(request)
            }
            return recorded(request, as: question, context)
        }
        var events: [ModelEvent] = []
        for try await event in answer { events.append(event) }
        return events
    }

    /// How much longer the opening of a call is kept; `nil`: it has to be asked.
    package func greetingTimeLeft(_ language: Language) -> Duration? {
        question(of: ModelRequest(language: language, history: [])).flatMap {
            cache.timeLeft(of: $0)
        }
    }

    /// Whether calls would have to ask for their opening; never so where answers are not kept.
    package func greetingIsGone(_ language: Language) -> Bool {
        agent.keepsAnswers && greetingTimeLeft(language) == nil
    }

    private func question(of request: ModelRequest) -> CachedQuestion? {
        guard request.agent == nil else { return nil }  // told something of its own
        if request.history.isEmpty {
            return .greeting(
                agent: agent.name, fingerprint: agent.fingerprint(request.language),
                language: request.language)
        }
        return CachedQuestion.selfContained(request.history, marked: agent.marked).map {
            CachedQuestion(
                $0, agent: agent.name, fingerprint: agent.fingerprint(request.language),
                language: request.language)
        }
    }

    /// Asks the model, and keeps what it says if that is worth it.
    private func recorded(
        _ request: ModelRequest, as question: CachedQuestion, _ context: EngineContext?
    ) -> AsyncThrowingStream<ModelEvent, any Error> {
        let watch = SwitchWatch()
        let answer = watch.watching(context) { model.answer(request) }
        return AsyncThrowingStream { [cache] output in
            let task = Task(executorPreference: cache.clock.executor) {
                var events: [ModelEvent] = []
                do {
                    for try await event in answer {
                        events.append(event)
                        output.yield(event)
                    }
                    if !Task.isCancelled, !watch.hasSwitched, let answer = CachedAnswer(events) {
                        cache.store(answer, for: question)
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
