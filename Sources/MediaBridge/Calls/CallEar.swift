internal import Codecs
internal import Pipeline

/// Hears a call as an agent's bridge needs it: the probability that the caller speaks, frame by
/// frame; on the call's loop only.
final class CallEar {
    private var audio: InboundAudio
    private var detector: CallDetector?
    /// `nil`: the line returns nothing of the agent, or nobody is to be protected from it.
    private var echo: CallEcho?
    private(set) var framesReceived = 0

    /// - Throws: `ResamplerError` when there is no memory for a resampler.
    init(_ opening: CallOpening, _ services: CallServices) throws(ResamplerError) {
        audio = try InboundAudio(format: opening.inbound)
        detector = CallDetector(services.detection)
        if services.protectsFromEcho, opening.mayReturnEcho {
            echo = try CallEcho(outbound: opening.outbound)
        }
    }

    /// Takes octets and hands on the probability of each frame that they complete.
    func receive(_ octets: Span<UInt8>, eachFrame: (Float) -> Void) {
        audio.receive(octets) { frame in
            framesReceived += 1
            guard let probability = detector?.speechProbability(in: frame) else { return }
            echo?.hear(frame)
            eachFrame(echo?.adjusted(probability) ?? probability)
        }
    }

    /// What is handed to the carrier.
    func sent(_ octets: Span<UInt8>) { echo?.send(octets) }
    func cleared() { echo?.clear() }
}
