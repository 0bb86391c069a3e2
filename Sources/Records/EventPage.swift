package import Events

/// A run of one call's events, in order.
package struct EventPage: Equatable, Sendable, Encodable {
    /// Ascending `seq`; the first is later than asked for when memory has let older ones go.
    package let events: [CallEvent]
    /// The `after` of the next question.
    package let next: Int
    /// The call is over and nothing is left to read after this page.
    package let ended: Bool

    package init(events: [CallEvent], next: Int, ended: Bool) {
        self.events = events
        self.next = next
        self.ended = ended
    }
}
