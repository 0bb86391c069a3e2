// Numbers, and what follows a number: ordinals, per cent, units, currencies.
extension SpeechScanner {
    func quantity(at index: Int) -> Spoken? {
        let (groups, marks) = WrittenNumber.groups(in: source.scalars, from: index)
        guard let number = writtenNumber(groups, marks, isMoney: false) else {
            return Spoken(end: groups.last?.upperBound ?? index + 1, words: version(groups, marks))
        }
        if let found = ordinal(number, at: index) { return found }
        if let found = moneyAfter(number, groups, marks) { return found }
        if let found = percentage(number) ?? measure(number) { return found }
        if self[number.end] == "k" || self[number.end] == "K", isBoundary(number.end + 1) {
            let thousand = pick("mil", "thousand")
            return Spoken(end: number.end + 1, words: "\(words(number, .masculine)) \(thousand)")
        }
        if self[number.end] == "x" || self[number.end] == "X", self[number.end + 1].isDigit {
            return Spoken(end: number.end + 1, words: "\(words(number)) \(pick("por", "by"))")
        }
        if let found = numberedCode(number, at: index) { return found }
        return Spoken(end: number.end, words: plain(number, at: index), opensRange: true)
    }

    func writtenNumber(
        _ groups: [WrittenNumber.Group], _ marks: [Unicode.Scalar], isMoney: Bool
    ) -> WrittenNumber? {
        WrittenNumber(
            source.scalars, groups: groups, marks: marks, decimalMark: country.decimalMark,
            isMoney: isMoney)
    }

    /// The number in words; long ones and those with leading zeros digit by digit.
    func words(
        _ number: WrittenNumber, _ form: Numerals.Form = .alone
    ) -> String {
        guard let value = number.value, number.whole.count == 1 || number.whole.first != 0 else {
            return numerals.groupedDigits(number.whole)
        }
        guard !number.decimals.isEmpty else { return numerals.cardinal(value, form) }
        let mark = number.decimalMark == "," ? pick("coma", "point") : pick("punto", "point")
        let decimals =
            number.decimals.count > 6
            ? numerals.groupedDigits(number.decimals) : numerals.decimals(number.decimals)
        return "\(numerals.cardinal(value)) \(mark) \(decimals)"
    }

    private func plain(_ number: WrittenNumber, at index: Int) -> String {
        guard number.decimals.isEmpty, let value = number.value else { return words(number) }
        let isGrouped = number.end - index > number.whole.count
        if !isGrouped {
            // Nobody writes a quantity of seven digits without marks, unless it is round.
            let isLong = number.whole.count >= 7 && !number.whole.suffix(5).allSatisfy { $0 == 0 }
            let isNamed = number.whole.count >= 4 && SpeechContext.namesDigits(self, at: index)
            if isLong || isNamed { return numerals.groupedDigits(number.whole) }
            if let year = year(value, number, at: index) { return year }
        }
        return words(number, SpeechContext.form(of: value, in: self, from: index, to: number.end))
    }

    /// "in 2026", "May 2026", "the 1990s".
    private func year(_ value: UInt64, _ number: WrittenNumber, at index: Int) -> String? {
        guard language == .english, number.whole.count == 4, (1_100...2_099).contains(value)
        else { return nil }
        guard SpeechContext.introducesYear(previousWord(before: index)) else { return nil }
        let next = lowercasedWord(at: afterSpace(number.end))
        return next.hasSuffix("s") && next.count > 3 ? nil : numerals.year(value)
    }

    /// "1.2.3", "192.168.0.1", "1,2,3".
    private func version(_ groups: [WrittenNumber.Group], _ marks: [Unicode.Scalar]) -> String {
        var words = ""
        for (position, group) in groups.enumerated() {
            let digits = source.scalars[group].map(\.digitValue)
            let value = digits.count < 5 && digits.first != 0 || digits.count == 1
            if position > 0 {
                words += marks[position - 1] == "." ? pick(" punto ", " point ") : ", "
            }
            words +=
                value
                ? numerals.cardinal(digits.reduce(0) { $0 * 10 + UInt64($1) })
                : numerals.groupedDigits(digits)
        }
        return words
    }

    private func ordinal(_ number: WrittenNumber, at index: Int) -> Spoken? {
        guard number.decimals.isEmpty, number.end - index == number.whole.count,
            let value = number.value, value > 0
        else { return nil }
        switch language {
        case .english:
            let end = wordEnd(number.end)
            guard end - number.end == 2,
                ["st", "nd", "rd", "th"].contains(lowercasedWord(at: number.end))
            else { return decade(value, number) }
            return Spoken(end: end, words: numerals.ordinal(value), opensRange: true)
        case .spanish: return spanishOrdinal(value, from: number.end)
        }
    }

