/// Where a paused answer goes on: at the start of the word that was being said.
extension SpokenAnswer {
    /// A gap this long is a pause, wherever the words are taken to lie.
    private static let surePause = Duration.milliseconds(100)
    /// How far off a word's start may lie when all characters are taken to last alike.
    private static let estimateTolerance = Duration.milliseconds(150)
    /// How far off a synthesiser's word timing may be.
    private static let timingTolerance = Duration.milliseconds(40)

    /// Finds the place from which the answer is said again after it stopped.
    ///
    /// With word timings that is the start of the word, else the last gap of the speech, best
    /// where the text suggests a word's start; without either it is `position` itself, as it is in
    /// a gap and between chunks.
    ///
    /// - Parameters:
    ///   - position: octets from the start of the answer.
    ///   - longestRewind: in octets; nothing further back is said again.
    /// - Returns: octets from the start of the answer, at most `position`.
    package func resumption(stoppedAt position: Int, longestRewind: Int) -> Int {
        guard longestRewind > 0, let chunk = chunks.last(where: { $0.start <= position }),
            chunk.number != nil
        else { return position }
        let stop = position - chunk.start
        guard stop > 0, stop < chunk.octetCount else { return position }
        let octetsPerWindow = octetsPerSecond / SpeechLevelMeter.windowsPerSecond
        let gaps = SpeechGaps(in: chunk.levels, around: stop / octetsPerWindow).ranges.map {
            $0.lowerBound * octetsPerWindow..<$0.upperBound * octetsPerWindow
        }
        let earliest = max(0, stop - longestRewind)
        if let start = timedStart(in: chunk, stop: stop, gaps: gaps), start >= earliest {
            return chunk.start + start
        }
        return chunk.start + (gapStart(in: chunk, stop: stop, earliest: earliest, gaps) ?? stop)
    }

    /// By the synthesiser's timings; `nil` when there are none before `stop`.
    private func timedStart(in chunk: Chunk, stop: Int, gaps: [Range<Int>]) -> Int? {
        guard let index = chunk.words.lastIndex(where: { octets(in: $0.start) <= stop })
        else { return nil }
        if let gap = gaps.first(where: { $0.contains(stop) }) {
            // Only the gap before the next word is one between words.
            let next =
                index + 1 < chunk.words.count ? octets(in: chunk.words[index + 1].start) : nil
            let reach = next ?? chunk.octetCount
            if gap.upperBound + octets(in: Self.timingTolerance) >= reach { return stop }
        }
        return octets(in: chunk.words[index].start)
    }

    /// By the gaps of the speech; `nil` when there is none that is near enough.
    private func gapStart(
        in chunk: Chunk, stop: Int, earliest: Int, _ gaps: [Range<Int>]
    ) -> Int? {
        guard !chunk.levels.isEmpty else { return nil }
        let word = estimatedWord(in: chunk, at: stop)
        let tolerance = octets(in: Self.estimateTolerance)
        var starts: [Int] = earliest == 0 ? [0] : []
        for gap in gaps {
            if gap.contains(stop) {
                let isPause = gap.count >= octets(in: Self.surePause)
                if isPause || abs(gap.upperBound - word.upperBound) <= tolerance { return stop }
                starts.append(stop)
            } else {
                // A window of quiet before the voice, so that its onset is whole.
                let start = gap.upperBound - octetsPerSecond / SpeechLevelMeter.windowsPerSecond
                if (earliest...stop).contains(start) { starts.append(start) }
            }
        }
        let likely = starts.filter { abs($0 - word.lowerBound) <= tolerance }
        return likely.min { abs($0 - word.lowerBound) < abs($1 - word.lowerBound) } ?? starts.last
    }

    /// From the word at `stop` to the next if every character takes the same time.
    private func estimatedWord(in chunk: Chunk, at stop: Int) -> Range<Int> {
        let said = min(characters(of: chunk, heard: stop), chunk.text.count)
        let start = chunk.text.prefix(said).reversed().firstIndex(of: " ")?.base
        let end = chunk.text.dropFirst(said).firstIndex(of: " ")
        let bounds = [start ?? chunk.text.startIndex, end ?? chunk.text.endIndex].map { index in
            let characters = chunk.text.distance(from: chunk.text.startIndex, to: index)
            return chunk.isComplete
                ? characters * chunk.octetCount / max(1, chunk.text.count)
                : characters * octetsPerSecond / Self.charactersPerSecond
        }
        return bounds[0]..<max(bounds[0], bounds[1])
    }

    /// Whole 16-bit samples.
    private func octets(in duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        let count = Int(nanoseconds * Int64(octetsPerSecond) / 1_000_000_000)
        return count - count % 2
    }
}
