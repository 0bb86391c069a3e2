/// Speech that the simulated recognisers of the integration tests understand: µ-law audio whose
/// loudness names a word.
///
/// Word N is a square wave of the octets N and N + 128, loud enough for a voice detector; the
/// quieter half of the scale is silence. So a word is only heard where its audio came.
package struct SimulatedWords: Sendable {
    package let words: [String]
    /// Of each word; what has come of less than 60 % of it is not understood.
    package var octetsPerWord = 1_600

    /// - Parameter words: at most 64.
    package init(_ words: [String]) {
        precondition(words.count <= 64, "there are 64 loudnesses")
        self.words = words
    }

    /// The word that an octet belongs to; `nil`: silence.
    package static func word(of octet: UInt8) -> Int? {
        let loudness = Int(octet & 0x7F)
        return loudness < 64 ? loudness : nil
    }

    /// The octets of word `index`, 500 Hz at 8 kHz.
    package func audio(of index: Int) -> [UInt8] {
        (0..<octetsPerWord).map { UInt8(index) | (($0 / 8).isMultiple(of: 2) ? 0x80 : 0) }
    }

    package func audio(of indices: [Int], gapOctets: Int = 160) -> [UInt8] {
        indices.reduce(into: []) { octets, index in
            octets += audio(of: index) + Self.silence(octets: gapOctets)
        }
    }

    package static func silence(octets: Int) -> [UInt8] { Array(repeating: 0xFF, count: octets) }

    /// A stretch of the audio that is one word.
    struct Run: Equatable {
        let word: Int
        let start: Int
        var end: Int
        /// How much of the word came.
        var octetCount = 1
    }

    /// The words of `octets`, which stand at `start` of their stream, after those in `runs`.
    func listen(to octets: [UInt8], at start: Int, _ runs: inout [Run]) {
        for (offset, octet) in octets.enumerated() {
            guard let word = Self.word(of: octet), word < words.count else { continue }
            let position = start + offset
            if let last = runs.last, last.word == word, last.end == position {
                runs[runs.count - 1].end = position + 1
                runs[runs.count - 1].octetCount += 1
            } else {
                runs.append(Run(word: word, start: position, end: position + 1))
            }
        }
    }

    func isUnderstood(_ run: Run) -> Bool { run.octetCount * 10 >= octetsPerWord * 6 }
}
