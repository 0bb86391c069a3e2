/// A guess at English words that no dictionary has, names above all.
///
/// Good enough that a grammar with an unknown name keeps working; say how often it is right only
/// after measuring it on such names.
enum EnglishPronunciation {
    /// - Parameter word: lower case.
    /// - Returns: one guess; empty when the word has no letter that sounds.
    static func pronunciations(of word: String) -> [String] {
        let letters = Array(word.filter { $0.isLetter && $0.isASCII })
        var phones: [String] = []
        var index = 0
        while index < letters.count {
            let rest = letters[index...]
            if let (spelling, sounds) = clusters.first(where: { rest.starts(with: $0.0) }) {
                phones += sounds
                index += spelling.count
                continue
            }
            let letter = letters[index]
            let next = rest.dropFirst().first
            let isDoubled = next == letter
            let isSilent = letter == "e" && next == nil && phones.count > 1
            let isSoft = letter == "c" && next.map { "eiy".contains($0) } == true
            if !isSilent { phones += isSoft ? ["S"] : (single[letter] ?? []) }
            index += isDoubled ? 2 : 1
        }
        return phones.isEmpty ? [] : [phones.joined(separator: " ")]
    }

    /// Common pronunciations that the dictionary lacks: it knows "maria" only as M ER IY AH.
    static let further = ["maria": ["M AH R IY AH", "M AA R IY AH", "M AA R IY AA"]]

    private static let clusters: [(String, [String])] = [
        ("tch", ["CH"]), ("igh", ["AY"]), ("sch", ["SH"]), ("ch", ["CH"]), ("sh", ["SH"]),
        ("th", ["TH"]), ("ph", ["F"]), ("gh", ["G"]), ("kn", ["N"]), ("wr", ["R"]),
        ("qu", ["K", "W"]),
        ("ck", ["K"]), ("ng", ["NG"]), ("ee", ["IY"]), ("ea", ["IY"]), ("ie", ["IY"]),
        ("ei", ["EY"]),
        ("ai", ["EY"]), ("ay", ["EY"]), ("ey", ["IY"]), ("oo", ["UW"]), ("ou", ["AW"]),
        ("ow", ["OW"]), ("oa", ["OW"]), ("oy", ["OY"]), ("oi", ["OY"]), ("au", ["AO"]),
        ("aw", ["AO"]), ("er", ["ER"]), ("ir", ["ER"]), ("ur", ["ER"]), ("ar", ["AA", "R"]),
        ("or", ["AO", "R"]),
    ]

    private static let single: [Character: [String]] = [
        "a": ["AE"], "b": ["B"], "c": ["K"], "d": ["D"], "e": ["EH"], "f": ["F"], "g": ["G"],
        "h": ["HH"], "i": ["IH"], "j": ["JH"], "k": ["K"], "l": ["L"], "m": ["M"], "n": ["N"],
        "o": ["OW"], "p": ["P"], "q": ["K"], "r": ["R"], "s": ["S"], "t": ["T"], "u": ["AH"],
        "v": ["V"], "w": ["W"], "x": ["K", "S"], "y": ["IY"], "z": ["Z"],
    ]
}
