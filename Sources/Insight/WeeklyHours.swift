/// When a business is open, one stretch a day.
package struct WeeklyHours: Equatable, Sendable {
    package struct Stretch: Equatable, Sendable {
        package let opens: TimeOfDay
        /// The first minute it is closed again.
        package let closes: TimeOfDay

        /// - Returns: `nil` when it would not open at all.
        package init?(from openingHour: Int, to closingHour: Int) {
            guard let opens = TimeOfDay(hour: openingHour),
                let closes = TimeOfDay(hour: closingHour),
                opens < closes
            else { return nil }
            self.opens = opens
            self.closes = closes
        }

        package func contains(_ time: TimeOfDay) -> Bool { opens <= time && time < closes }
    }

    /// Days that are missing are days it is closed.
    package let days: [Weekday: Stretch]

    package init(_ days: [Weekday: Stretch]) { self.days = days }

    package subscript(day: CivilDate) -> Stretch? { days[day.weekday] }

    /// Runs of consecutive days with the same hours, from Monday on; closed days are left out.
    package var runs: [(days: ClosedRange<Int>, hours: Stretch)] {
        var runs: [(days: ClosedRange<Int>, hours: Stretch)] = []
        for day in Weekday.allCases {
            guard let hours = days[day] else { continue }
            if let last = runs.last, last.hours == hours, last.days.upperBound == day.rawValue - 1 {
                runs[runs.count - 1].days = last.days.lowerBound...day.rawValue
            } else {
                runs.append((day.rawValue...day.rawValue, hours))
            }
        }
        return runs
    }
}
