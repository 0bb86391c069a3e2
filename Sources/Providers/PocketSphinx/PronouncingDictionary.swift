internal import FoundationEssentials
internal import Pipeline

/// The pronunciations that come with the acoustic model (134 723 lines of the CMU dictionary).
///
/// It is loaded once for all decoders, which then hold only the words of their grammars: a decoder
/// that loads the dictionary itself takes 178 ms and 28 MB, one without it 12 ms and 5 MB (measured).
struct PronouncingDictionary: Sendable {
    private let octets: [UInt8]
    /// Offsets of lines, placed by the hash of their word; -1 where there is none.
    private let slots: [Int32]

    init(path: String) throws(EngineError) {
        do {
            try self.init(lines: [UInt8](Data(contentsOf: URL(filePath: path))))
        } catch {
            throw .unavailable("the pronouncing dictionary \(path) cannot be read")
        }
    }

    /// - Parameter lines: `word PH ON EMES`, one per line; alternatives are `word(2) …`.
    init(lines: [UInt8]) {
        octets = lines
        var starts: [Int32] = []
        var start = 0
        while start < lines.count {
            let end = lines[start...].firstIndex(of: Self.newline) ?? lines.count
            if end > start { starts.append(Int32(start)) }
            start = end + 1
        }
        var size = 16
        while size < starts.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for start in starts {
            var slot = Self.hash(lines[Self.word(at: Int(start), in: lines)]) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = start
        }
        self.slots = slots
    }

    /// The phones of `word`, most usual first; empty when the word is unknown.
    func pronunciations(of word: String) -> [String] {
        let wanted = Array(word.utf8)
        var lines: [Int] = []
        var slot = Self.hash(wanted[...]) & (slots.count - 1)
        while slots[slot] >= 0 {
            let start = Int(slots[slot])
            if octets[Self.word(at: start, in: octets)].elementsEqual(wanted) {
                lines.append(start)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return lines.sorted().map(phones)
    }

    private func phones(ofLineAt start: Int) -> String {
        let end = octets[start...].firstIndex(of: Self.newline) ?? octets.count
        let line = octets[start..<end]
        let gap = line.firstIndex(where: Self.isSpace) ?? end
        return String(decoding: line[gap...].drop(while: Self.isSpace), as: UTF8.self)
    }

    /// The word without its alternative's number.
    private static func word(at start: Int, in octets: [UInt8]) -> Range<Int> {
        var end = start
        while end < octets.count, !isSpace(octets[end]), octets[end] != newline,
            octets[end] != openingBracket || end == start
        {
            end += 1
        }
        return start..<end
    }

    /// FNV-1a.
    private static func hash(_ word: ArraySlice<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for octet in word { hash = (hash ^ UInt32(octet)) &* 16_777_619 }
        return Int(hash)
    }

    private static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }
    private static let newline = UInt8(ascii: "\n")
    private static let openingBracket = UInt8(ascii: "(")
}
