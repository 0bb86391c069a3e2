package import Pipeline

/// Hears the same sentence in every utterance, the moment it is asked.
///
/// Instant engines stand in for real ones where the bridge's own share of a turn is measured, so that
/// nothing but the bridge is in the figure.
package struct InstantRecognizer: SpeechRecognizer {
    package static let transcript = "what are your opening hours"

    package init() {}

    package func makeSession(
        _ request: RecognitionRequest, audio: AudioRing,
        deliver: @escaping @Sendable (RecognitionResult) -> Void
    ) throws(EngineError) -> any RecognitionSession {
        Session(audio: audio, deliver: deliver)
    }

    private final class Session: RecognitionSession {
        private let audio: AudioRing
        private let deliver: @Sendable (RecognitionResult) -> Void

        init(audio: AudioRing, deliver: @escaping @Sendable (RecognitionResult) -> Void) {
            self.audio = audio
            self.deliver = deliver
        }

        func begin(_ utterance: Utterance, from start: AudioRing.Position) {}
        func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
            audio.discard(before: end)
            deliver(
                RecognitionResult(
                    utterance: utterance, outcome: .final(InstantRecognizer.transcript),
                    readyAt: .now()))
        }
        func cancel(_ utterance: Utterance.ID) { audio.discard(before: audio.end) }
        func close() {}
    }
}
