package import Pipeline

/// A chain of language models that looks like one: the caller need not notice who answers.
package struct ChainedModel: LanguageModel {
    private let chain: ProviderChain<any LanguageModel>

    package init(_ chain: ProviderChain<any LanguageModel>) { self.chain = chain }

    /// Errors thrown by the stream are `EngineError`: nobody was left to ask.
    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        ChainRequest(chain: chain) { model, request in model.answer(request) }
            .stream(ChainedAnswer(request), preferring: chain.preferred)
    }

    package func warmUp() async throws(ProviderFailure) {
        try await chain.warmUp { model throws(ProviderFailure) in try await model.warmUp() }
    }
}
