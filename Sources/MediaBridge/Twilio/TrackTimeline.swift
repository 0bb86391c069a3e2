/// Puts one track's media in order of time: what is late, what is missing.
///
/// The sender's timestamps decide; its chunk numbers help where timestamps are absent or stand
/// still. Media time counts samples since the stream began.
struct TrackTimeline: Equatable, Sendable {
    enum Placement: Equatable, Sendable {
        /// Play after `missingSamples` of silence.
        case next(missingSamples: Int, missingChunks: Int)
        /// Its time has passed, or it came twice: drop it.
        case late
    }

    private let samplesPerSecond: Int
    private var lastChunk: SequenceNumber?
    private var lastStart: Int?
    /// Where the next message should begin; `nil` before the first.
    private var expectedStart: Int?
    /// Samples handed on, silence included.
    private var placedSamples = 0

    init(samplesPerSecond: Int) { self.samplesPerSecond = samplesPerSecond }

    /// - Parameters:
    ///   - chunk: the message's number within the track, if it has one.
    ///   - timestampMilliseconds: when its first sample was heard, if the sender says so.
    ///   - sampleCount: how much audio it holds.
    ///   - elapsed: since the stream started, by our clock; a peer that leaps ahead in time cannot
    ///     make the bridge invent more than two seconds of silence beyond it.
    /// - Returns: the silence that belongs before it, at most a second, or that it is late.
    mutating func place(
        chunk: SequenceNumber?, timestampMilliseconds: Int?, sampleCount: Int, elapsed: Duration
    ) -> Placement {
        let step = chunkStep(to: chunk)
        let start = timestampMilliseconds.map { $0 * samplesPerSecond / 1_000 }
        if let start, let lastStart {
            if start <= lastStart, (step ?? 0) <= 0 { return .late }
        } else if let step, step <= 0 {
            return .late
        }

        let missingChunks = max(0, (step ?? 1) - 1)
        var gap = 0
        if let start, let expectedStart {
            gap = start - expectedStart
        } else if start == nil {
            gap = min(missingChunks, samplesPerSecond) * sampleCount
        }
        // Timestamps are whole milliseconds and jitter: under 10 ms nothing is missing.
        if gap < samplesPerSecond / 100 {
            gap = 0
        } else {
            gap = min(gap, samplesPerSecond, room(after: elapsed))
        }

        if let chunk, (step ?? 1) > 0 { lastChunk = chunk }
        if let start {
            lastStart = start
            expectedStart = start + sampleCount
        }
        placedSamples += gap + sampleCount
        return .next(missingSamples: gap, missingChunks: missingChunks)
    }

    /// How far `chunk` is ahead of the last one; `nil` when one of them has no number.
    private func chunkStep(to chunk: SequenceNumber?) -> Int? {
        guard let chunk, let lastChunk else { return nil }
        return chunk.distance(from: lastChunk)
    }

    private func room(after elapsed: Duration) -> Int {
        let heard = Int(min(elapsed, .seconds(86_400 * 365)).components.seconds + 1)
        return max(0, (heard + 1) * samplesPerSecond - placedSamples)
    }
}
