import Pipeline

/// A synthesiser whose octets tell their place, so that what was heard can be held against it.
struct ScriptedSpeaker {
    private static let octetsPerCharacter = 8_000 / 14
    /// So many octets stand at one place only.
    private static let probe = 24

    private var said: [UInt8] = []
    /// Where each word of the greeting begins, in octets.
    private var wordStarts: [Int] = []

    /// The chunk's audio; every character takes the same time.
    mutating func speech(_ text: String, generation: Int) -> SpeechBlock {
        let isGreeting = generation == 1
        let start = isGreeting ? said.count : 0
        let count = text.count * Self.octetsPerCharacter
        let octets = (start..<start + count).map { Self.octet(at: $0, generation) }
        var words: [WordTiming] = []
        var character = 0
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let offset = character * Self.octetsPerCharacter
            words.append(WordTiming(word: String(word), start: .milliseconds(offset / 8)))
            if isGreeting { wordStarts.append(start + offset) }
            character += word.count + 1
        }
        if isGreeting { said += octets }
        return SpeechBlock(octets: octets, words: words)
    }

    /// SplitMix64 of the place (Steele, Lea and Flood, 2014), never the same twice in a row of 24.
    private static func octet(at index: Int, _ generation: Int) -> UInt8 {
        var mixed = UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(generation)
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
    }

    /// Follows what was heard through what was said.
    func greeting(heard: [UInt8]) -> CallOutcome.Greeting {
        var result = CallOutcome.Greeting()
        var place = 0
        var index = 0
        while index < heard.count, place < said.count {
            if heard[index] == said[place] {
                index += 1
                place += 1
                continue
            }
            guard let found = find(heard[index...].prefix(Self.probe), near: place) else { break }
            result.resumptions += 1
            if found > place {
                result.skipped += found - place
            } else {
                result.repeated = max(result.repeated, place - found)
                let words = wordStarts.count { found < $0 && $0 < place } + 1
                result.repeatedWords = max(result.repeatedWords, words)
            }
            place = found
        }
        result.isWhole = place == said.count
        return result
    }

    private func find(_ wanted: ArraySlice<UInt8>, near place: Int) -> Int? {
        guard wanted.count == Self.probe else { return nil }
        for distance in 1..<said.count {
            for start in [place - distance, place + distance]
            where start >= 0 && start + Self.probe <= said.count {
                if said[start] == wanted.first, said[start..<start + Self.probe] == wanted {
                    return start
                }
            }
        }
        return nil
    }
}
