/// A day as callers name it, before anyone knows what today is.
package enum DayExpression: Equatable, Sendable {
    /// Days from today.
    case relative(Int)
    /// The coming one; with `nextWeek` the one in the calendar week after this.
    case weekday(Weekday, nextWeek: Bool)
    /// "the 3rd", "el 3 de marzo"; the month is missing when it was not said.
    case date(day: Int, month: Int?)

    /// The day meant, never before `today`; `nil` when no such day exists ("the 31st of June").
    package func resolved(today: CivilDate) -> CivilDate? {
        switch self {
        case .relative(let days): return today.advanced(byDays: days)
        case .weekday(let weekday, let nextWeek):
            let ahead = (weekday.rawValue - today.weekday.rawValue + 7) % 7
            if nextWeek {
                let nextMonday = 7 - today.weekday.rawValue
                return today.advanced(byDays: nextMonday + weekday.rawValue)
            }
            return today.advanced(byDays: ahead == 0 ? 7 : ahead)
        case .date(let day, let month?):
            // Eight years reach over a century without a leap day.
            for year in today.year...today.year + 8 {
                if let date = CivilDate(year: year, month: month, day: day), date >= today {
                    return date
                }
            }
            return nil
        case .date(let day, nil):
            for ahead in 0..<12 {
                let month = today.month - 1 + ahead
                if let date = CivilDate(
                    year: today.year + month / 12, month: month % 12 + 1, day: day), date >= today
                {
                    return date
                }
            }
            return nil
        }
    }
}

/// Finds the day in an utterance.
struct DayExtraction {
    let language: SpokenLanguage
    let words: [NormalizedText.Word]
    /// The caller was asked for a day, so a bare number is one.
    let isExpected: Bool

    /// The first day named and the words it took.
    func find() -> (day: DayExpression, range: Range<Int>)? {
        for index in words.indices {
            let found =
                switch language {
                case .english: english(at: index)
                case .spanish: spanish(at: index)
                }
            if let found { return found }
        }
        return nil
    }

    private func english(at index: Int) -> (DayExpression, Range<Int>)? {
        switch word(index) {
        case "today", "tonight": return (.relative(0), index..<index + 1)
        case "this" where ["morning", "afternoon", "evening"].contains(word(index + 1)):
            return (.relative(0), index..<index + 1)
        case "tomorrow": return (.relative(1), index..<index + 1)
        case "day" where word(index + 1) == "after" && word(index + 2) == "tomorrow":
            return (.relative(2), index..<index + 3)
        case "in":
            guard let days = words[safe: index + 1]?.cardinal ?? (word(index + 1) == "a" ? 1 : nil)
            else { break }
            switch word(index + 2) {
            case "day", "days": return (.relative(days), index..<index + 3)
            case "week", "weeks": return (.relative(days * 7), index..<index + 3)
            default: break
            }
        default: break
        }
        if let weekday = Self.weekday(word(index), .english) {
            let isNext = word(index - 1) == "next" || word(index + 1) == "week"
            let start = ["next", "this", "on"].contains(word(index - 1)) ? index - 1 : index
            // "Tuesday the 24th": the date says more than the weekday.
            let dateStart = word(index + 1) == "the" ? index + 2 : index + 1
            if let date = englishDate(at: dateStart) { return (date.0, start..<date.1.upperBound) }
            return (.weekday(weekday, nextWeek: isNext), start..<index + 1)
        }
        return englishDate(at: index)
    }

    private func englishDate(at index: Int) -> (DayExpression, Range<Int>)? {
        if let month = Self.month(word(index), .english) {
            let numberAt = word(index + 1) == "the" ? index + 2 : index + 1
            guard let day = words[safe: numberAt]?.number, (1...31).contains(day) else {
                return nil
            }
            return (.date(day: day, month: month), index..<numberAt + 1)
        }
        guard let candidate = words[safe: index], let day = candidate.number,
            (1...31).contains(day)
        else { return nil }
        let monthAt = word(index + 1) == "of" ? index + 2 : index + 1
        // "at nine april the third": the month takes the number that follows it.
        if monthAt == index + 1, !candidate.isOrdinal, englishDate(at: monthAt) != nil {
            return nil
        }
        if let month = Self.month(word(monthAt), .english) {
            return (.date(day: day, month: month), index..<monthAt + 1)
        }
        guard candidate.isOrdinal, word(index - 1) == "the" || isExpected || word(index) != "second"
        else { return nil }
        return (.date(day: day, month: nil), index..<index + 1)
    }

