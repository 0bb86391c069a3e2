/// Finds by how much the inbound envelopes follow the outbound ones; about 5 KB.
///
/// The cross-correlation of the bands' levels, their slow means taken off, at 51 delays of 10 ms,
/// over the last second or so in which the agent spoke.
struct EchoCorrelator: ~Copyable {
    /// The longest delay, in hops of 10 ms.
    static let longestLag = 50
    /// Hops over which the slow mean is taken: longer than a syllable, shorter than a sentence.
    private static let meanHops: Float = 30
    private static let memoryHops: Float = 80
    /// Whether one begins to speak when the other does tells little: steps are cut to 9 dB.
    private static let largestStep: Float = 3

    private var referenceMean = BandLevels.floor
    private var inboundMean = BandLevels.floor
    /// Deviations of the reference from its mean, hop n at n modulo the length.
    private var deviations: [BandLevels.Levels]
    private var energies: [Float]
    private var hopCount = 0

    /// Summed over the bands only when asked for.
    private var products: [BandLevels.Levels]
    private var referencePowers: [Float]
    private var inboundPower: Float = 0

    init() {
        deviations = Array(repeating: BandLevels.Levels(), count: 64)
        energies = Array(repeating: 0, count: 64)
        products = Array(repeating: BandLevels.Levels(), count: Self.longestLag + 1)
        referencePowers = Array(repeating: 0, count: Self.longestLag + 1)
    }

    /// Takes what was played and what was heard in the same 10 ms.
    mutating func observe(reference: BandLevels.Levels, inbound: BandLevels.Levels) {
        let deviation = Self.deviation(of: reference, from: &referenceMean)
        deviations[hopCount & 63] = deviation
        energies[hopCount & 63] = (deviation * deviation).sum()
        let heard = Self.deviation(of: inbound, from: &inboundMean)
        let rate = 1 / Self.memoryHops
        inboundPower += ((heard * heard).sum() - inboundPower) * rate
        for lag in 0...Self.longestLag {
            let index = (hopCount - lag) & 63
            products[lag] += (heard * deviations[index] - products[lag]) * rate
            referencePowers[lag] += (energies[index] - referencePowers[lag]) * rate
        }
        hopCount &+= 1
    }

    /// The correlation at a delay, −1…1; 0 while there was nothing to compare.
    func correlation(lag: Int) -> Float {
        let power = referencePowers[lag] * inboundPower
        return power > 1e-6 ? products[lag].sum() / power.squareRoot() : 0
    }

    /// The delay at which they agree best.
    var best: (lag: Int, correlation: Float) {
        var best = (lag: 0, correlation: correlation(lag: 0))
        for lag in 1...Self.longestLag {
            let value = correlation(lag: lag)
            if value > best.correlation { best = (lag, value) }
        }
        return best
    }

    private static func deviation(
        of levels: BandLevels.Levels, from mean: inout BandLevels.Levels
    ) -> BandLevels.Levels {
        mean += (levels - mean) / meanHops
        let limit = BandLevels.Levels(repeating: largestStep)
        return (levels - mean).smaller(limit).larger(BandLevels.Levels() - limit)
    }
}
