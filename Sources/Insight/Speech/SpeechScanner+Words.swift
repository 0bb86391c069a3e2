// Abbreviations, acronyms and Roman numerals.
extension SpeechScanner {
    func abbreviation(at index: Int) -> Spoken? {
        guard !self[index - 1].isWordLetter, self[index - 1] != "'" else { return nil }
        if let found = numberSign(at: index) ?? slashed(at: index) { return found }
        var key = ""
        var end = index
        var best: (SpokenAbbreviation, Int)?
        // "p. ej.", "EE. UU.", "S.A. de C.V.": up to four parts, each with its stop.
        for _ in 0..<4 {
            let stop = wordEnd(end)
            guard stop > end, stop - end <= 8, self[stop] == "." else { break }
            key += text(end..<stop + 1)
            if let found = SpokenAbbreviation.find(key, language) { best = (found, stop + 1) }
            end = afterSpace(stop + 1)
        }
        guard let (found, after) = best else { return nil }
        let words: String
        switch found.kind {
        case .title: words = found.words
        case .beforeNumber:
            guard self[afterSpace(after)].isDigit else { return nil }
            words = found.words
        case .general:
            // A stop that ends the sentence too stays.
            return Spoken(end: endsSentence(after) ? after - 1 : after, words: found.words)
        case .initials:
            return Spoken(end: self[after] == "\0" ? after - 1 : after, words: found.words)
        case .street(let saint):
            let isNamed = self[afterSpace(after)].isCapital && !followsName(index)
            if isNamed { return Spoken(end: after, words: saint) }
            return Spoken(end: endsSentence(after) ? after - 1 : after, words: found.words)
        }
        return Spoken(end: after, words: words)
    }

    /// "c/u", "s/n", "w/o".
    private func slashed(at index: Int) -> Spoken? {
        guard self[index + 1] == "/", isBoundary(index + 3) else { return nil }
        switch (text(index..<min(index + 3, source.count)), language) {
        case ("c/u", .spanish): return Spoken(end: index + 3, words: "cada uno")
        case ("s/n", .spanish), ("S/N", .spanish):
            return Spoken(end: index + 3, words: "sin número")
        case ("w/o", .english): return Spoken(end: index + 3, words: "without")
        case (_, _): return nil
        }
    }

    /// A street has its name before it, a saint or doctor after it.
    private func followsName(_ index: Int) -> Bool {
        guard self[index - 1] == " ", self[index - 2].isWordLetter else { return false }
        let previous = previousWord(before: index)
        return previous.unicodeScalars.first?.isCapital ?? false
            && !SpokenAbbreviation.beforeSaints.contains(previous)
    }

    /// "n.º", "Nº", "N°" or "No." before digits.
    private func numberSign(at index: Int) -> Spoken? {
        guard self[index] == "n" || self[index] == "N" else { return nil }
        var end = index + 1
        if self[end] == "." { end += 1 }
        switch self[end] {
        case "º", "°": end += 1
        case "o" where self[index] == "N" && self[end + 1] == ".": end += 2
        default: return nil
        }
        guard self[afterSpace(end)].isDigit else { return nil }
        return Spoken(end: end, words: pick("número", "number"))
    }

    /// Capitals are spelt where they make no word; "URLs" keeps its plural.
    func acronym(at index: Int) -> Spoken? {
        let end = wordEnd(index)
        let isPlural = language == .english && self[end - 1] == "s" && end - index > 2
        let stop = isPlural ? end - 1 : end
        guard (2...5).contains(stop - index), !isShouted, !self[index - 1].isWordLetter,
            self[index - 1] != "'", self[end] != "'", self[index..<stop].allSatisfy(\.isCapital),
            !isRoman(index..<stop), SpokenAbbreviation.isSpelled(text(index..<stop), language)
        else { return nil }
        return Spoken(end: end, words: spell(index..<stop) + (isPlural ? "'s" : ""))
    }

    /// "siglo XXI", "capítulo IV", "Felipe VI", "Chapter IV", "Henry VIII".
    func romanNumeral(at index: Int) -> Spoken? {
        let end = wordEnd(index)
        guard end - index <= 8, self[index].isCapital,
            let value = RomanNumeral.value(self[index..<end])
        else {
            return nil
        }
        let previous = previousWord(before: index)
        let word = previous.lowercased()
        if SpokenAbbreviation.romanCounted.contains(word) {
            return Spoken(end: end, words: numerals.cardinal(UInt64(value)))
        }
        guard SpokenAbbreviation.monarchs.contains(previous), value < 40 else { return nil }
        if language == .english {
            return Spoken(end: end, words: "the " + numerals.ordinal(UInt64(value)))
        }
        // Ordinals to ten, cardinals above (RAE, "Ortografía" VIII 2.2.2).
        let isFeminine = previous == "Isabel" || previous == "Juana"
        return Spoken(
            end: end,
            words: value <= 10
                ? numerals.ordinal(UInt64(value), isFeminine ? .feminine : .alone)
                : numerals.cardinal(UInt64(value)))
    }

    private func isRoman(_ range: Range<Int>) -> Bool {
        range.count > 1 && RomanNumeral.value(self[range]) != nil && text(range) != "CD"
            && text(range) != "CV" && text(range) != "DC" && text(range) != "MC"
    }
}

/// I, V, X, L, C, D, M as they stand on clocks and books.
enum RomanNumeral {
    /// - Returns: `nil` unless it is written as it should be; 1–3 999.
    static func value(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
        guard (1...15).contains(scalars.count),
            scalars.allSatisfy("IVXLCDM".unicodeScalars.contains)
        else { return nil }
        var rest = String(String.UnicodeScalarView(scalars))[...]
        var value = 0
        for (symbol, worth, most) in symbols {
            var count = 0
            while count < most, rest.hasPrefix(symbol) {
                rest = rest.dropFirst(symbol.count)
                value += worth
                count += 1
            }
        }
        return rest.isEmpty ? value : nil
    }

    private static let symbols = [
        ("M", 1_000, 3), ("CM", 900, 1), ("CD", 400, 1), ("D", 500, 1), ("C", 100, 3),
        ("XC", 90, 1), ("XL", 40, 1), ("L", 50, 1), ("X", 10, 3), ("IX", 9, 1), ("IV", 4, 1),
        ("V", 5, 1), ("I", 1, 3),
    ]
}