    /// "the 1990s".
    private func decade(_ value: UInt64, _ number: WrittenNumber) -> Spoken? {
        guard (20...90).contains(value) || (1_100...2_090).contains(value), value % 10 == 0,
            self[number.end] == "s", isBoundary(number.end + 1)
        else { return nil }
        let year = numerals.year(value)
        let plural = year.hasSuffix("y") ? year.dropLast() + "ies" : year + "s"
        return Spoken(end: number.end + 1, words: plural)
    }

    /// "1.º", "2.ª", "3er", "4to", "1a.", and "1°" before a month.
    private func spanishOrdinal(_ value: UInt64, from end: Int) -> Spoken? {
        let mark = self[end] == "." ? end + 1 : end
        switch self[mark] {
        case "º" where self[mark + 1] != "C" && self[mark + 1] != "F":
            let stop = afterStop(mark + 1)
            return Spoken(end: stop, words: numerals.ordinal(value, masculine(after: stop)))
        case "ª":
            return Spoken(end: afterStop(mark + 1), words: numerals.ordinal(value, .feminine))
        case "°" where value == 1 && lowercasedWord(at: afterSpace(mark + 1)) == "de":
            return Spoken(end: mark + 1, words: numerals.ordinal(value))
        default: break
        }
        let end = wordEnd(mark)
        guard end - mark <= 3, end > mark else { return nil }
        let stop = afterStop(end)
        switch lowercasedWord(at: mark) {
        case "er": return Spoken(end: stop, words: numerals.ordinal(value, .masculine))
        case "ro", "do", "to", "mo", "vo", "no", "o":
            return Spoken(end: stop, words: numerals.ordinal(value))
        case "ra", "da", "ta", "ma", "va", "na", "a":
            return Spoken(end: stop, words: numerals.ordinal(value, .feminine))
        default: return nil
        }
    }

    /// Past the stop of an abbreviation, unless it ends the sentence.
    private func afterStop(_ index: Int) -> Int {
        self[index] == "." && !endsSentence(index + 1) ? index + 1 : index
    }

    /// "1.º piso" is "primer piso", "el 1.º de mayo" "el primero de mayo".
    private func masculine(after end: Int) -> Numerals.Form {
        let next = lowercasedWord(at: afterSpace(end))
        return next.isEmpty || SpeechContext.functionWords.contains(next) ? .alone : .masculine
    }

    private func percentage(_ number: WrittenNumber) -> Spoken? {
        let mark = afterSpace(number.end)
        let scale: String
        switch self[mark] {
        case "%": scale = pick("por ciento", "percent")
        case "‰": scale = pick("por mil", "per mille")
        default: return nil
        }
        return Spoken(end: mark + 1, words: "\(words(number)) \(scale)", opensRange: true)
    }

    /// "5 km", "20°C", "100 km/h".
    private func measure(_ number: WrittenNumber) -> Spoken? {
        let start = afterSpace(number.end)
        guard
            let (unit, length) = MeasuringUnit.find(
                in: self, at: start, isSpaced: start > number.end)
        else { return nil }
        var end = start + length
        // "10 min. antes": the stop belongs to the abbreviation.
        if unit.isAbbreviation, self[end] == ".", !endsSentence(end + 1) { end += 1 }
        let isOne = number.value == 1 && number.decimals.isEmpty
        let form: Numerals.Form = unit.isFeminine ? .feminine : .masculine
        let name = isOne ? unit.one(language) : unit.many(language)
        let link = number.decimals.isEmpty ? SpeechContext.link(number.value, language) : ""
        return Spoken(
            end: end, words: "\(words(number, form)) \(link)\(name)", opensRange: true)
    }

