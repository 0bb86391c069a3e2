/// Recordings that the simulated recognisers of the integration tests and of the simulated cloud
/// know by heart, word for word.
///
/// A word is only heard where its audio came: lost audio is a lost word. Where a word lies in its
/// recording is told from the number of its characters.
package struct SimulatedRecordings: Sendable {
    package struct Recording: Sendable {
        let octets: [UInt8]
        let words: [(text: String, range: Range<Int>)]
        /// The number of its first word among those of all recordings.
        let firstWord: Int
    }

    /// Where a stretch of audio belongs.
    struct Place: Sendable {
        let recording: Int
        var offset: Int
    }

    static let windowOctets = 32

    package private(set) var recordings: [Recording] = []
    private var index: [Int: Place] = [:]
    private(set) var words: [(text: String, octets: Int)] = []

    package init() {}

    /// - Parameters:
    ///   - samples: at 8 kHz.
    ///   - transcript: words between spaces.
    ///   - speech: what of it is speech, in milliseconds.
    package mutating func add(_ samples: [Int16], transcript: String, speech: Range<Int>) {
        let octets = samples.map(SimulatedVoice.muLaw)
        let texts = transcript.split(separator: " ").map(String.init)
        let characters = texts.reduce(0) { $0 + $1.count }
        guard characters > 0 else { return }
        let start = min(octets.count, speech.lowerBound * 8)
        let length = min(octets.count, speech.upperBound * 8) - start
        var before = 0
        let placed = texts.map { text in
            let first = start + length * before / characters
            before += text.count
            return (text: text, range: first..<(start + length * before / characters))
        }
        let firstWord = words.count
        words += placed.map { ($0.text, $0.range.count) }
        recordings.append(Recording(octets: octets, words: placed, firstWord: firstWord))
        guard octets.count >= Self.windowOctets else { return }
        for end in Self.windowOctets..<octets.count {
            guard let hash = Self.hash(octets[(end - Self.windowOctets)..<end]) else { continue }
            index[hash] = Place(recording: recordings.count - 1, offset: end)
        }
    }

    /// What follows these octets; `nil`: they are of no recording, or too quiet to tell.
    func place(after window: ArraySlice<UInt8>) -> Place? {
        Self.hash(window).flatMap { index[$0] }
    }

    /// FNV-1a; `nil` for what has not four octets above −36 dBFS.
    private static func hash(_ window: ArraySlice<UInt8>) -> Int? {
        guard window.count(where: { $0 & 0x7F < 0x4F }) >= 4 else { return nil }
        return window.reduce(Int(bitPattern: 0xCBF2_9CE4_8422_2325)) {
            ($0 ^ Int($1)) &* 0x0000_0100_0000_01B3
        }
    }
}

/// Follows one stream of µ-law audio through recordings.
struct SimulatedEar: Sendable {
    private static let patience = 8
    let recordings: SimulatedRecordings
    private var place: SimulatedRecordings.Place?
    private var misses = 0
    private var recent: [UInt8] = []

    init(_ recordings: SimulatedRecordings) { self.recordings = recordings }

    /// The words of `octets`, which stand at `start` of their stream, after those in `runs`.
    mutating func listen(to octets: [UInt8], at start: Int, _ runs: inout [SimulatedWords.Run]) {
        recent += octets
        let first = recent.count - octets.count
        for index in first..<recent.count {
            if place == nil, index.isMultiple(of: 4), index >= SimulatedRecordings.windowOctets {
                let window = recent[(index - SimulatedRecordings.windowOctets)..<index]
                place = recordings.place(after: window)
                misses = 0
            }
            guard let current = place else { continue }
            let recording = recordings.recordings[current.recording]
            guard current.offset < recording.octets.count else {
                place = nil
                continue
            }
            if Self.isSame(recent[index], recording.octets[current.offset]) {
                misses = max(0, misses - 1)
                note(current, recording, at: start + index - first, &runs)
            } else {
                misses += 1
            }
            place?.offset += 1
            if misses > Self.patience { place = nil }
        }
        recent.removeFirst(max(0, recent.count - SimulatedRecordings.windowOctets))
    }

