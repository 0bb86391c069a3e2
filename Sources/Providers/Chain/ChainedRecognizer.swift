package import Pipeline

/// A chain of recognisers that looks like one.
///
/// A call keeps the first one that opens; when an utterance fails there, or its words do not come,
/// the next one hears that utterance again from its start, and the rest of the call.
package struct ChainedRecognizer: SpeechRecognizer {
    private let chain: ProviderChain<any SpeechRecognizer>

    package init(_ chain: ProviderChain<any SpeechRecognizer>) { self.chain = chain }

    /// Of the most wanted one, which hears nearly everything.
    package var interimsAreStable: Bool { chain.links[0].engine.interimsAreStable }

    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        let session = ChainedRecognition(
            chain, request, audio: audio, deliver: deliver, context: EngineContext.current)
        guard session.open() else { throw session.error }
        return session
    }
}
