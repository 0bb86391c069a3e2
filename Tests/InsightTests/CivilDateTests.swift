import Insight
import Testing

@Suite struct CivilDateTests {
    /// Checked against printed calendars.
    @Test(arguments: [
        ("1970-01-01", Weekday.thursday), ("2000-02-29", .tuesday), ("2026-11-21", .saturday),
        ("2024-12-25", .wednesday), ("1900-03-01", .thursday), ("2100-01-01", .friday),
    ])
    func weekday(iso: String, expected: Weekday) throws {
        #expect(try #require(CivilDate(iso: iso)).weekday == expected)
    }

    @Test(arguments: ["2025-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "1900-02-29", "x"])
    func noSuchDay(iso: String) {
        #expect(CivilDate(iso: iso) == nil)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() throws {
        var date = try #require(CivilDate(iso: "1899-12-31"))
        for _ in 0..<146_097 {
            let next = date.advanced(byDays: 1)
            let isNextDay =
                next.year == date.year && next.month == date.month
                ? next.day == date.day + 1
                : next.day == 1
            guard isNextDay, CivilDate(year: next.year, month: next.month, day: next.day) == next
            else {
                Issue.record("\(date.iso) is followed by \(next.iso)")
                return
            }
            date = next
        }
        #expect(date.iso == "2299-12-31")
    }

    @Test func timesOfDay() {
        #expect(TimeOfDay(iso: "15:30")?.minutesSinceMidnight == 930)
        #expect(TimeOfDay(hour: 9, minute: 5)?.iso == "09:05")
        #expect(TimeOfDay(hour: 24) == nil)
    }
}
