extension MonotonicTime {
    private static let processStart = SuspendingClock.now

    /// The time now.
    ///
    /// Only the edge calls this, once per wake-up; machines are handed the value.
    package static func now() -> MonotonicTime {
        MonotonicTime(sinceStart: processStart.duration(to: SuspendingClock.now))
    }
}
