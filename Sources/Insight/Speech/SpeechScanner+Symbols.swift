// Signs between words and numbers.
extension SpeechScanner {
    func symbol(at index: Int) -> Spoken? {
        let next = self[index + 1]
        let previous = self[index - 1]
        switch self[index] {
        case "-", "–", "—", "−": return dash(at: index)
        case ":" where previous.isDigit && next.isDigit && rangeStart == index:
            return Spoken(end: index + 1, words: pick("a", "to"))
        case "&": return Spoken(end: index + 1, words: pick("y", "and"))
        case "@": return Spoken(end: index + 1, words: pick("arroba", "at"))
        case "#":
            if next.isDigit { return Spoken(end: index + 1, words: pick("número", "number")) }
            return Spoken(end: index + 1, words: next.isWordLetter ? "hashtag" : "")
        case "+":
            let counts = next.isDigit || next == " " || previous.isWordLetter || previous == "+"
            return Spoken(end: index + 1, words: counts ? pick("más", "plus") : "")
        case "=": return Spoken(end: index + 1, words: pick("igual a", "equals"))
        case "×", "*":
            guard self[index] == "×" || next.isDigit || next == " " && self[index + 2].isDigit
            else {
                return Spoken(end: index + 1, words: "")
            }
            return Spoken(end: index + 1, words: pick("por", "times"))
        case "÷": return Spoken(end: index + 1, words: pick("entre", "divided by"))
        case "<": return Spoken(end: index + 1, words: pick("menor que", "less than"))
        case ">": return Spoken(end: index + 1, words: pick("mayor que", "greater than"))
        case "≤": return Spoken(end: index + 1, words: pick("menor o igual que", "at most"))
        case "≥": return Spoken(end: index + 1, words: pick("mayor o igual que", "at least"))
        case "±": return Spoken(end: index + 1, words: pick("más menos", "plus or minus"))
        case "≈": return Spoken(end: index + 1, words: pick("aproximadamente", "about"))
        case "~" where next.isDigit:
            return Spoken(end: index + 1, words: pick("aproximadamente", "about"))
        case "%": return Spoken(end: index + 1, words: pick("por ciento", "percent"))
        case "→", "⇒": return Spoken(end: index + 1, words: ",")
        case "/": return slash(at: index)
        case "_", "~", "`", "\\", "^", "{", "}", "\u{202F}":
            return Spoken(end: index + 1, words: "")
        case "½", "⅓", "⅔", "¼", "¾", "⅕", "⅛": return vulgarFraction(at: index)
        case "°",
            "º" where previous == " ":
            return Spoken(end: index + 1, words: "")
        default: return nil
        }
    }

    /// "3 x 4".
    func factor(at index: Int) -> Spoken? {
        guard self[index] == "x" || self[index] == "X", rangeStart == index - 1,
            self[index - 1] == " ", self[index + 1] == " ", self[index + 2].isDigit
        else { return nil }
        return Spoken(end: index + 1, words: pick("por", "by"))
    }

    /// "to" between two numbers, days or amounts; "minus" before a number; else a pause or itself.
    private func dash(at index: Int) -> Spoken? {
        var after = index + 1
        let isSpaced = self[index - 1] == " "
        if isSpaced { after = afterSpace(after) }
        let next = self[after]
        let opensNumber = next.isDigit || "$€£".unicodeScalars.contains(next)
        let ranges = rangeStart == index || isSpaced && rangeStart == index - 1
        let joinsDays = ranges && next.isWordLetter && rangeStart == index
        if ranges, opensNumber { return Spoken(end: after, words: pick("a", "to")) }
        if joinsDays, isDay(at: after) { return Spoken(end: after, words: pick("a", "to")) }
        let opensWord = index == 0 || isSpaced || "(¿¡$".unicodeScalars.contains(self[index - 1])
        if opensWord, after == index + 1, opensNumber, self[index] != "—" {
            return Spoken(end: index + 1, words: pick("menos", "minus"))
        }
        if opensWord, next.isWordLetter || next == "¿" || next == "¡", after == index + 1 {
            return Spoken(end: index + 1, words: "")
        }
        // A dash between words is a pause; a hyphen stays.
        if self[index] == "—" || isSpaced && self[index + 1] == " " {
            return Spoken(end: after, words: ",")
        }
        // "juan-3": what was a digit stands apart now.
        return next.isDigit || rangeStart == index ? Spoken(end: index + 1, words: "") : nil
    }

    private func isDay(at index: Int) -> Bool {
        let word = lowercasedWord(at: index)
        let folded = NormalizedText.folding(word)
        return CalendarWords.weekdays(language).contains {
            $0.hasPrefix(folded) && folded.count >= 3
        }
    }

    /// "$99/mes" is "por mes"; "y/o" are two words.
    private func slash(at index: Int) -> Spoken? {
        let next = self[index + 1]
        if rangeStart == index, next.isWordLetter {
            return Spoken(end: index + 1, words: pick("por", "per"))
        }
        if next.isDigit, self[index - 1].isDigit {
            let scale = shortNumber(at: index + 1).map(\.value)
            if scale == 5 || scale == 10 || scale == 100 {
                return Spoken(end: index + 1, words: pick("de", "out of"))
            }
            return Spoken(
                end: index + 1,
                words: country == .spain ? pick("barra", "slash") : pick("diagonal", "slash"))
        }
        return Spoken(
            end: index + 1, words: next.isDigit && self[index - 1].isWordLetter ? "," : "")
    }
}
