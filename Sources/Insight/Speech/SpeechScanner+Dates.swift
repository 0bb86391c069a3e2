// Dates: "2026-11-21", "21/11/2026", "Nov 3", "3 de mayo", "lun-vie".
extension SpeechScanner {
    func date(at index: Int) -> Spoken? {
        numericDate(at: index) ?? dayAndMonth(at: index)
    }

    /// Three numbers, or two where the text says that they are a day.
    private func numericDate(at index: Int) -> Spoken? {
        guard let first = shortNumber(at: index) else { return nil }
        let mark = self[first.end]
        guard mark == "/" || mark == "-" || mark == ".", self[index - 1] != mark,
            let second = shortNumber(at: first.end + 1)
        else { return nil }
        let isISO = first.end - index == 4
        guard self[second.end] == mark, let third = shortNumber(at: second.end + 1),
            isBoundary(third.end) || isISO && self[third.end] == "T", self[third.end] != mark
        else { return mark == "/" ? dayOfMonth(first, second, at: index) : nil }
        if isISO {
            guard let date = CivilDate(year: first.value, month: second.value, day: third.value)
            else { return nil }
            return Spoken(
                end: self[third.end] == "T" ? third.end + 1 : third.end, words: words(date),
                opensRange: true)
        }
        let yearLength = third.end - second.end - 1
        guard yearLength == 4 || yearLength == 2 && mark != "." else { return nil }
        let year = yearLength == 4 ? third.value : third.value + (third.value < 50 ? 2_000 : 1_900)
        let dayFirst = CivilDate(year: year, month: second.value, day: first.value)
        let monthFirst = CivilDate(year: year, month: first.value, day: second.value)
        guard let date = putsMonthFirst ? monthFirst ?? dayFirst : dayFirst ?? monthFirst
        else { return nil }
        return Spoken(end: third.end, words: words(date), opensRange: true)
    }

    /// "el 3/5", "on 5/3"; elsewhere it may be a fraction.
    private func dayOfMonth(
        _ first: (value: Int, end: Int), _ second: (value: Int, end: Int), at index: Int
    ) -> Spoken? {
        guard isBoundary(second.end), self[second.end] != "/", self[second.end] != "%" else {
            return nil
        }
        guard dayIntroductions.contains(previousWord(before: index).lowercased()) else {
            return nil
        }
        return monthAndDay(first.value, second.value, end: second.end)
    }

    /// "15/11" in the order of the country, if there is such a day.
    func monthAndDay(_ first: Int, _ second: Int, end: Int) -> Spoken? {
        let day = putsMonthFirst ? second : first
        let month = putsMonthFirst ? first : second
        // A leap year, so that 29 February is a day.
        guard CivilDate(year: 2_024, month: month, day: day) != nil else { return nil }
        return Spoken(end: end, words: dayWords(day, month: month), opensRange: true)
    }

    private var dayIntroductions: Set<String> {
        switch language {
        case .english: ["on", "by", "until", "since", "before", "after"]
        case .spanish: ["el", "día", "del", "hasta", "al", "desde"]
        }
    }

    /// "3 de mayo", "1 de mayo"; "3 May 2026", "3rd of May".
    private func dayAndMonth(at index: Int) -> Spoken? {
        guard let day = shortNumber(at: index, limit: 2), (1...31).contains(day.value) else {
            return nil
        }
        switch language {
        case .spanish:
            var next = day.end
            if self[next] == "-" || self[next] == "/" || self[next] == " " { next += 1 }
            let hasLink =
                next > day.end && self[next - 1] == " " && lowercasedWord(at: next) == "de"
            if hasLink { next = afterSpace(next + 2) }
            guard next > day.end, let (month, end) = monthName(at: next, needsStop: !hasLink) else {
                return nil
            }
            var stop = end
            var year = ""
            if self[end] == "-" || self[end] == "/",
                let number = shortNumber(at: end + 1), number.end - end == 5
            {
                year = " de " + numerals.year(UInt64(number.value))
                stop = number.end
            } else if self[end] == " ", let number = shortNumber(at: end + 1), number.end - end == 5
            {
                year = " de " + numerals.year(UInt64(number.value))
                stop = number.end
            }
            return Spoken(
                end: stop, words: dayWords(day.value, month: month) + year, opensRange: true)
        case .english:
            var next = day.end
            if ["st", "nd", "rd", "th"].contains(lowercasedWord(at: next)) { next += 2 }
            let link = lowercasedWord(at: afterSpace(next))
            if self[next] == " ", link == "of" { next = next + 3 }
            guard self[next] == " " || self[next] == "-", self[next + 1].isCapital,
                let (month, end) = monthName(at: next + 1, needsStop: false)
            else { return nil }
            let article = previousWord(before: index).lowercased() == "the" ? "" : "the "
            let (year, stop) = yearAfter(end)
            let words = "\(article)\(numerals.ordinal(UInt64(day.value))) of \(monthWord(month))"
            return Spoken(end: stop, words: words + year, opensRange: true)
        }
    }

