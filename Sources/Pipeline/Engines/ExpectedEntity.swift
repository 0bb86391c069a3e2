/// What the agent has just asked for, so that a caller who dictates it is not cut off half-way.
package enum ExpectedEntity: Equatable, Sendable {
    /// A telephone, order or card number; `count`: how many digits it has, `nil` when that varies.
    case digits(count: Int?)
    case email
    case name
    /// A day, by weekday or by date.
    case date
    /// A time of day.
    case time
    case yesNo

    /// The name that records of a call hold, such as `digits:4` or `email`.
    package var text: String {
        switch self {
        case .digits(let count): count.map { "digits:\($0)" } ?? "digits"
        case .email: "email"
        case .name: "name"
        case .date: "date"
        case .time: "time"
        case .yesNo: "yesNo"
        }
    }

    /// Reads a name back; `nil` when it is none.
    package init?(parsing text: String) {
        switch text {
        case "digits": self = .digits(count: nil)
        case "email": self = .email
        case "name": self = .name
        case "date": self = .date
        case "time": self = .time
        case "yesNo": self = .yesNo
        default:
            guard text.hasPrefix("digits:"), let count = Int(text.dropFirst(7)) else { return nil }
            self = .digits(count: count)
        }
    }
}
