/// A telephone number with its country code (ITU-T E.164): what callers are looked up by.
///
/// A value of this type is a number that somebody has: numbers that were withheld, names and
/// addresses of other kinds are none.
package struct CallerNumber: Hashable, Sendable {
    /// `+` and 7 to 15 digits.
    package let text: String

    /// How a number in somebody's records means one of ours.
    enum Match: Equatable {
        /// With its country code.
        case exact
        /// As it is dialled within its country.
        case national
    }

    /// What carriers put in the place of a number that was withheld: RESTRICTED, BLOCKED, UNKNOWN,
    /// ANONYMOUS and UNAVAILABLE on a keypad (Twilio, "Why am I getting calls from these strange
    /// numbers?").
    private static let withheld: Set = [
        "7378742833", "2562533", "8656696", "266696687", "86282452253",
    ]

    /// Reads `+573001112233`, `0057 300…`, and those within `tel:`, `sip:` and `whatsapp:` addresses;
    /// `nil` for anything without a country code, and for a number that was withheld.
    ///
    /// - Parameter text: as a carrier or a client gives it.
    package init?(_ text: String) {
        var rest = Substring(text.trimmingPrefix(while: \.isWhitespace))
        for scheme in ["tel:", "sip:", "sips:", "whatsapp:"]
        where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count).prefix { $0 != "@" && $0 != ";" }
        }
        guard let written = Written(String(rest)), written.isInternational,
            (7...15).contains(written.digits.count), written.digits.first != "0",
            !Self.withheld.contains(written.digits)
        else { return nil }
        self.text = "+" + written.digits
    }

    private var digits: Substring { text.dropFirst() }

    /// Whether what stands in somebody's records is this number.
    ///
    /// - Parameter text: free text, such as `+57 300 1112233` or `300 111 22 33`.
    /// - Returns: `nil` for another number, or none.
    func match(_ text: String) -> Match? {
        guard let written = Written(text) else { return nil }
        if written.digits == digits { return .exact }
        guard !written.isInternational else { return nil }
        // The zero of long-distance calls within a country is no part of the number.
        let national = written.digits.drop { $0 == "0" }
        let countryCodeLength = digits.count - national.count
        guard national.count >= 7, (1...3).contains(countryCodeLength), digits.hasSuffix(national)
        else { return nil }
        return .national
    }

    /// The one of the candidates who has this number; `nil` for none, and for several: nobody
    /// guesses.
    ///
    /// - Parameters:
    ///   - candidates: who may have it.
    ///   - numbers: of a candidate, as they stand in somebody's records.
    /// - Returns: whose number it is.
    func owner<Candidate>(
        among candidates: [Candidate], numbers: (Candidate) -> [String]
    ) -> Candidate? {
        var exact: [Candidate] = []
        var national: [Candidate] = []
        for candidate in candidates {
            let matches = numbers(candidate).compactMap(match)
            if matches.contains(.exact) {
                exact.append(candidate)
            } else if !matches.isEmpty {
                national.append(candidate)
            }
        }
        let best = exact.isEmpty ? national : exact
        return best.count == 1 ? best[0] : nil
    }

    /// A number as somebody wrote it down.
    private struct Written {
        let digits: String
        let isInternational: Bool

        /// `nil` for what holds other things than a number.
        init?(_ text: String) {
            var digits = ""
            var hasPlus = false
            for character in text {
                if character.isASCII, character.isNumber {
                    digits.append(character)
                } else if character == "+", digits.isEmpty, !hasPlus {
                    hasPlus = true
                } else if !character.isWhitespace, !"-–./()".contains(character) {
                    return nil
                }
            }
            guard !digits.isEmpty else { return nil }
            let hasPrefix = !hasPlus && digits.hasPrefix("00")
            self.digits = hasPrefix ? String(digits.dropFirst(2)) : digits
            isInternational = hasPlus || hasPrefix
        }
    }
}
