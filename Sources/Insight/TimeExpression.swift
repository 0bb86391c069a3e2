/// A time as callers say it: usually on a twelve-hour clock without saying which half.
package struct TimeExpression: Equatable, Sendable {
    package enum Half: Sendable {
        case morning
        case afternoon
    }

    /// 0–23; over 12 it needs no half.
    package let hour: Int
    package let minute: Int
    package let half: Half?

    package init?(hour: Int, minute: Int, half: Half? = nil) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        self.hour = hour
        self.minute = minute
        self.half = half
    }

    /// The time meant: as said, else the one of the two that falls into `hours`, else by day.
    package func resolved(in hours: WeeklyHours.Stretch?) -> TimeOfDay {
        let early = at(hour: hour % 12)
        let late = at(hour: hour % 12 + 12)
        if hour > 12 || hour == 0 { return at(hour: hour) }
        switch half {
        case .morning: return early
        case .afternoon: return late
        case nil: break
        }
        if let hours {
            if hours.contains(early) { return early }
            if hours.contains(late) { return late }
        }
        // Nobody brings a car at night.
        return hour % 12 >= 7 ? early : late
    }

    private func at(hour: Int) -> TimeOfDay {
        guard let time = TimeOfDay(hour: hour, minute: minute) else {
            preconditionFailure("hour and minute were checked when the expression was made")
        }
        return time
    }
}

/// Finds the time in an utterance whose day has been taken out.
struct TimeExtraction {
    let language: SpokenLanguage
    let words: [NormalizedText.Word]
    /// The caller was asked for a time, so a bare number is one.
    let isExpected: Bool

    func find() -> TimeExpression? {
        for index in words.indices {
            let found =
                switch language {
                case .english: english(at: index)
                case .spanish: spanish(at: index)
                }
            if let found {
                return TimeExpression(
                    hour: found.hour, minute: found.minute, half: found.half ?? half)
            }
        }
        return nil
    }

    private typealias Clock = (hour: Int, minute: Int, half: TimeExpression.Half?)

    private func english(at index: Int) -> Clock? {
        switch word(index) {
        case "noon", "midday": return (12, 0, .afternoon)
        case "midnight": return (0, 0, nil)
        case "half" where word(index + 1) == "past":
            return hour(index + 2).map { ($0, 30, nil) }
        case "half":
            return hour(index + 1).map { ($0, 30, nil) }
        default: break
        }
        let minuteAt = word(index) == "quarter" ? 15 : cardinal(index)
        if let minutes = minuteAt, (1...59).contains(minutes) {
            let relation = word(index + 1) == "minutes" ? index + 2 : index + 1
            switch word(relation) {
            case "past", "after": if let hour = hour(relation + 1) { return (hour, minutes, nil) }
            case "to", "till", "before", "of":
                if let hour = hour(relation + 1) { return before(hour, by: minutes) }
            default: break
            }
        }
        guard let hour = hour(index) else { return nil }
        let isIntroduced =
            ["at", "around", "about", "by", "like"].contains(word(index - 1)) || isExpected
        if word(index + 1) == "oclock" { return (hour, 0, nil) }
        if word(index + 1) == "oh", let minute = cardinal(index + 2), (1...9).contains(minute) {
            return (hour, minute, nil)
        }
        if let minute = cardinal(index + 1), (10...59).contains(minute), hour <= 23,
            cardinal(index - 1) == nil, cardinal(index + 2) == nil
        {
            return (hour, minute, nil)
        }
        if let minute = words[safe: index + 1], minute.folded == "00" { return (hour, 0, nil) }
        let saysHalf =
            ["am", "pm"].contains(word(index + 1))
            || ["in", "this", "at", "tomorrow"].contains(word(index + 1)) && half != nil
        return isIntroduced || saysHalf ? (hour, 0, nil) : nil
    }

    private func spanish(at index: Int) -> Clock? {
        switch word(index) {
        case "mediodia" where !["a", "por"].contains(word(index - 3)): return (12, 0, .afternoon)
        case "medianoche": return (0, 0, nil)
        case "medio" where word(index + 1) == "dia": return (12, 0, .afternoon)
        default: break
        }
        let isMinutes = word(index) == "cuarto" || cardinal(index) != nil
        if isMinutes, word(index + 1) == "para" || word(index + 2) == "para" {
            let relation = word(index + 1) == "para" ? index + 1 : index + 2
            let article = ["la", "las"].contains(word(relation + 1))
            if article, let hour = hour(relation + 2) {
                return before(hour, by: word(index) == "cuarto" ? 15 : cardinal(index) ?? 0)
            }
        }
        guard let hour = hour(index) else { return nil }
        let isIntroduced = ["las", "la"].contains(word(index - 1)) || isExpected
        switch word(index + 1) {
        case "y":
            if let minutes = spanishMinutes(index + 2) { return (hour, minutes, nil) }
        case "menos":
            if let minutes = spanishMinutes(index + 2) { return before(hour, by: minutes) }
        case "en" where word(index + 2) == "punto": return (hour, 0, nil)
        case "horas", "hrs", "h", "am", "pm": return (hour, 0, nil)
        default: break
        }
        if let minute = words[safe: index + 1], let value = minute.cardinal, value <= 59,
            value >= 10 || minute.folded == "00", cardinal(index - 1) == nil,
            cardinal(index + 2) == nil
        {
            return (hour, value, nil)
        }
        let saysHalf = ["de", "por", "en"].contains(word(index + 1)) && half != nil
        return isIntroduced || saysHalf ? (hour, 0, nil) : nil
    }

    private func spanishMinutes(_ index: Int) -> Int? {
        switch word(index) {
        case "media": 30
        case "cuarto": 15
        case "pico": 0
        default: cardinal(index).flatMap { (1...59).contains($0) ? $0 : nil }
        }
    }

    private func before(_ hour: Int, by minutes: Int) -> Clock {
        (hour > 1 ? hour - 1 : 12, 60 - minutes, nil)
    }

    /// Which half of the day the utterance names, wherever it does.
    private var half: TimeExpression.Half? {
        for index in words.indices {
            switch (language, word(index)) {
            case (_, "am") where cardinal(index - 1) != nil: return .morning
            case (_, "pm"): return .afternoon
            case (.english, "morning") where word(index - 1) != "good": return .morning
            case (.english, "afternoon") where word(index - 1) != "good": return .afternoon
            case (.english, "evening") where word(index - 1) != "good": return .afternoon
            case (.english, "night") where word(index - 1) == "at": return .afternoon
            case (.spanish, "manana") where ["la", "esta"].contains(word(index - 1)):
                return .morning
            case (.spanish, "tarde") where ["la", "esta"].contains(word(index - 1)):
                return .afternoon
            case (.spanish, "noche") where word(index - 1) == "la": return .afternoon
            case (.spanish, "mediodia"): return .afternoon
            default: continue
            }
        }
        return nil
    }

    private func hour(_ index: Int) -> Int? {
        cardinal(index).flatMap { (0...23).contains($0) ? $0 : nil }
    }
    private func cardinal(_ index: Int) -> Int? { words[safe: index]?.cardinal }
    private func word(_ index: Int) -> String { words[safe: index]?.folded ?? "" }
}
