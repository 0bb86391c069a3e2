internal import Insight

/// What the agent has asked and waits for.
enum Question: Equatable {
    /// "What can I do for you?"
    case wish
    case service
    case day
    case time
    case name
    /// The name a lookup needs, and what for.
    case lookupName(Lookup)
    case orderNumber
    case confirmBooking
    case confirmCancelling(Appointment)
    /// "Would you like to book one?" after a price.
    case offerBooking(service: String?)

    /// How a bare answer is read.
    var expectation: ExpectedAnswer {
        switch self {
        case .wish: .anything
        case .service: .service
        case .day: .day
        case .time: .time
        case .name, .lookupName: .name
        case .orderNumber: .orderNumber
        case .confirmBooking, .confirmCancelling: .confirmation
        case .offerBooking: .anything
        }
    }

    /// Whether yes is an answer to it that does something.
    var isConfirmation: Bool {
        switch self {
        case .confirmBooking, .confirmCancelling: true
        case .wish, .service, .day, .time, .name, .lookupName, .orderNumber, .offerBooking: false
        }
    }
}

/// Why an appointment is looked up.
enum Lookup: Equatable {
    case tell
    case cancel
    case move
}

/// The appointment that is being made, or moved.
struct BookingDraft: Equatable {
    var service: String?
    var day: CivilDate?
    /// As it was said, until the day and with it the opening hours are known.
    var time: TimeExpression?
    /// The appointment that moves; `nil` makes a new one.
    var moving: Appointment?
}
