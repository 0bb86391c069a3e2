// Telephone numbers and codes, which are read digit by digit.
extension SpeechScanner {
    /// "+52 55 1234 5678", "(55) 1234-5678", "555-123-4567": 7–15 digits (ITU-T E.164).
    func telephone(at index: Int) -> Spoken? {
        var groups: [[UInt8]] = []
        var marks: [Unicode.Scalar] = []
        let isInternational = self[index] == "+"
        var position = isInternational ? index + 1 : index
        var end = position
        var count = 0
        scan: while count <= 20 {
            let isBracketed = self[position] == "("
            let start = isBracketed ? position + 1 : position
            guard self[start].isDigit else { break }
            var digits: [UInt8] = []
            var stop = start
            while self[stop].isDigit, digits.count <= 16 {
                digits.append(self[stop].digitValue)
                stop += 1
            }
            if isBracketed {
                guard self[stop] == ")" else { break }
                stop += 1
            }
            // A letter makes it a code, a colon a time, a slash a date.
            guard !self[stop].isWordLetter, self[stop] != ":", self[stop] != "/" else { break }
            // "5 €", "20 %" are the next amount.
            if !groups.isEmpty, ["%", "€", "$"].contains(self[afterSpace(stop)]) { break }
            groups.append(digits)
            count += digits.count
            end = stop
            switch self[stop] {
            case " ", "-", ".", "\u{2011}", "–", "\u{202F}":
                marks.append(self[stop])
                position = stop + 1
                // " - " between groups, and ") " before them.
                if self[stop] == "-" || self[stop] == " ",
                    self[position] == " " || self[position] == "-"
                {
                    break scan
                }
            default:
                guard isBracketed, self[stop].isDigit else { break scan }
                marks.append(" ")
                position = stop
            }
        }
        guard
            isTelephone(
                groups, marks, count, isInternational, opens: self[index] == "(", from: index)
        else { return nil }
        return Spoken(end: end, words: telephoneWords(groups, isInternational: isInternational))
    }

    private func isTelephone(
        _ groups: [[UInt8]], _ marks: [Unicode.Scalar], _ count: Int, _ isInternational: Bool,
        opens hasBracket: Bool, from index: Int
    ) -> Bool {
        guard (7...19).contains(count), groups.allSatisfy({ $0.count <= 16 }) else { return false }
        if isInternational { return true }
        guard groups.count > 1, groups.allSatisfy({ (1...6).contains($0.count) }) else {
            return false
        }
        if hasBracket { return groups[0].count <= 4 }
        let between = marks.prefix(groups.count - 1)
        let areThrees = groups.dropFirst().allSatisfy { $0.count == 3 }
        let isThousands = areThrees && groups[0].count <= 3 && groups[0].first != 0
        if between.allSatisfy({ $0 == "\u{202F}" }) { return !isThousands }
        if between.allSatisfy({ $0 == "." }), isThousands { return false }
        if between.allSatisfy({ $0 == " " }), isThousands, groups[0].count < 3 { return false }
        // "2024-2026" is a range.
        let areYears = groups.allSatisfy {
            $0.count == 4 && ($0[0] == 1 && $0[1] == 9 || $0[0] == 2 && $0[1] == 0)
        }
        return !(groups.count == 2 && areYears)
    }

    private func telephoneWords(_ groups: [[UInt8]], isInternational: Bool) -> String {
        guard isInternational, let first = groups.first else {
            return groups.map(numerals.groupedDigits).joined(separator: ", ")
        }
        let codeLength = first.count <= 3 ? first.count : Self.callingCodeLength(first)
        let code = first.prefix(codeLength)
        let rest = [Array(first.dropFirst(codeLength))].filter { !$0.isEmpty } + groups.dropFirst()
        let codeWords =
            language == .spanish && code.first != 0
            ? numerals.cardinal(code.reduce(0) { $0 * 10 + UInt64($1) }) : numerals.digits(code)
        let plus = pick("más", "plus")
        return (["\(plus) \(codeWords)"] + rest.map(numerals.groupedDigits)).joined(separator: ", ")
    }

    /// Country codes have one digit in zones 1 and 7, else two or three (ITU-T E.164, list of
    /// assigned codes).
    private static func callingCodeLength(_ digits: [UInt8]) -> Int {
        guard digits.count > 3 else { return digits.count }
        if digits[0] == 1 || digits[0] == 7 { return 1 }
        let two = digits[0] * 10 + digits[1]
        let isTwo =
            switch two {
            case 20, 27, 28, 30...34, 36, 39...41, 43...49, 51...58, 60...66, 81, 82, 84, 86,
                90...95, 98:
                true
            default: false
            }
        return isTwo ? 2 : 3
    }

    /// Letters and digits in one: "A-1234", "AB12C3", "COVID-19".
    func code(at index: Int) -> Spoken? {
        let end = wordEnd(index)
        let next = self[end]
        guard next.isDigit || next == "-" && self[end + 1].isDigit else { return nil }
        // "MP3", "A1", "AB-1234": few capitals are letters, anything else is a word.
        let isSpelled = end - index <= 4 && self[index..<end].allSatisfy(\.isCapital)
        if !isSpelled, next == "-", !self[index].isCapital { return nil }
        var words = [isSpelled ? spell(index..<end) : text(index..<end)]
        var position = end
        var isVersion = false
        while position - index < 40 {
            if self[position].isDigit {
                let stop = digitEnd(position)
                words.append(codeDigits(position..<stop))
                position = stop
                if self[stop] == ".", self[stop + 1].isDigit {
                    words.append(pick("punto", "point"))
                    position += 1
                    isVersion = true
                }
            } else if self[position].isCapital {
                let stop = wordEnd(position)
                guard stop - position <= 4, self[position..<stop].allSatisfy(\.isCapital) else {
                    words.append(text(position..<stop))
                    position = stop
                    continue
                }
                words.append(spell(position..<stop))
                position = stop
            } else if self[position] == "-", !isBoundary(position + 1) {
                position += 1
            } else {
                break
            }
        }
        let isLong =
            !isVersion && (words.count > 2 || words.joined().unicodeScalars.count > 24)
        return Spoken(end: position, words: words.joined(separator: isLong ? ", " : " "))
    }

    /// "4G", "3D", "15A": a number and up to three capitals.
    func numberedCode(_ number: WrittenNumber, at index: Int) -> Spoken? {
        guard number.decimals.isEmpty, number.end - index == number.whole.count,
            self[number.end].isCapital
        else { return nil }
        let end = wordEnd(number.end)
        guard end - number.end <= 3, self[number.end..<end].allSatisfy(\.isCapital) else {
            return nil
        }
        if let rest = code(at: number.end) {
            return Spoken(end: rest.end, words: "\(codeDigits(index..<number.end)) \(rest.words)")
        }
        return Spoken(
            end: end, words: "\(codeDigits(index..<number.end)) \(spell(number.end..<end))")
    }

    /// Up to two digits as a number, more one by one.
    private func codeDigits(_ range: Range<Int>) -> String {
        let digits = source.scalars[range].map(\.digitValue)
        guard digits.count <= 2, digits.count == 1 || digits.first != 0 else {
            return numerals.groupedDigits(digits)
        }
        return numerals.cardinal(digits.reduce(0) { $0 * 10 + UInt64($1) })
    }

    func spell(_ range: Range<Int>) -> String {
        source.scalars[range].map(numerals.letter).joined(separator: " ")
    }

    subscript(range: Range<Int>) -> ArraySlice<Unicode.Scalar> { source.scalars[range] }
}
