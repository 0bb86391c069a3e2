internal import Codecs
internal import Pipeline
internal import Synchronization

/// Whether somebody still wants to hear a text.
final class SpeechWish: Sendable {
    private let alive = Atomic<Bool>(true)

    var isAlive: Bool { alive.load(ordering: .relaxed) }

    func cancel() { alive.store(false, ordering: .relaxed) }
}

/// Brings one text's samples from the voice's thread to the call that wants them.
final class SherpaRelay: Sendable {
    private struct State: ~Copyable {
        var relay: SpeechRelay
    }

    private let state: Mutex<State>
    private let blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation

    init(
        from source: SpeechSource, to format: AudioFormat,
        into blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
    ) throws(EngineError) {
        state = Mutex(State(relay: try SpeechRelay(from: source, to: format, into: blocks)))
        self.blocks = blocks
    }

    /// - Parameter samples: -1…1; what is louder is clipped.
    func take(_ samples: [Float]) {
        var octets: [UInt8] = []
        octets.reserveCapacity(2 * samples.count)
        for sample in samples {
            // A broken network may make what is no number.
            let value = sample.isNaN ? 0 : Int16((max(-1, min(1, sample)) * 32_767).rounded())
            octets.append(UInt8(truncatingIfNeeded: value))
            octets.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        state.withLock { $0.relay.take(octets) }
    }

    func end(_ text: String, hasSpoken: Bool) {
        guard hasSpoken else {
            return blocks.finish(throwing: EngineError.failed("sherpa-onnx cannot say the text"))
        }
        do {
            try state.withLock { state throws(ProviderFailure) in try state.relay.finish(text) }
            blocks.finish()
        } catch {
            blocks.finish(throwing: error)
        }
    }
}