    /// Months with a day and shortened weekdays: "Nov 3, 2026", "Mon-Fri", "lun-vie".
    func calendarWord(at index: Int) -> Spoken? {
        if let found = weekdayName(at: index) { return found }
        guard language == .english, self[index].isCapital,
            let (month, end) = monthName(at: index, needsStop: false)
        else { return nil }
        guard self[end] == " ", let day = shortNumber(at: end + 1, limit: 2),
            (1...31).contains(day.value), self[day.end] != ":", !isDecimal(day.end),
            self[day.end] != "/", self[afterSpace(day.end)] != "%"
        else {
            // "Nov." alone; "May" and "March" are words already.
            let isShort = wordEnd(index) - index <= 4 && self[end - 1] == "."
            return isShort ? Spoken(end: end, words: monthWord(month)) : nil
        }
        var stop = day.end
        if ["st", "nd", "rd", "th"].contains(lowercasedWord(at: stop)) { stop += 2 }
        guard isBoundary(stop) else { return nil }
        let (year, yearEnd) = yearAfter(stop)
        let words =
            country == .unitedKingdom
            ? "the \(numerals.ordinal(UInt64(day.value))) of \(monthWord(month))"
            : "\(monthWord(month)) \(numerals.ordinal(UInt64(day.value)))"
        return Spoken(end: yearEnd, words: words + year, opensRange: true)
    }

    /// Shortened weekdays where a day, a time or another weekday follows.
    private func weekdayName(at index: Int) -> Spoken? {
        let limits = language == .english ? 3...5 : 3...3
        guard limits.contains(wordEnd(index) - index) else { return businessWeek(at: index) }
        let word = lowercasedWord(at: index)
        let names = language == .english ? Self.englishWeekdays : Self.spanishWeekdays
        guard let day = names[word], let weekday = Weekday(rawValue: day) else { return nil }
        if language == .english, !self[index].isCapital { return nil }
        var end = wordEnd(index)
        let hasStop = self[end] == "."
        if hasStop { end += 1 }
        let mark = self[end] == "," ? end + 1 : end
        let next = afterSpace(mark)
        let joins =
            (self[end] == "-" || self[end] == "–") && names[lowercasedWord(at: end + 1)] != nil
        let isSpaced = next > mark
        let follows =
            isSpaced
            && (self[next].isDigit
                || monthName(at: next, needsStop: false) != nil
                    && self[next].isCapital)
        let closesRange =
            index == rangeStart + 1 && (self[index - 1] == "-" || self[index - 1] == "–")
        guard
            joins || follows || closesRange
                || hasStop && isSpaced && language == .spanish && word != "mar" && word != "vie"
                    && word != "dom"
        else { return nil }
        return Spoken(end: end, words: SpokenTime(language).weekday(weekday), opensRange: true)
    }

    /// "L-V": Monday to Friday.
    private func businessWeek(at index: Int) -> Spoken? {
        guard language == .spanish, self[index] == "L",
            self[index + 1] == "-" || self[index + 1] == "–",
            isBoundary(index + 3)
        else { return nil }
        let last: Weekday
        switch self[index + 2] {
        case "V": last = .friday
        case "S": last = .saturday
        case "D": last = .sunday
        default: return nil
        }
        let names = [Weekday.monday, last].map(SpokenTime(language).weekday)
        return Spoken(end: index + 3, words: names.joined(separator: " a "))
    }

    private func words(_ date: CivilDate) -> String {
        let day = dayWords(date.day, month: date.month)
        let year = numerals.year(UInt64(max(0, date.year)))
        return day + (language == .english ? ", " : " de ") + year
    }

    private func dayWords(_ day: Int, month: Int) -> String {
        switch language {
        case .spanish:
            let isFirst = day == 1 && country != .spain
            return "\(isFirst ? "primero" : numerals.cardinal(UInt64(day))) de \(monthWord(month))"
        case .english:
            let ordinal = numerals.ordinal(UInt64(day))
            return putsMonthFirst
                ? "\(monthWord(month)) \(ordinal)" : "the \(ordinal) of \(monthWord(month))"
        }
    }

    /// Only the United States do, and only in English.
    private var putsMonthFirst: Bool { language == .english && country == .unitedStates }

    private func monthWord(_ month: Int) -> String {
        let name = CalendarWords.months(language)[month - 1]
        return language == .english ? name.withInitialCapital : name
    }

    /// The month at `index`; with `needsStop`, "mar" and "may" must have a stop or hyphen.
    private func monthName(at index: Int, needsStop: Bool) -> (month: Int, end: Int)? {
        let word = lowercasedWord(at: index)
        guard word.count >= 3 else { return nil }
        let end = wordEnd(index)
        let months = CalendarWords.months(language)
        if let month = months.firstIndex(of: word) ?? (word == "setiembre" ? 8 : nil) {
            return (month + 1, end)
        }
        guard word.count == 3 || word == "sept",
            let month = months.firstIndex(where: { $0.hasPrefix(word) })
        else { return nil }
        let isMarked = self[end] == "." || self[end] == "-" || self[end] == "/"
        if language == .spanish, needsStop, !isMarked, word == "mar" || word == "may" { return nil }
        return (
            month + 1,
            self[end] == "." && !(language == .spanish && endsSentence(end + 1)) ? end + 1 : end
        )
    }

    /// ", 2026" after a day, in words.
    private func yearAfter(_ index: Int) -> (words: String, end: Int) {
        let start = self[index] == "," ? index + 1 : index
        guard self[start] == " ", let year = shortNumber(at: start + 1), year.end - start == 5,
            isBoundary(year.end), self[year.end] != ":"
        else { return ("", index) }
        return (", " + numerals.year(UInt64(year.value)), year.end)
    }

    private func isDecimal(_ index: Int) -> Bool {
        (self[index] == "." || self[index] == ",") && self[index + 1].isDigit
    }

    private static let englishWeekdays = [
        "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
        "sat": 5, "sun": 6,
    ]
    private static let spanishWeekdays = [
        "lun": 0, "mar": 1, "mié": 2, "mie": 2, "jue": 3, "vie": 4, "sáb": 5, "sab": 5, "dom": 6,
    ]
}
