package import Insight
package import Pipeline

/// The built-in agent: answers by rules, in Spanish and English, without a network.
///
/// It keeps no state between answers; everything it knows stands in the request's history.
package struct IntentAgent: LanguageModel {
    private let profile: BusinessProfile
    private let now: @Sendable () -> CivilTime
    private let grammars: [Language: GrammarBuilder]

    /// - Parameters:
    ///   - profile: the business it answers for.
    ///   - now: the wall clock at the business, read once per answer.
    package init(
        profile: BusinessProfile = .workshop,
        now: @escaping @Sendable () -> CivilTime = { CivilTime.local() }
    ) {
        self.profile = profile
        self.now = now
        grammars = Dictionary(
            uniqueKeysWithValues: Language.allCases.map { language in
                let builder = GrammarBuilder(
                    language: language.spoken, services: profile.terms(language))
                return (language, builder)
            })
    }

    /// Streams the answer in pieces the size of a word, as models do.
    ///
    /// The hints come first: the caller may cut in before the answer is out.
    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let events = events(for: request)
        return AsyncThrowingStream { continuation in
            for event in events { continuation.yield(event) }
            continuation.finish()
        }
    }

    /// What a caller may say next after `expectation`.
    package func hints(_ expectation: ExpectedAnswer, _ language: Language) -> RecognitionHints {
        RecognitionHints(
            grammar: grammars[language]?.grammar(for: expectation),
            phrases: profile.services.flatMap { $0.phrases[language].prefix(2) },
            expecting: expectation.entity)
    }

    private func events(for request: ModelRequest) -> [ModelEvent] {
        let now = now()
        var dialogue = Dialogue(
            language: request.language, profile: profile, now: now,
            caller: CallerName(request.agent?.variables ?? [:]))
        let reply = dialogue.reply(to: request.history)
        var events: [ModelEvent] = [
            .expects(hints(dialogue.expectation, request.language))
        ]
        let text = Phrasebook(language: request.language, profile: profile, today: now.date)
            .text(reply.lines)
        for (index, word) in text.split(separator: " ").enumerated() {
            events.append(.text(index == 0 ? String(word) : " \(word)"))
        }
        if let call = reply.call {
            let id = "call-\(dialogue.callCount + 1)"
            events.append(.toolCall(ToolCall(id: id, name: call.name, arguments: call.arguments)))
        }
        if let closing = reply.closing { events.append(.closing(closing)) }
        return events
    }
}
