/// The caller is to be called back: the tool `schedule_callback` took the wish.
package struct CallbackScheduled: Equatable, Sendable, Codable {
    package let phone: String
    /// As the tool was told it: ISO 8601, local time of the business.
    package let datetime: String
    package let reason: String

    package init(phone: String, datetime: String, reason: String) {
        self.phone = phone
        self.datetime = datetime
        self.reason = reason
    }
}
