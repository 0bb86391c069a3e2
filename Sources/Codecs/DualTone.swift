internal import Glibc

/// The sound of telephone keys: dual-tone multi-frequency signalling (ITU-T Q.23).
package struct DualTone {
    /// Hertz of the two tones (Q.23, table 1).
    private static let low = [697.0, 770, 852, 941]
    private static let high = [1_209.0, 1_336, 1_477, 1_633]
    private static let rows: [[Character]] = [
        ["1", "2", "3", "A"], ["4", "5", "6", "B"], ["7", "8", "9", "C"], ["*", "0", "#", "D"],
    ]
    /// Receivers must take 40 ms of tone and of pause (Q.24); lines are slower than that.
    package static let toneMilliseconds = 100
    package static let gapMilliseconds = 100
    /// What `w` waits, as carriers have it.
    package static let waitMilliseconds = 500
    /// Of each tone: −12 dB of full scale for the low one and −10 dB for the high one, which lines
    /// weaken more.
    private static let lowAmplitude = 8_231.0
    private static let highAmplitude = 10_362.0
    /// A tone that begins and ends at once would click.
    private static let rampMilliseconds = 5

    /// Whether every character has a sound: digits, `*`, `#`, `A`–`D`, and `w` for a pause.
    package static func areKeys(_ keys: String) -> Bool {
        keys.allSatisfy { $0 == "w" || place(of: $0) != nil }
    }

    /// The keys one after the other, with a pause behind each.
    ///
    /// - Parameters:
    ///   - keys: see `areKeys`; what is none makes no sound.
    ///   - format: of the octets; not Opus, which has no octets per sample.
    /// - Returns: whole 20 ms frames.
    package static func octets(of keys: String, in format: AudioFormat) -> [UInt8] {
        precondition(format.encoding != .opus, "Tones are made in a format without packets")
        var samples: [Int16] = []
        for key in keys {
            if key == "w" {
                samples += silence(waitMilliseconds, format.rate)
            } else if let (low, high) = frequencies(of: key) {
                samples += tone(low, high, format.rate) + silence(gapMilliseconds, format.rate)
            }
        }
        return encoded(samples, format)
    }

    /// The two tones of a key, in hertz.
    package static func frequencies(of key: Character) -> (low: Double, high: Double)? {
        place(of: key).map { (low[$0.row], high[$0.column]) }
    }

    private static func place(of key: Character) -> (row: Int, column: Int)? {
        for (row, keys) in rows.enumerated() {
            if let column = keys.firstIndex(of: key) { return (row, column) }
        }
        return nil
    }

    private static func silence(_ milliseconds: Int, _ rate: SampleRate) -> [Int16] {
        Array(repeating: 0, count: rate.rawValue / 1_000 * milliseconds)
    }

    private static func tone(_ low: Double, _ high: Double, _ rate: SampleRate) -> [Int16] {
        let count = rate.rawValue / 1_000 * toneMilliseconds
        let ramp = Double(rate.rawValue / 1_000 * rampMilliseconds)
        let step = 2 * Double.pi / Double(rate.rawValue)
        return (0..<count).map { index in
            let place = Double(index)
            let loudness = min(1, place / ramp, Double(count - 1 - index) / ramp)
            let sum =
                lowAmplitude * sin(low * step * place) + highAmplitude * sin(high * step * place)
            return Int16((sum * loudness).rounded())
        }
    }

    private static func encoded(_ samples: [Int16], _ format: AudioFormat) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: samples.count)
        switch format.encoding {
        case .muLaw:
            var span = octets.mutableSpan
            MuLaw.encode(samples.span, into: &span)
            return octets
        case .aLaw:
            var span = octets.mutableSpan
            ALaw.encode(samples.span, into: &span)
            return octets
        case .linear16, .opus:
            return samples.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
        }
    }
}
