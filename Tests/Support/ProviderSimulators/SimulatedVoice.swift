internal import Glibc

/// What the integration tests' servers speak: a tone per word, whose pitch tells which word it is.
///
/// 60 ms of silence, then 100 ms of tone and 20 ms of silence for each word.
package struct SimulatedVoice: Sendable {
    /// How samples become octets.
    package enum Encoding: String, Sendable { case linear16, muLaw, aLaw }

    private static let leadMilliseconds = 60
    private static let toneMilliseconds = 100
    private static let slotMilliseconds = 120
    private static let lowestHertz = 400
    private static let stepHertz = 100
    private static let toneCount = 24

    package let encoding: Encoding
    package let hertz: Int

    package init(_ encoding: Encoding, hertz: Int) {
        self.encoding = encoding
        self.hertz = hertz
    }

    /// The audio of a text, without a header.
    package func octets(of text: String) -> [UInt8] {
        var result = encoded([Int16](repeating: 0, count: samples(Self.leadMilliseconds)))
        for tone in Self.tones(of: text) {
            let pitch = Double(Self.lowestHertz + tone * Self.stepHertz)
            let sound = (0..<samples(Self.toneMilliseconds)).map { index in
                Int16(8_000 * sin(2 * .pi * pitch * Double(index) / Double(hertz)))
            }
            let gap = samples(Self.slotMilliseconds) - sound.count
            result += encoded(sound + [Int16](repeating: 0, count: gap))
        }
        return result
    }

    package func octetCount(milliseconds: Int) -> Int {
        samples(milliseconds) * (encoding == .linear16 ? 2 : 1)
    }

    /// When each character begins, in milliseconds from the start of the audio.
    package static func characterStarts(of text: String) -> [(character: Character, start: Int)] {
        var result: [(Character, Int)] = []
        var (slot, inWord) = (-1, 0)
        var previous: Character = " "
        for character in text {
            if character == " " {
                let end = leadMilliseconds + slot * slotMilliseconds + toneMilliseconds
                result.append((character, max(0, end)))
            } else {
                (slot, inWord) = previous == " " ? (slot + 1, 0) : (slot, inWord + 1)
                let start = leadMilliseconds + slot * slotMilliseconds + min(99, inWord * 5)
                result.append((character, start))
            }
            previous = character
        }
        return result
    }

    /// The tone of each word, 0…23; how it is written with regard to case and punctuation is all one.
    package static func tones(of text: String) -> [Int] {
        text.split(separator: " ").map { word in
            let letters = word.lowercased().filter { $0.isLetter || $0.isNumber }
            let hash = letters.utf8.reduce(UInt32(2_166_136_261)) {
                ($0 ^ UInt32($1)) &* 16_777_619
            }
            return Int(hash >> 8) % toneCount
        }
    }

    /// The tones that speech has whose silent start was cut to 20 ms, by counting zero crossings.
    package static func heard(_ samples: [Int16], hertz: Int) -> [Int] {
        let count = { (milliseconds: Int) in milliseconds * hertz / 1_000 }
        guard let first = samples.firstIndex(where: { $0.magnitude > 500 }) else { return [] }
        var result: [Int] = []
        var start = first
        while start + count(toneMilliseconds) - count(10) <= samples.count {
            let middle = samples[start + count(20)..<start + count(80)]
            let crossings = zip(middle, middle.dropFirst()).count { ($0 < 0) != ($1 < 0) }
            let pitch = Double(crossings) / 2 / 0.06
            result.append(
                Int(((pitch - Double(lowestHertz)) / Double(stepHertz)).rounded()))
            start += count(slotMilliseconds)
        }
        return result
    }

    /// The tones in a whole conversation's µ-law at 8 kHz, in order, whatever silence parts them.
    package static func heardInMuLaw(_ octets: [UInt8]) -> [Int] {
        var result: [Int] = []
        var start = 0
        // Of the octet, the lower the louder: below 0x50 is over 1,000 of 32,635.
        while let loud = octets[start...].firstIndex(where: { $0 & 0x7F < 0x40 }),
            loud + 720 <= octets.count
        {
            let middle = octets[loud + 160..<loud + 640]
            let crossings = zip(middle, middle.dropFirst()).count { ($0 ^ $1) & 0x80 != 0 }
            let pitch = Double(crossings) / 2 / 0.06
            result.append(
                Int(((pitch - Double(lowestHertz)) / Double(stepHertz)).rounded()))
            start = loud + 820
        }
        return result
    }

    private func samples(_ milliseconds: Int) -> Int { hertz * milliseconds / 1_000 }

    private func encoded(_ samples: [Int16]) -> [UInt8] {
        switch encoding {
        case .linear16:
            samples.flatMap {
                [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
            }
        case .muLaw: samples.map(Self.muLaw)
        case .aLaw: samples.map(Self.aLaw)
        }
    }

    /// ITU-T G.711 §3.2: the sign, the segment and four bits of the step, all inverted.
    static func muLaw(_ sample: Int16) -> UInt8 {
        let magnitude = min(32_635, Int(sample.magnitude)) + 132
        let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7
        let step = magnitude >> (segment + 3) & 0x0F
        return ~UInt8((sample < 0 ? 0x80 : 0) | segment << 4 | step)
    }

    /// ITU-T G.711, table 2a: the middle of the step.
    static func linear(ofMuLaw octet: UInt8) -> Int16 {
        let code = ~octet
        let magnitude = ((Int(code & 0x0F) << 3) + 132) << Int(code >> 4 & 0x07) - 132
        return Int16(code & 0x80 == 0 ? magnitude : -magnitude)
    }

    /// ITU-T G.711 §3.1: even bits inverted.
    private static func aLaw(_ sample: Int16) -> UInt8 {
        let magnitude = Int(sample < 0 ? ~sample : sample) >> 4
        let segment = magnitude < 32 ? 0 : Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 4
        let step = segment < 2 ? magnitude & 0x0F : magnitude >> (segment - 1) & 0x0F
        let isLow = magnitude < 16
        let code = (isLow ? 0 : max(1, segment)) << 4 | step
        return UInt8((sample < 0 ? 0 : 0x80) | code) ^ 0x55
    }
}
