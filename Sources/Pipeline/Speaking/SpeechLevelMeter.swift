package import Codecs

/// Measures how loud one chunk's speech is, window by window, as its blocks come.
///
/// Decisions about an answer's audio (where a paused answer goes on) depend on these levels only,
/// so that a flight record without audio replays the same.
package struct SpeechLevelMeter: Sendable {
    /// A window is 10 ms.
    package static let windowsPerSecond = 100

    private let encoding: AudioEncoding
    private let octetsPerWindow: Int
    /// Less than a window, waiting for the next block.
    private var rest: [UInt8] = []

    package init(_ format: AudioFormat) {
        encoding = format.encoding
        octetsPerWindow =
            (format.octetsPerSample ?? 0) * format.rate.rawValue / Self.windowsPerSecond
    }

    /// The same block with the level of every window that it completes.
    package mutating func measure(_ block: SpeechBlock) -> SpeechBlock {
        guard octetsPerWindow > 0 else { return block }  // Opus packets hold no samples to measure
        rest += block.octets
        var levels: [UInt8] = []
        var start = 0
        while rest.count - start >= octetsPerWindow {
            levels.append(level(of: rest.span.extracting(start..<start + octetsPerWindow)))
            start += octetsPerWindow
        }
        rest.removeFirst(start)
        return SpeechBlock(octets: block.octets, words: block.words, levels: levels)
    }

    private func level(of octets: Span<UInt8>) -> UInt8 {
        var pcm = [Int16](repeating: 0, count: octets.count)
        var span = pcm.mutableSpan
        var count = octets.count
        switch encoding {
        case .muLaw: MuLaw.decode(octets, into: &span)
        case .aLaw: ALaw.decode(octets, into: &span)
        case .linear16:
            count /= 2
            for index in 0..<count {
                let sample = UInt16(octets[2 * index + 1]) << 8 | UInt16(octets[2 * index])
                span[index] = Int16(bitPattern: sample)
            }
        case .opus: return UInt8(-AudioLevel.floor)
        }
        return UInt8(-AudioLevel(of: pcm.span.extracting(0..<count)).rms)
    }
}
