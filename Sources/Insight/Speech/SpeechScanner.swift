/// Goes once over plain text and replaces what a voice would stumble over by words.
///
/// Each rule looks at one place, a bounded stretch ahead, and either reads it or leaves it; what no
/// rule reads is copied word by word.
struct SpeechScanner {
    /// What a rule found: the words for the scalars up to `end`.
    struct Spoken {
        let end: Int
        let words: String
        /// A dash after it may mean "to".
        var opensRange = false
    }

    let source: SourcedText
    let language: SpokenLanguage
    let country: SpokenCountry
    let numerals: Numerals
    /// Most of the words are capitals, so capitals mark no acronyms.
    let isShouted: Bool
    private var output = SourcedText()
    /// Where the last reading that opens a range ended.
    private(set) var rangeStart = -1

    init(_ source: SourcedText, language: SpokenLanguage, country: SpokenCountry) {
        self.source = source
        self.language = language
        self.country = country
        numerals = Numerals(language: language, country: country)
        isShouted = Self.isShouted(source.scalars)
    }

    mutating func spoken() -> SourcedText {
        var position = 0
        while position < source.count {
            if let found = reading(at: position) {
                emit(found, from: position)
                position = found.end
            } else {
                position = copy(from: position)
            }
        }
        output.dropTrailingSpace()
        return output
    }

    private func reading(at index: Int) -> Spoken? {
        let scalar = self[index]
        if scalar.isDigit { return digitReading(at: index) }
        if scalar.isWordLetter { return wordReading(at: index) }
        return symbolReading(at: index)
    }

    private func digitReading(at index: Int) -> Spoken? {
        // Only "juan5@…" and the like go on with letters that belong to an address.
        email(at: index) ?? date(at: index) ?? clock(at: index) ?? telephone(at: index)
            ?? fraction(at: index) ?? quantity(at: index)
    }

    private func wordReading(at index: Int) -> Spoken? {
        webAddress(at: index) ?? email(at: index) ?? codedMoney(at: index)
            ?? calendarWord(at: index) ?? abbreviation(at: index) ?? romanNumeral(at: index)
            ?? factor(at: index) ?? code(at: index) ?? acronym(at: index)
    }

    private func symbolReading(at index: Int) -> Spoken? {
        switch self[index] {
        case "$", "€", "£": money(at: index)
        case "+", "(": telephone(at: index) ?? symbol(at: index)
        default: symbol(at: index)
        }
    }

    private mutating func emit(_ found: Spoken, from start: Int) {
        let place = originalRange(start..<found.end)
        guard let first = found.words.unicodeScalars.first else {
            if found.end < source.count { output.appendSpace(from: place) }
            return
        }
        if let last = output.last, last.isDigit || last.isWordLetter || last.isPauseMark,
            !first.isPauseMark, !("¡¿".unicodeScalars.contains(last))
        {
            output.append(" ", from: place)
        }
        if first == ",", output.last == " " { output.dropTrailingSpace() }
        for scalar in found.words.unicodeScalars {
            if scalar == " " {
                output.appendSpace(from: place)
            } else {
                output.append(scalar, from: place)
            }
        }
        if found.opensRange { rangeStart = found.end }
        let next = self[found.end]
        if next.isDigit || next.isWordLetter || Self.startsReading(next) {
            output.appendSpace(from: place)
        }
    }

    /// Copies a word, or one scalar that is none.
    private mutating func copy(from start: Int) -> Int {
        let end = self[start].isWordLetter ? wordEnd(start) : start + 1
        for index in start..<end {
            if self[index] == " " {
                output.appendSpace(from: source.sources[index])
            } else {
                output.append(self[index], from: source.sources[index])
            }
        }
        return end
    }

    private func originalRange(_ range: Range<Int>) -> Range<Int> {
        source.sources[range.lowerBound]
            .lowerBound..<source.sources[range.upperBound - 1].upperBound
    }

    /// Symbols that become words and so need a space before them.
    private static func startsReading(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "$", "€", "£", "%", "+", "=", "&", "@", "#", "×": true
        default: false
        }
    }

    /// At least three words in capitals, more than half of all, and one longer than acronyms are.
    private static func isShouted(_ scalars: [Unicode.Scalar]) -> Bool {
        var words = 0
        var shouted = 0
        var letters = 0
        var capitals = 0
        var longest = 0
        for scalar in scalars + [" "] {
            if scalar.isWordLetter {
                letters += 1
                if scalar.isCapital { capitals += 1 }
            } else {
                if letters > 1 { words += 1 }
                if letters > 1, letters == capitals {
                    shouted += 1
                    longest = max(longest, letters)
                }
                letters = 0
                capitals = 0
            }
        }
        return shouted >= 3 && shouted * 2 > words && longest >= 5
    }
}

// How rules look around.
extension SpeechScanner {
    /// NUL, which no text holds here, beyond both ends.
    subscript(index: Int) -> Unicode.Scalar {
        source.scalars.indices.contains(index) ? source.scalars[index] : "\0"
    }

    func text(_ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(source.scalars[range]))
    }

    /// The end of the letters from `index` on.
    func wordEnd(_ index: Int) -> Int {
        var end = index
        while self[end].isWordLetter { end += 1 }
        return end
    }

    /// The end of the digits from `index` on.
    func digitEnd(_ index: Int) -> Int {
        var end = index
        while self[end].isDigit { end += 1 }
        return end
    }

    /// The number of up to `limit` digits at `index`; `nil` if there are none or more.
    func shortNumber(at index: Int, limit: Int = 4) -> (value: Int, end: Int)? {
        var end = index
        var value = 0
        while self[end].isDigit {
            guard end - index < limit else { return nil }
            value = value * 10 + Int(self[end].digitValue)
            end += 1
        }
        return end > index ? (value, end) : nil
    }

    /// Past one space, if there is one.
    func afterSpace(_ index: Int) -> Int { self[index] == " " ? index + 1 : index }

    /// The word that starts at `index` in lower case, cut at 24 letters; empty if none does.
    func lowercasedWord(at index: Int) -> String {
        var end = index
        while end - index < 24, self[end].isWordLetter { end += 1 }
        return text(index..<end).lowercased()
    }

    /// The word before `index` as written, cut to its last 24 letters.
    func previousWord(before index: Int) -> String {
        var end = index
        if self[end - 1] == " " { end -= 1 }
        if self[end - 1] == "." { end -= 1 }
        var start = end
        while end - start < 24, self[start - 1].isWordLetter { start -= 1 }
        return text(start..<end)
    }

    /// Whether the text or a sentence ends at `index`, given that a full stop was just taken.
    func endsSentence(_ index: Int) -> Bool {
        var next = index
        while ["\"", "”", "»", ")"].contains(self[next]) { next += 1 }
        if self[next] == "\0" { return true }
        guard self[next] == " " else { return false }
        let first = self[next + 1]
        return first.isCapital || first == "¿" || first == "¡"
    }

    /// `index` is neither inside a word or number nor before one.
    func isBoundary(_ index: Int) -> Bool {
        !self[index].isDigit && !self[index].isWordLetter
    }

    func pick(_ spanish: String, _ english: String) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}