    private func note(
        _ place: SimulatedRecordings.Place, _ recording: SimulatedRecordings.Recording,
        at position: Int, _ runs: inout [SimulatedWords.Run]
    ) {
        guard let word = recording.words.firstIndex(where: { $0.range.contains(place.offset) })
        else { return }
        let number = recording.firstWord + word
        if let last = runs.last, last.word == number, position - last.end < 800 {
            runs[runs.count - 1].end = position + 1
            runs[runs.count - 1].octetCount += 1
        } else {
            runs.append(.init(word: number, start: position, end: position + 1))
        }
    }

    /// Coders may differ by a step where a sample lies between two.
    private static func isSame(_ one: UInt8, _ other: UInt8) -> Bool {
        one == other || (one ^ other) & 0x80 == 0 && abs(Int(one) - Int(other)) <= 1
    }
}

extension SimulatedRecordings {
    /// The words of whole speech at any rate, by the course of its loudness.
    package func transcript(of samples: [Int16], hertz: Int) -> String {
        var rest = Self.envelope(samples, hertz: hertz)
        let known = recordings.map { Self.envelope($0.octets) }
        var found: [(frame: Int, words: [String])] = []
        while let (number, lag) = best(in: rest, known) {
            let recording = recordings[number]
            let length = known[number].count
            let heard = recording.words.filter { word in
                let first = word.range.lowerBound / 80
                let frames = first..<max(first + 1, word.range.upperBound / 80)
                let count = frames.count { frame in
                    rest.indices.contains(frame + lag)
                        && rest[frame + lag] > known[number][min(frame, length - 1)] * 0.5
                }
                return count * 10 >= frames.count * 6
            }
            found.append((lag, heard.map(\.text)))
            for frame in max(0, lag)..<min(rest.count, lag + length) { rest[frame] = 0 }
            if found.count > 8 { break }
        }
        return found.sorted { $0.frame < $1.frame }.flatMap(\.words).joined(separator: " ")
    }

    private func best(in heard: [Float], _ known: [[Float]]) -> (recording: Int, lag: Int)? {
        var best: (recording: Int, lag: Int, score: Float)?
        for (number, envelope) in known.enumerated() {
            let least = min(25, envelope.count / 3)
            guard heard.count > least else { continue }
            for lag in (least - envelope.count)...(heard.count - least) {
                let frames = max(0, -lag)..<min(envelope.count, heard.count - lag)
                var (product, one, other): (Float, Float, Float) = (0, 0, 0)
                for frame in frames {
                    product += envelope[frame] * heard[frame + lag]
                    one += envelope[frame] * envelope[frame]
                    other += heard[frame + lag] * heard[frame + lag]
                }
                let whole = envelope.reduce(0) { $0 + $1 * $1 }
                guard one > whole * 0.2, other > 0 else { continue }
                // Of two that fit, the one of which more came.
                let score = product / (one * other).squareRoot() + 0.05 * one / whole
                if score > 0.95, score > best?.score ?? 0 { best = (number, lag, score) }
            }
        }
        return best.map { ($0.recording, $0.lag) }
    }

    /// Mean magnitude of each 10 ms.
    private static func envelope(_ samples: [Int16], hertz: Int) -> [Float] {
        let length = hertz / 100
        return stride(from: 0, to: samples.count - length + 1, by: length).map { start in
            let sum = samples[start..<(start + length)].reduce(Float(0)) {
                $0 + Float($1.magnitude)
            }
            return sum / Float(length)
        }
    }

    private static func envelope(_ octets: [UInt8]) -> [Float] {
        envelope(octets.map(SimulatedVoice.linear(ofMuLaw:)), hertz: 8_000)
    }
}
