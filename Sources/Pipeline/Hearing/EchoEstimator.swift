/// Keeps the agent's own voice, come back over the line, from being taken for the caller's; 9 KB.
///
/// What was played is compared with what is heard in eight bands every 10 ms. Two things bound the
/// echo: the loudest the line can have been, given how little was heard within half a second of a
/// loud sound (known soon, and without a delay), and once the envelopes correlate, the level at
/// the delay where they do. A frame that is not clearly louder than the echo to be expected has its
/// speech probability lowered. While nothing of the agent can be heard, nothing is computed and
/// every probability stays what it is.
package struct EchoEstimator: ~Copyable {
    /// Of all lines at first: an echo 10 dB below the agent.
    private static let firstGain: Float = -10 / 3.01
    /// No echo is louder than 4 dB below the agent.
    private static let highestGain: Float = -4 / 3.01
    /// What stands this far above the expected echo is not echo (6 dB).
    private static let margin: Float = 2
    /// How fast an expected echo dies away: 1.5 dB per 10 ms, as in a room.
    private static let decay: Float = 0.5
    /// A band above this tells of the line (−42 dBFS).
    private static let loud: Float = -14
    private static let convincing: Float = 0.5
    /// What a caller who begins soon after the agent reaches by chance is below this.
    private static let certain: Float = 0.75
    private static let unconvincing: Float = 0.2
    /// Hops after which a correlation can be trusted.
    private static let evidenceNeeded = 40

    private var reference = EchoReference()
    private var correlator = EchoCorrelator()
    private var bands = BandLevels()
    /// The loudest of each 160 ms heard; together they reach further back than an echo takes.
    private var loudest = InlineArray<5, BandLevels.Levels>(repeating: BandLevels.floor)
    private var hopCount = 0

    /// The most the line can return, by what was heard after loud sounds.
    private var bound = BandLevels.Levels(repeating: firstGain)
    /// The delay in hops and the gain there, once known.
    private var path: Path?
    private var expected = BandLevels.floor
    private var noise = BandLevels.Levels(repeating: -20)
    private var evidenceCount = 0
    /// Hops in a row that only the caller explains, and hops they are believed to go on.
    private var nearCount = 0
    private var holdCount = 0
    private var weight: Float = 1

    private struct Path: Sendable {
        var lag: Int
        var gain: BandLevels.Levels
        var hopCount = 0
    }

    package init() {}

    /// Takes what is handed to the carrier: linear PCM at 8 kHz.
    package mutating func send(_ pcm: Span<Int16>) { reference.send(pcm) }

    /// The carrier drops what it has not played.
    package mutating func clear() { reference.clear() }

    /// How long the agent's voice takes to come back; `nil` while no echo is known.
    package var delayMilliseconds: Int? { path.map { $0.lag * 10 } }

    /// How far below the agent its echo is, the mean over the bands.
    package var returnLossDecibels: Float? { path.map { -$0.gain.sum() / 8 * 3.01 } }

    /// Takes 20 ms of the caller: linear PCM at 8 kHz.
    package mutating func hear(_ frame: Span<Int16>) {
        guard reference.isActive else {
            weight = 1
            return
        }
        var start = 0
        var unexplained: Float = 0
        while frame.count - start >= BandLevels.hopLength {
            let hop = frame.extracting(start..<start + BandLevels.hopLength)
            unexplained = max(unexplained, hear(hop: bands.levels(of: hop)))
            start += BandLevels.hopLength
        }
        if hopCount % 8 < 2 { seekPath() }
        weight = max(0, min(1, (unexplained - 0.3) / 0.3))
        if holdCount > 0 { weight = 1 }
    }

    /// The speech probability of the frame heard last, as far as no echo explains it.
    package func adjusted(_ probability: Float) -> Float {
        weight == 1 ? probability : probability * weight
    }

    /// - Returns: the share of the hop's power that no echo explains, 0…1.
    private mutating func hear(hop level: BandLevels.Levels) -> Float {
        reference.advance()
        noteLoudest(level)
        correlator.observe(reference: reference.level(lag: 0), inbound: level)
        followNoise(level)
        tightenBound()
        let unexplained = unexplainedShare(of: level)
        followPath(level, isNear: unexplained > 0.5)
        return unexplained
    }

    private mutating func unexplainedShare(of level: BandLevels.Levels) -> Float {
        let echo: BandLevels.Levels
        if let path {
            let lags = max(0, path.lag - 2)...min(path.lag + 3, EchoReference.historyLength - 1)
            echo = reference.peak(lags: lags) + path.gain
        } else {
            echo = reference.peak(lags: 0...EchoCorrelator.longestLag + 4) + bound
        }
        expected = echo.larger(expected - Self.decay)
        let bar = expected.larger(noise) + Self.margin
        let power = level.approximatePowerOf2()
        let loud = power.replaced(by: BandLevels.Levels(), whereNegative: level - bar)
        let near = loud.sum() / power.sum()
        nearCount = near > 0.5 ? nearCount + 1 : 0
        if nearCount >= 6 { holdCount = 16 } else if holdCount > 0 { holdCount -= 1 }
        return near
    }

    /// The quietest of late; rises by 3 dB a second.
    private mutating func followNoise(_ level: BandLevels.Levels) {
        let raised = noise + 0.01
        let fallen = noise + (level - noise) * 0.2
        noise = raised.replaced(by: fallen, whereNegative: level - noise)
    }

    private mutating func noteLoudest(_ level: BandLevels.Levels) {
        let block = hopCount / 16 % 5
        loudest[block] = hopCount % 16 == 0 ? level : loudest[block].larger(level)
        hopCount &+= 1
    }

    /// A sound of half a second ago has come back by now if it ever does: not louder than the
    /// loudest that was heard since.
    private mutating func tightenBound() {
        let sent = reference.level(lag: EchoCorrelator.longestLag)
        let blocks = loudest.span
        var heard = blocks[0]
        for block in 1..<blocks.count { heard = heard.larger(blocks[block]) }
        let possible = heard - sent
        let lowered = bound + (possible - bound) * 0.25
        // Lines change, so it comes back by 1 dB a second of speech.
        let raised = (bound + 0.003).smaller(BandLevels.Levels(repeating: Self.firstGain))
        let next = raised.replaced(by: lowered, whereNegative: possible - bound)
        bound = next.replaced(by: bound, whereNegative: sent - Self.loud)
    }

    /// Learns the gain at the delay from hops in which the agent was loud.
    private mutating func followPath(_ level: BandLevels.Levels, isNear: Bool) {
        if reference.level(lag: 0).max() > Self.loud { evidenceCount += 1 }
        guard var path else { return }
        let sent = reference.level(lag: path.lag)
        let correlation = correlator.correlation(lag: path.lag)
        let isConvincing = correlation > Self.convincing
        guard isConvincing || !isNear else { return }
        path.hopCount += 1
        let difference = level - sent
        let rise = isConvincing ? max(0.02, 1 / Float(path.hopCount)) : 0.002
        let fall = max(0.05, 1 / Float(path.hopCount))
        let step = difference - path.gain
        let change = (step * rise).replaced(by: step * fall, whereNegative: step)
        let highest = BandLevels.Levels(repeating: Self.highestGain)
        let limit = correlation > Self.certain ? highest : highest.smaller(bound + 1)
        let gain = (path.gain + change).smaller(limit)
        path.gain = gain.replaced(by: path.gain, whereNegative: sent - Self.loud)
        self.path = path
    }

    private mutating func seekPath() {
        guard evidenceCount >= Self.evidenceNeeded else { return }
        let best = correlator.best
        if let path {
            let current = correlator.correlation(lag: path.lag)
            if best.correlation > Self.convincing, best.correlation > current + 0.1 {
                // A new way back has a gain of its own, learned anew from here.
                let isNear = abs(best.lag - path.lag) <= 3
                self.path = Path(
                    lag: best.lag, gain: path.gain, hopCount: isNear ? path.hopCount : 0)
            } else if current < Self.unconvincing {
                self.path = nil
            }
        } else if best.correlation > Self.convincing {
            path = Path(lag: best.lag, gain: bound)
        }
    }
}