    /// "1/2", "2 1/2", "3 ½"; others than simple fractions are read with a slash.
    func fraction(at index: Int) -> Spoken? {
        guard let first = shortNumber(at: index, limit: 3) else { return nil }
        let vulgarAt = afterSpace(first.end)
        if let vulgar = Self.vulgarFractions[self[vulgarAt]] {
            return mixed(first.value, vulgar.0, vulgar.1, end: vulgarAt + 1)
        }
        if self[first.end] == " ", let top = shortNumber(at: first.end + 1, limit: 1),
            self[top.end] == "/", let bottom = shortNumber(at: top.end + 1, limit: 2),
            isPart(top.value, of: bottom.value), isBoundary(bottom.end), self[bottom.end] != "/"
        {
            return mixed(first.value, top.value, bottom.value, end: bottom.end)
        }
        guard self[first.end] == "/", let second = shortNumber(at: first.end + 1, limit: 3),
            isBoundary(second.end), self[second.end] != "/", self[index - 1] != "/"
        else { return nil }
        if isPart(first.value, of: second.value) {
            return share(first.value, of: second.value, end: second.end)
        }
        if first.value != second.value, (first.value, second.value) != (24, 7),
            let date = monthAndDay(first.value, second.value, end: second.end)
        {
            return date
        }
        let link =
            first.value == 24 && second.value == 7
            ? " " : first.value == second.value ? pick(" de ", " out of ") : slash
        let words = [first.value, second.value].map { numerals.cardinal(UInt64($0)) }
        return Spoken(end: second.end, words: words.joined(separator: link))
    }

    /// "½" alone.
    func vulgarFraction(at index: Int) -> Spoken? {
        guard let (top, bottom) = Self.vulgarFractions[self[index]] else { return nil }
        return share(top, of: bottom, end: index + 1)
    }

    private var slash: String {
        country == .spain ? pick(" barra ", " slash ") : pick(" diagonal ", " slash ")
    }

    private func isPart(_ top: Int, of bottom: Int) -> Bool {
        top > 0 && top < bottom && (2...10).contains(bottom)
    }

    /// Spanish puts the half behind what is counted: "dos horas y media".
    private func mixed(_ whole: Int, _ top: Int, _ bottom: Int, end: Int) -> Spoken {
        let value = UInt64(whole)
        guard top == 1, bottom == 2 else {
            return Spoken(
                end: end,
                words: "\(numerals.cardinal(value)) \(pick("y", "and")) \(part(top, of: bottom))")
        }
        guard language == .spanish else {
            return Spoken(end: end, words: "\(numerals.cardinal(value)) and a half")
        }
        if let (unit, length) = MeasuringUnit.find(
            in: self, at: afterSpace(end), isSpaced: self[end] == " ")
        {
            let count = numerals.cardinal(value, unit.isFeminine ? .feminine : .masculine)
            let name = whole == 1 ? unit.one(language) : unit.many(language)
            let half = unit.isFeminine ? "media" : "medio"
            return Spoken(end: afterSpace(end) + length, words: "\(count) \(name) y \(half)")
        }
        guard let noun = noun(after: end) else {
            return Spoken(end: end, words: "\(numerals.cardinal(value)) y medio")
        }
        let isFeminine = SpeechContext.isFeminine(text(noun).lowercased())
        let count = numerals.cardinal(value, isFeminine ? .feminine : .masculine)
        return Spoken(
            end: noun.upperBound,
            words: "\(count) \(text(noun)) y \(isFeminine ? "media" : "medio")")
    }

    /// "media taza", "tres cuartos de taza"; English needs nothing between.
    private func share(_ top: Int, of bottom: Int, end: Int) -> Spoken {
        guard language == .spanish, let noun = noun(after: end) else {
            return Spoken(end: end, words: part(top, of: bottom))
        }
        guard top == 1, bottom == 2 else {
            return Spoken(end: end, words: part(top, of: bottom) + " de")
        }
        let isFeminine = SpeechContext.isFeminine(text(noun).lowercased())
        return Spoken(end: end, words: isFeminine ? "media" : "medio")
    }

    /// The word that is counted; short, so that nothing long is looked at twice.
    private func noun(after end: Int) -> Range<Int>? {
        guard self[end] == " ", self[end + 1].isWordLetter else { return nil }
        let stop = wordEnd(end + 1)
        guard stop - end <= 20,
            !SpeechContext.functionWords.contains(text(end + 1..<stop).lowercased())
        else { return nil }
        return end + 1..<stop
    }

    private func part(_ top: Int, of bottom: Int) -> String {
        let isOne = top == 1
        let count = numerals.cardinal(UInt64(top), .masculine)
        switch (language, bottom) {
        case (.spanish, 2): return isOne ? "un medio" : "\(count) medios"
        case (.spanish, 3): return isOne ? "un tercio" : "\(count) tercios"
        case (.english, 2): return isOne ? "one half" : "\(count) halves"
        case (.english, 4): return isOne ? "one quarter" : "\(count) quarters"
        case (_, _):
            return "\(count) \(numerals.ordinal(UInt64(bottom)))\(isOne ? "" : "s")"
        }
    }

    private static let vulgarFractions: [Unicode.Scalar: (Int, Int)] = [
        "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8),
    ]
}
