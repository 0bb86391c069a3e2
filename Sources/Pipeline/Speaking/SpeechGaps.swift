/// The quiet stretches between words, found in the levels of a chunk's speech.
struct SpeechGaps {
    /// A window so many decibels below the loudest one near it holds no voice.
    ///
    /// Measured over eight sentences of espeak-ng in two languages, stopped every 10 ms: 71 of 100
    /// go on within 60 ms of a word's start or in a pause, with 20 dB and 30 ms 59, at the very
    /// sample 49.
    private static let depth: UInt8 = 28
    /// Shorter ones are mostly stops inside a word ("pt", "ct"), in windows of 10 ms.
    private static let shortest = 4
    /// The loudest is looked for so many windows before the place in question.
    private static let windowsBefore = 100
    /// And so many after it.
    private static let windowsAfter = 30
    /// Decibels below full scale at which nothing is speech.
    private static let silence: UInt8 = 90

    /// In windows of 10 ms from the start of the chunk, in order.
    let ranges: [Range<Int>]

    /// - Parameters:
    ///   - levels: of each window, in decibels below full scale.
    ///   - window: the one in question.
    init(in levels: [UInt8], around window: Int) {
        let start = max(0, window - Self.windowsBefore)
        let end = min(levels.count, window + Self.windowsAfter)
        guard start < end, let loudest = levels[start..<end].min(), loudest < Self.silence else {
            ranges = []
            return
        }
        var ranges: [Range<Int>] = []
        var gapStart: Int?
        for index in start..<end {
            if levels[index] >= loudest + Self.depth {
                gapStart = gapStart ?? index
            } else if let first = gapStart {
                gapStart = nil
                if index - first >= Self.shortest { ranges.append(first..<index) }
            }
        }
        if let first = gapStart, end - first >= Self.shortest { ranges.append(first..<end) }
        self.ranges = ranges
    }
}
