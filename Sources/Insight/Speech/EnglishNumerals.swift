/// English cardinals to 10¹⁵, their ordinals, and years.
struct EnglishNumerals {
    /// "one hundred and five" (British) or "one hundred five".
    let saysAnd: Bool

    func cardinal(_ value: UInt64) -> String {
        if value == 0 { return "zero" }
        var parts: [String] = []
        for (scale, name) in Self.scales where value >= scale {
            let count = value / scale % 1_000
            if count > 0 { parts.append(belowThousand(count) + name) }
        }
        // "one thousand and five": the last hundred is joined even without hundreds.
        if saysAnd, parts.count > 1, (1..<100).contains(value % 1_000) {
            parts[parts.count - 1] = "and " + parts[parts.count - 1]
        }
        return parts.joined(separator: " ")
    }

    func ordinal(_ value: UInt64) -> String {
        let cardinal = cardinal(value)
        let last = cardinal.lastIndex { $0 == " " || $0 == "-" }
        let start = last.map { cardinal.index(after: $0) } ?? cardinal.startIndex
        let word = String(cardinal[start...])
        let ending =
            if let irregular = Self.ordinals[word] {
                irregular
            } else if word.hasSuffix("y") {
                String(word.dropLast()) + "ieth"
            } else {
                word + "th"
            }
        return cardinal[..<start] + ending
    }

    /// "nineteen oh five", "two thousand one", "twenty twenty-six"; others as cardinals.
    func year(_ value: UInt64) -> String {
        guard (1_100...2_099).contains(value), !(2_000...2_009).contains(value) else {
            return cardinal(value)
        }
        let century = cardinal(value / 100)
        return switch value % 100 {
        case 0: century + " hundred"
        case 1..<10: century + " oh " + cardinal(value % 100)
        default: century + " " + cardinal(value % 100)
        }
    }

    private func belowThousand(_ value: UInt64) -> String {
        let rest = Int(value % 100)
        var parts: [String] = []
        if value >= 100 { parts.append(Self.units[Int(value / 100)] + " hundred") }
        if value >= 100, rest > 0, saysAnd { parts.append("and") }
        if rest > 0 {
            parts.append(
                rest < 20
                    ? Self.units[rest]
                    : Self.tens[rest / 10] + (rest % 10 == 0 ? "" : "-" + Self.units[rest % 10]))
        }
        return parts.joined(separator: " ")
    }

    private static let scales: [(UInt64, String)] = [
        (1_000_000_000_000, " trillion"), (1_000_000_000, " billion"), (1_000_000, " million"),
        (1_000, " thousand"), (1, ""),
    ]
    private static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let ordinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
        "nine": "ninth", "twelve": "twelfth",
    ]
}
