internal import Codecs
internal import Pipeline

/// One call's protection from the agent's own echo: the outbound octets beside the inbound frames.
struct CallEcho: ~Copyable {
    private var estimator = EchoEstimator()
    /// Cuts what is sent into frames at 8 kHz, as the inbound side does with what is heard.
    private var outbound: InboundAudio

    /// - Parameter outbound: of the agent's octets; never Opus.
    /// - Throws: `ResamplerError` when there is no memory for a resampler.
    init(outbound: AudioFormat) throws(ResamplerError) {
        self.outbound = try InboundAudio(format: outbound)
    }

    /// Takes what is handed to the carrier.
    mutating func send(_ octets: Span<UInt8>) {
        // Both are parts of `self`, which a closure that changes one may not use as a whole.
        Self.send(octets, through: &outbound, to: &estimator)
    }

    /// The carrier was told to drop what it has not played.
    mutating func clear() { estimator.clear() }

    /// Hears 20 ms of the caller's side at 8 kHz.
    mutating func hear(_ frame: Span<Int16>) { estimator.hear(frame) }

    /// The probability that the caller speaks in the frame heard last.
    ///
    /// - Parameter probability: that somebody speaks in it, the caller or the agent's echo.
    /// - Returns: the same, as far as no echo explains the frame.
    func adjusted(_ probability: Float) -> Float { estimator.adjusted(probability) }

    private static func send(
        _ octets: Span<UInt8>, through audio: inout InboundAudio,
        to estimator: inout EchoEstimator
    ) {
        audio.receive(octets) { estimator.send($0) }
    }
}
