internal import FoundationEssentials
package import Insight

extension CivilTime {
    /// The wall clock in the machine's time zone.
    ///
    /// Only the edge calls this.
    package static func local() -> CivilTime {
        let parts = Calendar(identifier: .gregorian).dateComponents(
            [.year, .month, .day, .hour, .minute], from: .now)
        guard let year = parts.year, let month = parts.month, let day = parts.day,
            let date = CivilDate(year: year, month: month, day: day),
            let time = TimeOfDay(hour: parts.hour ?? 0, minute: parts.minute ?? 0)
        else { preconditionFailure("the Gregorian calendar has no such date") }
        return CivilTime(date: date, time: time)
    }
}
