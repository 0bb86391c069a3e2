internal import Pipeline

/// How the calls of a gateway tell speech from silence.
enum VoiceDetection: Sendable {
    /// The Silero network; its weights are shared by all calls.
    case silero(SileroWeights)
    case energy
    /// Nobody listens: a load test of the bare edge.
    case none
}

/// One call's voice detector, of the kind its gateway uses.
struct CallDetector {
    // Side by side instead of in an enum, so that a frame changes the one there is in place.
    private var neural: SileroDetector?
    private var energy: EnergyDetector?

    /// `nil` when nobody listens.
    init?(_ detection: VoiceDetection) {
        switch detection {
        case .silero(let weights): neural = SileroDetector(weights: weights)
        case .energy: energy = EnergyDetector()
        case .none: return nil
        }
    }

    mutating func speechProbability(in frame: Span<Int16>) -> Float {
        neural?.speechProbability(in: frame) ?? energy?.speechProbability(in: frame) ?? 0
    }
}
