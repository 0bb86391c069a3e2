import Insight
import Testing

@Suite struct DayAndTimeTests {
    /// Today is Saturday, 21 November 2026.
    @Test(arguments: [
        ("on tuesday", "2026-11-24"), ("next Friday", "2026-11-27"), ("today", "2026-11-21"),
        ("tomorrow", "2026-11-22"), ("the day after tomorrow", "2026-11-23"),
        ("the 3rd of March", "2027-03-03"), ("March third", "2027-03-03"),
        ("on the twenty fourth", "2026-11-24"), ("the 3rd", "2026-12-03"),
        ("Tuesday the 24th", "2026-11-24"), ("24 November", "2026-11-24"),
        ("in three days", "2026-11-24"), ("this saturday", "2026-11-28"),
        ("february twenty ninth", "2028-02-29"), ("on the 31st", "2026-12-31"),
    ])
    func englishDays(text: String, expected: String) throws {
        try expectDay(text, .english, expected)
    }

    @Test(arguments: [
        ("el martes", "2026-11-24"), ("mañana", "2026-11-22"), ("pasado mañana", "2026-11-23"),
        ("el 3 de marzo", "2027-03-03"), ("el tres de marzo", "2027-03-03"),
        ("el próximo viernes", "2026-11-27"), ("el viernes que viene", "2026-11-27"),
        ("hoy", "2026-11-21"), ("mañana por la mañana", "2026-11-22"),
        ("el primero de diciembre", "2026-12-01"), ("el treinta y uno", "2026-12-31"),
        ("el martes 24", "2026-11-24"), ("el miércoles a las diez de la mañana", "2026-11-25"),
        ("dentro de una semana", "2026-11-28"), ("el sábado", "2026-11-28"),
    ])
    func spanishDays(text: String, expected: String) throws {
        try expectDay(text, .spanish, expected)
    }

    @Test(arguments: ["a las diez de la mañana", "por la mañana a las nueve"])
    func morningIsNotTomorrow(text: String) {
        #expect(understand(text, .spanish, .anything).slots.day == nil)
    }

    /// The workshop is open from 8 to 18.
    @Test(arguments: [
        ("at 3", "15:00"), ("half past ten", "10:30"), ("ten thirty a.m.", "10:30"),
        ("three in the afternoon", "15:00"), ("at half past two", "14:30"), ("10:30", "10:30"),
        ("quarter to nine", "08:45"), ("a quarter past four", "16:15"), ("3pm", "15:00"),
        ("three o'clock", "15:00"), ("at noon", "12:00"), ("twenty past eleven", "11:20"),
        ("at eight", "08:00"), ("7 p.m.", "19:00"), ("ten oh five", "10:05"), ("16:45", "16:45"),
        ("next friday at 3", "15:00"), ("tomorrow morning at nine", "09:00"),
        ("march 3rd at two fifteen", "14:15"), ("around five", "17:00"),
    ])
    func englishTimes(text: String, expected: String) throws {
        try expectTime(text, .english, expected)
    }

    @Test(arguments: [
        ("a las diez y media", "10:30"), ("las tres menos cuarto", "14:45"), ("a la una", "13:00"),
        ("a las tres", "15:00"), ("a las 16:30", "16:30"), ("a las nueve de la mañana", "09:00"),
        ("a las cinco de la tarde", "17:00"), ("al mediodía", "12:00"),
        ("el martes a las once y cuarto", "11:15"), ("a las diez y cinco", "10:05"),
        ("a las doce y treinta y cinco", "12:35"), ("cuarto para las tres", "14:45"),
        ("mañana a las ocho en punto", "08:00"), ("a las 3 p.m.", "15:00"),
        ("el 3 de marzo a las 4", "16:00"), ("a las siete de la tarde", "19:00"),
        ("mañana por la tarde a las cuatro y veinte", "16:20"),
    ])
    func spanishTimes(text: String, expected: String) throws {
        try expectTime(text, .spanish, expected)
    }

    @Test(arguments: [
        ("ten", "10:00", SpokenLanguage.english), ("two thirty", "14:30", .english),
        ("uh three please", "15:00", .english), ("diez y media", "10:30", .spanish),
        ("las cuatro", "16:00", .spanish), ("nueve", "09:00", .spanish),
    ])
    func bareTimes(text: String, expected: String, language: SpokenLanguage) throws {
        let time = try #require(understand(text, language, .time).slots.time)
        #expect(time.resolved(in: openFromEightToSix) == TimeOfDay(iso: expected))
    }

    @Test(arguments: [
        ("on tuesday the 24th at half past ten", "Tuesday the 24th", "half past ten"),
        ("next thursday at quarter to nine", "Thursday the 26th", "quarter to nine"),
        ("on the first of december at three", "Tuesday the 1st of December", "three o'clock"),
    ])
    func saidInEnglish(text: String, day: String, time: String) throws {
        try expectSpoken(text, .english, day, time)
    }

    @Test(arguments: [
        ("el martes a las diez y media", "martes 24", "las diez y media"),
        ("el 1 de diciembre a la una", "martes primero de diciembre", "la una"),
        ("el jueves a las tres menos cuarto", "jueves 26", "las dos y cuarenta y cinco"),
    ])
    func saidInSpanish(text: String, day: String, time: String) throws {
        try expectSpoken(text, .spanish, day, time)
    }

    /// What the agent says, the agent understands.
    @Test(arguments: SpokenLanguage.allCases)
    func spokenTimesAreUnderstood(language: SpokenLanguage) throws {
        let spoken = SpokenTime(language)
        for minutes in stride(from: 8 * 60, to: 18 * 60, by: 5) {
            let time = try #require(TimeOfDay(minutesSinceMidnight: minutes))
            let heard = understand(spoken.time(time), language, .time).slots.time
            #expect(heard?.resolved(in: openFromEightToSix) == time, "\(spoken.time(time))")
        }
        let today = try #require(CivilDate(iso: "2026-11-21"))
        for ahead in 0..<365 {
            let day = today.advanced(byDays: ahead)
            let text = (language == .spanish ? "el " : "") + spoken.day(day, today: today)
            let heard = understand(text, language, .day).slots.day
            #expect(heard?.resolved(today: today) == day, "\(text)")
        }
    }

    private var openFromEightToSix: WeeklyHours.Stretch? { .init(from: 8, to: 18) }

    private func understand(
        _ text: String, _ language: SpokenLanguage, _ expectation: ExpectedAnswer
    ) -> Understanding {
        Interpreter(language: language, services: Workshop.services(language))
            .understand(text, expecting: expectation)
    }

    private func expectDay(_ text: String, _ language: SpokenLanguage, _ expected: String) throws {
        let today = try #require(CivilDate(iso: "2026-11-21"))
        let day = try #require(understand(text, language, .anything).slots.day)
        #expect(day.resolved(today: today)?.iso == expected)
    }

    private func expectTime(_ text: String, _ language: SpokenLanguage, _ expected: String) throws {
        let time = try #require(understand(text, language, .anything).slots.time)
        #expect(time.resolved(in: openFromEightToSix).iso == expected)
    }

    private func expectSpoken(
        _ text: String, _ language: SpokenLanguage, _ day: String, _ time: String
    ) throws {
        let today = try #require(CivilDate(iso: "2026-11-21"))
        let slots = understand(text, language, .anything).slots
        let date = try #require(slots.day?.resolved(today: today))
        let spoken = SpokenTime(language)
        #expect(spoken.day(date, today: today) == day)
        #expect(spoken.time(try #require(slots.time?.resolved(in: openFromEightToSix))) == time)
    }
}
