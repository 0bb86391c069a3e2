/// What the caller hears of the agent, as band levels on the clock of the inbound frames; 4 KB.
///
/// The call sends audio ahead of the ear and the carrier plays it in real time: what is sent waits
/// here until as many inbound samples have come. What is sent beyond 640 ms ahead is not kept.
struct EchoReference: ~Copyable {
    /// How far back what was played is known: 640 ms, a power of two.
    static let historyLength = 64
    /// Audio sent ahead of the ear that is kept; `Playout` sends 400 ms ahead.
    private static let aheadLength = 64
    private static let mask = historyLength + aheadLength - 1
    /// A hop with a band above this carries sound (−48 dBFS).
    private static let audible: Float = -16

    private var bands = BandLevels()
    /// Hop n stands at n modulo the length.
    private var hops: [BandLevels.Levels]
    private var playedCount = historyLength
    private var sentCount = historyLength
    /// Hops played since the last that could be heard.
    private var quietCount = historyLength
    private var rest = InlineArray<80, Int16>(repeating: 0)
    private var restCount = 0

    init() {
        hops = Array(
            repeating: BandLevels.floor, count: Self.historyLength + Self.aheadLength)
    }

    /// Whether anything plays, will play, or was played so lately that its echo may still come.
    var isActive: Bool { sentCount > playedCount || quietCount < Self.historyLength }

    /// Takes what is handed to the carrier: linear PCM at 8 kHz.
    mutating func send(_ pcm: Span<Int16>) {
        var start = 0
        while start < pcm.count {
            if restCount == 0, pcm.count - start >= BandLevels.hopLength {
                append(bands.levels(of: pcm.extracting(start..<start + BandLevels.hopLength)))
                start += BandLevels.hopLength
                continue
            }
            rest[restCount] = pcm[start]
            start += 1
            restCount += 1
            guard restCount == BandLevels.hopLength else { continue }
            restCount = 0
            append(bands.levels(of: rest.span))
        }
    }

    /// The carrier drops what it has not played.
    mutating func clear() {
        sentCount = playedCount
        restCount = 0
    }

    /// 10 ms have passed at the carrier.
    mutating func advance() {
        if sentCount == playedCount { append(BandLevels.floor) }
        let isAudible = hops[playedCount & Self.mask].max() > Self.audible
        quietCount = isAudible ? 0 : min(quietCount + 1, Self.historyLength)
        playedCount += 1
    }

    /// What was played `lag` hops ago; 0 is the hop that `advance` has just played.
    ///
    /// - Parameter lag: below `historyLength`.
    /// - Returns: silence's levels when nothing was played then.
    func level(lag: Int) -> BandLevels.Levels {
        hops[(playedCount - 1 - lag) & Self.mask]
    }

    /// The highest level of each band within a range of lags.
    func peak(lags: ClosedRange<Int>) -> BandLevels.Levels {
        var peak = BandLevels.floor
        for lag in lags { peak = peak.larger(hops[(playedCount - 1 - lag) & Self.mask]) }
        return peak
    }

    private mutating func append(_ levels: BandLevels.Levels) {
        guard sentCount - playedCount < Self.aheadLength else { return }
        hops[sentCount & Self.mask] = levels
        sentCount += 1
    }
}
