package import Codecs
package import Pipeline

/// Speaks a steady tone for as long as the text would take.
///
/// Instant engines stand in for real ones where the bridge's own share of a turn is measured, so that
/// nothing but the bridge is in the figure.
package struct InstantSynthesizer: SpeechSynthesizer {
    /// What a character of speech lasts, in milliseconds.
    private static let millisecondsPerCharacter = 65

    package init() {}

    package func synthesize(
        _ text: String, language: Language, format: AudioFormat
    ) -> AsyncThrowingStream<SpeechBlock, any Error> {
        AsyncThrowingStream { stream in
            let octetsPerSecond = format.rate.rawValue * (format.octetsPerSample ?? 2)
            let block = octetsPerSecond / 10
            var rest = octetsPerSecond * text.count * Self.millisecondsPerCharacter / 1_000
            rest -= rest % (octetsPerSecond / 50)
            while rest > 0 {
                let count = min(block, rest)
                stream.yield(SpeechBlock(octets: Self.tone(octets: count, format)))
                rest -= count
            }
            stream.finish()
        }
    }

    /// A square wave of 500 Hz at about −20 dBFS.
    private static func tone(octets count: Int, _ format: AudioFormat) -> [UInt8] {
        let step = format.octetsPerSample ?? 2
        let halfPeriod = format.rate.rawValue / 1_000
        return (0..<count).map { index in
            let isHigh = (index / step / halfPeriod).isMultiple(of: 2)
            switch format.encoding {
            case .muLaw: return isHigh ? 0xA5 : 0x25  // ±3 200 of 32 124
            case .aLaw: return isHigh ? 0x8F : 0x0F
            case .linear16, .opus:
                let sample: UInt16 = isHigh ? 3_277 : UInt16(bitPattern: -3_277)
                return UInt8(truncatingIfNeeded: index.isMultiple(of: 2) ? sample : sample >> 8)
            }
        }
    }
}
