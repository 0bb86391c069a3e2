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
}