    private func spanish(at index: Int) -> (DayExpression, Range<Int>)? {
        switch word(index) {
        case "hoy": return (.relative(0), index..<index + 1)
        case "esta" where ["manana", "tarde", "noche"].contains(word(index + 1)):
            return (.relative(0), index..<index + 1)
        case "pasado" where word(index + 1) == "manana":
            return (.relative(2), index..<index + 2)
        case "manana" where !["la", "esta"].contains(word(index - 1)):
            return (.relative(1), index..<index + 1)
        case "en", "dentro":
            let numberAt = word(index + 1) == "de" ? index + 2 : index + 1
            let isOne = ["un", "una"].contains(word(numberAt))
            guard let days = words[safe: numberAt]?.cardinal ?? (isOne ? 1 : nil) else { break }
            switch word(numberAt + 1) {
            case "dia", "dias": return (.relative(days), index..<numberAt + 2)
            case "semana", "semanas": return (.relative(days * 7), index..<numberAt + 2)
            default: break
            }
        default: break
        }
        if let weekday = Self.weekday(word(index), .spanish) {
            var end = index + 1
            if word(end) == "que", word(end + 1) == "viene" { end += 2 }
            let dateStart = word(end) == "dia" ? end + 1 : end
            if let day = words[safe: dateStart]?.number, let date = spanishDate(at: dateStart, day)
            {
                return (date.0, index..<date.1.upperBound)
            }
            let isNextWeek = word(end) == "de" && word(end + 3) == "semana"
            return (.weekday(weekday, nextWeek: isNextWeek), index..<end)
        }
        guard let day = words[safe: index]?.number else { return nil }
        let isNamed = word(index - 1) == "el" || word(index - 1) == "dia"
        guard isNamed || Self.month(word(index + 2), .spanish) != nil || isExpected,
            word(index - 1) != "las", word(index - 1) != "la"
        else { return nil }
        return spanishDate(at: index, day)
    }

    /// "24 de noviembre" or a bare "24".
    private func spanishDate(at index: Int, _ day: Int) -> (DayExpression, Range<Int>)? {
        guard (1...31).contains(day) else { return nil }
        if word(index + 1) == "de", let month = Self.month(word(index + 2), .spanish) {
            return (.date(day: day, month: month), index..<index + 3)
        }
        return (.date(day: day, month: nil), index..<index + 1)
    }

    private func word(_ index: Int) -> String { words[safe: index]?.folded ?? "" }

    static func weekday(_ word: String, _ language: SpokenLanguage) -> Weekday? {
        let singular = language == .english && word.hasSuffix("s") ? String(word.dropLast()) : word
        return CalendarWords.weekdays(language).firstIndex(of: singular).flatMap(Weekday.init)
            ?? (language == .spanish && ["sabados", "domingos"].contains(word)
                ? weekday(String(word.dropLast()), language) : nil)
    }

    static func month(_ word: String, _ language: SpokenLanguage) -> Int? {
        if word == "setiembre" { return 9 }
        return CalendarWords.months(language).firstIndex(of: word).map { $0 + 1 }
    }
}

/// Names of days and months as the normaliser writes them.
package enum CalendarWords {
    /// Monday first.
    package static func weekdays(_ language: SpokenLanguage) -> [String] {
        switch language {
        case .english:
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        case .spanish:
            ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"]
        }
    }

    /// January first.
    package static func months(_ language: SpokenLanguage) -> [String] {
        switch language {
        case .english:
            [
                "january", "february", "march", "april", "may", "june", "july", "august",
                "september", "october", "november", "december",
            ]
        case .spanish:
            [
                "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                "septiembre", "octubre", "noviembre", "diciembre",
            ]
        }
    }
}

extension Array {
    /// The element, or `nil` outside the array.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
