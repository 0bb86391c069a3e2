/// Says dates, times and opening hours the way people do on the telephone.
package struct SpokenTime: Sendable {
    private let language: SpokenLanguage

    package init(_ language: SpokenLanguage) { self.language = language }

    /// "Tuesday the 24th", "martes 24"; names the month when it is not this one.
    package func day(_ date: CivilDate, today: CivilDate) -> String {
        let isThisMonth = date.month == today.month && date.year == today.year
        switch language {
        case .english:
            let month = isThisMonth ? "" : " of \(month(date).withInitialCapital)"
            return "\(weekday(date.weekday)) the \(date.day)\(ordinalEnding(date.day))\(month)"
        case .spanish:
            let day = date.day == 1 ? "primero" : "\(date.day)"
            let month = isThisMonth ? "" : " de \(month(date))"
            return "\(weekday(date.weekday)) \(day)\(month)"
        }
    }

    /// "half past ten", "las diez y media".
    package func time(_ time: TimeOfDay) -> String {
        let hour = time.hour % 12 == 0 ? 12 : time.hour % 12
        switch language {
        case .english: return english(hour: hour, minute: time.minute)
        case .spanish:
            let article = hour == 1 ? "la" : "las"
            let minutes =
                switch time.minute {
                case 0: ""
                case 15: " y cuarto"
                case 30: " y media"
                default: " y \(Self.spanishMinutes[time.minute] ?? "\(time.minute)")"
                }
            return "\(article) \(Self.spanishHours[hour - 1])\(minutes)"
        }
    }

    /// "Monday", "lunes".
    package func weekday(_ weekday: Weekday) -> String {
        switch language {
        case .english: CalendarWords.weekdays(.english)[weekday.rawValue].withInitialCapital
        case .spanish:
            ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"][
                weekday.rawValue]
        }
    }

    /// "from eight to six", "de ocho a seis".
    package func stretch(_ hours: WeeklyHours.Stretch) -> String {
        switch language {
        case .english: "from \(bare(hours.opens)) to \(bare(hours.closes))"
        case .spanish: "de \(bare(hours.opens)) a \(bare(hours.closes))"
        }
    }

    /// "Monday to Friday from eight to six, and Saturday from nine to one".
    package func week(_ hours: WeeklyHours) -> String {
        let runs = hours.runs.map { days, hours in
            let names = Weekday.allCases[days].map(weekday)
            let span =
                switch (names.count, language) {
                case (1, .english): names[0]
                case (1, .spanish): "el \(names[0])"
                case (_, .english): "\(names[0]) to \(names[names.count - 1])"
                case (_, .spanish): "de \(names[0]) a \(names[names.count - 1])"
                }
            return "\(span) \(stretch(hours))"
        }
        return runs.joined(separator: language == .english ? ", and " : ", y ")
    }

    /// "half past eight", "ocho y media": without o'clock or article.
    private func bare(_ time: TimeOfDay) -> String {
        let spoken = self.time(time)
        switch language {
        case .english:
            return spoken.hasSuffix(" o'clock") ? String(spoken.dropLast(8)) : spoken
        case .spanish:
            return String(spoken.drop { $0 != " " }.dropFirst())
        }
    }

    private func english(hour: Int, minute: Int) -> String {
        let name = Self.englishHours[hour - 1]
        let next = Self.englishHours[hour % 12]
        return switch minute {
        case 0: "\(name) o'clock"
        case 15: "quarter past \(name)"
        case 30: "half past \(name)"
        case 45: "quarter to \(next)"
        case 1..<10: "\(name) oh \(Self.englishHours[minute - 1])"
        default: "\(name) \(Self.englishMinutes[minute] ?? "\(minute)")"
        }
    }

    private func month(_ date: CivilDate) -> String {
        CalendarWords.months(language)[date.month - 1]
    }

    private func ordinalEnding(_ day: Int) -> String {
        switch day {
        case 1, 21, 31: "st"
        case 2, 22: "nd"
        case 3, 23: "rd"
        default: "th"
        }
    }

    private static let englishHours = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ]
    private static let spanishHours = [
        "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
        "doce",
    ]
    /// The five-minute steps that appointments fall on.
    private static let englishMinutes = [
        10: "ten", 20: "twenty", 25: "twenty five", 35: "thirty five", 40: "forty",
        50: "fifty", 55: "fifty five",
    ]
    private static let spanishMinutes = [
        5: "cinco", 10: "diez", 20: "veinte", 25: "veinticinco", 35: "treinta y cinco",
        40: "cuarenta", 45: "cuarenta y cinco", 50: "cincuenta", 55: "cincuenta y cinco",
    ]
}

extension String {
    /// With a capital first letter.
    package var withInitialCapital: String { prefix(1).uppercased() + dropFirst() }
}
