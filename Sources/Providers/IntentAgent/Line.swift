internal import Insight
internal import Pipeline

/// One thing the agent says; `Phrasebook` has the words.
enum Line: Equatable {
    /// By the caller's name, where it is known.
    case greeting(String?)
    case hello
    case ask(Question)
    /// The question with examples of what to answer.
    case askWithExamples(Question)
    /// Shows what was understood before the next question.
    case heard(service: String?, day: CivilDate?, time: TimeOfDay?)
    case confirm(service: String, day: CivilDate, time: TimeOfDay, name: String)
    case confirmMoving(service: String, day: CivilDate, time: TimeOfDay)
    case notCaught
    case stillNotCaught
    case offerHuman
    case transferring
    case goodbye
    case welcome
    case dropped
    case stays
    case otherDay
    case prices
    case price(service: String)
    case openingHours
    case help
    case noSuchDay
    case pastTime
    case closedOn(Weekday)
    case outsideHours(CivilDate, WeeklyHours.Stretch)
    case booked(day: CivilDate, time: TimeOfDay)
    case moved(day: CivilDate, time: TimeOfDay)
    case taken(day: CivilDate, time: TimeOfDay)
    case nothingFree
    case appointment(service: String, day: CivilDate, time: TimeOfDay)
    case noAppointment(name: String)
    case confirmCancelling(service: String, day: CivilDate, time: TimeOfDay)
    case cancelled
    case order(String, OrderStatus)
    case toolFailed
}

/// What the agent does next: says lines, then calls a tool or closes.
struct Reply: Equatable {
    struct Call: Equatable {
        let name: String
        let arguments: String
    }
    var lines: [Line] = []
    var call: Call?
    var closing: Closing?
}
