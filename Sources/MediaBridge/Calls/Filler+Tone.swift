internal import Codecs
internal import Foundation
internal import Pipeline

extension Filler {
    /// Two soft beeps at 425 Hz, 150 ms each: audible, and not taken for a hang-up.
    static func tone(in format: AudioFormat) -> Filler {
        let rate = format.rate.rawValue
        let samples = (0..<rate * 6 / 10).map { index -> Int16 in
            let inBeep = index % (rate * 3 / 10) < rate * 15 / 100
            let phase = 2 * Double.pi * 425 * Double(index) / Double(rate)
            return inBeep ? Int16(2_500 * sin(phase)) : 0
        }
        return Filler(text: "", octets: octets(samples, format.encoding))
    }

    private static func octets(_ samples: [Int16], _ encoding: AudioEncoding) -> [UInt8] {
        switch encoding {
        case .linear16, .opus:
            return samples.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
        case .muLaw, .aLaw:
            var octets = [UInt8](repeating: 0, count: samples.count)
            var span = octets.mutableSpan
            if encoding == .muLaw {
                MuLaw.encode(samples.span, into: &span)
            } else {
                ALaw.encode(samples.span, into: &span)
            }
            return octets
        }
    }
}
