// Times on the clock: "14:30", "2:30 p. m.", "9am", "9h30".
extension SpeechScanner {
    private struct Clock {
        let time: TimeOfDay
        let end: Int
        let saysMinutes: Bool
    }

    func clock(at index: Int) -> Spoken? {
        guard let clock = clockFace(at: index) else { return nil }
        if let (half, end) = meridiem(at: clock.end), (1...12).contains(clock.time.hour) {
            return Spoken(
                end: end, words: words(clock.time, half), opensRange: true)
        }
        guard clock.saysMinutes else { return nil }
        var words = plainWords(clock.time)
        var end = clock.end
        let unit = afterSpace(end)
        if language == .spanish,
            ["h", "hs", "hrs", "horas", "hr"].contains(lowercasedWord(at: unit))
        {
            end = wordEnd(unit)
            if self[end] == ".", !endsSentence(end + 1) { end += 1 }
            if !words.hasSuffix("horas") { words += " horas" }
        }
        return Spoken(end: end, words: words, opensRange: true)
    }

    private func clockFace(at index: Int) -> Clock? {
        guard let hour = shortNumber(at: index, limit: 2), hour.value <= 24,
            self[index - 1] != ":"
        else { return nil }
        let separator = self[hour.end]
        if separator == ":" || separator == "h" && self[hour.end + 1].isDigit {
            guard let minute = shortNumber(at: hour.end + 1, limit: 2),
                minute.end - hour.end == 3,
                let time = TimeOfDay(hour: hour.value % 24, minute: minute.value)
            else { return nil }
            var end = minute.end
            // Seconds are not said.
            if self[end] == ":", let second = shortNumber(at: end + 1, limit: 2),
                second.end - end == 3
            {
                end = second.end
            }
            guard self[end] != ":", !self[end].isDigit else { return nil }
            return Clock(time: time, end: end, saysMinutes: true)
        }
        guard let time = TimeOfDay(hour: hour.value % 24) else { return nil }
        return Clock(time: time, end: hour.end, saysMinutes: false)
    }

    /// The half of the day after a time; a stop that may end the sentence is left over.
    private func meridiem(at index: Int) -> (half: TimeExpression.Half, end: Int)? {
        let start = afterSpace(index)
        let half: TimeExpression.Half
        switch self[start] {
        case "a", "A": half = .morning
        case "p", "P": half = .afternoon
        default: return nil
        }
        var end = start + 1
        let hasStops = self[end] == "."
        if hasStops { end = afterSpace(end + 1) }
        guard self[end] == "m" || self[end] == "M", isBoundary(end + 1) else { return nil }
        end += 1
        guard self[end] == "." else { return (half, end) }
        // English goes on with "p.m.", whose own stop ends the sentence.
        if language == .english { return (half, end + 1) }
        return (half, hasStops && !endsSentence(end + 1) ? end + 1 : end)
    }

    private func words(_ time: TimeOfDay, _ half: TimeExpression.Half) -> String {
        let hour = time.hour
        switch language {
        case .english:
            let face = hourWord(hour) + englishMinutes(time.minute)
            return "\(face) \(half == .morning ? "a.m." : "p.m.")"
        case .spanish:
            let part =
                switch (half, hour) {
                case (.morning, 12): "de la noche"
                case (.morning, 1...5): "de la madrugada"
                case (.morning, _): "de la mañana"
                case (.afternoon, 12): "del mediodía"
                case (.afternoon, 1...6): "de la tarde"
                case (.afternoon, _): country == .spain && hour == 7 ? "de la tarde" : "de la noche"
                }
            return "\(hourWord(hour))\(spanishMinutes(time.minute, hour: hour)) \(part)"
        }
    }

    private func plainWords(_ time: TimeOfDay) -> String {
        let hour = time.hour
        switch language {
        case .english:
            if time.minute > 0 { return hourWord(hour) + englishMinutes(time.minute) }
            if hour == 0 { return "midnight" }
            return hour <= 12 ? "\(hourWord(hour)) o'clock" : "\(hourWord(hour)) hundred"
        case .spanish:
            if time.minute == 0 {
                return hourWord(hour) + ((1...12).contains(hour) ? "" : " horas")
            }
            return hourWord(hour) + spanishMinutes(time.minute, hour: hour)
        }
    }

    private func hourWord(_ hour: Int) -> String { numerals.cardinal(UInt64(hour), .feminine) }

    private func englishMinutes(_ minute: Int) -> String {
        switch minute {
        case 0: ""
        case 1..<10: " oh \(numerals.cardinal(UInt64(minute)))"
        default: " \(numerals.cardinal(UInt64(minute)))"
        }
    }

    /// On a twelve-hour clock with "y", on the other one number after the other.
    private func spanishMinutes(_ minute: Int, hour: Int) -> String {
        let isTwelveHour = (1...12).contains(hour)
        return switch minute {
        case 0: ""
        case 15 where isTwelveHour: " y cuarto"
        case 30 where isTwelveHour: " y media"
        case 1..<10 where !isTwelveHour: " cero \(numerals.cardinal(UInt64(minute)))"
        default: "\(isTwelveHour ? " y" : "") \(numerals.cardinal(UInt64(minute)))"
        }
    }
}
