/// Says numbers in words.
///
/// Spanish after RAE and ASALE, "Ortografía de la lengua española" (2010), VIII; English after The
/// Chicago Manual of Style (17th edition), 9.2–9.13, with "and" as in British use for the United
/// Kingdom.
struct Numerals: Sendable {
    /// How a Spanish number agrees with what it counts; English has one form.
    enum Form: Sendable {
        /// Alone: "veintiuno".
        case alone
        /// Before a masculine noun: "veintiún".
        case masculine
        /// Before or about a feminine noun: "veintiuna", "doscientas".
        case feminine
    }

    /// Cardinals above have no short name in both languages; they are read digit by digit.
    static let largest: UInt64 = 999_999_999_999_999

    let language: SpokenLanguage
    let country: SpokenCountry

    /// "veintiuno", "twenty-one"; `value` is at most `largest`.
    func cardinal(_ value: UInt64, _ form: Form = .alone) -> String {
        switch language {
        case .english: EnglishNumerals(saysAnd: country == .unitedKingdom).cardinal(value)
        case .spanish: SpanishNumerals.cardinal(value, form)
        }
    }

    /// "third", "tercero"; a Spanish number over 99 is said as a cardinal, as people do.
    func ordinal(_ value: UInt64, _ form: Form = .alone) -> String {
        switch language {
        case .english: EnglishNumerals(saysAnd: country == .unitedKingdom).ordinal(value)
        case .spanish: SpanishNumerals.ordinal(value, form)
        }
    }

    /// "2026" as a year: "twenty twenty-six", "dos mil veintiséis".
    func year(_ value: UInt64) -> String {
        switch language {
        case .english: EnglishNumerals(saysAnd: country == .unitedKingdom).year(value)
        case .spanish: SpanishNumerals.cardinal(value, .alone)
        }
    }

    /// Digit by digit: "cinco cinco".
    func digits(_ digits: some Sequence<UInt8>) -> String {
        digits.map { cardinal(UInt64($0)) }.joined(separator: " ")
    }

    /// Digit by digit in groups of 2–4, with a pause after each.
    func groupedDigits(_ digits: some Collection<UInt8>) -> String {
        var rest = Array(digits)[...]
        var groups: [String] = []
        while !rest.isEmpty {
            // The groups differ by at most one; the longer ones come last.
            let size = rest.count / ((rest.count + 3) / 4)
            groups.append(self.digits(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return groups.joined(separator: ", ")
    }

    /// What follows the decimal mark: two digits as a number in Spanish, else one by one.
    func decimals(_ digits: [UInt8]) -> String {
        if language == .spanish, digits.count == 2, let first = digits.first, first > 0 {
            return cardinal(digits.reduce(0) { $0 * 10 + UInt64($1) })
        }
        return self.digits(digits)
    }

    /// The name of a letter A–Z or Ñ; English letters stand for themselves.
    func letter(_ scalar: Unicode.Scalar) -> String {
        let upper = String(scalar).uppercased()
        guard language == .spanish else { return upper }
        switch upper {
        case "V": return country == .spain ? "uve" : "ve"
        case "W": return country == .spain ? "uve doble" : "doble u"
        default: return SpanishNumerals.letters[upper] ?? upper
        }
    }
}
